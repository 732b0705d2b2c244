from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from forum.questions.models import Question
from forum.search.models import Topic
from forum.specialties.journal import Journal

# So long the link in the mail that asks for the confirmation works.
CONFIRM_WITHIN = timedelta(days=3)


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def to_thread(self, question: Question):
        """Followers of a thread, and of the duplicates that were merged into it; `each_once` makes one of two."""
        return self.confirmed().filter(models.Q(question=question) | models.Q(question__merged_into=question))

    def of_the_same(self, subscription: "Subscription"):
        """What this follower follows of the same thread and its duplicates, itself among them."""
        if subscription.question is None:
            return self.filter(pk=subscription.pk)
        thread = subscription.question.merged_into_id or subscription.question_id
        there = models.Q(question=thread) | models.Q(question__merged_into=thread)
        known = models.Q(email=subscription.address)
        return self.filter(there, known | models.Q(user=subscription.user_id) if subscription.user_id else known)

    def but_not(self, user_id: int | None):
        """Without this account, which is told otherwise."""
        return self.exclude(user=user_id) if user_id else self

    def held(self):
        """Locked, in one order: nobody stops to follow while notices to these are made."""
        return self.order_by("pk").select_for_update(of=["self"], no_key=True)

    @transaction.atomic
    def end(self) -> None:
        """Delete these, and what was to be sent to them; notices that are made at this moment are waited for."""
        list(self.held().values("pk"))
        self.delete()

    def move_to_topic(self, source: Topic, target: Topic, journal: Journal) -> None:
        """Part of a merge of topics: who follows both follows one."""
        there, rows = (self.model.objects.filter(topic=topic) for topic in (target, source))
        journal.drop_twins(rows, there.filter(user__isnull=False), "user_id")
        journal.drop_twins(rows, there.exclude(email=""), "email")
        journal.move(rows, topic=target)


def each_once(subscriptions: Iterable["Subscription"]) -> list["Subscription"]:
    """One for each follower and page followed, the first: whoever followed two threads that are one now hears once."""
    found: dict[tuple, Subscription] = {}
    for each in subscriptions:
        thread = each.question and (each.question.merged_into_id or each.question_id)
        found.setdefault((each.address, thread, each.topic_id), each)
    return list(found.values())


class Subscription(models.Model):
    """Somebody follows a thread or a topic by mail: an account, or an address that is confirmed by its owner first."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    email = models.EmailField(blank=True, help_text="In lower case; empty where an account follows.")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, null=True, blank=True, related_name="followers")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="followers")
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(email=""), name="subscription_account_or_address"
            ),
            models.CheckConstraint(
                condition=models.Q(question__isnull=True) ^ models.Q(topic__isnull=True),
                name="subscription_thread_or_topic",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) | models.Q(confirmed_at__isnull=False),
                name="subscription_of_account_confirmed",
            ),
            *(
                models.UniqueConstraint(
                    fields=[who, what], condition=~models.Q(**nobody), name=f"subscription_once_{who}_{what}"
                )
                for who, nobody in (("user", {"user": None}), ("email", {"email": ""}))
                for what in ("question", "topic")
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="subscription_unconfirmed", condition=models.Q(confirmed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def address(self) -> str:
        """Where mails to this follower go, in lower case."""
        return self.email or self.user.email.lower()

    @property
    def thread(self) -> Question | None:
        """The public thread that is followed: of a duplicate the one it was merged into; None while it is hidden."""
        thread = self.question and (self.question.merged_into or self.question)
        return thread if thread and thread.is_published else None

    def confirm(self) -> None:
        """Its owner wants it. Harmless when repeated."""
        if self.confirmed_at is None:
            self.confirmed_at = timezone.now()
            self.save(update_fields=["confirmed_at"])
