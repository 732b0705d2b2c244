"""Rows into PostgreSQL as fast as it takes them: COPY, without triggers and without the indexes that search adds."""

import io
import threading
from collections.abc import Iterable

import numpy as np
import psycopg2
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from benchmarks.recombining import Made
from forum.questions.models import AgeBand, Question, Sex

REPLY = "question_id, specialty_id, text, created_at"
STAGED = "id, config, title, question, reply"
STAGE = """
CREATE UNLOGGED TABLE bench_staged (id bigint, config regconfig, title text, question text, reply text)
"""
WRITE_ENTRIES = """
INSERT INTO search_indexentry (question_id, vector, crowding, similar_at)
SELECT id, setweight(to_tsvector(config, title), 'A') || setweight(to_tsvector(config, question), 'B')
           || setweight(to_tsvector(config, reply), 'C'), 0.55 + 0.15 * random(), now()
FROM bench_staged WHERE id %% 2 = %s
"""
WRITERS = 2
ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def copy_rows(table: str, columns: str, rows: Iterable[Iterable[object]]) -> None:
    lines = "".join("\t".join(str(value).translate(ESCAPES) for value in row) + "\n" for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(lines))


def unchanging(model: type[Model]) -> dict[str, object]:
    """The columns that are the same in all rows: what the model gives them where nothing is said."""
    values = {field.column: getattr(model(), field.attname) for field in model._meta.concrete_fields}
    kept = {column: value for column, value in values.items() if value is not None}
    return {column: "{}" if value == [] else value for column, value in kept.items()}


def copy_threads(made: list[Made], first_id: int, language: str, config: str) -> None:
    """Published questions from `first_id` on, a reply each, and what the index is to read for them."""
    now, ages, sexes = timezone.now(), ["", *AgeBand.values], ["", *Sex.values]
    same = unchanging(Question) | {"language": language, "state": "published", "published_at": now, "modified_at": now}
    questions, replies, staged = [], [], []
    for pk, one in enumerate(made, first_id):
        titles = {"headline": one.title, "public_title": one.title, "text": one.question}
        about = {"age_band": ages[pk % len(ages)], "sex": sexes[pk // 7 % len(sexes)], "specialty_id": one.specialty_id}
        questions.append(same | titles | about | {"id": pk, "archive_id": f"made-{pk}"})
        replies.append((pk, one.specialty_id, one.reply, now))
        staged.append((pk, config, *one.indexed))
    copy_rows("questions_question", ", ".join(questions[0]), [question.values() for question in questions])
    copy_rows("replies_reply", REPLY, replies)
    copy_rows("bench_staged", STAGED, staged)


def copy_vectors(ids: np.ndarray, vectors: np.ndarray, model_id: int) -> None:
    """Embeddings in the binary form of COPY and of halfvec, which numpy writes without a loop."""
    dimensions = vectors.shape[1]
    head = [("fields", ">i2"), ("a", ">i4"), ("id", ">i8"), ("b", ">i4"), ("dimensions", ">i2"), ("unused", ">i2")]
    rows = np.zeros(len(ids), dtype=[*head, ("vector", ">f2", (dimensions,)), ("c", ">i4"), ("model", ">i8")])
    rows["fields"], rows["a"], rows["b"], rows["c"] = 3, 8, 4 + 2 * dimensions, 8
    rows["id"], rows["dimensions"], rows["vector"], rows["model"] = ids, dimensions, vectors, model_id
    sent = b"PGCOPY\n\xff\r\n\x00" + bytes(8) + rows.tobytes() + b"\xff\xff"
    with connection.cursor() as cursor:
        command = "COPY search_embedding (question_id, vector, model_id) FROM STDIN (FORMAT binary)"
        cursor.copy_expert(command, io.BytesIO(sent))


def write_entries() -> None:
    """What was staged becomes index entries, on two connections at once; the staging table goes."""
    failures: list[BaseException] = []
    threads = [threading.Thread(target=_write_part, args=(part, failures)) for part in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_staged")


def _write_part(part: int, failures: list[BaseException]) -> None:
    try:
        own = psycopg2.connect(**connection.get_connection_params())
        try:
            with own, own.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                cursor.execute(WRITE_ENTRIES, [part])
        finally:
            own.close()
    except BaseException as failure:
        failures.append(failure)
