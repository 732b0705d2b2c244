"""Which admin is at a task, and until when: so that no two decide the same thing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models.user import User

CLAIMED_FOR = timedelta(minutes=30)


class HeldByAnotherAdmin(Exception):
    """A colleague is at the task (`task.claimed_by`); nothing was changed."""

    def __init__(self, task: "Claimable") -> None:
        super().__init__(task.pk)
        self.task = task


def claimed_by_somebody(name: str) -> models.CheckConstraint:
    """For the Meta of a Claimable: a claim has its time and its admin."""
    nobody = models.Q(claimed_at__isnull=True, claimed_by__isnull=True)
    somebody = models.Q(claimed_at__isnull=False, claimed_by__isnull=False)
    return models.CheckConstraint(condition=nobody | somebody, name=name)


class Claimable(models.Model):
    """A task of the admins that one of them can hold for half an hour."""

    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def claimed_until(self) -> datetime | None:
        """When the claim on it ends, in the site's time zone; None where nobody holds it."""
        end = self.claimed_at and self.claimed_at + CLAIMED_FOR
        return timezone.localtime(end) if end and end > timezone.now() else None

    def is_held_from(self, user: User) -> bool:
        """Whether another admin is at it."""
        return self.claimed_until is not None and self.claimed_by_id != user.pk

    def refuse_if_held_from(self, user: User) -> None:
        """Raises HeldByAnotherAdmin. The caller holds the row."""
        if self.is_held_from(user):
            raise HeldByAnotherAdmin(self)

    @transaction.atomic
    def claim(self, *, by: User) -> None:
        """Hold it for half an hour from now. Raises HeldByAnotherAdmin."""
        rows = type(self)._default_manager.select_for_update(of=["self"])
        rows.get(pk=self.pk).refuse_if_held_from(by)
        rows.filter(pk=self.pk).update(claimed_at=timezone.now(), claimed_by=by)

    def release(self, *, by: User) -> None:
        """Free it for the others. Harmless when repeated, or where a colleague holds it by now."""
        type(self)._default_manager.filter(pk=self.pk, claimed_by=by).update(claimed_at=None, claimed_by=None)
