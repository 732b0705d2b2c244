"""Who may follow what, and whose notices are whose."""

from forum.notifications.models import Subscription
from forum.questions.models import Question
from forum.search.models import Topic


def can_follow(followed: Question | Topic) -> bool:
    """Everybody may follow what everybody can read: a public thread, a topic that has one."""
    if isinstance(followed, Topic):
        return Topic.objects.in_use().filter(pk=followed.pk).exists()
    return followed.is_published


def can_choose_doctor_mails(user) -> bool:
    """Whoever has a doctor's profile, working at the moment or not."""
    return user.is_authenticated and user.is_doctor


def can_end(user, subscription: Subscription) -> bool:
    """Its own account; a follower without one has the link in each mail."""
    return user.is_authenticated and subscription.user_id == user.pk
