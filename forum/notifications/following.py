"""Following a thread or a topic by mail."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from forum.notifications.models import Kind, Notice, Subscription
from forum.notifications.services import make_notices


@transaction.atomic
def ask_to_follow(*, email: str, **followed) -> None:
    """Mail this address a link by which its owner confirms; `followed` is one of `question` and `topic`.

    Who follows already gets no mail, and once a day at most anybody else: the page says the same to all.
    """
    follower, _new = Subscription.objects.get_or_create(
        email=email.lower(), **followed, defaults={"language": get_language()}
    )
    if follower.confirmed_at is None:
        once = f"confirm:{follower.pk}:{timezone.localdate()}"
        make_notices([Notice(kind=Kind.CONFIRM, subscription=follower, once=once)])


@transaction.atomic
def follow_as(user: User, **followed) -> Subscription:
    """Follow with an account, whose address is known to be its owner's. Harmless when repeated."""
    Subscription.objects.filter(email=user.email.lower(), **followed).end()
    follower, _new = Subscription.objects.get_or_create(
        user=user, **followed, defaults={"language": get_language(), "confirmed_at": timezone.now()}
    )
    return follower


def stop_following(subscription_id: int) -> None:
    """Forget the subscription with its address and what was to be sent. Harmless when repeated.

    Where two threads became one, whoever followed both follows neither.
    """
    subscription = Subscription.objects.select_related("question", "user").filter(pk=subscription_id).first()
    if subscription:
        Subscription.objects.of_the_same(subscription).end()
