import pghistory
from django.db import transaction

from accounts.models import User
from forum.questions.models.choices import OPEN_STATES, State
from forum.questions.models.moving import Moving, WrongState


class Merged(Moving):
    """A question is the same as another one, and leads there until it is parted from it again."""

    class Meta:
        abstract = True

    @property
    def is_merged(self) -> bool:
        return self.state == State.MERGED

    def can_merge_into(self, target: "Merged") -> bool:
        """What was ever public leads to what is public only; what waits may also join what waits."""
        if self.pk == target.pk or self.removed:
            return False
        if self.is_open:
            return target.is_published or target.is_open
        return self.state in (State.PUBLISHED, State.HIDDEN) and target.is_published

    @property
    def is_joined(self) -> bool:
        """Whether it waits for its answer together with another question, of which its asker learns nothing."""
        return self.is_merged and self.published_at is None and self.merged_into.is_open

    @transaction.atomic
    def merge_into(self, target: "Merged", *, by: User, reason: str = "") -> bool:
        """Make this a duplicate of another: of a public thread, to which its address redirects from now on.

        What was never public may also join a question that waits as it does. False where it was merged before.
        """
        # Both rows in one order, so that two merges the other way round wait for each other and do not lock up.
        rows = type(self).objects.select_for_update().filter(pk__in=[self.pk, target.pk]).order_by("pk")
        current = {row.pk: row for row in rows}
        if not self._lock(*OPEN_STATES, State.PUBLISHED, State.HIDDEN, already=State.MERGED):
            return False
        if not current[self.pk].can_merge_into(current[target.pk]):
            raise WrongState("A question is merged into another one that is public, or waits as it does.")
        with pghistory.context(act="merge", by=by.pk):
            type(self).objects.filter(merged_into=self).update(merged_into=target)
        self.merged_into = target
        self._move(State.MERGED, "merge", by, "merged_into", reason=reason)
        return True

    @transaction.atomic
    def part(self, to: State, *, by: User | None, reason: str) -> None:
        """Let it stand for itself again, in the state it was in before it was merged."""
        if self._lock(State.MERGED):
            self.merged_into = None
            self._move(to, "part", by, "merged_into", reason=reason)
