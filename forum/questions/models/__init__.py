from forum.questions.models.decision import Decision
from forum.questions.models.question import AgeBand, DeclineReason, Question, Sex, State, WrongState

__all__ = ["AgeBand", "Decision", "DeclineReason", "Question", "Sex", "State", "WrongState"]
