from forum.moderation.models.claim import Claim, HeldByAnother
from forum.moderation.models.look_request import LookRequest

__all__ = ["Claim", "HeldByAnother", "LookRequest"]
