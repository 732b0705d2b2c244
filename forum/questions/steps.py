"""How far a question has come, in the words of its asker's page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forum.questions.models import Question, State


@dataclass(frozen=True)
class Step:
    words: str
    is_done: bool = False
    is_current: bool = False


def is_in_work(question: Question) -> bool:
    """Whether a doctor holds it at this moment, or the question it waits together with."""
    question = question.merged_into if question.is_joined else question
    claim = getattr(question, "claim", None)
    return question.is_waiting and claim is not None and claim.is_valid


def steps_of(question: Question, *, in_work: bool) -> list[Step]:
    """Received, in work, more information asked where it was, and what came of it: all in order, one of them now."""
    return [Step(_("Received"), is_done=True), *(_open_steps(question, in_work) or _closed_steps(question))]


def _open_steps(question: Question, in_work: bool) -> list[Step]:
    if not (question.is_open or question.is_joined):
        return []
    if question.needs_info:
        middle = [Step(_("A doctor has read it"), is_done=True), Step(_("More information asked"), is_current=True)]
    else:
        middle = [
            Step(_("Waiting for a doctor"), is_done=in_work, is_current=not in_work),
            Step(_("A doctor is at work on it"), is_current=in_work),
        ]
    return [*middle, Step(_("Answered"))]


def _closed_steps(question: Question) -> list[Step]:
    # Of what was merged no doctor need have read it: an admin may have seen that it was answered already.
    unread = question.state == State.WITHDRAWN or (question.is_merged and question.published_at is None)
    read = [] if unread else [Step(_("A doctor has worked on it"), is_done=True)]
    return [*read, Step(question.get_state_display(), is_current=True)]
