import gzip
import io
import sys

import pytest

from forum.archive import lines
from forum.archive.lines import ArchiveFile, Line


def read(path) -> list[Line]:
    with ArchiveFile(str(path)) as archive:
        return list(archive)


@pytest.fixture
def short_limit(monkeypatch) -> None:
    """As if a line were too long from 1000 bytes on."""
    monkeypatch.setattr(lines, "MAX_LINE", 1000)
    monkeypatch.setattr(lines, "STEP", 100)


def test_lines_keep_their_numbers_past_blank_ones(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\n\n  \r\nfour\r\nlast")
    assert read(path) == [Line(1, b"one"), Line(4, b"four"), Line(5, b"last")]


def test_byte_order_mark_at_the_start_is_dropped(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbfone\n\xef\xbb\xbftwo\n")
    assert read(path) == [Line(1, b"one"), Line(2, b"\xef\xbb\xbftwo")]


def test_gzip_is_read_by_what_is_in_the_file(tmp_path):
    for name in ("a.jsonl.gz", "a.jsonl"):
        (tmp_path / name).write_bytes(gzip.compress(b"one\ntwo\n"))
        assert read(tmp_path / name) == [Line(1, b"one"), Line(2, b"two")]


@pytest.mark.parametrize("content", [b"", b"plain text\n"])
def test_file_that_is_not_gzip_is_a_problem_of_its_first_line(tmp_path, content):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(content)
    assert read(path) == [Line(1, b"", "the file is not gzip")]


def test_truncated_gzip_gives_its_whole_lines_and_where_it_broke(tmp_path):
    whole = gzip.compress(b"".join(b"%d\n" % number for number in range(100)))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole[:-20])
    *good, broken = read(path)
    assert [line.content for line in good] == [b"%d" % number for number in range(len(good))]
    assert broken.number == len(good) + 1
    assert broken.problem.startswith("the file breaks off here and cannot be read further: ")


def test_gzip_that_is_damaged_gives_where_it_broke(tmp_path):
    damaged = bytearray(gzip.compress(b"one\ntwo\n"))
    damaged[12:16] = b"\xff\xff\xff\xff"
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(damaged)
    assert read(path)[-1].problem.startswith("the file breaks off here")


def test_line_that_is_too_long_is_passed_over(tmp_path, short_limit):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\n" + b"x" * 5000 + b"\nthree\n" + b"y" * 1000 + b"\n" + b"z" * 1001)
    first, long, third, fits, end = read(path)
    assert (first, third, fits) == (Line(1, b"one"), Line(3, b"three"), Line(4, b"y" * 1000))
    assert (long.number, long.content) == (2, b"x" * 100)
    assert (long.problem, end.problem) == ("the line is longer than 0 MB", "the line is longer than 0 MB")


def test_standard_input_is_read_and_left_open(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(gzip.compress(b"one\ntwo\n")))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert read("-") == [Line(1, b"one"), Line(2, b"two")]
    assert not stdin.buffer.closed


def test_position_reaches_the_size_of_the_file(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\ntwo\n")
    with ArchiveFile(str(path)) as archive:
        list(archive)
        assert (archive.position, archive.size) == (8, 8)


def test_file_that_is_missing_cannot_be_opened(tmp_path):
    with pytest.raises(FileNotFoundError):
        ArchiveFile(str(tmp_path / "none.jsonl"))
