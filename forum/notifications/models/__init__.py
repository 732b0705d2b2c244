from forum.notifications.models.choices import (
    ACCOUNT_KINDS,
    ASKER_KINDS,
    DOCTOR_KINDS,
    FOLLOWER_KINDS,
    LETTER_KINDS,
    PUBLIC_KINDS,
    TO_DUPLICATES,
    Kind,
    NewQuestions,
    NoticeState,
)
from forum.notifications.models.notice import LEASE, MOST_TRIES, PAUSES, Notice
from forum.notifications.models.preferences import DoctorPreferences, MutedQuestion
from forum.notifications.models.subscription import CONFIRM_WITHIN, Subscription, each_once

__all__ = [
    "ACCOUNT_KINDS",
    "ASKER_KINDS",
    "CONFIRM_WITHIN",
    "DOCTOR_KINDS",
    "FOLLOWER_KINDS",
    "LEASE",
    "LETTER_KINDS",
    "MOST_TRIES",
    "PAUSES",
    "PUBLIC_KINDS",
    "TO_DUPLICATES",
    "DoctorPreferences",
    "Kind",
    "MutedQuestion",
    "NewQuestions",
    "Notice",
    "NoticeState",
    "Subscription",
    "each_once",
]
