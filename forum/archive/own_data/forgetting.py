"""Deleting an account: nothing is left that leads from what is public to the person, or that names the person."""

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from accounts.models import Licence, User
from forum.moderation.merging import part_duplicates
from forum.moderation.models import Claim, LookRequest, Report
from forum.notifications.keeping import forget_person
from forum.questions.models import Question, QuestionImage, RemovalRequest
from forum.questions.services import purge_history
from forum.replies.models import Draft, SavedReply, Unclear


@transaction.atomic
def forget_account(user: User) -> None:
    """Delete the account and all that only it can see.

    Questions that were never public go with it. Threads stay, under their pseudonym, with nothing that tells whose they
    were; the private link opens them no more. A doctor's profile, replies and signed articles stay under the doctor's
    name, without the licence and without unfinished work.
    """
    list(Question.objects.filter(asker=user).order_by("pk").select_for_update().values("pk"))
    # The questions before the account, and that so that others may still tell its owner something: nobody waits in a
    # circle. What they told meanwhile goes once nothing can refer to the account any more.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _forget_all(user)
    User.objects.select_for_update().get(pk=user.pk)
    _forget_all(user)
    _forget_sessions(user)
    user.delete()


def _forget_all(user: User) -> None:
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    _forget_questions(user)
    for address in addresses:
        Question.objects.filter(email__iexact=address).update(email="")
        Report.objects.forget_address(address)
    forget_person(user=user, addresses=addresses)
    if user.doctor_profile:
        for model in (Claim, Draft, Licence):
            model.objects.filter(doctor=user.doctor_profile).delete()
        SavedReply.objects.filter(owner=user.doctor_profile).delete()
        LookRequest.objects.filter(Q(asked_by=user.doctor_profile) | Q(colleague=user.doctor_profile)).delete()
    named = Q(content_type=ContentType.objects.get_for_model(User), object_id=user.pk)
    LogEntry.objects.filter(named).delete()


def _forget_questions(user: User) -> None:
    """Those that were never public go; of the others the link, the address, and images that only the doctors see."""
    mine = Question.objects.filter(asker=user)
    QuestionImage.objects.filter(question__in=mine).exclude(pk__in=QuestionImage.objects.public()).discard()
    never_public = list(mine.filter(published_at=None).values_list("pk", flat=True))
    part_duplicates(never_public)
    mine.filter(pk__in=never_public).delete()
    purge_history(never_public)
    purge_history(mine.values_list("pk", flat=True), words_only=True)
    RemovalRequest.objects.filter(question__in=mine).forget_words()
    Unclear.objects.filter(reply__question__in=mine).delete()
    mine.update(asker=None, email="", token_hash=None)


def _forget_sessions(user: User) -> None:
    """Whose a session is stands in its data alone, so all are looked through."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
