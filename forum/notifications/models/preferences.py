from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.notifications.models.choices import Kind, NewQuestions
from forum.questions.models import Question

# By which field a doctor decides on the mails of a kind.
FIELDS = {
    Kind.NEW_QUESTION: "new_questions",
    Kind.DIGEST: "new_questions",
    Kind.URGENT: "urgent",
    Kind.FOLLOW_UP_ASKED: "follow_ups",
    Kind.UNCLEAR: "follow_ups",
    Kind.LOOK: "looks",
    Kind.INFO_ANSWERED: "info_answers",
}


class DoctorPreferencesQuerySet(models.QuerySet):
    def of(self, doctor: Doctor) -> "DoctorPreferences":
        """What the doctor has chosen; the defaults where nothing was, not stored."""
        return self.filter(doctor=doctor).first() or DoctorPreferences(doctor=doctor)


class DoctorPreferences(models.Model):
    """Which mails a doctor wants. The News page has all but single new questions of those who want no mail of each."""

    doctor = models.OneToOneField(Doctor, on_delete=models.CASCADE, primary_key=True, related_name="notice_preferences")
    new_questions = models.CharField(
        _("New questions in my specialties"), max_length=10, choices=NewQuestions, default=NewQuestions.DAILY
    )
    urgent = models.BooleanField(_("Urgent questions in my specialties, at once"), default=True)
    follow_ups = models.BooleanField(_("Follow-up questions on my threads"), default=True)
    looks = models.BooleanField(_("A colleague asks me to look at a question"), default=True)
    info_answers = models.BooleanField(_("A patient has answered what I asked"), default=True)

    objects = DoctorPreferencesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(new_questions__in=NewQuestions.values), name="doctor_preferences_new_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.doctor_id}"

    def wants(self, kind: Kind) -> bool:
        """Whether mails of this kind are wanted."""
        if kind == Kind.NEW_QUESTION:
            return self.new_questions == NewQuestions.AT_ONCE
        return self.new_questions == NewQuestions.DAILY if kind == Kind.DIGEST else getattr(self, FIELDS[kind])

    def as_values(self) -> dict[str, str | bool]:
        return {name: getattr(self, name) for name in dict.fromkeys(FIELDS.values())}

    def turn_off(self, field: str) -> None:
        """No more mails of what this field decides on. Harmless when repeated."""
        setattr(self, field, NewQuestions.NEVER if field == "new_questions" else False)
        self.save()


class MutedQuestion(models.Model):
    """Its asker wants no more mails about it; the status page stays."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="muted")
    muted_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"#{self.question_id}"
