"""Cantonese as it is written in Hong Kong, brought into the words that the rules know (cantonese.tsv).

Only a text with a character or a word that no Mandarin is written with is changed: 食, 行 and 郁 are ordinary there.
"""

import re
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from forum.safety.chinese import one_script_by_character

TABLE = Path(__file__).with_name("cantonese.tsv")
# What no Mandarin is written with.
SURE = (
    *"佢唔冇喺嘅咗啲嗰哋嘢嚟咁噉瞓睇攞啱乜嘥攰嗌㗎唞孭㩒俾畀諗搵嫲噏噚脷揸嗮冧屙𠝹",
    *("探熱", "屋企", "係咪", "琴日", "琴晚", "尋日", "尋晚", "返工", "放工"),
    *("老豆", "細路", "細佬", "阿女", "阿仔", "家姐", "膊頭", "心翳", "口翳", "標汗", "標冷汗", "春袋", "粒春"),
    *("羊吊", "訓覺", "我個仔", "我個女", "條頸", "成條褲", "成張床"),
    *("食晒", "飲晒", "食左", "飲左", "成樽", "成排藥", "成排丸", "必理痛", "暈低", "叫極", "藍晒", "紫晒", "軟晒"),
)
# Two words that Mandarin has parts of: 而家人, 聽日本.
NOW_OR_TOMORROW = re.compile("而家(?![人里中庭])|听日(?![本语文])")
# A baby is a "BB" in Hong Kong, in standard Chinese too; a single letter is one only in a Cantonese text.
BB = re.compile(r"(?<=[\u4e00-\u9fff])bb(?![a-z0-9弹枪霜机])|(?<![a-z0-9])bb(?=[\u4e00-\u9fff])(?![弹枪霜机])")
B = re.compile(r"(?<![a-z0-9])(?:[个只阿]bb?[仔女囡]?|bb[仔女囡]?|b[仔女囡])(?![a-z0-9.型群超肝组级])")
BABY = "宝宝"


def in_mandarin(text: str) -> str:
    """The text, which is in Simplified small letters, with what is Cantonese in it said in Mandarin."""
    if text.isascii():
        return text
    if _sure().find_matches_as_indexes(text) or NOW_OR_TOMORROW.search(text):
        return _translated(B.sub(BABY, text))
    return BB.sub(BABY, text) if "bb" in text else text


@cache
def _sure() -> AhoCorasick:
    return AhoCorasick([one_script_by_character(word) for word in SURE])


def _translated(text: str) -> str:
    words, meant = _table()
    parts: list[str] = []
    done = 0
    for index, start, end in words.find_matches_as_indexes(text):
        parts += (text[done:start], meant[index])
        done = end
    return "".join((*parts, text[done:]))


@cache
def _table() -> tuple[AhoCorasick, list[str]]:
    """The words of the table, the longest of which is found where several stand, and what each of them means."""
    meant: dict[str, str] = {}
    for row in TABLE.read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            words, tab, mandarin = row.partition("\t")
            for word in B.sub(BABY, one_script_by_character(words).lower()).split():
                meant.setdefault(word, mandarin if tab else word)
    return AhoCorasick(list(meant), matchkind=MatchKind.LeftmostLongest), list(meant.values())
