"""Texts of the public pages that admins may change: standing notices, and the pages about the site."""

from functools import partial

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from forum.questions.help_lines import help_lines
from forum.texts.placeholders import Placeholder
from forum.texts.previews import as_page, of_part
from forum.texts.registry import Field, Group, Kind, Preview, Text, register
from forum.threads.site_pages import ABOUT, PRIVACY, page_of

EMERGENCY = Placeholder("emergency", _("the emergency number of the site's country, to call"), "119")


def _standing_notice() -> Preview:
    return of_part("threads/_standing_notice.html", emergency=help_lines().emergency)()


register(
    Text(
        "notice.banner",
        _("At the top of every page"),
        _("What everybody should know for some time, as that answers take longer. Empty: nothing stands there."),
        Group.NOTICES,
        (Field("text", _("Text"), "", may_be_empty=True),),
        of_part("components/site_banner.html"),
    ),
    Text(
        "notice.thread",
        _("Below every thread"),
        _("The standing notice: general information, no substitute for a visit, whom to call."),
        Group.NOTICES,
        (
            Field(
                "text",
                _("What the answers are"),
                _("This page is general information. It does not replace a visit to a doctor, who can examine you."),
                Kind.TEXT,
            ),
            Field(
                "emergency",
                _("Whom to call"),
                _("In an emergency call {emergency} now."),
                Kind.TEXT,
                (EMERGENCY,),
                ("emergency",),
            ),
        ),
        _standing_notice,
    ),
    Text(
        "notice.footer",
        _("At the foot of all other pages"),
        _("The same, in short."),
        Group.NOTICES,
        (
            Field(
                "text",
                _("Text"),
                _(
                    "The answers here are general information. They do not replace a visit to a doctor. In an "
                    "emergency, call your emergency number at once."
                ),
            ),
        ),
        of_part("components/site_footer.html"),
    ),
)


def _show_page(code: str) -> Preview:
    return as_page(render_to_string("threads/_site_page.html", page_of(code)))


def page(code: str, name, where, title, text) -> Text:
    fields = (
        Field("title", _("Title"), title),
        Field("text", _("Text"), text, Kind.MARKDOWN, (EMERGENCY,)),
    )
    return Text(code, name, where, Group.PAGES, fields, partial(_show_page, code))


register(
    page(
        "page.about",
        _("About this site"),
        _("Linked at the foot of every page: what the site is, who runs it, what it cannot do."),
        _("About this site"),
        ABOUT,
    ),
    page(
        "page.privacy",
        _("Privacy"),
        _("Linked at the foot of every page: what is kept of whom, for how long, and who sees it."),
        _("Privacy"),
        PRIVACY,
    ),
)
