from django.db.models import Prefetch

from forum.replies.models import Reply

QUESTION = (
    *("archive_id", "language", "headline", "text", "pseudonym", "age_band", "sex", "asked_on"),
    *("public_title", "state", "published_at", "modified_at", "specialty", "version"),
)
REPLY = (
    *("question", "text", "doctor__name", "doctor__slug", "doctor__verified_at"),
    *("specialty__name", "specialty__name_zh_hant", "specialty__slug"),
)


def for_cards(questions):
    """The same questions with just what a card shows, and `first_replies`: a list of the oldest reply (or none)."""
    first = Reply.objects.shown().first_of_each_thread().select_related("doctor", "specialty").only(*REPLY)
    return questions.only(*QUESTION).prefetch_related(Prefetch("replies", queryset=first, to_attr="first_replies"))
