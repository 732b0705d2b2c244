"""The drafter that invents nothing: passages of signed articles as they stand, each with where it is from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from forum.articles.drafters.base import Asked, Material
from forum.articles.wording import closeness

MOST_SECTIONS = 6
MOST_OF_ONE = 3
HEADING = re.compile(r"^(#{1,6})[ \t]+(.*)$", re.MULTILINE)
SPECIAL = re.compile(r"([\\`*_\[\]<>])")
FROM = {
    "en": ("From “{title}”, signed by Dr. {doctor}", ", last reviewed {day}", "."),
    "zh": ("摘自「{title}」, {doctor}醫師簽署", ", 最近審閱 {day}", "。"),
}


@dataclass(frozen=True)
class Section:
    """A part of an article under one heading; what stands before the first heading has none."""

    article: int
    place: int
    heading: str
    text: str


class BuiltinDrafter:
    """Of the articles the sections nearest to what is asked, those of one heading together; the same every time."""

    name = "builtin"
    is_quick = True

    def draft(self, asked: Asked) -> Iterator[str]:
        chosen = _chosen(asked)
        order = list(dict.fromkeys(_key(section) for section in chosen))
        together = sorted(chosen, key=lambda section: order.index(_key(section)))
        for _heading, sections in groupby(together, key=_key):
            yield _passages(list(sections), asked)


def _key(section: Section) -> str:
    return section.heading.casefold()


def _passages(sections: list[Section], asked: Asked) -> str:
    heading = [f"## {sections[0].heading}"] if sections[0].heading else []
    quoted = (part for each in sections for part in (each.text, _where_from(asked.material[each.article], asked)))
    return "\n\n".join([*heading, *quoted]) + "\n\n"


def _where_from(material: Material, asked: Asked) -> str:
    by, reviewed, end = FROM["zh" if asked.is_chinese else "en"]
    words = by + (reviewed if material.reviewed_on else "") + end
    day = material.reviewed_on and f"{material.reviewed_on:%Y/%m/%d}"
    title, doctor = (SPECIAL.sub(r"\\\1", each) for each in (material.title, material.signed_by))
    return f"*{words.format(title=title, doctor=doctor, day=day)}*"


def _chosen(asked: Asked) -> list[Section]:
    """In the order of the articles; where no section has a word of what is asked, the first of the first article."""
    sections = [section for number, each in enumerate(asked.material) for section in sections_of(number, each.text)]
    scores = closeness(asked.text, [f"{section.heading} {section.text}" for section in sections])
    found = [(score, section) for score, section in zip(scores, sections, strict=True) if score > 0]
    best = (section for _score, section in sorted(found, key=lambda pair: (-pair[0], pair[1].article, pair[1].place)))
    chosen = _some_of_each(best) or [section for section in sections if section.article == 0][:MOST_OF_ONE]
    return sorted(chosen, key=lambda section: (section.article, section.place))


def _some_of_each(sections: Iterable[Section]) -> list[Section]:
    chosen: list[Section] = []
    for section in sections:
        if sum(each.article == section.article for each in chosen) < MOST_OF_ONE:
            chosen.append(section)
    return chosen[:MOST_SECTIONS]


def sections_of(article: int, text: str) -> list[Section]:
    """The article cut at its highest headings; lower ones stay in the section they belong to."""
    headings = list(HEADING.finditer(text))
    highest = min((len(heading[1]) for heading in headings), default=0)
    cuts = [heading for heading in headings if len(heading[1]) == highest]
    starts = [("", 0), *((cut[2].rstrip(" \t#"), cut.end()) for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    parts = [(heading, text[start:end].strip()) for (heading, start), end in zip(starts, ends, strict=True)]
    return [Section(article, place, heading, part) for place, (heading, part) in enumerate(parts) if part]
