import json
import os
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from dataclasses import asdict
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from forum.archive.importing import ArchiveImport, Counts, Rejection
from forum.archive.lines import ArchiveFile

SHOWN_REJECTIONS = 10


class Command(BaseCommand):
    help = (
        "Load threads from an archive: one JSON object a line, plain or gzip. The same id is the same thread: a line "
        "that was loaded before changes nothing, a changed one updates its thread. Exit status 1 if a line is rejected."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help=".jsonl or .jsonl.gz; - is standard input")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--rejects", metavar="OUT.jsonl", help="write the rejected lines and their reasons here")

    def handle(self, *, files: list[str], dry_run: bool, rejects: str | None, **_options) -> None:
        with ExitStack() as stack:
            self.rejects = stack.enter_context(self.open_rejects(rejects, files)) if rejects else None
            self.shown = 0
            run = ArchiveImport(reject=self.report, dry_run=dry_run)
            missing = [problem for file in files if (problem := self.read(file, run))]
            counts = run.finish()
        self.tell(counts, dry_run)
        problems = [*missing, f"{counts.rejected} rejected."] if counts.rejected else missing
        if problems:
            raise CommandError("\n".join(problems))

    def read(self, file: str, run: ArchiveImport) -> str:
        """Hand all lines of a file to the import; what is wrong if it cannot be opened, else nothing."""
        try:
            archive = ArchiveFile(file)
        except OSError as error:
            return f"{file}: {error.strerror}."
        unit = {"unit": "B", "unit_scale": True} if archive.size else {"unit": " lines"}
        with archive, tqdm(desc=file, total=archive.size, disable=None, file=sys.stderr, **unit) as bar:
            for line in archive:
                run.add(file, line)
                bar.update(archive.position - bar.n if archive.size else 1)
        return ""

    def report(self, rejection: Rejection) -> None:
        if self.rejects:
            self.rejects.write(json.dumps(asdict(rejection), ensure_ascii=False) + "\n")
        self.shown += 1
        if self.shown <= SHOWN_REJECTIONS:
            with tqdm.external_write_mode(file=sys.stderr):
                self.stderr.write(f"{rejection.file}, line {rejection.line}: {rejection.reason}")

    def tell(self, counts: Counts, dry_run: bool) -> None:
        if counts.rejected > SHOWN_REJECTIONS:
            self.stderr.write(f"… and {counts.rejected - SHOWN_REJECTIONS} more rejected lines.")
        for key in counts.unknown:
            self.stdout.write(f"unknown key, left out: {json.dumps(key[:100], ensure_ascii=False)[1:-1]}")
        names = ("read", "new", "updated", "unchanged", "rejected")
        summary = ", ".join(f"{name} {getattr(counts, name)}" for name in names)
        self.stdout.write(f"{'dry run, nothing written: ' if dry_run else ''}{summary}")

    def open_rejects(self, path: str, files: list[str]) -> TextIO:
        """The file for rejected lines, made anew. Never one of those that are being read."""
        if any(os.path.exists(path) and os.path.exists(file) and os.path.samefile(path, file) for file in files):
            raise CommandError(f"--rejects would overwrite {path}, which is to be imported.")
        try:
            return open(path, "w", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"--rejects {path}: {error.strerror}.") from error
