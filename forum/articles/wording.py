"""What texts have in common, by their words alone: enough to tell whether one holds pieces of another."""

import math
import re
from collections import Counter
from itertools import pairwise

from forum.questions.language import HAN

WORD = re.compile(rf"{HAN.pattern}|[^\W\d_]+(?:['’][^\W\d_]+)?")
# So many words in a row, or Chinese characters, are no chance.
A_PIECE = 6
ENDINGS = ("ing", "ed", "es", "s")


def words_in_a_row(text: str) -> list[str]:
    """The words, small letters, without marks; each Chinese character is one."""
    return [word.lower() for word in WORD.findall(text)]


def holds_pieces_of(text: str, other: str) -> bool:
    """Whether six words in a row of `other` stand in `text` too, or all of it where it is shorter."""
    return bool(_pieces(text, other) & _pieces(other, other))


def _pieces(text: str, other: str) -> set[tuple[str, ...]]:
    words = words_in_a_row(text)
    size = max(min(A_PIECE, len(words_in_a_row(other))), 1)
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


def _terms(text: str) -> set[str]:
    """What a text is compared by: its longer words without their endings, its pairs of Chinese characters."""
    words = words_in_a_row(text)
    pairs = {first + second for first, second in pairwise(words) if len(first) == len(second) == 1}
    return {_stem(word) for word in words if len(word) > 3} | {pair for pair in pairs if HAN.match(pair)}


def _stem(word: str) -> str:
    ending = next((each for each in ENDINGS if word.endswith(each) and len(word) - len(each) >= 4), "")
    return word.removesuffix(ending)


def closeness(asked: str, texts: list[str]) -> list[float]:
    """How much of what is asked each text holds, rarer words counting more; 0 where nothing."""
    wanted, all_terms = _terms(asked), [_terms(text) for text in texts]
    common = Counter(term for terms in all_terms for term in terms)
    rarity = {term: math.log(1 + len(texts) / common[term]) for term in wanted if term in common}
    return [sum(rarity[term] for term in wanted & terms) for terms in all_terms]
