"""Texts that admins may change: whom to call, what a declined patient reads, the mail with the private link."""

from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.questions.declining import NEXT_STEP, code_of
from forum.questions.help_lines import ELSEWHERE, code_of_numbers, help_lines
from forum.questions.models import DeclineReason
from forum.safety.emergency import help_lines as known_lines
from forum.safety.red_flags import rule_named
from forum.safety.telephones import COUNTRIES, WRITTEN, can_be_called
from forum.texts.placeholders import Links, Placeholder
from forum.texts.previews import of_mail, of_part
from forum.texts.registry import NEUTRAL, Field, Group, Kind, Preview, Text, register

LINK = Placeholder(
    "link", _("the link that the mail is about"), Links(("https://consilium.example.org/status/7Qx2…/",))
)


# ---------------------------------------------------------------- whom to call


def _check_numbers(country: str, words: dict[str, str]) -> list[tuple[str, str]]:
    wrong = []
    for name in ("emergency", "crisis_number"):
        number = words.get(name, "")
        if number and not (can_be_called(number, country) if country in COUNTRIES else WRITTEN.fullmatch(number)):
            wrong.append(
                (name, gettext("Nobody can dial this here. Write digits, with spaces or hyphens between them."))
            )
    if words.get("crisis_number") and not words.get("crisis_name"):
        wrong.append(("crisis_name", gettext("Say whose number it is.")))
    if words.get("crisis_name") and not words.get("crisis_number"):
        wrong.append(("crisis_number", gettext("Give its number, or leave its name empty too.")))
    return wrong


def _show_numbers(country: str) -> Preview:
    """The alarm as somebody sees it who writes of ending their life."""
    context = {"red_flags": [rule_named("self_harm")], "lines": help_lines(country)}
    return of_part("questions/_red_flags.html", **context)()


def numbers_of(country: str, name: str) -> Text:
    known = known_lines(country)
    crisis = known.crisis
    return Text(
        code_of_numbers(country),
        name,
        _("Wherever the site says whom to call: beside alarming questions, on every thread, when asking."),
        Group.NUMBERS,
        (
            Field("emergency", _("Number that brings an ambulance"), known.emergency, Kind.NUMBER),
            Field(
                "crisis_number",
                _("Crisis line for people who think of ending their life"),
                crisis.number if crisis else "",
                Kind.NUMBER,
                may_be_empty=True,
            ),
            Field("crisis_name", _("Name of the crisis line"), crisis.name if crisis else "", may_be_empty=True),
            Field("crisis_name_zh_hant", _("Its name for readers in Chinese, if another"), "", may_be_empty=True),
            Field(
                "crisis_source",
                _("Page that says so (for admins)"),
                crisis.source if crisis else "",
                Kind.ADDRESS,
                may_be_empty=True,
            ),
        ),
        partial(_show_numbers, country),
        NEUTRAL,
        partial(_check_numbers, country),
    )


register(*(numbers_of(country, name) for country, name in COUNTRIES.items()))
register(numbers_of(ELSEWHERE, _("Every other country")))


# ---------------------------------------------------------------- declined


def declined(reason: DeclineReason) -> Text:
    return Text(
        code_of(reason),
        reason.label,
        _("On the private page of the patient, in this box. Doctors choose among the reasons; the choice stays."),
        Group.DECLINING,
        (
            Field(
                "reason", _("Reason, after “A doctor has read your question and cannot answer it here:”"), reason.label
            ),
            Field("next_step", _("Next step for the patient"), NEXT_STEP[reason], Kind.TEXT),
        ),
        partial(_show_declined, reason),
    )


def _show_declined(reason: DeclineReason) -> Preview:
    context = {"reason": reason, "note": "", "emergency": help_lines().emergency}
    return of_part("questions/_declined.html", **context)()


register(*map(declined, DeclineReason))


# ---------------------------------------------------------------- e-mail

register(
    Text(
        "mail.private_link",
        _("The private link"),
        _("To a patient who has left an e-mail address, as soon as the question is sent."),
        Group.MAILS,
        (
            Field("subject", _("Subject"), _("Your private link")),
            Field(
                "text",
                _("Text"),
                _(
                    "We have received your question. A doctor will read it.\n\n"
                    "Your private page, where you see what becomes of it:\n{link}\n\n"
                    "Whoever has this link can open the page, so please keep it to yourself."
                ),
                Kind.TEXT,
                (LINK,),
                ("link",),
            ),
        ),
        of_mail("mail.private_link", addresses=LINK.example.addresses),
    )
)
