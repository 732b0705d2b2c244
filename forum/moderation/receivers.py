"""What lower apps announce, in the transaction of the change: imports run downhill, so they cannot call up here."""

from forum.moderation.merging import part_duplicates
from forum.questions.announcements import question_withdrawn


def connect() -> None:
    question_withdrawn.connect(_part_from_withdrawn)


def _part_from_withdrawn(*, question, **_signal) -> None:
    part_duplicates([question.pk])
