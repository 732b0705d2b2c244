"""Fill the scratch database with threads to search, index them, and say how long the indexes took to build.

Up to 20,000 the real threads are repeated under other titles; beyond, new ones are made of their sentences. One in
twelve of the real threads stays out: what it asks is typed by the patients of the measurements.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from benchmarks.loading import STAGE, copy_threads, copy_vectors, write_entries
from benchmarks.management.commands.bench_seed import archives, import_timed, lines_of, repeated
from benchmarks.recombining import LONGEST_TITLE, Source, portions, recombined, sentences, with_noise
from forum.questions.models import Question
from forum.replies.models import Reply
from forum.search.embedders import embedder_for
from forum.search.embedding import current_model, embed_questions
from forum.search.models import EmbeddingModel, IndexEntry
from forum.search.suggesting.learning import learn_specialties
from forum.search.suggesting.vectors import from_binary
from forum.search.vocabulary import count_words
from forum.search.words import config_for, indexable

REPEATED_UP_TO = 20_000
KEPT_OUT = 12
EMBEDDED = {"en": 4_000, "zh": 1_500}
LANGUAGES = {"en": ("en", " "), "zh": ("zh-hans", "")}  # as questions have it, and what stands between sentences
AT_ONCE = 20_000
NEARLY_THE_SAME = 0.05
VECTORS = """
SELECT m.question_id, halfvec_send(m.vector) FROM search_embedding AS m WHERE m.model_id = %s ORDER BY 1
"""


@dataclass(frozen=True)
class Real:
    """The embedded real threads of a language: their ids and vectors, row by row."""

    model: EmbeddingModel
    ids: list[int]
    vectors: np.ndarray


class Command(BaseCommand):
    help = "Benchmarks: so many threads, indexed, and how long each index took, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, required=True)

    def handle(self, *, threads: int, **_options) -> None:
        self.seconds: dict[str, float] = {}
        for command in ("migrate", "createcachetable"):
            call_command(command, verbosity=0, **({"interactive": False} if command == "migrate" else {}))
        files = kept_out(archives())
        with self.timed("import of the real threads"):
            import_timed(files)
        with self.timed("embedding of real threads"):
            real = {language: embedded(language) for language in LANGUAGES}
        definitions = drop_indexes(real)
        self.fill(threads, files, real)
        self.build(definitions, real)
        with self.timed("learn_specialties"):
            learn_specialties()
        with self.timed("count_words"):
            count_words()
        run("VACUUM ANALYZE", "ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()", "CHECKPOINT")
        self.stdout.write(json.dumps({"threads": Question.objects.count(), "seconds": self.seconds}))

    def fill(self, threads: int, files: list, real: dict[str, Real]) -> None:
        """Without triggers, and without waiting for the disk: should the machine stop, nothing is lost."""
        run("SET session_replication_role = replica", "ALTER SYSTEM SET fsync = off")
        run("ALTER SYSTEM SET max_wal_size = '8GB'", "SELECT pg_reload_conf()")
        with self.timed("load"):
            if threads <= REPEATED_UP_TO:
                repeat(files, threads)
            else:
                make(threads, real)
            for language, known in real.items():
                give_the_rest_vectors(language, known)
            IndexEntry.objects.filter(similar_at=None).update(similar_at="2026-01-01T00:00Z", crowding=0.6)
        run("SET session_replication_role = DEFAULT", "CHECKPOINT")

    def build(self, definitions: dict[str, str], real: dict[str, Real]) -> None:
        """The indexes, each by itself, as an operator would after a large import."""
        run("SET maintenance_work_mem = '2GB'", "SET max_parallel_maintenance_workers = 2")
        with self.timed("ANALYZE"):
            run("ANALYZE")
        for name, definition in definitions.items():
            with self.timed(f"GIN {name}" if "gin" in definition else name):
                run(definition)
        for language, known in real.items():
            with self.timed(f"HNSW {language}"):
                known.model.make_index()

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start
        print(f"{name}: {self.seconds[name]:.1f} s", file=sys.stderr, flush=True)


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def kept_out(files: list) -> list:
    """The same archives without what is typed later; that stands in `typed.json` by language."""
    rest, typed = [], {}
    for path in files:
        threads = [json.loads(line) for line in lines_of(path)]
        texts = [f"{thread.get('title') or ''} {thread['question']['text']}" for thread in threads[::KEPT_OUT]]
        typed.setdefault(threads[0]["lang"][:2], []).extend(texts)
        rest.append(settings.DATA_DIR / path.name.removesuffix(".gz"))
        lines = [json.dumps(thread) for place, thread in enumerate(threads) if place % KEPT_OUT]
        rest[-1].write_text("\n".join(lines) + "\n")
    (settings.DATA_DIR / "typed.json").write_text(json.dumps(typed))
    return rest


def embedded(language: str) -> Real:
    """Embed the real threads of a language, at most EMBEDDED of them."""
    threads = Question.objects.published().filter(language__startswith=language).order_by("pk")
    ids = list(threads.values_list("pk", flat=True))[: EMBEDDED[language]]
    embed_questions(ids)
    model = current_model(embedder_for(language))
    with connection.cursor() as cursor:
        cursor.execute(VECTORS, [model.pk])
        rows = cursor.fetchall()
    return Real(model, [pk for pk, _ in rows], from_binary([sent for _, sent in rows]))


def drop_indexes(real: dict[str, Real]) -> dict[str, str]:
    """What is built again at the end: the definitions of the text indexes. Those over vectors are made anew too."""
    for known in real.values():
        known.model.drop_index()
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = 'index_entry_vector'")
        definitions = dict(cursor.fetchall())
    run(*(f"DROP INDEX {name}" for name in definitions))
    return definitions


def repeat(files: list, threads: int) -> None:
    copies = settings.DATA_DIR / "copies.jsonl"
    copies.write_text("".join(repeated(files, threads - Question.objects.count())))
    import_timed([copies])


def make(threads: int, real: dict[str, Real]) -> None:
    """As many English as Chinese ones, in turns, so that neither is newer."""
    run(STAGE)
    sources = {language: sources_of(known) for language, known in real.items()}
    first_id = Question.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    for turn, number in enumerate(portions(threads - Question.objects.count(), 2 * AT_ONCE)):
        for language, part in zip(real, (number // 2, number - number // 2), strict=True):
            name, joint = LANGUAGES[language]
            made, vectors = recombined(sources[language], part, indexer(name), joint, seed=2 * turn + len(name))
            copy_threads(made, first_id, name, config_for(name))
            copy_vectors(np.arange(first_id, first_id + part), vectors, real[language].model.pk)
            first_id += part
    write_entries()
    run("SELECT setval(pg_get_serial_sequence('questions_question', 'id'), (SELECT max(id) FROM questions_question))")


def indexer(language: str) -> Callable[[str], str]:
    return lambda text: indexable(text, language)


def sources_of(known: Real) -> list[Source]:
    questions = Question.objects.in_bulk(known.ids)
    replies = dict(Reply.objects.filter(question__in=known.ids).order_by("-pk").values_list("question_id", "text"))
    return [
        Source(
            questions[pk].specialty_id,
            questions[pk].public_title[:LONGEST_TITLE],
            sentences(questions[pk].text),
            sentences(replies[pk]),
            vector,
        )
        for pk, vector in zip(known.ids, known.vectors, strict=True)
        if pk in replies
    ]


def give_the_rest_vectors(language: str, known: Real) -> None:
    """To repeated threads nearly that of the first one of the same text, to others that of any, moved a little."""
    threads = Question.objects.filter(language__startswith=language, embedding=None).order_by("pk")
    rows = list(threads.values_list("pk", "text"))
    if not rows:
        return
    texts = dict(Question.objects.filter(pk__in=known.ids).values_list("text", "pk"))
    places = {pk: place for place, pk in enumerate(known.ids)}
    chance = np.random.default_rng(1)
    anywhere = chance.integers(len(known.ids), size=len(rows))
    chosen = [places.get(texts.get(text), place) for (_, text), place in zip(rows, anywhere, strict=True)]
    vectors = with_noise(known.vectors[chosen], chance, NEARLY_THE_SAME)
    copy_vectors(np.array([pk for pk, _ in rows]), vectors, known.model.pk)
