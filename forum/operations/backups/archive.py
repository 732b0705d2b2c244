"""The file of a backup: a tar with the dump, the uploads and, last, the manifest, without which it is none."""

import fcntl
import hashlib
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from forum.operations.backups.errors import BackupError
from forum.operations.backups.proof import Proof

FORMAT = 1
DUMP = "database.dump"
UPLOADS = "uploads/"
MANIFEST = "manifest.json"
UNFINISHED = ".unfinished-backup"
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What is in a backup and how to tell that all of it came back. `key` is a fingerprint, never the key itself."""

    made_at: str
    server: int
    dumped_by: int
    key: str
    migrations: list[str]
    proof: Proof
    files: dict[str, list]

    def as_json(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Raises BackupError where it is none that this code can read."""
        try:
            fields = json.loads(text)
            if fields.pop("format") != FORMAT:
                raise BackupError("The backup was made by another version of Consilium: restore it with that one.")
            return cls(**{**fields, "proof": Proof(**fields["proof"])})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackupError("The manifest of the backup cannot be read.") from None

    @property
    def uploads(self) -> list[str]:
        """The names of its files below the uploads."""
        return [name.removeprefix(UPLOADS) for name in self.files if name.startswith(UPLOADS)]


def chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


class Writer:
    """Writes members whose size nobody knows beforehand: the head of each is written again when it is known."""

    def __init__(self, raw: BinaryIO, made_at: float) -> None:
        self.raw = raw
        self.made_at = made_at
        self.files: dict[str, list] = {}

    def add(self, name: str, contents: Iterable[bytes]) -> int:
        """Add a member; its size in bytes. What is written is noted in `files`, with its SHA-256."""
        start = self.raw.tell()
        self.raw.write(self._head(name, 0))
        size, digest = 0, hashlib.sha256()
        for chunk in contents:
            self.raw.write(chunk)
            size += len(chunk)
            digest.update(chunk)
        self.raw.write(bytes(-size % tarfile.BLOCKSIZE))
        end = self.raw.tell()
        self.raw.seek(start)
        self.raw.write(self._head(name, size))
        self.raw.seek(end)
        self.files[name] = [size, digest.hexdigest()]
        return size

    def end(self) -> None:
        self.raw.write(bytes(2 * tarfile.BLOCKSIZE))

    def _head(self, name: str, size: int) -> bytes:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(self.made_at)
        return member.tobuf(tarfile.GNU_FORMAT)


@contextmanager
def new_file(target: Path) -> Iterator[BinaryIO]:
    """A file beside `target`, for its owner alone, that gets that name when all of it is on the disk, or goes.

    It is locked as long as its process lives: what a killed one has left behind is known by that, and removed.
    """
    remove_left_behind(target.parent)
    part = target.with_name(f".{target.name}.{os.getpid()}{UNFINISHED}")
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as raw:
            fcntl.flock(raw, fcntl.LOCK_EX)
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
            if target.exists():
                raise BackupError(f"{target} exists. Choose another name.")
            part.rename(target)
        sync_directory(target.parent)
    finally:
        part.unlink(missing_ok=True)


def remove_left_behind(directory: Path) -> None:
    """Delete the unfinished files that killed backups have left in this directory."""
    for part in directory.glob(f".*{UNFINISHED}"):
        with part.open("rb") as raw:
            try:
                fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            part.unlink(missing_ok=True)


def sync_directory(directory: Path) -> None:
    """Have names that were given in this directory outlive a power cut."""
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class Reader:
    """A backup that is there: its manifest is read and its list of files compared with what is in it."""

    def __init__(self, path: Path) -> None:
        """Raises BackupError where it is not a whole backup."""
        self.path = path
        try:
            self.tar = tarfile.open(path, "r:")  # noqa: SIM115 - closed by close()
            members = self.tar.getmembers()
        except tarfile.TarError:
            raise BackupError(f"{path} is no backup, or only part of one.") from None
        self.members = {member.name: member for member in members if member.isreg()}
        if not members or members[-1].name != MANIFEST or len(self.members) != len(members):
            raise BackupError(f"{path} is no backup, or only part of one.")
        self.manifest = Manifest.from_json(self.read(MANIFEST))
        listed = {name: size for name, (size, _digest) in self.manifest.files.items()}
        if listed != {name: member.size for name, member in self.members.items() if name != MANIFEST}:
            raise BackupError(f"{path} does not hold the files that its manifest lists.")
        if DUMP not in listed or not all(name == DUMP or _lies_below_uploads(name) for name in listed):
            raise BackupError(f"{path} holds files that do not belong into a backup.")

    def open(self, name: str) -> BinaryIO:
        return self.tar.extractfile(self.members[name])

    def read(self, name: str) -> bytes:
        return self.open(name).read()

    def verify(self, watch) -> None:
        """Compare every file with its checksum; `watch` is told the bytes that were read. Raises BackupError."""
        for name, (_size, expected) in self.manifest.files.items():
            digest = hashlib.sha256()
            for chunk in chunks(self.open(name)):
                digest.update(chunk)
                watch(len(chunk))
            if digest.hexdigest() != expected:
                raise BackupError(f"{self.path} is damaged: {name} is not what was backed up. Take another backup.")

    def close(self) -> None:
        self.tar.close()


def _lies_below_uploads(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) > 1 and f"{parts[0]}/" == UPLOADS and ".." not in parts and "\0" not in name
