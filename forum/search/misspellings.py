"""Misspelled words of English, with the right ones beside them, so that anxeity and anxiety find each other.

An embedder reads a word that it does not know in meaningless pieces, and to the index it is another word. So what is
neither an everyday word nor one of health_words.txt or of a usual name (other_names.py) is taken for the one of these
that it is but for a slip. It stays where it was: were it right after all, nothing is lost.
"""

import json
import re
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

from forum.search.embedders.minilm import TOKENIZER
from forum.search.glosses import with_glosses
from forum.search.other_names import words_of_usual_names
from forum.search.spelling import typing_errors

LIST = Path(__file__).with_name("health_words.txt")
# Shorter ones are like too many others; longer ones are none.
WORD = re.compile(r"(?<![./@])\b[A-Za-z]{5,24}\b(?!@|\.\w)")
# From so many letters on, two slips are forgiven if the word still sounds the same.
LONG = 8
# Forms of a known word are known.
ENDINGS = ("s", "es", "ies", "d", "ed", "ing", "ly", "al", "ally")
RESTORED = ("", "e", "y")
# Letters that sound alike, as in Soundex (Russell, 1918); vowels and what is hardly heard are left out.
SOUNDS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556", "aeiouyhw")
SAME_SOUND_AGAIN = re.compile(r"(.)\1+")


def with_right_spelling(text: str) -> str:
    """The text with the right word behind each misspelled one's first occurrence, where it does not hold it already.

    `anxeity` becomes `anxeity (anxiety)`.
    """
    found = ((match.end(), right_spelling(match.group().lower())) for match in WORD.finditer(text))
    return with_glosses(text, ((end, right) for end, right in found if right))


@lru_cache(maxsize=10_000)
def right_spelling(word: str) -> str:
    """The word of health_words.txt that a word in small letters most likely is; empty where it is right, or unlike all.

    Both begin with the same letter. One letter may be left out or put in, two neighbours swapped, or one changed for
    another that sounds the same; in a long word so may two.
    """
    if _is_known(word):
        return ""
    by_sound, by_letters = _alike()
    candidates = by_sound.get(_sound(word), set()).union(*(by_letters.get(left, ()) for left in _one_left_out(word)))
    slips = [(slip, right not in _everyday(), right) for right in candidates if (slip := _slips(word, right))]
    return min(slips)[-1] if slips else ""


def _slips(word: str, right: str) -> int:
    """How many slips lead from one to the other; 0 where they would be too many, or no slips."""
    if word[0] != right[0]:
        return 0
    errors = typing_errors(word, right)
    same_sound = _sound(word) == _sound(right)
    if errors == 1:
        return int(len(word) != len(right) or sorted(word) == sorted(right) or same_sound)
    return 2 if errors == 2 and same_sound and len(word) >= LONG else 0


def _is_known(word: str) -> bool:
    stems = [word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending)]
    forms = {word, *(stem + letter for stem in stems for letter in RESTORED)}
    return not (forms.isdisjoint(_everyday()) and forms.isdisjoint(_health_words()))


def _sound(word: str) -> str:
    """The first letter and the consonants after it, of which those that sound alike are one."""
    return word[0] + SAME_SOUND_AGAIN.sub(r"\1", word.replace("ph", "f").translate(SOUNDS))


def _one_left_out(word: str) -> set[str]:
    """The word, and what remains of it without any one letter but the first."""
    return {word} | {word[:place] + word[place + 1 :] for place in range(1, len(word))}


@cache
def _health_words() -> frozenset[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    listed = " ".join(line for line in lines if not line.startswith("#")).split()
    # Nobody who writes "scoot" means Scott syndrome: of the names only what is no everyday word is ever meant.
    return frozenset(listed) | (words_of_usual_names() - _everyday())


@cache
def _everyday() -> frozenset[str]:
    """The words that MiniLM reads in one piece."""
    pieces = json.loads(TOKENIZER.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(piece for piece in pieces if len(piece) > 1 and piece.isascii() and piece.isalpha())


@cache
def _alike() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The words of the list by their sound, and by what remains of them without any one letter."""
    by_sound, by_letters = defaultdict(set), defaultdict(set)
    for right in _health_words():
        by_sound[_sound(right)].add(right)
        for left in _one_left_out(right):
            by_letters[left].add(right)
    return dict(by_sound), dict(by_letters)
