"""Readers' reports: taking them, and what admins do with what was reported."""

import hashlib
import hmac

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from forum.history.models import Rule
from forum.moderation.models import Correction, Outcome, Report
from forum.moderation.services import hide_thread, remove_thread, restore_thread
from forum.moderation.things import Thing, thing_named
from forum.notifications.models import Kind
from forum.notifications.services import put_letter_in_news, send_letter
from forum.questions.models import Question, State, WrongState
from forum.questions.services import purge_history_of
from forum.search.services import write_entries
from forum.search.tasks import renew_similar_around

# Why a thread was hidden along with the last reply that was shown on it.
NO_REPLY_LEFT = "no_reply_left"


class NobodyToAsk(Exception):
    """No doctor with a sign-in answers for the thing; nothing was changed."""


def sender_digest(who: str, thing: Thing) -> str:
    """Tells whether `who` reported this very thing before, and nothing else: another thing makes another digest."""
    message = f"report\x1f{who}\x1f{thing.question.pk}\x1f{thing.what}"
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def report_thing(
    *, thing: Thing, sender: str, reason: str, words: str = "", email: str = "", reporter: User | None = None
) -> bool:
    """Take a report; False, and nothing changes, where this sender's earlier one is still open.

    What is decided is told to the address `email`; without one to the account `reporter`, under News.
    """
    told = {"email": email} if email else {"reporter": reporter}
    try:
        with transaction.atomic():
            Report.objects.create(
                question=thing.question, what=thing.what, sender=sender, reason=reason, words=words, **told
            )
    except IntegrityError:
        if Report.objects.open().filter(sender=sender).exists():
            return False
        raise
    return True


@transaction.atomic
def claim_report(*, report: Report, by: User) -> None:
    """Hold it, and what else is open on the same thing, for half an hour from now. Raises HeldByAnotherAdmin."""
    rows = _open_on_the_same(report, by)
    Report.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_at=timezone.now(), claimed_by=by)


@transaction.atomic
def release_report(*, report: Report, by: User) -> None:
    """Free it for the others. Harmless when repeated, or where a colleague holds it by now."""
    Report.objects.on_the_same(report).open().filter(claimed_by=by).update(claimed_at=None, claimed_by=None)


@transaction.atomic
def decide_report(*, report: Report, by: User, outcome: str, ground: str, note: str = "") -> bool:
    """Decide it and all that is open on the same thing; False, and nothing changes, where it was decided before.

    `outcome` is an Outcome, `ground` a Reason, `note` the admin's words: to correct, those the doctor reads. Raises
    HeldByAnotherAdmin, NobodyToAsk, WrongState where the thing is in no state for it.
    """
    rows = _open_on_the_same(report, by)
    if report.pk not in {row.pk for row in rows}:
        return False
    question = Question.objects.get(pk=report.question_id)
    DECIDED[Outcome(outcome)](thing_named(question, report.what), by, ground, note)
    for row in rows:
        row.decide(Outcome(outcome), by=by, ground=ground, note=note)
        tell_reporter(row)
    return True


def tell_reporter(report: Report) -> None:
    """A report was just decided: who left an address or had signed in hears of it, and the report forgets who it was.

    Called in the transaction of the decision.
    """
    kind = TOLD[Outcome(report.outcome)]
    if report.email:
        send_letter(report.email, kind, language=report.question.language)
    elif report.reporter:
        put_letter_in_news(report.reporter, kind)
    if report.email or report.reporter:
        report.forget_reporter_told()


@transaction.atomic
def restore_thing(*, thing: Thing, by: User, reason: str) -> None:
    """Bring back what was hidden, and the thread that went along with its last reply. Raises WrongState."""
    if thing.part is None:
        raise WrongState("gone")
    if thing.part is thing.question:
        restore_thread(question=thing.question, by=by, reason=reason)
    elif thing.part.restore(by=by, reason=reason):
        question = Question.objects.get(pk=thing.question.pk)
        write_entries([question.pk])
        if _went_with_its_last_reply(question):
            restore_thread(question=question, by=by, reason=reason)
        else:
            renew_similar_around.enqueue(question.pk)


def _open_on_the_same(report: Report, by: User) -> list[Report]:
    """The open reports on its thing, locked, the thread before them: none comes in meanwhile."""
    Question.objects.select_for_update().get(pk=report.question_id)
    rows = list(Report.objects.select_for_update().on_the_same(report).open().order_by("pk"))
    for row in rows:
        row.refuse_if_held_from(by)
    return rows


def _keep(thing: Thing, by: User, ground: str, note: str) -> None:
    thing.question.decisions.create(act="keep", by=by, reason=ground)


def _correct(thing: Thing, by: User, ground: str, note: str) -> None:
    if not thing.is_public:
        raise WrongState("not public")
    if thing.doctor is None:
        raise NobodyToAsk
    Correction.objects.create(question=thing.question, what=thing.what, doctor=thing.doctor, note=note, asked_by=by)
    thing.question.decisions.create(act="ask_correction", by=by, reason=ground)


def _hide(thing: Thing, by: User, ground: str, note: str) -> None:
    if thing.part is None:
        raise WrongState("gone")
    if thing.part is thing.question:
        hide_thread(question=thing.question, by=by, reason=ground)
    elif thing.part.hide(by=by, reason=ground):
        _taken_off(thing, by)


def _remove(thing: Thing, by: User, ground: str, note: str) -> None:
    if thing.part is None:
        raise WrongState("gone")
    if thing.part is thing.question:
        remove_thread(question=thing.question, by=by, reason=ground)
    elif thing.part.remove(by=by, reason=ground):
        purge_history_of(thing.part, rule=Rule.REMOVAL)
        _taken_off(thing, by)


def _taken_off(thing: Thing, by: User) -> None:
    """After a part went: what search knows of the thread, which goes as well where nothing on it answers any more."""
    question = thing.question
    write_entries([question.pk])
    if question.is_published and not question.replies.shown().exists():
        hide_thread(question=question, by=by, reason=NO_REPLY_LEFT)
    else:
        renew_similar_around.enqueue(question.pk)


def _went_with_its_last_reply(question: Question) -> bool:
    last = question.decisions.filter(act="hide").last()
    return question.state == State.HIDDEN and last is not None and last.reason == NO_REPLY_LEFT


TOLD = {
    Outcome.KEEP: Kind.REPORT_KEPT,
    Outcome.CORRECT: Kind.REPORT_CORRECT,
    Outcome.HIDE: Kind.REPORT_TAKEN_OFF,
    Outcome.REMOVE: Kind.REPORT_TAKEN_OFF,
}
DECIDED = {Outcome.KEEP: _keep, Outcome.CORRECT: _correct, Outcome.HIDE: _hide, Outcome.REMOVE: _remove}
