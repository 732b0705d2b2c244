from forum.questions.models.decision import Decision
from forum.questions.models.question import MOST_SEEN, AgeBand, DeclineReason, Question, Sex, State, WrongState

__all__ = ["MOST_SEEN", "AgeBand", "Decision", "DeclineReason", "Question", "Sex", "State", "WrongState"]
