"""A text as the patterns read it, and what a rule is: what it finds, where it looks, what else must be true."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from forum.safety.personal.spans import Kind

# Full-width signs as their ASCII ones, each one character for one: places in the text stay the same.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
HALF_WIDTH |= dict.fromkeys(map(ord, "‐‑‒–—−"), ord("-")) | {ord("’"): ord("'")}
# The groups of a pattern that are the place itself; without one it is all of a match.
FOUND = ("found", "mine")
# Where in a text, and what.
Place = tuple[int, int, Kind]


@dataclass(frozen=True)
class Anchor:
    """What a text must have for a rule to look at it: so many characters are read around each such place."""

    pattern: re.Pattern
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Reading:
    """A text with half-width signs, `text`; `lowered` is the same in lower case, character for character."""

    original: str
    _windows: dict[Anchor, list[tuple[int, int]]] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        return self.original.translate(HALF_WIDTH)

    @cached_property
    def lowered(self) -> str:
        lowered = self.text.lower()
        if len(lowered) == len(self.text):
            return lowered
        return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in self.text)

    def windows(self, anchor: Anchor) -> list[tuple[int, int]]:
        """The places around an anchor, those over one another made one: none is read twice."""
        if anchor not in self._windows:
            windows: list[tuple[int, int]] = []
            for match in anchor.pattern.finditer(self.lowered):
                start, end = max(0, match.start() - anchor.before), match.end() + anchor.after
                if windows and start <= windows[-1][1]:
                    start = windows.pop()[0]
                windows.append((start, end))
            self._windows[anchor] = windows
        return self._windows[anchor]


@dataclass(frozen=True)
class Rule:
    """A pattern whose group `found` (else all of it) is of a kind.

    It is tried near its `anchor`, or on the whole of a text with one of `signs` (lower case). `small` patterns read the
    text in lower case. `check` looks at what no pattern can: a check digit, a list of words.
    """

    kind: Kind
    pattern: re.Pattern
    signs: tuple[str, ...] = ()
    anchor: Anchor | None = None
    small: bool = False
    check: Callable[[re.Match], bool] = lambda match: True

    def matches(self, reading: Reading) -> Iterator[re.Match]:
        if self.signs and not any(sign in reading.lowered for sign in self.signs):
            return
        text = reading.lowered if self.small else reading.text
        for start, end in reading.windows(self.anchor) if self.anchor else [(0, len(text))]:
            yield from filter(self.check, self.pattern.finditer(text, start, end))

    def places(self, reading: Reading) -> Iterator[Place]:
        for match in self.matches(reading):
            yield *match.span(match.lastgroup if match.lastgroup in FOUND else 0), self.kind
