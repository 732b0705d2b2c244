"""Signed links in mails. Nothing about them is stored, and they tell neither an address nor what a thread is about."""

from dataclasses import dataclass

from django.core import signing

from forum.notifications.models import CONFIRM_WITHIN, Notice, Subscription
from forum.notifications.models.preferences import FIELDS

CONFIRM = signing.TimestampSigner(salt="notices.confirm")
UNSUBSCRIBE = signing.Signer(salt="notices.unsubscribe")


@dataclass(frozen=True)
class Scope:
    """What a mail's unsubscribe link ends: mails about one `question`, of one sort to a `doctor`, or a `follow`.

    `pk` is that of the question, of the doctor's profile, of the subscription; `field` the doctor's preference.
    """

    what: str
    pk: int
    field: str = ""


def unsubscribe_token(notice: Notice) -> str:
    if notice.is_for_asker:
        return UNSUBSCRIBE.sign(f"question.{notice.question_id}.")
    if notice.is_for_doctor:
        return UNSUBSCRIBE.sign(f"doctor.{notice.user.doctor_profile.pk}.{FIELDS[notice.kind]}")
    return UNSUBSCRIBE.sign(f"follow.{notice.subscription_id}.")


def read_unsubscribe(token: str) -> Scope | None:
    """What a token that this site has made ends, however old it is; None of any other."""
    try:
        what, pk, field = UNSUBSCRIBE.unsign(token).split(".")
    except signing.BadSignature:
        return None
    return Scope(what, int(pk), field)


def confirm_token(subscription: Subscription) -> str:
    return CONFIRM.sign(str(subscription.pk))


def read_confirm(token: str) -> Subscription | None:
    """The subscription that a token confirms; None where it is too old, not ours, or the subscription is gone."""
    try:
        pk = CONFIRM.unsign(token, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return Subscription.objects.select_related("question__merged_into", "topic").filter(pk=pk).first()
