import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.history.guards import guards

# From a sequence: a number that a transaction has seen and that was then rolled back never comes again for other words.
RENEW_VERSION = """
    INSERT INTO texts_textversion (id, number)
    VALUES (1, nextval(pg_get_serial_sequence('texts_textrevision', 'id')))
    ON CONFLICT (id) DO UPDATE SET number = nextval(pg_get_serial_sequence('texts_textrevision', 'id'));
    RETURN NULL;
"""


class Language(models.TextChoices):
    EN = "en", _("English")
    ZH_HANT = "zh-hant", _("Traditional Chinese")
    ALL = "all", _("all languages")


class TextRevisionQuerySet(models.QuerySet):
    def newest(self):
        """Of each text and language the row that counts."""
        return self.order_by("code", "language", "-number").distinct("code", "language")

    def of(self, code: str):
        """What was done to a text, newest first."""
        return self.filter(code=code).order_by("-at", "-pk")


class TextRevision(models.Model):
    """An admin's words in place of the site's own, or the return to those. Rows are added, never changed.

    The texts there are stand in the code (registry.py). Of a text and language the row with the highest number counts.
    """

    code = models.CharField(_("text"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    number = models.PositiveIntegerField(_("version"), help_text="1, 2, ... of this text in this language.")
    words = models.JSONField(
        _("words"), help_text="By the names of the fields, all of them, as they stood from then on."
    )
    is_default = models.BooleanField(
        _("the site's own words"), default=False, help_text="Those in the code count; `words` are what they then were."
    )
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = TextRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a site text")
        verbose_name_plural = _("versions of site texts")
        constraints = [
            models.UniqueConstraint(fields=["code", "language", "number"], name="text_revision_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="text_revision_number_from_1"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="text_revision_has_reason"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="text_revision_at")]
        triggers = [
            *guards(),
            pgtrigger.Trigger(
                name="new_text_version",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                func=RENEW_VERSION,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.language}) {self.number}"


class TextVersion(models.Model):
    """One row, with another number after each change of a text (by a trigger). What was read before is then stale."""

    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="text_version_one_row")]

    def __str__(self) -> str:
        return str(self.number)
