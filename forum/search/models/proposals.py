from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.claims import Claimable, claimed_by_somebody
from accounts.models import User
from forum.questions.models import Question
from forum.search.models.topics import Topic
from forum.specialties.journal import Journal
from forum.specialties.models import Specialty


class ProposalState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class TopicProposalQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody has decided."""
        return self.filter(state=ProposalState.OPEN)

    def move_to_specialty(self, source: Specialty, target: Specialty, journal: Journal) -> None:
        """Part of a merge of specialties: of two undecided or rejected ones of the same name the target's stays."""
        accepted = ProposalState.ACCEPTED
        names = self.model.objects.filter(specialty=target).exclude(state=accepted).values(lower=Lower("name"))
        own = self.model.objects.filter(specialty=source)
        journal.drop(own.exclude(state=accepted).alias(lower=Lower("name")).filter(lower__in=names))
        journal.move(own, specialty=target)


class TopicProposal(Claimable):
    """A topic that threads without any might share, found by `propose_topics`, for an admin to decide."""

    specialty = models.ForeignKey(
        Specialty, on_delete=models.CASCADE, related_name="topic_proposals", verbose_name=_("specialty")
    )
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=2)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    score = models.FloatField(_("score"), default=0)
    questions = models.ManyToManyField(Question, related_name="topic_proposals", verbose_name=_("threads"))
    topic = models.ForeignKey(
        Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposals", verbose_name=_("topic")
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = TopicProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed topic")
        verbose_name_plural = _("proposed topics")
        ordering = ["-score", "id"]
        constraints = [
            # An accepted one may come again, for the threads that were asked since.
            models.UniqueConstraint(
                Lower("name"),
                "specialty",
                condition=~models.Q(state=ProposalState.ACCEPTED),
                name="topic_proposal_once",
            ),
            claimed_by_somebody("topic_proposal_claimed_at_with_by"),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="topic_proposal_decided_at_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ProposalState.OPEN, decided_at__isnull=True)
                | (~models.Q(state=ProposalState.OPEN) & models.Q(decided_at__isnull=False)),
                name="topic_proposal_open_until_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-score", "id"], name="topic_proposal_best"),
            models.Index(
                fields=["proposed_at", "id"],
                name="topic_proposal_open",
                condition=models.Q(state=ProposalState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN

    def decide(self, state: ProposalState, *, by: User, topic: Topic | None = None, reason: str = "") -> None:
        """Record what was decided. The caller holds the row and has seen that it is open."""
        self.state, self.topic, self.reason = state, topic, reason
        self.decided_at, self.decided_by = timezone.now(), by
        self.save(update_fields=["state", "topic", "reason", "decided_at", "decided_by"])
