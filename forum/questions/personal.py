"""Personal data in what is about to be public: what is found in a form, whether it was shown, what is done with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import pghistory
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.history.models import Rule
from forum.questions.models import Question
from forum.questions.services import purge_history
from forum.safety.personal import Kind, Span, exact_ages, masked, personal_data

KINDS = {
    Kind.PHONE: _("a phone number"),
    Kind.EMAIL: _("an e-mail address"),
    Kind.PROFILE: _("a profile or chat name"),
    Kind.NAME: _("a name"),
    Kind.ADDRESS: _("a postal address"),
    Kind.BIRTH_DATE: _("a date of birth"),
    Kind.ID_NUMBER: _("an id number"),
    Kind.RECORD_NUMBER: _("a record or insurance number"),
    Kind.CARD: _("a card number"),
    Kind.AGE: _("an exact age"),
}
# The buttons that replace what was found, by the value of `act`.
REPLACING = ("replace", "replace_ages")
# What of a question everybody reads once it is answered.
PUBLIC_WORDS = ("headline", "text", "pseudonym")
AROUND = 28  # characters of an excerpt on either side
MOST_READ = 60_000  # characters; no field of a form that is taken has more


@dataclass(frozen=True)
class Finding:
    """A span of one field's text, with a little of what stands around it."""

    field: str
    label: str
    span: Span
    before: str
    after: str

    @property
    def what(self) -> str:
        return KINDS[self.span.kind]

    @property
    def mark(self) -> str:
        """By which a page remembers that it was shown, without the words."""
        return sha256(f"{self.span.kind} {self.span.text}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Findings:
    """What was found in some fields: `alarms`, and exact `ages`, which are offered to be widened and no more."""

    words: Mapping[str, str] = field(default_factory=dict)
    alarms: list[Finding] = field(default_factory=list)
    ages: list[Finding] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The marks of the alarms, as a page sends them back."""
        return ",".join(dict.fromkeys(finding.mark for finding in self.alarms))

    def are_in(self, shown: str) -> bool:
        """Whether each alarm is among those marks."""
        return {finding.mark for finding in self.alarms} <= set(shown.split(","))

    def replaced(self, findings: Iterable[Finding]) -> dict[str, str]:
        """The words of each field with these findings replaced."""
        spans: dict[str, list[Span]] = {name: [] for name in self.words}
        for finding in findings:
            spans[finding.field].append(finding.span)
        return {name: masked(text, spans[name]) for name, text in self.words.items()}


def look_through(words: Mapping[str, str], *, labels: Mapping[str, str], allowed: Iterable[str] = ()) -> Findings:
    """What these texts tell, field by field; `allowed` are names that may stand there."""
    found = Findings(words)
    for name, text in words.items():
        spans = personal_data(text[:MOST_READ], country=settings.COUNTRY, allowed=allowed)
        taken = [range(span.start, span.end) for span in spans]
        free = [age for age in exact_ages(text[:MOST_READ]) if not any(age.start in place for place in taken)]
        found.alarms.extend(_finding(name, labels.get(name, name), text, span) for span in spans)
        found.ages.extend(_finding(name, labels.get(name, name), text, span) for span in free)
    return found


def _finding(name: str, label: str, text: str, span: Span) -> Finding:
    before = text[max(0, span.start - AROUND) : span.start]
    after = text[span.end : span.end + AROUND]
    more = ("…" if span.start > AROUND else "", "…" if len(text) > span.end + AROUND else "")
    return Finding(name, label, span, f"{more[0]}{before}", f"{after}{more[1]}")


def look_through_form(form: BaseForm, *names: str, allowed: Iterable[str] = ()) -> Findings:
    """What stands in these fields, whether they were sent or not."""
    words = {name: (form[name].value() or "").replace("\r\n", "\n") for name in names}
    return look_through(words, labels={name: form[name].label for name in names}, allowed=allowed)


def in_ask_form(form: BaseForm) -> Findings:
    """What a question tells in those of its public words that the form has."""
    names = [name for name in PUBLIC_WORDS if name in form.fields]
    allowed = [form["pseudonym"].value() or ""] if "pseudonym" in names else []
    return look_through_form(form, *names, allowed=allowed)


def must_be_shown(found: Findings, typed: Mapping[str, str]) -> bool:
    """Whether the page's own form has to come back: it says what it has shown, a bare POST of the fields does not."""
    return "personal_shown" in typed and not found.are_in(typed["personal_shown"])


def replacements(found: Findings, typed: Mapping[str, str]) -> dict[str, str]:
    """What the button "replace" or "replace_ages" makes of the fields; an age also fills an empty age band."""
    if typed["act"] != "replace_ages":
        return found.replaced(found.alarms)
    band = {} if typed.get("age_band") or not found.ages else {"age_band": found.ages[0].span.band}
    return found.replaced(found.ages) | band


@transaction.atomic
def settle_personal_data(
    *, question: Question, row: Model, names: Iterable[str], by: User, keep: bool, ages: bool = False
) -> None:
    """Before words of a patient become public: replace in the `row`, or `keep` by decision, what they tell of a person.

    `names` are its fields; with `ages`, exact ages are widened, too. How much was found is recorded, never what, and
    no history keeps it. The caller has locked the row and publishes it in the same transaction.
    """
    row.refresh_from_db(fields=names)
    found = look_through({name: getattr(row, name) for name in names}, labels={}, allowed=[question.pseudonym])
    spans = [*found.alarms, *(found.ages if ages else [])]
    if not spans:
        return
    act = "personal_data_kept" if keep else "personal_data_removed"
    if not keep:
        for name, text in found.replaced(spans).items():
            setattr(row, name, text[: row._meta.get_field(name).max_length])
        with pghistory.context(act=act, by=by.pk):
            row.save(update_fields=names)
        # The row history has just been told what was replaced.
        purge_history([question.pk], rule=Rule.PERSONAL_DATA, words_only=True)
    question.decisions.create(act=act, by=by, reason=str(len(spans)))
