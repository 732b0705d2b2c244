from django.db import models
from django.db.models.expressions import RawSQL

from accounts.permissions import can_work_as_doctor, is_admin
from forum.questions.models.choices import State
from forum.questions.tokens import hash_token
from forum.specialties.models import Specialty


def _in_utc(moment: models.expressions.Combinable) -> models.Func:
    return models.Func(models.Value("UTC"), moment, function="timezone", output_field=models.DateTimeField())


# When it would have come if it had waited all the time: what it was with the patient does not count. There and back
# by way of UTC, where a day has 24 hours whoever asks: only such a sum can stand in an index.
WAITING_SINCE = _in_utc(_in_utc(models.F("created_at")) + models.F("paused"))


def _beyond(sign: str, pk: int) -> RawSQL:
    # A row comparison, which the ORM has no words for and the index serves directly.
    row = "(questions_question.published_at, questions_question.id)"
    place = "((SELECT place.published_at FROM questions_question place WHERE place.id = %s), %s)"
    return RawSQL(f"{row} {sign} {place}", [pk, pk], output_field=models.BooleanField())


class QuestionQuerySet(models.QuerySet):
    def published(self):
        """Threads that everybody may read."""
        return self.filter(state=State.PUBLISHED)

    def waiting(self):
        """Questions that wait for a doctor, those that have waited longest first."""
        return self.filter(state=State.WAITING).longest_first()

    def with_patient(self):
        """Questions whose patient was asked for more, those that have waited longest first."""
        return self.filter(state=State.NEEDS_INFO).longest_first()

    def longest_first(self):
        """Urgent ones, then by the time they have waited for a doctor; `after_in_queue` pages through this order."""
        return self.alias(waiting_since=WAITING_SINCE).order_by("-urgent", "waiting_since", "id")

    def for_doctor(self, doctor):
        """Questions in the doctor's specialties or under them, whatever their state."""
        own = Specialty.objects.filter(doctors=doctor).values("id")
        return self.filter(models.Q(specialty__in=own) | models.Q(specialty__parent__in=own))

    def visible_to(self, user):
        """What this user may open: published threads, own questions, those of a doctor's specialties; admins all.

        A withdrawn question is its asker's alone.
        """
        if is_admin(user):
            return self.exclude(models.Q(state=State.WITHDRAWN) & ~models.Q(asker=user))
        allowed = models.Q(state=State.PUBLISHED)
        if user.is_authenticated:
            allowed |= models.Q(asker=user)
        if can_work_as_doctor(user):
            mine = self.model.objects.for_doctor(user.doctor_profile).exclude(state=State.WITHDRAWN)
            allowed |= models.Q(pk__in=mine.values("pk"))
        return self.filter(allowed)

    def newest_first(self):
        """By publication; `older_than` and `newer_than` page through this order."""
        return self.order_by("-published_at", "-id")

    def older_than(self, pk: int):
        """What comes after this thread in `newest_first`, found by the index however far down it is.

        The thread may be hidden by now; after what was never published comes nothing.
        """
        return self.filter(_beyond("<", pk)).newest_first()

    def newer_than(self, pk: int):
        """What comes before this thread, nearest first."""
        return self.filter(_beyond(">", pk)).order_by("published_at", "id")

    def after_in_queue(self, pk: int):
        """The part of `longest_first` behind this question."""
        place = self.model.objects.filter(pk=pk).values_list("urgent", WAITING_SINCE).first()
        if place is None:
            return self
        urgent, since = place
        behind = models.Q(waiting_since__gt=since) | models.Q(waiting_since=since, pk__gt=pk)
        return self.filter(models.Q(behind, urgent=urgent) | models.Q(urgent__lt=urgent))

    def asked_by(self, user):
        """The questions of a signed-in patient, newest first."""
        return self.filter(asker=user).order_by("-created_at", "-id")

    def with_token(self, token: str):
        """The question (none or one) that this status token opens."""
        return self.filter(token_hash=hash_token(token))
