"""What a patient has written, read for red flags."""

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
    return bool(new) and question.flag(new)


def screen_further(question: Question, text: str) -> bool:
    """Read what the patient adds to a question, and mark that urgent where it alarms; True where it does so anew."""
    flags = screen(text)
    return bool(flags) and question.flag([flag.code for flag in flags])
