from forum.questions.models.choices import (
    OPEN_STATES,
    AgeBand,
    CorrectionReason,
    DeclineReason,
    MergeReason,
    PartReason,
    ReportReason,
    Sex,
    State,
)
from forum.questions.models.decision import ASKED_FOR, REASONS, Act, Decision
from forum.questions.models.history import QuestionEvent, QuestionWordsEvent
from forum.questions.models.image import MOST_IMAGES, DiscardedImage, QuestionImage
from forum.questions.models.info_request import REMINDERS, InfoRequest
from forum.questions.models.moving import WrongState
from forum.questions.models.queries import WAITING_SINCE
from forum.questions.models.question import MOST_SEEN, Question
from forum.questions.models.removal_request import MOST_REQUESTS, RemovalKind, RemovalOutcome, RemovalRequest
from forum.questions.models.reserved_number import ReservedNumber
from forum.questions.models.touching import touch_thread
from forum.questions.models.transfer import Transfer

__all__ = [
    "ASKED_FOR",
    "MOST_IMAGES",
    "MOST_REQUESTS",
    "MOST_SEEN",
    "OPEN_STATES",
    "REASONS",
    "REMINDERS",
    "WAITING_SINCE",
    "Act",
    "AgeBand",
    "CorrectionReason",
    "Decision",
    "DeclineReason",
    "DiscardedImage",
    "InfoRequest",
    "MergeReason",
    "PartReason",
    "Question",
    "QuestionEvent",
    "QuestionImage",
    "QuestionWordsEvent",
    "RemovalKind",
    "RemovalOutcome",
    "RemovalRequest",
    "ReportReason",
    "ReservedNumber",
    "Sex",
    "State",
    "Transfer",
    "WrongState",
    "touch_thread",
]
