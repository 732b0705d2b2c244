import pghistory
from django.db import models

from accounts.models import User
from forum.questions.models.choices import State


class WrongState(Exception):
    """The question is no longer in a state that allows this act; nothing was changed."""


class Moving(models.Model):
    """A question goes from one state to another: one transaction, the row locked, a decision recorded."""

    class Meta:
        abstract = True

    def _lock(self, *allowed: State, already: State | None = None) -> bool:
        """Lock the row and read its state anew. False where the act was done before; WrongState where it cannot be."""
        self.state = type(self).objects.select_for_update().values_list("state", flat=True).get(pk=self.pk)
        if self.state == already:
            return False
        if self.state not in allowed:
            raise WrongState(self.state)
        return True

    def _move(self, to: State, act: str, by: User | None, *fields: str, reason: str = "") -> None:
        before, self.state = self.state, to
        # An asker is nobody in the row history, which outlives the account.
        actor = by.pk if by and by.pk != self.asker_id else None
        with pghistory.context(act=act, by=actor):
            self.save(update_fields=["state", *fields])
        self.decisions.create(act=act, by=by, from_state=before, to_state=to, reason=reason)
