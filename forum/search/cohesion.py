"""Where Chinese, which has no spaces, may be cut into names: pure functions over texts, no models.

Characters belong together where they meet oftener than by chance (pointwise mutual information) and where what stands
before and after them varies (its entropy), as is usual in finding new words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import log2

from forum.safety.chinese import HAN, one_script_by_character
from forum.search.boilerplate import CHINESE_BREAK

LONGEST_CHARACTERS = 6
# Counts that would not fit in so many entries lose those that came once; what is frequent stays.
MOST_COUNTED = 600_000

CHINESE_UNIT = re.compile(rf"\d型|{HAN.pattern}|[A-Za-z][A-Za-z0-9]*")


def chinese_runs(text: str) -> Iterator[list[tuple[str, int, int]]]:
    """The stretches between which no name reaches, as (unit, from, to): a character, or a word of another script."""
    simplified = CHINESE_BREAK.sub(lambda match: "\n" * len(match.group()), one_script_by_character(text))
    run: list[tuple[str, int, int]] = []
    for match in CHINESE_UNIT.finditer(simplified):
        if run and run[-1][2] != match.start():
            yield run
            run = []
        run.append((match.group().lower(), match.start(), match.end()))
    if run:
        yield run


class Cohesion:
    """How firmly the units of Chinese runs hold together, and how freely they are joined to others."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._units = 0
        self._fewest = 1

    def add(self, text: str) -> None:
        for run in chinese_runs(text):
            units = [unit for unit, _, _ in run]
            self._units += len(units)
            for size in range(1, LONGEST_CHARACTERS + 2):
                self._counts.update(zip(*(units[place:] for place in range(size)), strict=False))
        if len(self._counts) > MOST_COUNTED:
            self._counts = Counter({form: n for form, n in self._counts.items() if n > self._fewest})
            self._fewest += 1

    def firmness(self, form: tuple[str, ...]) -> float:
        """The normalised pointwise mutual information at the weakest place: 0 is by chance, 1 always together."""
        whole = self._counts[form]
        if len(form) == 1 or not whole:
            return 1.0
        likeliest = max(self._counts[form[:cut]] * self._counts[form[cut:]] for cut in range(1, len(form)))
        return log2(whole * self._units / max(likeliest, 1)) / log2(self._units / whole)

    def freedom(self, forms: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], float]:
        """The entropy of what stands before or after, whichever varies less, in bits. An end of a run is always new."""
        wanted = set(forms)
        sides: dict[tuple, Counter] = defaultdict(Counter)
        for longer, count in self._counts.items():
            if longer[:-1] in wanted:
                sides[longer[:-1], 1][longer[-1]] += count
            if longer[1:] in wanted:
                sides[longer[1:], 0][longer[0]] += count
        return {form: min(_entropy(sides[form, side], self._counts[form]) for side in (0, 1)) for form in wanted}


def _entropy(neighbours: Counter, total: int) -> float:
    alone = max(total - sum(neighbours.values()), 0)
    if not total:
        return 0.0
    known = sum(count / total * log2(total / count) for count in neighbours.values())
    return known + alone / total * log2(total)
