"""What admins fill in to change a text of the site."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.questions.fields import PlainText
from forum.texts.current import Words, words_of
from forum.texts.models import Language
from forum.texts.placeholders import mistakes
from forum.texts.registry import Field, Kind, Text

LONGEST = {Kind.LINE: 300, Kind.TEXT: 2000, Kind.MARKDOWN: 20_000, Kind.NUMBER: 30, Kind.ADDRESS: 300}
ROWS = {Kind.TEXT: 6, Kind.MARKDOWN: 20}
LONG_LINE = 60  # characters from which on a line needs the room of two


def one_line(words: str) -> None:
    if len(words.splitlines()) > 1:
        raise ValidationError(gettext("This must be one line."))


def right_placeholders(field: Field, words: str) -> None:
    found = mistakes(words, [each.name for each in field.placeholders], field.required)
    if found:
        raise ValidationError(found)


def form_field(field: Field) -> forms.Field:
    """The form field in which a field of a text is typed."""
    options = {"required": not field.may_be_empty, "max_length": LONGEST[field.kind]}
    if field.kind == Kind.ADDRESS:
        return forms.URLField(**options, assume_scheme="https")
    if field.kind == Kind.NUMBER:
        return forms.CharField(**options, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    rows = ROWS.get(field.kind) or (2 if len(str(field.default)) > LONG_LINE else 0)
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    validators = [partial(right_placeholders, field)]
    if field.kind == Kind.LINE:
        validators.append(one_line)
    return PlainText(**options, widget=widget, validators=validators)


def why() -> forms.Field:
    help_text = _("It stands in the history, for other admins.")
    return PlainText(label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text=help_text)


class TextForm(forms.Form):
    """All fields of a text, in all its languages; `seen` are the versions that stood there when it was opened."""

    def __init__(self, data=None, *, text: Text, seen: dict[str, int]) -> None:
        super().__init__(data, initial={"seen": written(seen)})
        self.text = text
        for language in text.languages:
            for name, words in words_of(text.code, language).items():
                self.fields[f"{language}-{name}"] = self._field(text.field(name), language, words)
        self.fields["reason"] = why()
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False)

    def _field(self, field: Field, language: Language, words: str) -> forms.Field:
        made = form_field(field)
        made.label, made.initial = field.label, words
        if language != Language.ALL:
            made.label = f"{field.label} ({Language(language).label})"
            made.widget.attrs["lang"] = language
        if language == Language.ZH_HANT and words and words == words_of(self.text.code, Language.EN)[field.name]:
            made.help_text = _("Not translated: readers in Chinese see the English.")
        return made

    def clean(self) -> dict:
        cleaned = super().clean()
        for language in self.text.languages:
            for name, why in self.text.check(self._words(language)):
                self.add_error(f"{language}-{name}", why)
        return cleaned

    def rows(self) -> list[tuple[Field, list[tuple[str, forms.BoundField]]]]:
        """Each field of the text, with where it is typed in each language."""
        return [
            (field, [(Language(language).label, self[f"{language}-{field.name}"]) for language in self.text.languages])
            for field in self.text.fields
        ]

    def words(self) -> dict[str, Words]:
        """What was typed, by language."""
        return {language: self._words(language) for language in self.text.languages}

    def _words(self, language: str) -> dict[str, str]:
        typed = ((field.name, self.cleaned_data.get(f"{language}-{field.name}")) for field in self.text.fields)
        return {name: words for name, words in typed if words is not None}

    def can_be_shown(self) -> bool:
        """Whether the words are right, with or without a reason."""
        return self.is_bound and not set(self.errors) - {"reason"}

    def after(self, seen: dict[str, int], kept: list[str]) -> "TextForm":
        """What was typed in the languages `kept`, else what stands there now: these versions."""
        data = self.data.copy()
        data["seen"] = written(seen)
        for language in set(self.text.languages) - set(kept):
            for name, words in words_of(self.text.code, language).items():
                data[f"{language}-{name}"] = words
        return TextForm(data, text=self.text, seen=seen)


class RestoreForm(forms.Form):
    version = forms.ChoiceField(label=_("Version"))
    reason = why()
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, versions: list[tuple[str, str]], seen: dict[str, int]) -> None:
        super().__init__(data, initial={"seen": written(seen)})
        self.fields["version"].choices = versions


def written(seen: dict[str, int]) -> str:
    """Versions as they stand in a form, `en:3 zh-hant:0`."""
    return " ".join(f"{language}:{number}" for language, number in seen.items())


def read_back(seen: str) -> dict[str, int]:
    """The same; what is not understood is no version that anybody has seen."""
    pairs = (pair.rpartition(":") for pair in seen.split())
    return {language: int(number) for language, _colon, number in pairs if number.isascii() and number.isdigit()}
