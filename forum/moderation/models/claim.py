from datetime import datetime, timedelta

from django.db import connection, models
from django.utils import timezone

from accounts.models import Doctor
from forum.questions.models import Question

HELD_FOR = timedelta(minutes=30)
# One statement: of any number of doctors at the same moment the database lets one have it.
TAKE = """
    INSERT INTO moderation_claim AS held (question_id, doctor_id, claimed_at, expires_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (question_id) DO UPDATE SET
        doctor_id = EXCLUDED.doctor_id,
        claimed_at = CASE WHEN held.expires_at > EXCLUDED.claimed_at THEN held.claimed_at ELSE EXCLUDED.claimed_at END,
        expires_at = EXCLUDED.expires_at
    WHERE held.doctor_id = EXCLUDED.doctor_id OR held.expires_at <= EXCLUDED.claimed_at
    RETURNING claimed_at
"""


class HeldByAnother(Exception):
    """A colleague is at work on the question, as `claim` tells; nothing was changed."""

    def __init__(self, claim: "Claim") -> None:
        super().__init__(claim.question_id)
        self.claim = claim


class ClaimQuerySet(models.QuerySet):
    def valid(self):
        """Those that have not expired, of doctors who may work: nobody waits for one who cannot answer."""
        return self.filter(expires_at__gt=timezone.now(), doctor__in=Doctor.objects.working())

    def drop_idle(self, **which) -> None:
        """Delete those among `which` whose doctor may not work."""
        self.filter(**which).exclude(doctor__in=Doctor.objects.working()).delete()

    def with_holder(self):
        """Each with all that tells whether its doctor may work."""
        return self.select_related("doctor__user", "doctor__licence")

    def take(self, *, question: Question, doctor: Doctor) -> bool:
        """Hold the question for half an hour from now; True where the doctor did not hold it before.

        Raises HeldByAnother.
        """
        self.drop_idle(question=question)
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(TAKE, [question.pk, doctor.pk, now, now + HELD_FOR])
            row = cursor.fetchone()
        if row is None:
            raise HeldByAnother(self.select_related("doctor").get(question=question))
        return row[0] == now

    def end(self, *, question: Question, doctor: Doctor) -> bool:
        """Free the question, which the doctor has done with; True where it was held. Raises HeldByAnother."""
        claim = self.with_holder().filter(question=question).first()
        if claim is None:
            return False
        if claim.doctor_id != doctor.pk and claim.is_valid:
            raise HeldByAnother(claim)
        held = claim.is_valid
        claim.delete()
        return held


class Claim(models.Model):
    """Who is at work on a question, and until when: one doctor at a time, by the primary key."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="claim")
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="claims")
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("claimed_at")), name="claim_lasts")
        ]

    def __str__(self) -> str:
        return f"#{self.question_id}"

    @property
    def is_valid(self) -> bool:
        return self.expires_at > timezone.now() and self.doctor.can_work

    @property
    def until(self) -> datetime:
        """When it ends, in the site's time zone."""
        return timezone.localtime(self.expires_at)
