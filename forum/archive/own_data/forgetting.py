"""Deleting an account: nothing is left that leads from what is public to the person, or that names the person."""

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Doctor, Licence, LooseProof, User
from forum.history.erasing import erase_rows, forget_actor, forget_in_admin_log
from forum.history.models import Rule
from forum.moderation.merging import part_duplicates
from forum.moderation.models import Claim, LookRequest, Report
from forum.notifications.keeping import forget_person
from forum.questions.models import Decision, Question, QuestionImage, RemovalRequest
from forum.questions.services import purge_history, purge_history_of
from forum.replies.models import Draft, SavedReply, Unclear


@transaction.atomic
def forget_account(user: User) -> None:
    """Delete the account and all that only it can see.

    Questions that were never public go with it. Threads stay, under their pseudonym, with nothing that tells whose they
    were; the private link opens them no more. A doctor's profile, replies and signed articles stay under the doctor's
    name, without the licence and without unfinished work.
    """
    # The doctor before any question, as a doctor does who publishes.
    list(Doctor.objects.select_for_update(no_key=True).filter(user=user).values("pk"))
    list(Question.objects.filter(asker=user).order_by("pk").select_for_update().values("pk"))
    # The questions before the account, and that so that others may still tell its owner something: nobody waits in a
    # circle. What they told meanwhile goes once nothing can refer to the account any more.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _forget_all(user)
    User.objects.select_for_update().get(pk=user.pk)
    _forget_all(user)
    _forget_sessions(user)
    forget_actor(user.pk, rule=Rule.ACCOUNT)
    forget_in_admin_log(user.pk)
    user.delete()


def _forget_all(user: User) -> None:
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    _forget_questions(user)
    for address in addresses:
        Question.objects.filter(email__iexact=address).update(email="")
        Report.objects.forget_address(address)
    forget_person(user=user, addresses=addresses)
    _forget_rows(user.applications.all())
    transaction.on_commit(LooseProof.objects.delete_files, robust=True)
    if user.doctor_profile:
        _forget_doctor(user.doctor_profile)


def _forget_doctor(doctor: Doctor) -> None:
    """All but the profile, which readers find marked as of a doctor who no longer works here; nor what it said once."""
    for model in (Claim, Draft):
        model.objects.filter(doctor=doctor).delete()
    SavedReply.objects.filter(owner=doctor).delete()
    LookRequest.objects.filter(Q(asked_by=doctor) | Q(colleague=doctor)).delete()
    _forget_rows(Licence.objects.filter(doctor=doctor))
    doctor.forget_reasons()
    purge_history_of(doctor, rule=Rule.ACCOUNT)


def _forget_rows(rows: QuerySet) -> None:
    """Delete them, and what they said before."""
    for row in rows:
        pk = row.pk
        row.delete()
        row.pk = pk
        purge_history_of(row, rule=Rule.ACCOUNT)


def _forget_questions(user: User) -> None:
    """Those that were never public go; of the others the link, the address, and images that only the doctors see."""
    mine = Question.objects.filter(asker=user)
    QuestionImage.objects.filter(question__in=mine).exclude(pk__in=QuestionImage.objects.public()).discard()
    never_public = list(mine.filter(published_at=None).values_list("pk", flat=True))
    part_duplicates(never_public)
    erase_rows(Decision, rule=Rule.ACCOUNT, pointer="question", ids=never_public, question=None)
    mine.filter(pk__in=never_public).delete()
    purge_history(never_public, rule=Rule.ACCOUNT)
    purge_history(mine.values_list("pk", flat=True), rule=Rule.ACCOUNT, words_only=True)
    RemovalRequest.objects.filter(question__in=mine).forget_words()
    Unclear.objects.filter(reply__question__in=mine).delete()
    mine.update(asker=None, email="", token_hash=None)


def _forget_sessions(user: User) -> None:
    """Whose a session is stands in its data alone, so all are looked through."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
