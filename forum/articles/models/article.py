from collections.abc import Iterable

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.articles.rendering import render_markdown
from forum.articles.wording import holds_pieces_of
from forum.history.guards import kept
from forum.questions.models import CorrectionReason, Question, State, WrongState, touch_thread
from forum.replies.models import Hideable, HideableQuerySet, hidden_with_by
from forum.replies.models.reply import CORRECTED_IN
from forum.replies.seen import ChangedMeanwhile, edition
from forum.specialties.models import Specialty

# All addresses an article gives: those of its sources, and those of the links that `render_markdown` wrote.
ADDRESSES = """
    SELECT source->>'url' AS url FROM jsonb_array_elements(articles_article.sources) source
    UNION SELECT replace(link[1], '&amp;', '&') FROM regexp_matches(articles_article.html, 'href="([^"]+)"', 'g') link
"""
BROKEN = f"""
    SELECT known.url FROM ({ADDRESSES}) given JOIN articles_sourcelink known ON known.url = given.url
    WHERE known.is_broken ORDER BY known.url
"""


class Months(models.Func):
    """So many months of the calendar."""

    template = "make_interval(months => %(expressions)s)"
    output_field = models.DurationField()


class ArticleQuerySet(HideableQuerySet):
    def of_doctor(self, doctor: Doctor):
        """Those of published threads in the doctor's specialties or under them."""
        return self.filter(question__in=Question.objects.for_doctor(doctor).published())

    def due_for_review(self):
        """Signed ones whose last review is longer ago than their specialty allows, the oldest first."""
        today = models.Value(timezone.localdate(), models.DateField())
        shortest = models.Subquery(Specialty.objects.order_by("review_months").values("review_months")[:1])
        overdue = self.filter(reviewed_on__lte=today - Months(models.F("question__specialty__review_months")))
        # The second limit says nothing new: it lets the index leave out what was reviewed lately.
        return overdue.filter(signed_at__isnull=False, reviewed_on__lte=today - Months(shortest)).longest_unread()

    def unsigned(self):
        """Those that no doctor of this site has signed, as an archive brings them."""
        return self.filter(signed_at__isnull=True).order_by("id")

    def longest_unread(self):
        return self.order_by("reviewed_on", "id")

    def to_start_from(self):
        """Signed ones of threads that everybody may read: what another article may be made of."""
        return self.shown().filter(signed_at__isnull=False, question__state=State.PUBLISHED)

    def used_in(self, text: str, thread_ids: Iterable[int]) -> list[int]:
        """Of these threads those of whose article a piece stands in the text."""
        texts = dict(self.shown().filter(question__in=list(thread_ids)).values_list("question_id", "text"))
        return [pk for pk in thread_ids if pk in texts and holds_pieces_of(text, texts[pk])]

    def with_broken_sources(self):
        """Each with `broken_sources`: those of its addresses that lead nowhere, as far as they were checked."""
        return self.annotate(broken_sources=RawSQL(f"ARRAY({BROKEN})", [], output_field=ArrayField(models.TextField())))

    def having_broken_sources(self):
        """Only those of which an address leads nowhere."""
        return self.filter(RawSQL(f"EXISTS ({BROKEN})", [], output_field=models.BooleanField()))


class Article(Hideable):
    """The "More Info" of a thread. `html` is what `render_markdown` made of `text` and nothing else.

    `machine_drafted` stays once it is true: whoever edits the text, readers are told.
    """

    ACT = "article"
    BLANK = {"text": "", "html": "", "sources": []}

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
    reviewed_by = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reviewed by")
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("More Info article")
        verbose_name_plural = _("More Info articles")
        constraints = [
            models.CheckConstraint(condition=~models.Q(text="") | models.Q(removed=True), name="article_has_text"),
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True, signed_by__isnull=True)
                | models.Q(signed_at__isnull=False, signed_by__isnull=False),
                name="article_signed_at_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_on__isnull=True, reviewed_by__isnull=True)
                | models.Q(reviewed_on__isnull=False, reviewed_by__isnull=False),
                name="article_reviewed_on_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(machine_drafted=False) | models.Q(signed_at__isnull=False),
                name="article_machine_drafted_only_signed",
            ),
            *hidden_with_by("article"),
        ]
        indexes = [
            models.Index(
                fields=["reviewed_on", "id"],
                name="article_longest_unread",
                condition=models.Q(signed_at__isnull=False),
            ),
            models.Index(fields=["id"], name="article_unsigned", condition=models.Q(signed_at__isnull=True)),
        ]
        triggers = [touch_thread()]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def written(cls, *, question: Question, text: str, sources: list[dict], **fields) -> "Article":
        """An unsaved article with its HTML made from `text`."""
        return cls(question=question, text=text, html=render_markdown(text), sources=sources, **fields)

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def edition(self) -> str:
        """What `correct` and `review` are told to make sure that nobody has changed the article meanwhile."""
        return edition(self.text, self.sources)

    def sign(self, *, by: Doctor) -> None:
        """Take responsibility for the article as it stands now; saved by the caller."""
        self.signed_by, self.signed_at = by, timezone.now()
        self.reviewed_by, self.reviewed_on = by, timezone.localdate()

    @transaction.atomic
    def review(self, *, by: Doctor, since: str = "") -> bool:
        """A doctor has read it and finds it right as it stands. Of an article without a signature that is one.

        `since` is the edition that was read (empty: whatever stands there). False where the same doctor has done so
        today. Raises WrongState where the thread is not a published or hidden one, ChangedMeanwhile, CannotWork.
        """
        by.hold_working()
        self._lock()
        if since and since != self.edition:
            raise ChangedMeanwhile(self)
        if (self.reviewed_by_id, self.reviewed_on) == (by.pk, timezone.localdate()):
            return False
        if self.is_signed:
            self.reviewed_by, self.reviewed_on = by, timezone.localdate()
        else:
            self.sign(by=by)
        self._save("review_article", by)
        return True

    @transaction.atomic
    def correct(self, *, by: Doctor, text: str, sources: list[dict], reason: str, since: str = "") -> bool:
        """Put another text in its place under the doctor's own signature; the old one becomes a revision.

        `reason` is a CorrectionReason, `since` the edition the doctor had before them (empty: whatever stands there).
        False where that stands there already. Raises WrongState where the thread is neither published nor hidden,
        ChangedMeanwhile, CannotWork.
        """
        by.hold_working()
        self._lock()
        if (self.text, self.sources) == (text, sources):
            return False
        if since and since != self.edition:
            raise ChangedMeanwhile(self)
        self.text, self.html, self.sources = text, render_markdown(text), sources
        self.sign(by=by)
        self._save("correct_article", by, "text", "html", "sources", reason=CorrectionReason(reason))
        Question.objects.filter(pk=self.question_id).update(modified_at=self.signed_at)
        return True

    def _lock(self) -> None:
        """Read it anew, so that nobody else can change it, or the thread, before this transaction ends."""
        state = Question.objects.select_for_update().values_list("state", flat=True).get(pk=self.question_id)
        if state not in CORRECTED_IN or not Article.objects.select_for_update().filter(pk=self.pk).exists():
            raise WrongState(state)
        self.refresh_from_db()
        if self.removed:
            raise WrongState("removed")

    def _save(self, act: str, by: Doctor, *fields: str, reason: str = "") -> None:
        with pghistory.context(act=act, by=by.user_id):
            self.save(update_fields=[*fields, "signed_by", "signed_at", "reviewed_by", "reviewed_on"])
        self.question.decisions.create(act=act, by=by.user, reason=reason)


class ArticleEvent(
    pghistory.create_event_model(
        Article,
        # Not of a review that changes nothing else: that is a Decision.
        pghistory.UpdateEvent(
            row=pghistory.Old,
            condition=pgtrigger.AnyChange("text", "sources", "machine_drafted", "signed_by", "signed_at"),
        ),
        pghistory.DeleteEvent(),
        fields=["question", "text", "sources", "machine_drafted", "signed_by", "signed_at", "reviewed_on"],
        meta=kept(erasable=True, indexes=(models.Index(fields=["question"], name="article_history_of_thread"),)),
    )
):
    """What stood in an article before it was changed or deleted: one revision of it. Never public."""
