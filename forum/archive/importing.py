"""One run of an import: lines in, batches to the database, counts and rejected lines out."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DataError, IntegrityError, connection

from forum.archive.fields import Rejected
from forum.archive.lines import Line
from forum.archive.models import ImportedLine
from forum.archive.names import Names
from forum.archive.records import parse_line
from forum.archive.storing import Entry, store
from forum.articles.models import Article
from forum.questions.models import Question
from forum.replies.models import Reply
from forum.search.models import IndexEntry, QuestionTopic, Topic
from forum.search.tasks import catch_up

BATCH = 500
BATCH_BYTES = 16_000_000
SHOWN = 200
MOST_UNKNOWN_KEYS = 50
FILLED = (Question, Reply, Article, Topic, QuestionTopic, IndexEntry, ImportedLine)


@dataclass(frozen=True)
class Rejection:
    """A line that was not taken: where it stands, why, and how it begins."""

    file: str
    line: int
    reason: str
    text: str


@dataclass
class Counts:
    """What became of the lines; `unknown` are keys that the format does not have, each once."""

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    unknown: dict[str, None] = field(default_factory=dict)


class ArchiveImport:
    """Take lines with `add`, then call `finish`. `reject` is told of each line that is not taken.

    With `dry_run` nothing is written, and the counts are what an import would do.
    """

    def __init__(self, *, reject: Callable[[Rejection], None], dry_run: bool = False) -> None:
        self.counts = Counts()
        self._reject = reject
        self._dry_run = dry_run
        self._seen: set[str] = set()
        self._names = Names()
        self._batch: list[Entry] = []
        self._batch_bytes = 0

    def add(self, file: str, line: Line) -> None:
        """Check a line and keep it for the next batch, or reject it."""
        self.counts.read += 1
        beginning = line.content[: 4 * SHOWN]
        try:
            if line.problem:
                raise Rejected(line.problem)
            record = parse_line(line.content)
            if record.id in self._seen:
                raise Rejected("its id stands on an earlier line of this import")
        except Rejected as error:
            self._refuse(file, line.number, beginning, str(error))
            return
        self._seen.add(record.id)
        if record.unknown and len(self.counts.unknown) < MOST_UNKNOWN_KEYS:
            self.counts.unknown |= dict.fromkeys(record.unknown[:MOST_UNKNOWN_KEYS])
        digest = hashlib.sha256(line.content).hexdigest()
        self._batch.append(Entry(file, line.number, beginning, digest, record))
        self._batch_bytes += len(line.content)
        if len(self._batch) >= BATCH or self._batch_bytes >= BATCH_BYTES:
            self._flush()

    def finish(self) -> Counts:
        """Write what is left; then let the database count anew and the worker compute the Similar Q&A."""
        self._flush()
        if not self._dry_run and (self.counts.new or self.counts.updated):
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in FILLED)}")
            catch_up.enqueue()
        return self.counts

    def _flush(self) -> None:
        batch, self._batch, self._batch_bytes = self._batch, [], 0
        if not batch:
            return
        try:
            self._store(batch)
        except (DataError, IntegrityError):
            self._names = Names()
            for entry in batch:
                self._store_alone(entry)

    def _store_alone(self, entry: Entry) -> None:
        """For a batch that the database refused: find the line that it was."""
        try:
            self._store([entry])
        except (DataError, IntegrityError) as error:
            self._names = Names()
            reason = str(error).partition("\n")[0]
            self._refuse(entry.file, entry.number, entry.beginning, f"the database does not take it: {reason}")

    def _store(self, batch: list[Entry]) -> None:
        plan = store(batch, self._names, write=not self._dry_run)
        self.counts.new += len(plan.new)
        self.counts.updated += len(plan.changed)
        self.counts.unchanged += len(plan.unchanged)
        for entry, reason in plan.refused:
            self._refuse(entry.file, entry.number, entry.beginning, reason)

    def _refuse(self, file: str, number: int, beginning: bytes, reason: str) -> None:
        self.counts.rejected += 1
        text = beginning.decode(errors="replace")[:SHOWN]
        self._reject(Rejection(file, number, reason, text))
