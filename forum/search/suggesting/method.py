"""How a text's specialty is told from its vector: arithmetic alone, no database.

Two judgements are added up. One is a linear discriminant (Gaussians with one covariance, shrunk towards a round one),
in which each specialty's mean is drawn towards the vector of its NAME, so that few threads or none are enough to know
it. The other is a vote of the most similar threads. The sum is too sure of itself by far; what it is divided by before
it becomes probabilities, the temperature, is found by asking it about threads that it did not learn from.

All constants were chosen by cross-validation on English and Chinese questions at once (benchmarks/similarity.md).
Everywhere n is the number of threads, d that of a vector's dimensions and k that of the specialties, which are told by
their places 0..k-1. Vectors are of length 1.
"""

from dataclasses import dataclass, replace

import numpy as np

# A name counts as so many threads of its specialty, a round covariance as so many threads in all.
NAME_THREADS = 3.0
ROUND_THREADS = 3072.0
# The discriminant's log-likelihoods are divided by it.
HEAT = 2.0
# So many threads vote, each with the weight exp(cosine / VOTE_HEAT); their share, never less than VOTE_FLOOR, counts
# by its logarithm, VOTE_WEIGHT times.
VOTERS = 30
VOTE_HEAT = 0.05
VOTE_WEIGHT = 1.5
VOTE_FLOOR = 0.01
FOLDS = 5
TEMPERATURES = 1.25 ** np.arange(21)
# So that threads that are all the same upset nothing.
LEAST_VARIANCE = 1e-9


@dataclass(frozen=True)
class Classifier:
    """`centre` (d) is the mean of all threads; `weights` (k, d) and `biases` (k) judge a vector less the centre."""

    centre: np.ndarray
    weights: np.ndarray
    biases: np.ndarray
    temperature: float = 1.0

    def scores(self, vector: np.ndarray, voters: np.ndarray, specialties: np.ndarray) -> np.ndarray:
        """How well each specialty (k) fits a vector (d), as a log-probability but for a constant and the temperature.

        `voters` (at most VOTERS, d) are the vectors of the most similar threads and `specialties` theirs; the vote for
        a specialty that is not known here, -1, is lost.
        """
        own = vector - self.centre
        cosines = _unit(voters - self.centre) @ _unit(own)
        votes = np.exp((cosines - cosines.max(initial=-1)) / VOTE_HEAT)
        votes /= max(votes.sum(), 1)
        shares = np.bincount(specialties[specialties >= 0], votes[specialties >= 0], minlength=len(self.biases))
        return self.weights @ own + self.biases + VOTE_WEIGHT * np.log(shares + VOTE_FLOOR)

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """Of the specialties these scores are of, together 1; they may be some of all."""
        return np.exp(_log_softmax(scores / self.temperature))


@dataclass(frozen=True)
class Threads:
    """What is learned from: `vectors` (n, d), the places of their specialties (n) and the `names` as vectors (k, d)."""

    vectors: np.ndarray
    specialties: np.ndarray
    names: np.ndarray

    def only(self, chosen: np.ndarray | slice) -> "Threads":
        return replace(self, vectors=self.vectors[chosen], specialties=self.specialties[chosen])


def train(threads: Threads) -> Classifier:
    """Of at least one thread. The temperature is still 1."""
    vectors, names = threads.vectors, threads.names
    belongs = threads.specialties == np.arange(len(names))[:, None]
    counts, total, dimensions = belongs.sum(axis=1)[:, None], *vectors.shape
    centre = vectors.mean(axis=0, dtype=np.float64)
    # Of all threads of a specialty, less as many times the centre.
    sums = belongs.astype(vectors.dtype) @ vectors - counts * centre
    means = (sums + NAME_THREADS * (names - names.mean(axis=0))) / (counts + NAME_THREADS)
    # The sum of (x - mean of its specialty)(x - mean of its specialty)', written out so that one product is large.
    scatter = vectors.T @ vectors - total * np.outer(centre, centre)
    scatter -= sums.T @ means + means.T @ sums - means.T @ (counts * means)
    variance = np.trace(scatter) / total / dimensions + LEAST_VARIANCE
    covariance = (scatter + ROUND_THREADS * variance * np.eye(dimensions)) / (total + ROUND_THREADS)
    weights = np.linalg.solve(covariance, means.T).T / HEAT
    priors = (counts[:, 0] + 0.5) / (total + 0.5 * len(names))
    return Classifier(centre, weights, np.log(priors) - (weights * means).sum(axis=1) / 2)


def temperature_of(threads: Threads) -> float:
    """Of TEMPERATURES the one with the least log-loss over threads that were not learned from, fold after fold."""
    scores = np.empty((len(threads.vectors), len(threads.names)))
    folds = folds_of(threads.specialties)
    for fold in range(FOLDS):
        learned = threads.only(folds != fold)
        classifier = train(learned)
        for place in np.flatnonzero(folds == fold):
            voters = learned.only(np.argsort(-(learned.vectors @ threads.vectors[place]))[:VOTERS])
            scores[place] = classifier.scores(threads.vectors[place], voters.vectors, voters.specialties)
    right = (np.arange(len(scores)), threads.specialties)
    losses = [-_log_softmax(scores / temperature)[right].mean() for temperature in TEMPERATURES]
    return float(TEMPERATURES[np.argmin(losses)])


def folds_of(specialties: np.ndarray) -> np.ndarray:
    """For each thread (n) one of 0..FOLDS-1: those of each specialty, as they come, are dealt out in turn."""
    folds = np.empty(len(specialties), dtype=int)
    folds[np.argsort(specialties, kind="stable")] = np.arange(len(specialties)) % FOLDS
    return folds


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    scores = scores - scores.max(axis=-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
