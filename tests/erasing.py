from forum.history.erasing import erase_rows
from forum.history.models import Rule
from forum.questions.models import Decision, Question


def delete_with_decisions(question: Question) -> None:
    """A question that was never public goes, as with its asker's account."""
    erase_rows(Decision, rule=Rule.ACCOUNT, pointer="question", ids=[question.pk], question=None)
    question.delete()
