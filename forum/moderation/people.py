"""What admins do with accounts. Each act has a reason, and a row that says who did it."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import AccountAct, AccountDecision, User
from forum.moderation.standing import free_all
from forum.notifications.models import Kind
from forum.notifications.services import send_letter


class NotThisAccount(Exception):
    """The admin may not do that with this account, their own, or one that the site cannot be without."""


@transaction.atomic
def deactivate_account(*, user: User, by: User, reason: str) -> bool:
    """Nobody signs in with it from now on, and who is signed in is out. Questions a doctor held wait again.

    False where it was off before. Raises NotThisAccount: nobody locks out themselves, so that one admin always stays.
    """
    locked = _lock(user, by)
    if not locked.is_active:
        return False
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    locked.end_sessions()
    if locked.doctor_profile:
        free_all(locked.doctor_profile)
    _record(locked, AccountAct.DEACTIVATE, by, reason)
    return True


@transaction.atomic
def reactivate_account(*, user: User, by: User, reason: str) -> bool:
    """Its owner may sign in again. False where it was not off."""
    locked = _lock(user, by)
    if locked.is_active:
        return False
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    _record(locked, AccountAct.REACTIVATE, by, reason)
    return True


@transaction.atomic
def remove_factors(*, user: User, by: User, reason: str) -> bool:
    """Take all second factors away, of somebody who has lost them; the owner is told by mail. False without any.

    Who is signed in, be it whoever found the device, is out.
    """
    locked = _lock(user, by)
    if not Authenticator.objects.filter(user=locked).delete()[0]:
        return False
    locked.end_sessions()
    _record(locked, AccountAct.REMOVE_FACTORS, by, reason)
    send_letter(locked.email, Kind.FACTORS_REMOVED)
    return True


def may_act_on(by: User, user: User) -> bool:
    """Not on oneself; and what only a superuser may, nobody undoes who is none."""
    return by.pk != user.pk and (by.is_superuser or not user.is_superuser)


def _lock(user: User, by: User) -> User:
    """The account as it stands, held together with that of the admin: of two who switch each other off, one does."""
    # Not so that others could not refer to them: a doctor who is publishing does, with the question in hand.
    rows = User.objects.select_for_update(no_key=True).order_by("pk").in_bulk([user.pk, by.pk])
    if not may_act_on(rows[by.pk], rows[user.pk]) or not rows[by.pk].is_active:
        raise NotThisAccount
    return rows[user.pk]


def _record(user: User, act: AccountAct, by: User, reason: str) -> None:
    AccountDecision.objects.create(user=user, act=act, by=by, reason=reason)
