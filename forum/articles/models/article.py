from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.articles.rendering import render_markdown
from forum.articles.wording import holds_pieces_of
from forum.questions.models import Question, State, touch_thread

# All addresses an article gives: those of its sources, and those of the links that `render_markdown` wrote.
ADDRESSES = """
    SELECT source->>'url' AS url FROM jsonb_array_elements(articles_article.sources) source
    UNION SELECT replace(link[1], '&amp;', '&') FROM regexp_matches(articles_article.html, 'href="([^"]+)"', 'g') link
"""
BROKEN = f"""
    SELECT known.url FROM ({ADDRESSES}) given JOIN articles_sourcelink known ON known.url = given.url
    WHERE known.is_broken ORDER BY known.url
"""


class ArticleQuerySet(models.QuerySet):
    def to_start_from(self):
        """Signed ones of threads that everybody may read: what another article may be made of."""
        return self.filter(signed_at__isnull=False, question__state=State.PUBLISHED)

    def used_in(self, text: str, thread_ids: Iterable[int]) -> list[int]:
        """Of these threads those of whose article a piece stands in the text."""
        texts = dict(self.filter(question__in=list(thread_ids)).values_list("question_id", "text"))
        return [pk for pk in thread_ids if pk in texts and holds_pieces_of(text, texts[pk])]

    def with_broken_sources(self):
        """Each with `broken_sources`: those of its addresses that lead nowhere, as far as they were checked."""
        return self.annotate(broken_sources=RawSQL(f"ARRAY({BROKEN})", [], output_field=ArrayField(models.TextField())))

    def having_broken_sources(self):
        """Only those of which an address leads nowhere."""
        return self.filter(RawSQL(f"EXISTS ({BROKEN})", [], output_field=models.BooleanField()))


class Article(models.Model):
    """The "More Info" of a thread. `html` is what `render_markdown` made of `text` and nothing else.

    `machine_drafted` stays once it is true: whoever edits the text, readers are told.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="article")
    text = models.TextField(_("text (Markdown)"))
    html = models.TextField(editable=False)
    sources = models.JSONField(_("sources"), default=list, blank=True, help_text=_('A list of {"title", "url"}.'))
    machine_drafted = models.BooleanField(_("drafted by a machine"), default=False)
    based_on = ArrayField(
        models.BigIntegerField(), default=list, blank=True, editable=False, help_text="Threads whose articles it uses."
    )
    signed_by = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, related_name="articles", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

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
