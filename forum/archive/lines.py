"""The lines of an archive's files, one at a time: plain, gzip or standard input, in bounded memory."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_LINE = 20_000_000
STEP = 1_000_000
BOM = b"\xef\xbb\xbf"
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, its number from 1. With a `problem` its content is at most the beginning of what stood there."""

    number: int
    content: bytes
    problem: str = ""


class ArchiveFile:
    """An archive open for reading; a context manager. `-` is standard input. Raises OSError if it cannot be opened.

    `size` is the file's size in bytes, None where it has none; `position` says how many of them were read.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._file = open(name, "rb") if name != "-" else io.BufferedReader(_standard_input())  # noqa: SIM115
        self.size = os.fstat(self._file.fileno()).st_size or None if name != "-" else None

    def __enter__(self) -> "ArchiveFile":
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.name == "-":
            self._file.detach()
        else:
            self._file.close()

    @property
    def position(self) -> int:
        return self._file.tell() if self.size else 0

    def __iter__(self) -> Iterator[Line]:
        """The lines that are not blank. A file that breaks ends with a line that tells the problem."""
        is_gzip = self._file.peek(2)[:2] == GZIP_MAGIC
        if self.name.endswith(".gz") and not is_gzip:
            yield Line(1, b"", "the file is not gzip")
            return
        yield from read_lines(gzip.GzipFile(fileobj=self._file) if is_gzip else self._file)


def _standard_input() -> BinaryIO:
    return getattr(sys.stdin, "buffer", sys.stdin)


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of an open stream that are not blank, without line end and byte order mark.

    Of a line of more than 20 MB only the beginning is kept; the rest is read past in small steps.
    """
    number = 0
    while True:
        number += 1
        content = b""
        try:
            content = stream.readline(MAX_LINE + 1)
            too_long = len(content) > MAX_LINE and not content.endswith(b"\n")
            if too_long:
                _skip_rest(stream)
        except (EOFError, OSError, zlib.error) as error:
            yield Line(number, content[:STEP], f"the file breaks off here and cannot be read further: {error}")
            return
        if not content:
            return
        if number == 1:
            content = content.removeprefix(BOM)
        if too_long:
            yield Line(number, content[:STEP], f"the line is longer than {MAX_LINE // 1_000_000} MB")
        elif content.strip():
            yield Line(number, content.rstrip(b"\r\n"))


def _skip_rest(stream: BinaryIO) -> None:
    while part := stream.readline(STEP):
        if part.endswith(b"\n"):
            return
