import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.questions.models import Question

PLACEHOLDER = re.compile(r"\{(name|age|specialty)\}")
# Where the patient gave no pseudonym or age: a word that stands for it, so that no greeting ends in nothing.
UNKNOWN = {
    "en": {"name": "there", "age": "your age"},
    "zh-hant": {"name": "您", "age": "您這個年紀"},
}


class ReplyLanguage(models.TextChoices):
    ENGLISH = "en", _("English")
    CHINESE = "zh-hant", _("Traditional Chinese")


class SavedReplyQuerySet(models.QuerySet):
    def shared(self):
        return self.filter(owner=None)

    def usable_by(self, doctor: Doctor):
        """The doctor's own ones first, then those for all."""
        mine_or_shared = self.filter(models.Q(owner=doctor) | models.Q(owner=None))
        return mine_or_shared.order_by(models.F("owner").asc(nulls_last=True), "title", "id")


class SavedReply(models.Model):
    """Words that a doctor writes again and again. Without an owner they are shared by all doctors, and the admins'."""

    owner = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="saved_replies"
    )
    language = models.CharField(_("language"), max_length=10, choices=ReplyLanguage, default=ReplyLanguage.ENGLISH)
    title = models.CharField(_("title"), max_length=100, help_text=_("For you to find it by; patients never see it."))
    text = models.TextField(
        _("text"),
        max_length=5000,
        help_text=_("{name} becomes the patient's pseudonym, {age} the age, {specialty} the specialty."),
    )

    objects = SavedReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(text=""), name="saved_reply_has_title_and_text"
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=ReplyLanguage.values), name="saved_reply_language_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None

    def filled_for(self, question: Question) -> str:
        """The text with its placeholders filled; other words in braces stay as they are."""
        known = {
            "name": question.pseudonym,
            "age": question.get_age_band_display() if question.age_band else "",
            "specialty": question.specialty.label,
        }
        unknown = UNKNOWN[self.language]
        return PLACEHOLDER.sub(lambda found: known[found[1]] or unknown[found[1]], self.text)
