"""Which of the patient's words a doctor has read: an answer to other words is not published unseen."""

from forum.questions.models import Question
from forum.replies.seen import edition

PATIENTS_WORDS = (
    *("headline", "text", "age_band", "sex"),
    *("duration", "medication", "conditions", "seen_doctor", "different_because"),
)


def patients_edition(question: Question) -> str:
    """A short name for what the patient tells, as it stands."""
    return edition(*(getattr(question, name) for name in PATIENTS_WORDS))
