"""What a patient has written, read for red flags."""

from django.db import transaction

from forum.questions.announcements import question_alarms
from forum.questions.models import Question
from forum.safety.red_flags import RedFlag, screen

# Of the ask form; what is chosen from a list, the name and the e-mail tell nothing.
SCREENED = ("headline", "text", "different_because", "duration", "conditions", "medication")


def red_flags_in(typed: dict[str, str]) -> list[RedFlag]:
    """The red flags in what stands in the ask form, its fields read as one text."""
    return screen("\n".join(typed.get(name) or "" for name in SCREENED))


def screen_changed(question: Question) -> bool:
    """Read a question anew whose patient has changed it; True where it now alarms of something else."""
    flags = red_flags_in({name: getattr(question, name) for name in SCREENED})
    new = [flag.code for flag in flags if flag.code not in question.red_flags]
    return _flagged(question, new)


def screen_further(question: Question, text: str) -> bool:
    """Read what the patient adds to a question, and mark that urgent where it alarms; True where it does so anew."""
    return _flagged(question, [flag.code for flag in screen(text)])


@transaction.atomic
def _flagged(question: Question, codes: list[str]) -> bool:
    if not codes or not question.flag(codes):
        return False
    if question.is_waiting:
        question_alarms.send(Question, question=question)
    return True
