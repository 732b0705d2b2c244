import gzip
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from tqdm import tqdm

from forum.archive.exporting import export_lines, exportable


class Command(BaseCommand):
    """Export the published threads. An import of them into an empty database gives the same threads and export.

    The format has no place for, and so an export leaves out: who signed a More Info and when, follow-ups, the asker's
    answers for the doctors only, e-mail addresses, decisions, doctors' profiles beyond the name, and the translations,
    order and tree of the specialties.
    """

    help = "Write the published threads as an archive: one JSON object a line, ordered by id."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="compressed if it ends in .gz; default: output")

    def handle(self, *, file: str | None, **_options) -> None:
        try:
            with to_file(Path(file)) if file and file != "-" else to_output(self.stdout) as out:
                lines = tqdm(export_lines(), total=exportable().count(), unit=" threads", disable=None, file=sys.stderr)
                for line in lines:
                    out.write(line)
        except OSError as error:
            raise CommandError(f"{file or 'standard output'}: {error.strerror}.") from error


@contextmanager
def to_file(path: Path) -> Iterator[BinaryIO]:
    """Write beside the file and put it in place at the end: a run that breaks leaves what was there before."""
    path = path.resolve()
    if path.exists() and not path.is_file():  # a device or a pipe
        with path.open("wb") as raw, compressed(raw, path) as out:
            yield out
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as raw:
            with compressed(raw, path) as out:
                yield out
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def compressed(raw: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    """Gzip by the name of the file, without time and name in its head: the same threads give the same bytes."""
    if path.suffix == ".gz":
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out:
            yield out
    else:
        yield raw


@contextmanager
def to_output(stdout: OutputWrapper) -> Iterator[BinaryIO]:
    """The bytes as they are, whatever the terminal's encoding; as text where the output takes nothing else."""
    binary = getattr(stdout, "buffer", None)
    yield binary or TextOutput(stdout)
    stdout.flush()


class TextOutput:
    def __init__(self, stdout: OutputWrapper) -> None:
        self.stdout = stdout

    def write(self, line: bytes) -> None:
        self.stdout.write(line.decode(), ending="")
