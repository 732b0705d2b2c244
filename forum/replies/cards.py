from django.db.models import Prefetch

from forum.replies.models import Reply


def for_cards(questions):
    """The same questions with what a card shows besides: `first_replies`, a list of the oldest reply (or none)."""
    first = Reply.objects.first_of_each_thread().select_related("doctor", "specialty")
    return questions.select_related("specialty").prefetch_related(
        Prefetch("replies", queryset=first, to_attr="first_replies")
    )
