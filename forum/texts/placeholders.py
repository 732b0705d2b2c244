"""`{name}` in an admin's words, in whose place something stands later. Nothing but a name: no attribute, no format."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# A doubled brace stands for itself. An opening brace takes what follows it up to the end of the line, closed or not.
BRACE = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}\r\n]*)(?P<end>\}?)|\}")


@dataclass(frozen=True)
class Call:
    """A telephone number; in HTML a link that dials it."""

    number: str

    def __str__(self) -> str:
        return self.number

    def __html__(self) -> str:
        return format_html('<a href="tel:{}">{}</a>', dialled(self.number), self.number)


@dataclass(frozen=True)
class Links:
    """Addresses, a line each; in HTML links, each after these words."""

    addresses: tuple[str, ...]
    words: str = ""

    def __str__(self) -> str:
        return "\n".join(self.addresses)

    def __html__(self) -> str:
        before = f"{self.words}: " if self.words else ""
        rows = ((before, address, address) for address in self.addresses)
        return format_html_join(mark_safe("<br>"), '{}<a href="{}">{}</a>', rows)


Value = str | int | Call | Links


@dataclass(frozen=True)
class Placeholder:
    """What may stand in a text, what comes in its place, and an example of that."""

    name: str
    meaning: str | Promise
    example: Value

    @property
    def written(self) -> str:
        return f"{{{self.name}}}"


def dialled(number: str) -> str:
    """A telephone number as a link dials it: its digits, and the plus before a country code."""
    return re.sub(r"(?!^\+)\D", "", number)


def mistakes(words: str, allowed: Iterable[str], required: Iterable[str] = ()) -> list[str]:
    """What is wrong with the placeholders in these words, each with its line; empty where nothing is."""
    allowed = list(allowed)
    found, names = [], set()
    for brace in BRACE.finditer(words):
        line = words.count("\n", 0, brace.start()) + 1
        if brace["name"] is None:
            if brace[0] == "}":
                found.append(
                    _("Line %(line)d: a “}” without its “{”. For the sign itself, write “}}”.") % {"line": line}
                )
        elif not brace["end"]:
            found.append(_("Line %(line)d: a “{” without its “}”. For the sign itself, write “{{”.") % {"line": line})
        elif brace["name"] in allowed:
            names.add(brace["name"])
        else:
            found.append(_unknown(brace["name"], allowed, line))
    for name in required:
        if name not in names:
            found.append(_("%(name)s is missing. Without it this text is of no use.") % {"name": f"{{{name}}}"})
    return found


def _unknown(name: str, allowed: list[str], line: int) -> str:
    said = {"line": line, "name": f"{{{name}}}", "allowed": ", ".join(f"{{{each}}}" for each in allowed)}
    # Of {link.x} or {link:5} the first word: nothing but a name may stand there.
    word = re.split(r"\W", name.strip().lower(), maxsplit=1)[0]
    meant = get_close_matches(word, allowed, n=1, cutoff=0.5)
    if meant:
        said["meant"] = f"{{{meant[0]}}}"
        return _("Line %(line)d: there is no %(name)s. Did you mean %(meant)s?") % said
    if allowed:
        return _("Line %(line)d: there is no %(name)s. There is: %(allowed)s.") % said
    return _("Line %(line)d: there is no %(name)s, nor any other placeholder in this text.") % said


@lru_cache(maxsize=1000)
def _pieces(words: str) -> tuple[tuple[str, str], ...]:
    """(words that stand as they are, name of the placeholder behind them or ""), in order."""
    pieces, start = [], 0
    for brace in BRACE.finditer(words):
        literal, name = words[start : brace.start()], brace["name"] if brace["end"] else ""
        if not name:
            literal += brace[0][0] if brace[0] in ("{{", "}}") else brace[0]
        pieces.append((literal, name))
        start = brace.end()
    return (*pieces, (words[start:], ""))


def as_text(words: str, values: Mapping[str, Value]) -> str:
    """The words with the values in place. What has no value stays as it is written."""
    return "".join(literal + (str(_value(name, values)) if name else "") for literal, name in _pieces(words))


def as_html(words: str, values: Mapping[str, Value]) -> SafeString:
    """The same as HTML: all is escaped, numbers and addresses are links."""
    return mark_safe(
        "".join(
            conditional_escape(literal) + (conditional_escape(_value(name, values)) if name else "")
            for literal, name in _pieces(words)
        )
    )


def as_paragraphs(words: str, values: Mapping[str, Value]) -> SafeString:
    """As HTML in paragraphs, where an empty line ends one; nothing where there are no words."""
    return mark_safe(linebreaks(as_html(words, values))) if words else SafeString()


def in_html(html: SafeString, values: Mapping[str, Value]) -> SafeString:
    """HTML that is safe already, with the values as mere text: a placeholder may stand in an attribute, too."""
    return mark_safe(
        "".join(
            literal + (conditional_escape(str(_value(name, values))) if name else "") for literal, name in _pieces(html)
        )
    )


def _value(name: str, values: Mapping[str, Value]) -> Value:
    return values.get(name, f"{{{name}}}")
