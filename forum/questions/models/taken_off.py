from django.db import transaction
from django.utils import timezone

from accounts.models import User
from forum.history.erasing import forget_actor, forget_red_flags
from forum.history.models import Rule
from forum.questions.models.choices import State
from forum.questions.models.decision import ASKED_FOR
from forum.questions.models.moving import Moving, WrongState

# All that tells of the patient, and the title that a doctor made of it.
WRITTEN = (
    *("public_title", "headline", "text", "pseudonym", "age_band", "sex"),
    *("duration", "medication", "conditions", "seen_doctor", "different_because"),
)


class TakenOff(Moving):
    """A thread leaves the site: hidden and brought back, removed for good, or made anonymous."""

    class Meta:
        abstract = True

    @property
    def can_be_taken_off(self) -> bool:
        """Whether something of it is or was public, so that its asker can only have it taken off by an admin."""
        public = self.state in (State.PUBLISHED, State.HIDDEN) or (self.is_merged and self.published_at is not None)
        return public and not self.removed

    @transaction.atomic
    def hide(self, *, by: User, reason: str) -> None:
        """Take a published thread off the site at once; only its asker, its doctors and admins still see it."""
        if self._lock(State.PUBLISHED, already=State.HIDDEN):
            self._move(State.HIDDEN, "hide", by, reason=reason)

    @transaction.atomic
    def restore(self, *, by: User, reason: str) -> None:
        """Bring a hidden thread back, unless it was removed."""
        if self._lock(State.HIDDEN, already=State.PUBLISHED):
            if type(self).objects.get(pk=self.pk).removed:
                raise WrongState("removed")
            self._move(State.PUBLISHED, "restore", by, reason=reason)

    @transaction.atomic
    def remove(self, *, by: User, reason: str) -> bool:
        """Hide it for good and blank all that the patient gave, which cannot be had back; False where that was done.

        A thread that was merged into another one leads there no more. Its parts are the caller's to remove, and its
        asker, whose address is forgotten, the caller's to tell before.
        """
        self._lock(State.PUBLISHED, State.HIDDEN, State.MERGED)
        current = type(self).objects.get(pk=self.pk)
        if current.removed:
            return False
        if not current.can_be_taken_off:
            raise WrongState(current.state)
        self.removed, self.similar_seen, self.merged_into = True, [], None
        self.red_flags, self.urgent, self.email = [], False, ""
        for name in WRITTEN:
            setattr(self, name, "")
        self.info_requests.all().delete()
        self.images.all().discard()
        self.transfers.update(note="")
        emptied = ("removed", "similar_seen", "merged_into", "red_flags", "urgent", "email", *WRITTEN)
        self._move(State.HIDDEN, "remove", by, *emptied, reason=reason)
        forget_red_flags(self.pk)
        return True

    @transaction.atomic
    def anonymise(self, *, by: User) -> None:
        """Nothing on it leads to its asker any more, and the asker's link opens it no more; cannot be undone.

        Words that tell of a person are the caller's to replace.
        """
        self._lock(State.PUBLISHED, State.HIDDEN, State.MERGED)
        asker = type(self).objects.values_list("asker", flat=True).get(pk=self.pk)
        if asker:
            forget_actor(asker, rule=Rule.ANONYMISING, question=self.pk)
        self.asker, self.email, self.token_hash = None, "", None
        self.pseudonym = self.age_band = self.sex = ""
        self.modified_at = timezone.now()
        self.images.all().discard()
        named = ("asker", "email", "token_hash", "pseudonym", "age_band", "sex", "modified_at")
        self._move(self.state, "anonymise", by, *named, reason=ASKED_FOR)
