from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.articles.rendering import render_markdown
from forum.questions.models import Question, touch_thread


class Article(models.Model):
    """The "More Info" of a thread. `html` is what `render_markdown` made of `text` and nothing else."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="article")
    text = models.TextField(_("text (Markdown)"))
    html = models.TextField(editable=False)
    sources = models.JSONField(_("sources"), default=list, blank=True, help_text=_('A list of {"title", "url"}.'))
    machine_drafted = models.BooleanField(_("drafted by a machine"), default=False)
    signed_by = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)

    class Meta:
        verbose_name = _("More Info article")
        verbose_name_plural = _("More Info articles")
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="article_has_text"),
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True, signed_by__isnull=True)
                | models.Q(signed_at__isnull=False, signed_by__isnull=False),
                name="article_signed_at_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(machine_drafted=False) | models.Q(signed_at__isnull=False),
                name="article_machine_drafted_only_signed",
            ),
        ]
        triggers = [touch_thread()]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def written(cls, *, question: Question, text: str, sources: list[dict], **fields) -> "Article":
        """An unsaved article with its HTML made from `text`."""
        return cls(question=question, text=text, html=render_markdown(text), sources=sources, **fields)

    def sign(self, *, by: Doctor) -> None:
        """Take responsibility for the article as it stands now; saved by the caller."""
        self.signed_by, self.signed_at, self.reviewed_on = by, timezone.now(), timezone.localdate()
