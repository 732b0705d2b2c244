from django.db import models
from django.utils.translation import gettext_lazy as _

from forum.questions.models.choices import DeclineReason


class TextLanguage(models.TextChoices):
    EN = "en", _("English")
    ZH_HANT = "zh-hant", _("Traditional Chinese")


class DeclineText(models.Model):
    """What the patient of a declined question is told to do next, in place of the site's own words (declining.py)."""

    reason = models.CharField(_("reason"), max_length=20, choices=DeclineReason)
    language = models.CharField(_("language"), max_length=10, choices=TextLanguage, default=TextLanguage.EN)
    next_step = models.TextField(_("next step for the patient"))

    class Meta:
        verbose_name = _("next step after declining")
        verbose_name_plural = _("next steps after declining")
        ordering = ["reason", "language"]
        constraints = [
            models.UniqueConstraint(fields=["reason", "language"], name="decline_text_once"),
            models.CheckConstraint(condition=~models.Q(next_step=""), name="decline_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.get_language_display()})"
