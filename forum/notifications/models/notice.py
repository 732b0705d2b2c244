from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.notifications.models.choices import (
    ACCOUNT_KINDS,
    ASKER_KINDS,
    DOCTOR_KINDS,
    FOLLOWER_KINDS,
    LETTER_KINDS,
    NoticeState,
    kinds,
)
from forum.notifications.models.subscription import Subscription
from forum.questions.models import Question, State

# How long to wait before each further try of a mail that was not taken; after the last one it is given up.
PAUSES = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=12))
MOST_TRIES = len(PAUSES) + 1
# So long a worker that has claimed a notice has it alone; it is far more than the mail server is given to answer.
LEASE = timedelta(minutes=5)


class NoticeQuerySet(models.QuerySet):
    def due(self):
        """What the worker is to send now, what has waited longest first."""
        return self.filter(state=NoticeState.DUE, due_at__lte=timezone.now()).order_by("due_at", "id")

    @transaction.atomic
    def claim_next(self) -> "Notice | None":
        """The next due one, for this worker alone; committed before the mail is handed over.

        The claim is a lease: of a worker that dies nobody needs to know, the notice is simply due again.
        """
        notice = self.due().select_for_update(skip_locked=True).first()
        if notice is None:
            return None
        now = timezone.now()
        notice.tries, notice.sending_at, notice.due_at = notice.tries + 1, now, now + LEASE
        notice.save(update_fields=["tries", "sending_at", "due_at"])
        return notice

    def trying_again(self):
        """What the mail server has not taken, and will be offered again."""
        return self.filter(state=NoticeState.DUE).exclude(last_error="").order_by("due_at", "id")

    def given_up(self):
        """What the mail server never took, as long as it is kept."""
        return self.filter(state=NoticeState.GIVEN_UP)

    def shown_to(self, user):
        """What stands on this user's News page, newest first; of a withdrawn question its asker's own alone."""
        told = self.filter(user=user, at__lte=timezone.now()).exclude(state=NoticeState.MOOT)
        gone = models.Q(question__state=State.WITHDRAWN) & ~models.Q(kind__in=ASKER_KINDS)
        hidden = models.Q(kind__in=FOLLOWER_KINDS) & ~models.Q(question=None) & ~models.Q(question__state="published")
        return told.exclude(gone | hidden).order_by("-at", "-id")

    def unread(self):
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing that one person is told, once, by mail and, where there is an account, on the News page.

    The address is not in it: it is looked up as the mail is sent, from the account, the question or the subscription.
    A letter alone has the address itself, since nothing else is to know it any more, and forgets it as it is sent.
    """

    kind = models.CharField(_("what"), max_length=30, choices=kinds)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    email = models.EmailField(blank=True, editable=False, help_text="Of a letter that is still to be sent.")
    language = models.CharField(max_length=10, blank=True, editable=False, help_text="Of a letter.")
    number = models.PositiveIntegerField(
        default=1, help_text="Of the questions that a daily mail counts; of the days that a licence has left at most."
    )
    once = models.CharField(max_length=200, unique=True, help_text="The same event for the same person is the same.")
    at = models.DateTimeField(_("of"), default=timezone.now, help_text="When it is to be told.")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=NoticeState, default=NoticeState.DUE)
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sending_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker last took it to the mail server; it may have got there."
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=NoticeState.SENT, sent_at__isnull=False)
                | (~models.Q(state=NoticeState.SENT) & models.Q(sent_at__isnull=True)),
                name="notice_sent_at_with_state",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False)
                | models.Q(question__isnull=False)
                | models.Q(subscription__isnull=False)
                | ~models.Q(email="")
                | models.Q(kind__in=sorted(LETTER_KINDS), state__in=[NoticeState.SENT, NoticeState.MOOT]),
                name="notice_has_recipient",
            ),
            models.CheckConstraint(
                condition=models.Q(email="") | models.Q(kind__in=sorted(LETTER_KINDS), user=None, question=None),
                name="notice_address_of_letter",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="notice_due", condition=models.Q(state=NoticeState.DUE)),
            models.Index(fields=["id"], name="notice_given_up", condition=models.Q(state=NoticeState.GIVEN_UP)),
            models.Index(fields=["user", "-at", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_for_asker(self) -> bool:
        return self.kind in ASKER_KINDS

    @property
    def is_for_doctor(self) -> bool:
        return self.kind in DOCTOR_KINDS

    @property
    def is_for_follower(self) -> bool:
        return self.kind in FOLLOWER_KINDS

    @property
    def is_for_account(self) -> bool:
        """Of what concerns nobody but a doctor or an applicant; no such mail can be turned off."""
        return self.kind in ACCOUNT_KINDS

    @property
    def is_letter(self) -> bool:
        return self.kind in LETTER_KINDS

    def finish(self, state: NoticeState) -> None:
        """The worker has done with it; the address of a letter is forgotten."""
        self._note(state=state, sent_at=timezone.now() if state == NoticeState.SENT else None, email="")

    def fail(self, error: str, *, for_good: bool = False) -> None:
        """Not taken by the mail server, for the reason `error` (a class); try again later, or give it up."""
        if for_good or self.tries >= MOST_TRIES:
            self._note(state=NoticeState.GIVEN_UP, last_error=error[:100])
        else:
            self._note(due_at=timezone.now() + PAUSES[self.tries - 1], last_error=error[:100])

    def _note(self, **values) -> None:
        # Not `save`: it may have been deleted meanwhile, by a click on its unsubscribe link.
        for name, value in values.items():
            setattr(self, name, value)
        Notice.objects.filter(pk=self.pk).update(**values)

    def try_again(self) -> None:
        """An admin wants one that was given up sent after all. Harmless when repeated."""
        Notice.objects.filter(pk=self.pk, state=NoticeState.GIVEN_UP).update(
            state=NoticeState.DUE, due_at=timezone.now(), tries=0
        )
