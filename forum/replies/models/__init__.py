from forum.replies.models.draft import Draft, DraftConflict, Edition
from forum.replies.models.follow_up import FollowUp
from forum.replies.models.history import ReplyEvent
from forum.replies.models.reply import Reply
from forum.replies.models.saved_reply import SavedReply
from forum.replies.models.touching import touch_thread

__all__ = ["Draft", "DraftConflict", "Edition", "FollowUp", "Reply", "ReplyEvent", "SavedReply", "touch_thread"]
