"""The figures drawn: each plot with its words and the table that says the same.

pygal draws them; what it gives is stripped of its own styles and scripts, which our Content-Security-Policy would
refuse, and coloured by static/css/admin_figures.css in both schemes.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width
from xml.etree import ElementTree

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from pygal import HorizontalBar, Line
from pygal.graph.graph import Graph
from pygal.style import Style

from forum.moderation.figures.columns import BY_CODE, Column, Level
from forum.moderation.figures.reading import Figures, Summed
from forum.moderation.models import declined
from forum.questions.models import DeclineReason

WIDTH, HEIGHT, BAR_HEIGHT = 360, 210, 26
MOST_TICKS, MOST_WEEKS_NAMED, MOST_BARS, LONGEST_NAME = 5, 5, 10, 33
# pygal takes letters for wider than they are, and Chinese ones for as narrow as all others.
FONT, NARROW_FONT, LETTER = 12, 9, 5.5
A_YEAR = 53
# What of pygal's drawing is for its scripts, or says again what our title and table say.
LEFT_OUT = {"style", "script", "defs", "desc", "title"}
LEFT_OUT_CLASSES = {"tooltip-overlay", "overlay"}
WEEKLY = [
    ("questions", _("Questions"), ["asked", "answered"]),
    ("waits", _("Time to answer, in hours"), ["median", "p90"]),
    ("unanswered", _("Unanswered, in per cent of the questions asked"), ["unanswered_share"]),
    ("reported", _("Reports"), ["reported"]),
    ("helped", _("Replies that helped"), ["helped"]),
    ("deflected", _("Found their answer before asking"), ["deflected"]),
    ("nothing_found", _("Searches without a result"), ["nothing_found"]),
]
Cell = str | int | float | None


@dataclass(frozen=True)
class Plot:
    """`words` say in short what the drawing shows; there is none where there is nothing to draw."""

    code: str
    title: str | Promise
    words: list[str]
    svg: SafeString
    head: list[str | Promise]
    rows: list[list[Cell]]


def weekly_plots(summed: Summed, level: Level) -> list[Plot]:
    """How each figure that can be told of what was chosen went from week to week."""
    plots = []
    for code, title, shown in WEEKLY:
        columns = [column for column in map(BY_CODE.get, shown) if column.level <= level]
        if columns:
            plots.append(_weekly(code, title, columns, summed))
    return plots


def _weekly(code: str, title: str | Promise, columns: list[Column], summed: Summed) -> Plot:
    weeks = list(summed.by_week)
    series = {column: [column.value(each) for each in summed.by_week.values()] for column in columns}
    words = [_in_words(column, column.value(summed.of_all), values) for column, values in series.items()]
    rows = [[week.isoformat(), *values] for week, *values in zip(weeks, *series.values(), strict=True)]
    svg = _lines(code, weeks, series) if any(any(values) for values in series.values()) else SafeString()
    return Plot(code, title, words, svg, [_("Week from"), *(column.label for column in columns)], rows)


def declined_plot(summed: Summed) -> Plot:
    """For which reasons doctors declined, all the weeks together."""
    names = [str(reason.label) for reason in DeclineReason]
    values = [summed.of_all.number(declined(reason)) for reason in DeclineReason]
    return _bars("declined", _("Declined, by reason"), [_("Reason"), _("Number")], names, values)


def ranked_plot(code: str, title: str | Promise, column: Column, named: Iterable[tuple[str, Figures]]) -> Plot:
    """The ten highest of a figure by specialty or doctor, the highest first."""
    found = [(name, column.value(figures)) for name, figures in named]
    highest = sorted((pair for pair in found if pair[1]), key=lambda pair: (-pair[1], pair[0]))
    names, values = zip(*highest[:MOST_BARS], strict=True) if highest else ((), ())
    return _bars(code, title, [_("Name"), column.label], names, values)


def _bars(code: str, title: str | Promise, head: list, names: Sequence[str], values: Sequence) -> Plot:
    rows = [list(row) for row in zip(names, values, strict=True)]
    if not any(values):
        return Plot(code, title, [__("Nothing in these weeks.")], SafeString(), head, rows)
    most = max(values)
    words = [__("The most: %(name)s, %(value)s.") % {"name": names[values.index(most)], "value": most}]
    labels = [cut(name) for name in names[::-1]]  # pygal draws upwards
    chart = HorizontalBar(
        **_options(values, BAR_HEIGHT * len(names) + 45, font=NARROW_FONT),
        show_legend=False,
        print_values=True,
        print_values_position="top",
        margin_left=16 + math.ceil(LETTER * max(_wide(label) for label in labels)),
        margin_right=36,
        truncate_label=-1,
    )
    chart.x_labels = labels
    chart.add("", values[::-1])
    return Plot(code, title, words, _as_svg(chart, code), head, rows)


def _lines(code: str, weeks: list[date], series: dict[Column, list]) -> SafeString:
    values = [value for each in series.values() for value in each]
    several = len(series) > 1
    chart = Line(
        **_options(values, HEIGHT),
        show_legend=several,
        legend_at_bottom=True,
        legend_at_bottom_columns=1,
        legend_box_size=10,
        allow_interruptions=True,
        dots_size=1.5,
        x_labels_major_every=math.ceil(len(weeks) / MOST_WEEKS_NAMED),
        show_minor_x_labels=False,
        truncate_label=-1,
    )
    chart.x_labels = [date_format(week, "j M" if len(weeks) <= A_YEAR else "M Y") for week in weeks]
    for number, (column, each) in enumerate(series.items()):
        chart.add(__("%(what)s (dashed)") % {"what": column.label} if number else str(column.label), each)
    return _as_svg(chart, code)


def _options(values: Sequence[float | None], height: int, font: int = FONT) -> dict:
    ticks = ticks_to(max(value or 0 for value in values))
    style = Style(label_font_size=font, major_label_font_size=font, legend_font_size=font, value_font_size=FONT)
    same = {"width": WIDTH, "height": height, "margin": 4, "spacing": 6, "style": style, "js": (), "no_prefix": True}
    return same | {"y_labels": ticks, "range": (0, ticks[-1]), "value_formatter": lambda value: f"{value:,.10g}"}


def ticks_to(top: float) -> list[float]:
    """From 0 to at least the top, in whole steps of 1, 2 or 5 times a power of ten; five steps at most."""
    power = 10 ** max(math.floor(math.log10(top / MOST_TICKS)), 0)
    step = next(power * part for part in (1, 2, 5, 10, 20) if power * part * MOST_TICKS >= top)
    return [step * number for number in range(math.ceil(top / step) + 1)]


def _as_svg(chart: Graph, code: str) -> SafeString:
    """The one place that takes pygal's drawing as safe: every text in it was escaped by ElementTree."""
    tree = chart.render_tree()
    for parent in list(tree.iter()):
        for child in list(parent):
            classes = set(child.get("class", "").split())
            if not isinstance(child.tag, str) or child.tag in LEFT_OUT or classes & LEFT_OUT_CLASSES:
                parent.remove(child)
        for name in ("style", "id"):
            parent.attrib.pop(name, None)
    tree.attrib |= {"role": "img", "aria-labelledby": f"{code}-title {code}-words", "class": "plot-drawing"}
    return mark_safe(ElementTree.tostring(tree, encoding="unicode"))


def _in_words(column: Column, total: float | None, values: list) -> str:
    known = [value for value in values if value is not None]
    if not any(known):
        return __("%(what)s: nothing in these weeks.") % {"what": column.label}
    words = __("%(what)s: %(total)s in all these weeks, between %(least)s and %(most)s a week.")
    return words % {"what": column.label, "total": total, "least": min(known), "most": max(known)}


def _wide(text: str) -> int:
    """How many letters of it are two wide, as Chinese ones are."""
    return sum(east_asian_width(letter) in "WF" for letter in text)


def cut(name: str) -> str:
    """What of a name finds room beside its bar."""
    if len(name) + _wide(name) <= LONGEST_NAME:
        return name
    while len(name) + _wide(name) >= LONGEST_NAME:
        name = name[:-1]
    return f"{name}…"
