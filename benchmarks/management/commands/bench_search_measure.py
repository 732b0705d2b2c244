"""Measure similar threads, live suggestions and search in this one process, on the data that bench_search_fill made."""

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from benchmarks.management.commands.bench_seed import verified_doctors
from benchmarks.timing import RANKING, costs, explained, parts_of, percentiles, timed
from benchmarks.typed import CALLS, Typed, questions
from forum.moderation.services import Work, publish_reply
from forum.questions.models import Question
from forum.replies.cards import for_cards
from forum.search.asking import asked_by_text
from forum.search.models import EmbeddingModel
from forum.search.queries import near_threads, search_questions, similar_to, similar_to_text, suggest_specialties
from forum.search.ranking import MOST_SCANNED, SCAN
from forum.search.ranking import NEAREST as NEAREST_LOOKED_AT
from forum.search.services import renew_similar
from forum.search.spelling import mended
from forum.search.tasks import catch_up, renew_similar_around
from forum.search.vocabulary import count_words, needs_counting
from forum.search.while_typing import suggestions_for

PAGE = 20
EXPLAINED = 20
PUBLISHED = 20
RECALLED = 25
CHOSEN = "SELECT question_id FROM search_embedding WHERE model_id = {model}"
NEAREST = CHOSEN + " ORDER BY vector::{type} <=> %(embedding)s::{type} LIMIT 10"
SIZES = """
SELECT relname, pg_relation_size(oid), pg_table_size(oid) FROM pg_class
WHERE relname IN ('index_entry_vector', 'search_indexentry', 'search_embedding', 'search_lexeme', 'search_spelling',
                  'questions_question', 'replies_reply') OR relname LIKE 'search_embedding_of_model_%'
"""


class Command(BaseCommand):
    help = "Benchmarks: the times of search, as JSON."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--only", default="", help="measure only what has this in its name")
        parser.add_argument("--stored", type=int, default=2_000, help="threads whose similar ones are stored")

    def handle(self, *, only: str, stored: int, **_options) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "2")  # as the web server has it (config/wsgi.py)
        self.only = only
        self.calls: dict[str, dict] = {}
        self.parts: dict[str, dict] = {}
        load = os.getloadavg()[0]
        chosen = spread(stored)
        self.measure("storing the similar threads of a thread (renew_similar)", renew_similar, chosen)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE search_similarthread, search_indexentry, questions_question")
        self.similar(chosen[:: stored // CALLS])
        self.suggestions()
        self.search()
        events = {} if only else {**self.upkeep(), **self.publishing(), **recalls()}
        found = {"load": load, "calls": self.calls, "parts": self.parts, "events": events, "sizes": sizes()}
        self.stdout.write(json.dumps(found))

    def measure(self, name: str, call: Callable, arguments: Iterable[Any]) -> None:
        if self.only in name:
            arguments = list(arguments)
            for argument in arguments[:5]:  # what a process does only once is not counted
                call(argument)
            self.note(name, costs(call, arguments))

    def note(self, name: str, figures: dict) -> None:
        self.calls[name] = figures
        line = f"{name:60} p50 {figures['p50']:8.2f}  p99 {figures['p99']:8.2f} ms"
        used = f"  of a core {figures['cpu50']:8.2f} {figures['cpu99']:8.2f}" if "cpu50" in figures else ""
        print(line + used, file=sys.stderr, flush=True)

    def similar(self, threads: list[Question]) -> None:
        name = "stored similar threads, in the database"
        if self.only in name:
            self.note(name, percentiles(stored_seconds(thread) for thread in threads))
            self.note(f"{name}, planning included", percentiles(stored_seconds(thread, True) for thread in threads))
        self.measure("stored similar threads, with the ORM (similar_to)", lambda one: list(similar_to(one)), threads)
        self.measure("similar threads computed (near_threads)", near_threads, threads)
        self.explain("similar threads computed (near_threads)", near_threads, threads)

    def suggestions(self) -> None:
        for language, name in (("en", "English"), ("zh", "Chinese")):
            texts = questions(language)
            self.measure(f"live suggestion, {name}: both (the fragment)", fragment, texts)
            self.measure(f"live suggestion, {name}: similar_to_text", lambda text: list(similar_to_text(text)), texts)
            self.measure(f"live suggestion, {name}: suggest_specialties", suggest_specialties, texts)
            detected = {"en": "en", "zh": "zh-hant"}[language]
            embed = f"live suggestion, {name}: embedding the text"
            self.measure(embed, lambda text, detected=detected: asked_by_text(text, detected), texts)
            self.explain(f"live suggestion, {name}: similar_to_text", similar_to_text, texts)

    def search(self) -> None:
        for kind, queries in Typed().kinds().items():
            name = f"search, {kind}"
            self.measure(name, page_of, queries)
            self.measure(f"{name}: mending", lambda query: mended(query[0]), queries)
            self.explain(name, page_of, queries)

    def explain(self, name: str, call: Callable, arguments: list) -> None:
        """The mean of each part of the ranking over some calls, in milliseconds; a search may rank twice."""
        if self.only not in name:
            return
        together: dict[str, list[float]] = defaultdict(list)
        for argument in arguments[:: len(arguments) // EXPLAINED]:
            with explained(RANKING) as plans:
                call(argument)
            one = [parts_of(plan) for plan in plans]
            for part in one[0] if one else ():
                together[part].append(sum(parts[part] for parts in one))
        self.parts[name] = {part: float(np.mean(times)) for part, times in together.items()}
        print("   ", {part: round(value, 1) for part, value in self.parts[name].items()}, file=sys.stderr, flush=True)

    def upkeep(self) -> dict[str, float]:
        """Seconds of what the worker does from time to time."""
        seconds = {"needs_counting()": timed(needs_counting), "count_words()": timed(count_words)}
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE search_lexeme, search_spelling, search_vocabulary")
        return seconds | {"catch_up, nothing to do": timed(catch_up.func)}

    def publishing(self) -> dict[str, float]:
        """Seconds from publish_reply on, the longest of PUBLISHED threads."""
        doctor, specialty = verified_doctors()[0], Typed()._specialties[0]
        seconds: dict[str, list[float]] = defaultdict(list)
        for number, text in enumerate(questions("en")[:PUBLISHED]):
            word = "zq" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
            title = f"{text[:100]} {word}"
            question = Question.objects.create(specialty=specialty, headline=title, text=text)
            publish = timed(publish_reply, question=question, doctor=doctor, work=Work(title, "See a doctor soon."))
            start = time.perf_counter()
            assert list(search_questions(word)) == [question]
            seconds["publish_reply"].append(publish)
            seconds["publish_reply, then found by its words"].append(publish + time.perf_counter() - start)
            renewed = timed(renew_similar_around.func, question.pk)
            assert question in similar_to_text(f"{title} {text}")
            seconds["the task renew_similar_around"].append(renewed)
            seconds["publish_reply to suggested by its meaning"].append(publish + time.perf_counter() - start)
        return {f"{name}, the longest of {PUBLISHED}": max(times) for name, times in seconds.items()}


def spread(number: int) -> list[Question]:
    """Published threads from all over the archive, of all languages in turn."""
    ids = list(Question.objects.published().order_by("pk").values_list("pk", flat=True))
    chosen = np.random.default_rng(3).choice(ids, size=min(number, len(ids)), replace=False)
    found = Question.objects.in_bulk([int(pk) for pk in chosen])
    return [found[int(pk)] for pk in chosen]


def stored_seconds(thread: Question, planning: bool = False) -> float:
    """What PostgreSQL says that the statement of the stored similar threads took it."""
    with explained("SELECT") as plans:
        list(similar_to(thread))
    return (plans[0]["Execution Time"] + planning * plans[0]["Planning Time"]) / 1000


def fragment(text: str) -> None:
    suggestions_for(headline="", text=text, specialty="")


def page_of(query: tuple[str, dict]) -> list[Question]:
    """The first page of results, as the search page asks for it."""
    text, filters = query
    return list(for_cards(search_questions(mended(text), **filters))[: PAGE + 1])


def recalls() -> dict[str, float]:
    """For each model, how many of the exact ten nearest the index finds, of 1."""
    found = {}
    for language, detected in (("en", "en"), ("zh", "zh-hant")):
        asked = [asked_by_text(text, detected) for text in questions(language)[:RECALLED]]
        shares = [_recall(one.embedding, one.model) for one in asked]
        found[f"recall@10 of HNSW, {language}"] = sum(shares) / len(shares)
    return found


def _recall(embedding: str, model: EmbeddingModel) -> float:
    statement = NEAREST.format(model=model.pk, type=model.type)
    parameters = {"embedding": embedding, "nearest": NEAREST_LOOKED_AT, "scanned": MOST_SCANNED}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SCAN + statement, parameters)
        by_index = {pk for (pk,) in cursor.fetchall()}
        cursor.execute("SET LOCAL enable_indexscan = off;" + statement, parameters)
        return len(by_index & {pk for (pk,) in cursor.fetchall()}) / 10


def sizes() -> dict[str, int]:
    """Bytes of what search keeps, indexes and tables (these with what is stored out of line)."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        rows = cursor.fetchall()
    return {name: table or index for name, index, table in rows}
