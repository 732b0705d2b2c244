import hashlib
import logging
import secrets
from datetime import timedelta
from pathlib import Path

import pgtrigger
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor, User
from forum.questions.models.touching import touch_thread
from forum.uploads.keeping import may_delete_files
from forum.uploads.pictures import LONGEST_THUMBNAIL_SIDE, Picture, fitted

MOST_IMAGES = 4
FOLDER = "questions"
# How long an image waits for the form that it was uploaded with.
KEEP_UNUSED = timedelta(days=1)

logger = logging.getLogger("consilium")


def new_name() -> str:
    """128 random bits in hex: nobody guesses the address of an image."""
    return secrets.token_hex(16)


def stored_at(name: str, *, thumbnail: bool = False) -> str:
    """Where the file of an image lies below the uploads."""
    return f"{FOLDER}/{name}-small.jpg" if thumbnail else f"{FOLDER}/{name}.jpg"


class QuestionImageQuerySet(models.QuerySet):
    def in_order(self):
        """As the patient gave them."""
        return self.order_by("place", "id")

    def public(self):
        """Those that everybody may see where the thread itself is public."""
        return self.filter(public_at__isnull=False)

    def unused(self):
        """Uploaded with a form that was not taken yet."""
        return self.filter(question=None)

    def room(self) -> int:
        """How many more a question may have; asked of its `images`."""
        return MOST_IMAGES - self.count()

    def keep(self, picture: Picture) -> "QuestionImage":
        """Store an image that belongs to no question yet."""
        digest = hashlib.sha256(picture.full).hexdigest()
        # The row first: whatever happens in between, no file is there that the database does not know.
        image = self.create(digest=digest, width=picture.width, height=picture.height)
        default_storage.save(stored_at(image.name), ContentFile(picture.full))
        default_storage.save(stored_at(image.name, thumbnail=True), ContentFile(picture.thumbnail))
        return image

    def discard(self) -> None:
        """Delete these and, as soon as that is certain, their files."""
        self.delete()
        transaction.on_commit(DiscardedImage.objects.delete_files, robust=True)

    def discard_unused(self) -> None:
        """Those whose form nobody has sent again for a day."""
        old = self.unused().filter(created_at__lt=timezone.now() - KEEP_UNUSED)
        if old.exists():
            old.discard()

    def files(self) -> list[tuple[str, Path]]:
        """For an export: a name that can be shown and the file, full size, of each in order."""
        return [(f"image-{image.place}.jpg", image.path()) for image in self.in_order()]


class QuestionImage(models.Model):
    """An image of a patient's question, its pixels alone (uploads/pictures.py). For the doctors, unless `public_at`.

    Its files lie in the uploads under its name. They go with the row, however that goes: a trigger notes the name.
    """

    question = models.ForeignKey(
        "questions.Question", on_delete=models.CASCADE, null=True, editable=False, related_name="images"
    )
    place = models.PositiveSmallIntegerField(null=True, editable=False)
    name = models.CharField(max_length=32, unique=True, default=new_name, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    description = models.CharField(_("what it shows"), max_length=300, blank=True)
    public_wanted = models.BooleanField(_("may be public"), default=False)
    public_at = models.DateTimeField(null=True, blank=True, editable=False)
    public_by = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = QuestionImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(question__isnull=True, place__isnull=True, public_at__isnull=True)
                | (
                    models.Q(question__isnull=False, place__isnull=False, place__range=(1, MOST_IMAGES))
                    & ~models.Q(description="")
                ),
                name="image_of_question_has_place_and_description",
            ),
            models.CheckConstraint(
                condition=models.Q(public_at__isnull=True, public_by__isnull=True)
                | models.Q(public_at__isnull=False, public_by__isnull=False, public_wanted=True),
                name="image_public_at_with_by_and_wanted",
            ),
            models.UniqueConstraint(fields=["question", "place"], name="image_place_once"),
            models.UniqueConstraint(fields=["question", "digest"], name="image_once_a_question"),
        ]
        indexes = [models.Index(fields=["created_at"], name="image_unused", condition=models.Q(question__isnull=True))]
        triggers = [
            touch_thread("question_id", "description", "public_at"),
            pgtrigger.Trigger(
                name="note_discarded",
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                func="INSERT INTO questions_discardedimage VALUES (OLD.name) ON CONFLICT DO NOTHING; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("question_image", args=[self.question_id, self.name])

    @property
    def is_public(self) -> bool:
        return self.public_at is not None and self.question.is_published

    @property
    def thumbnail_size(self) -> tuple[int, int]:
        """Width and height of the small one, in pixels."""
        return fitted(self.width, self.height, LONGEST_THUMBNAIL_SIDE)

    @property
    def thumbnail_url(self) -> str:
        return reverse("question_image_small", args=[self.question_id, self.name])

    def read(self, *, thumbnail: bool = False) -> bytes:
        """The JPEG. Raises FileNotFoundError where the uploads lack it."""
        with default_storage.open(stored_at(self.name, thumbnail=thumbnail)) as file:
            return file.read()

    def path(self) -> Path:
        """The file, full size."""
        return Path(default_storage.path(stored_at(self.name)))

    @transaction.atomic
    def show(self, *, by: Doctor) -> None:
        """The doctor agrees with the patient that everybody may see it. Harmless when repeated, or not wanted."""
        self._lock_question()
        wanted = QuestionImage.objects.filter(pk=self.pk, public_wanted=True, public_at=None)
        if wanted.update(public_at=timezone.now(), public_by=by):
            self._decided("show_image", by.user)

    @transaction.atomic
    def hide(self, *, by: User | None) -> None:
        """Take it off the public page at once; the doctors still see it. Harmless when repeated."""
        self._lock_question()
        if QuestionImage.objects.public().filter(pk=self.pk).update(public_at=None, public_by=None):
            self._decided("hide_image", by)

    def _lock_question(self) -> None:
        # Before the image, whose trigger touches it: so that no two wait for each other.
        type(self.question).objects.select_for_update().values("pk").get(pk=self.question_id)

    def _decided(self, act: str, by: User | None) -> None:
        self.refresh_from_db(fields=["public_at", "public_by"])
        self.question.decisions.create(act=act, by=by, reason=f"image {self.place}")


class DiscardedImageQuerySet(models.QuerySet):
    @transaction.atomic
    def delete_files(self) -> None:
        """Delete the files of all of them; what fails is tried again.

        Does nothing on a host that has no uploads, nor while a backup copies them.
        """
        if not default_storage.exists(FOLDER) or not may_delete_files():
            return
        for gone in self.select_for_update(skip_locked=True):
            try:
                default_storage.delete(stored_at(gone.name))
                default_storage.delete(stored_at(gone.name, thumbnail=True))
            except OSError as error:
                logger.warning("The files of a discarded image could not be deleted: %s", type(error).__name__)
            else:
                gone.delete()


class DiscardedImage(models.Model):
    """The name of an image whose row is gone and whose files are to be deleted."""

    name = models.CharField(max_length=32, primary_key=True)

    objects = DiscardedImageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
