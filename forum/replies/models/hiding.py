"""What an admin may take off a public thread and bring back: a reply, a follow-up, the article."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.questions.models import Question, WrongState


class HideableQuerySet(models.QuerySet):
    def shown(self):
        """Those that no admin has taken off the page. Everything that readers get begins here."""
        return self.filter(hidden_at=None)


class Hideable(models.Model):
    """A part of a thread. Hidden, it is for its doctors and admins; removed, its words are gone for everybody."""

    ACT: str  # what it is called in decisions: hide_…, restore_…, remove_…
    BLANK: dict[str, Any]  # what its words become where it is removed

    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    removed = models.BooleanField(_("removed for good"), default=False, db_default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def is_shown(self) -> bool:
        return self.hidden_at is None

    @transaction.atomic
    def hide(self, *, by: User, reason: str) -> bool:
        """Take it off the page; False where it was hidden before."""
        if self._fresh().hidden_at is not None:
            return False
        self.hidden_at, self.hidden_by = timezone.now(), by
        self._record("hide", by, reason, "hidden_at", "hidden_by")
        return True

    @transaction.atomic
    def restore(self, *, by: User, reason: str) -> bool:
        """Bring it back as it was; False where it is shown. Raises WrongState where it was removed."""
        current = self._fresh()
        if current.removed:
            raise WrongState("removed")
        if current.hidden_at is None:
            return False
        self.hidden_at = self.hidden_by = None
        self._record("restore", by, reason, "hidden_at", "hidden_by")
        return True

    @transaction.atomic
    def remove(self, *, by: User, reason: str) -> bool:
        """Hide it for good and blank its words, which cannot be had back; False where that was done before."""
        current = self._fresh()
        if current.removed:
            return False
        self.hidden_at, self.hidden_by = current.hidden_at or timezone.now(), current.hidden_by or by
        self.removed = True
        for name, blank in self.BLANK.items():
            setattr(self, name, blank)
        self._record("remove", by, reason, "hidden_at", "hidden_by", "removed", *self.BLANK)
        return True

    def _fresh(self):
        # The question first, as everybody who changes a thread does it.
        Question.objects.select_for_update().get(pk=self.question_id)
        return type(self).objects.select_for_update().get(pk=self.pk)

    def _record(self, act: str, by: User, reason: str, *fields: str) -> None:
        self.save(update_fields=fields)
        Question.objects.filter(pk=self.question_id).update(modified_at=timezone.now())
        self.question.decisions.create(act=f"{act}_{self.ACT}", by=by, reason=reason)


def hidden_with_by(name: str) -> list[models.CheckConstraint]:
    """What is always true of such a row: when it was hidden goes with who did it, and what is removed is hidden."""
    return [
        models.CheckConstraint(
            condition=models.Q(hidden_at__isnull=True, hidden_by__isnull=True)
            | models.Q(hidden_at__isnull=False, hidden_by__isnull=False),
            name=f"{name}_hidden_at_with_by",
        ),
        models.CheckConstraint(
            condition=models.Q(removed=False) | models.Q(hidden_at__isnull=False), name=f"{name}_removed_is_hidden"
        ),
    ]
