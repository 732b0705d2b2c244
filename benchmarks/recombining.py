"""New threads of the sentences of real ones: as many as wanted, of one language each, each with a vector that fits it.

A thread is about what a real one is about, its source; it takes most of its sentences and its vector from that and some
of both from two others. One in ten has a typing error, so that there are words which hardly any thread holds, as in
what people write.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SENTENCE_END = re.compile(r"(?<=[.?!])\s+|(?<=[。？！])|\n+")
LONGEST_SENTENCE = 240
LONGEST_TITLE = 120
SENTENCES = (3, 8)
REPLY_SENTENCES = (1, 3)
# How much of a vector comes from the source and the two others, and of random directions.
SHARES = ((0.55, 0.75), (0.1, 0.35), (0.05, 0.25))
NOISE = 0.15
TYPING_ERRORS = 0.1


@dataclass(frozen=True)
class Source:
    """A real thread: its sentences, its specialty, and its vector of length 1."""

    specialty_id: int
    title: str
    question: list[str]
    reply: list[str]
    vector: np.ndarray


@dataclass(frozen=True)
class Made:
    """A new thread; `indexed` is what the index reads for title, question and reply."""

    specialty_id: int
    title: str
    question: str
    reply: str
    indexed: tuple[str, str, str]


def sentences(text: str) -> list[str]:
    found = (sentence.strip()[:LONGEST_SENTENCE] for sentence in SENTENCE_END.split(text))
    return [sentence for sentence in found if len(sentence) > 1] or [text[:LONGEST_SENTENCE]]


def recombined(
    sources: list[Source], number: int, as_indexed: Callable[[str], str], joint: str, seed: int
) -> tuple[list[Made], np.ndarray]:
    """So many new threads and their vectors (number, dimensions). `joint` stands between two sentences."""
    chance = random.Random(seed)
    numpy_chance = np.random.default_rng(seed)
    chosen = numpy_chance.integers(len(sources), size=(number, 3))
    known = lru_cache(maxsize=200_000)(as_indexed)
    made = [_one([sources[place] for place in places], known, joint, chance) for places in chosen]
    return made, _vectors(np.stack([source.vector for source in sources]), chosen, numpy_chance)


def _one(three: list[Source], as_indexed: Callable[[str], str], joint: str, chance: random.Random) -> Made:
    source, second, third = three
    wanted = chance.randint(*SENTENCES)
    own = chance.sample(source.question, min(len(source.question), (wanted + 1) // 2))
    others = [chance.choice(chance.choice((second, third)).question) for _ in range(wanted - len(own))]
    question = own + others
    if chance.random() < TYPING_ERRORS:
        question[0] = misspelt(question[0], chance)
    title = [source.title, chance.choice(second.question)[: LONGEST_TITLE // 2]]
    reply = [
        chance.choice(chance.choice((source, source, second)).reply) for _ in range(chance.randint(*REPLY_SENTENCES))
    ]
    indexed = tuple(" ".join(map(as_indexed, part)) for part in (title, question, reply))
    return Made(
        source.specialty_id, joint.join(title)[:LONGEST_TITLE], joint.join(question), joint.join(reply), indexed
    )


def misspelt(sentence: str, chance: random.Random) -> str:
    """Two neighbouring letters change places, somewhere inside."""
    place = chance.randrange(max(len(sentence) - 2, 1))
    return sentence[:place] + sentence[place : place + 2][::-1] + sentence[place + 2 :]


def _vectors(real: np.ndarray, chosen: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    shares = np.stack([chance.uniform(*limits, size=len(chosen)) for limits in SHARES], axis=1).astype(np.float32)
    vectors = np.einsum("nk,nkd->nd", shares, real[chosen])
    return with_noise(vectors, chance)


def with_noise(vectors: np.ndarray, chance: np.random.Generator, noise: float = NOISE) -> np.ndarray:
    """Each a little elsewhere, of length 1."""
    scale = noise / np.sqrt(vectors.shape[1])
    moved = vectors + scale * chance.standard_normal(vectors.shape, dtype=np.float32)
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def portions(number: int, size: int) -> Iterator[int]:
    """`number` in portions of `size`, the last one smaller."""
    for start in range(0, number, size):
        yield min(size, number - start)
