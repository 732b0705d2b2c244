import gzip
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.archive.lines import line


@pytest.fixture
def archive(tmp_path):
    """Writes lines (values, or bytes as they are) to an archive file and gives its path."""

    def write(*values, name: str = "a.jsonl") -> str:
        content = b"".join((v if isinstance(v, bytes) else line(v)) + b"\n" for v in values)
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return str(path)

    return write


class Importer:
    """Runs `import_archive` and keeps what it said."""

    def __init__(self, capsys, rejects: Path) -> None:
        self.capsys = capsys
        self.rejects_file = rejects

    def __call__(self, *files: str, **options) -> str:
        """The last line of the summary; a CommandError is kept in `error`."""
        self.error = ""
        try:
            call_command("import_archive", *files, rejects=str(self.rejects_file), **options)
        except CommandError as error:
            self.error = str(error)
        captured = self.capsys.readouterr()
        self.out, self.err = captured.out.splitlines(), captured.err.splitlines()
        return self.out[-1]

    @property
    def rejects(self) -> list[dict]:
        return [json.loads(row) for row in self.rejects_file.read_text().splitlines()]


@pytest.fixture
def run_import(capsys, tmp_path) -> Importer:
    return Importer(capsys, tmp_path / "rejects" / "out.jsonl")


@pytest.fixture(autouse=True)
def rejects_folder(tmp_path) -> None:
    (tmp_path / "rejects").mkdir()
