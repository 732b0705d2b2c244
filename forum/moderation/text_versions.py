"""What a text of the site said when, for its history."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from forum.texts.current import Words, default_words
from forum.texts.models import Language, TextRevision
from forum.texts.registry import Text

MOST_SHOWN = 200


@dataclass(frozen=True)
class Version:
    """The words of a text in a language from some time on. Number 0 are the site's own, as the code has them now."""

    language: Language
    number: int
    words: Words
    is_default: bool = True
    at: datetime | None = None
    by: User | None = None
    reason: str = ""

    @property
    def key(self) -> str:
        return f"{self.language}.{self.number}"

    @property
    def name(self) -> str:
        language = "" if self.language == Language.ALL else f"{self.language.label} "
        if not self.number:
            return _("%(language)s0: the site's own words") % {"language": language}
        day = timezone.localtime(self.at).strftime("%Y/%m/%d %H:%M")
        return f"{language}{self.number} · {day}"


def versions_of(text: Text) -> list[Version]:
    """The newest first, the site's own words last."""
    found = [
        Version(
            Language(row.language),
            row.number,
            {**default_words(text.code, row.language), **row.words},
            row.is_default,
            row.at,
            row.by,
            row.reason,
        )
        for row in TextRevision.objects.of(text.code).select_related("by")[:MOST_SHOWN]
    ]
    own = [Version(Language(language), 0, default_words(text.code, language)) for language in text.languages]
    return found + own


def as_one(text: Text, words: Words) -> str:
    """All fields of a text as one, to be compared."""
    if len(text.fields) == 1:
        return words[text.fields[0].name]
    return "\n\n".join(f"{field.label}\n{words.get(field.name, '')}" for field in text.fields)
