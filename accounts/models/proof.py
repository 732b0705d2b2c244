"""The file that proves a licence: read, kept under a name that nobody guesses, deleted when nothing needs it."""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from forum.uploads.keeping import may_delete_files

FOLDER = "proofs"
# How long a file waits for the form that it was uploaded with.
KEEP_LOOSE = timedelta(days=1)

logger = logging.getLogger("consilium")


@dataclass(frozen=True)
class ProofFile:
    """What was uploaded, checked (forum/uploads/documents.py)."""

    content: bytes
    kind: str


class LooseProofQuerySet(models.QuerySet):
    def keep(self, file: ProofFile) -> str:
        """Store a file that belongs to no application yet; its name."""
        name = f"{secrets.token_hex(16)}.{file.kind}"
        # The row first: whatever happens in between, no file is there that the database does not know.
        self.create(name=name, delete_at=timezone.now() + KEEP_LOOSE)
        default_storage.save(f"{FOLDER}/{name}", ContentFile(file.content))
        return name

    @transaction.atomic
    def take(self, name: str) -> bool:
        """It belongs to an application from now on; False where it was taken before or is gone."""
        return bool(self.filter(name=name, delete_at__gt=timezone.now()).delete()[0])

    @transaction.atomic
    def delete_files(self) -> None:
        """Delete those whose time has come; what fails is tried again.

        Does nothing on a host that has no uploads, nor while a backup copies them.
        """
        if not default_storage.exists(FOLDER) or not may_delete_files():
            return
        for loose in self.filter(delete_at__lte=timezone.now()).select_for_update(skip_locked=True):
            try:
                default_storage.delete(f"{FOLDER}/{loose.name}")
            except OSError as error:
                logger.warning("The file of a proof could not be deleted: %s", type(error).__name__)
            else:
                loose.delete()


class LooseProof(models.Model):
    """The name of a file that no application has: deleted at `delete_at`, unless one takes it before."""

    name = models.CharField(max_length=40, primary_key=True)
    delete_at = models.DateTimeField(db_index=True)

    objects = LooseProofQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


def read_proof(name: str) -> bytes:
    """The file of an application. Raises FileNotFoundError where the uploads lack it."""
    with default_storage.open(f"{FOLDER}/{name}") as file:
        return file.read()
