from forum.replies.models.agreement import Agreement
from forum.replies.models.draft import Draft, DraftConflict, Edition
from forum.replies.models.follow_up import FollowUp
from forum.replies.models.hiding import Hideable, HideableQuerySet, hidden_with_by
from forum.replies.models.history import ReplyEvent
from forum.replies.models.reply import OwnReply, Reply
from forum.replies.models.saved_reply import SavedReply
from forum.replies.models.unclear import Unclear

__all__ = [
    "Agreement",
    "Draft",
    "DraftConflict",
    "Edition",
    "FollowUp",
    "Hideable",
    "HideableQuerySet",
    "OwnReply",
    "Reply",
    "ReplyEvent",
    "SavedReply",
    "Unclear",
    "hidden_with_by",
]
