"""The texts of the site that admins may change: where each stands, its own words, and what may stand in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from forum.texts.models import Language
from forum.texts.placeholders import Placeholder

BOTH = (Language.EN, Language.ZH_HANT)
NEUTRAL = (Language.ALL,)


class Group(TextChoices):
    NOTICES = "notices", _("Standing notices")
    NUMBERS = "numbers", _("Emergency and crisis numbers")
    DECLINING = "declining", _("What a patient reads when a question is declined")
    MAILS = "mails", _("E-mails")
    MAIL_ENDS = "mail_ends", _("Below e-mails")
    PAGES = "pages", _("Pages")


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    MARKDOWN = "markdown"
    NUMBER = "number"
    ADDRESS = "address"


@dataclass(frozen=True)
class Field:
    """A part of a text. `default` are the site's own words, which gettext translates."""

    name: str
    label: str | Promise
    default: str | Promise
    kind: Kind = Kind.LINE
    placeholders: tuple[Placeholder, ...] = ()
    required: tuple[str, ...] = ()  # the names of those placeholders that must not be left out
    may_be_empty: bool = False


@dataclass(frozen=True)
class Preview:
    """What a reader gets, as a whole HTML document, and where there is one its plain text."""

    html: SafeString
    plain: str = ""


@dataclass(frozen=True)
class Text:
    """`where` says to admins who reads it and when. `preview` shows it with examples, in the language that is active.

    `check` gets the words by field and says what is wrong with them together: [(name of the field, why)].
    """

    code: str
    name: str | Promise
    where: str | Promise
    group: Group
    fields: tuple[Field, ...]
    preview: Callable[[], Preview]
    languages: tuple[Language, ...] = BOTH
    check: Callable[[dict[str, str]], list[tuple[str, str]]] = field(default=lambda words: [])

    def field(self, name: str) -> Field:
        return next(each for each in self.fields if each.name == name)


TEXTS: dict[str, Text] = {}


def register(*texts: Text) -> None:
    """Called once a text, from the module `texts` of the app that shows it."""
    for text in texts:
        if text.code in TEXTS:
            raise ValueError(f"There are two texts with the code {text.code}.")
        TEXTS[text.code] = text
