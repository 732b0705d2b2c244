"""A question becomes a duplicate of another one, and what that takes along; and all of it back."""

from collections.abc import Iterable

import pghistory
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from forum.articles.models import MachineDraft
from forum.moderation.models import Claim, Merge
from forum.notifications.models import Kind
from forum.notifications.services import notify_of
from forum.questions.models import Question, State, WrongState
from forum.search.models import AnswerFound
from forum.search.services import index_questions, lend_topics
from forum.search.tasks import renew_similar_around


class UrgentQuestion(WrongState):
    """Nobody but a doctor says that it is answered elsewhere; nothing was changed."""


@transaction.atomic
def merge_thread(*, question: Question, target: Question, by: User, reason: str = "", note: str = "") -> bool:
    """Make a question a duplicate of a thread, or of a question that waits as it does; its asker hears of it.

    `reason` is a MergeReason. False where it was one before. Raises WrongState where one of the two is in no state for
    it: what was public leads to what is public, and nothing leads in a circle.
    """
    lock_threads(question, target)
    before = Question.objects.get(pk=question.pk)
    along = sorted(before.merged.values_list("pk", flat=True))
    if not question.merge_into(target, by=by, reason=reason):
        return False
    Claim.objects.filter(question=question).delete()
    MachineDraft.objects.live().filter(draft__question=question).update(state="cancelled")
    merge = Merge.objects.create(
        question=question,
        target=target,
        from_state=before.state,
        reason=reason,
        note=note,
        taken_along=along,
        topics_added=lend_topics(question, target),
        answers_found=AnswerFound.objects.move(question, target),
        made_by=by,
    )
    target.decisions.create(act="take_in", by=by, reason=reason)
    _renew(merge)
    notify_of(question, _told(before, target))
    return True


@transaction.atomic
def merge_by_admin(*, question: Question, target: Question, by: User, reason: str, note: str = "") -> bool:
    """The same by somebody who is no doctor. Raises UrgentQuestion for what a doctor has to see first.

    An urgent question only goes with another urgent one that waits.
    """
    lock_threads(question, target)
    urgent = Question.objects.filter(pk=question.pk, urgent=True, published_at=None).exists()
    if urgent and not Question.objects.filter(pk=target.pk, urgent=True, state=State.WAITING).exists():
        raise UrgentQuestion(question.pk)
    return merge_thread(question=question, target=target, by=by, reason=reason, note=note)


@transaction.atomic
def undo_merge(*, merge: Merge, by: User | None, reason: str) -> bool:
    """Put everything back as it was before, as far as it still is there; its asker hears of it.

    `reason` is a PartReason. False where it was undone before. Raises WrongState where the question leads elsewhere by
    now, or was withdrawn or removed.
    """
    question, target = lock_threads(merge.question, merge.target)
    merge = Merge.objects.select_for_update(of=["self"]).select_related("question").get(pk=merge.pk)
    if merge.undone_at:
        return False
    if not merge.can_be_undone:
        raise WrongState(merge.question.state)
    question.part(_state_after(merge), by=by, reason=reason)
    along = Question.objects.filter(pk__in=merge.taken_along, merged_into=target)
    with pghistory.context(act="part", by=by and by.pk):
        along.update(merged_into=question)
    target.question_topics.filter(pk__in=merge.topics_added).delete()
    AnswerFound.objects.move_back(question, target, merge.answers_found)
    target.decisions.create(act="give_back", by=by, reason=reason)
    merge.note_undone(by=by, reason=reason)
    if question.is_published:
        index_questions([question.pk])
    _renew(merge)
    notify_of(question, Kind.PARTED)
    return True


@transaction.atomic
def part_duplicates(question_ids: Iterable[int], *, by: User | None = None) -> None:
    """Before these questions go: what leads to them stands for itself again."""
    for merge in Merge.objects.leading_to(list(question_ids)):
        merge.refresh_from_db()  # its question may lead to another one since the merge before was undone
        if merge.can_be_undone and merge.target_id in question_ids:
            undo_merge(merge=merge, by=by, reason="target_gone")


def lock_threads(*questions: Question) -> list[Question]:
    """These as they stand now, held with their duplicates, in one order: nobody waits in a circle."""
    ids = [question.pk for question in questions]
    held = Question.objects.select_for_update(of=["self"]).filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    rows = {question.pk: question for question in held.order_by("pk")}
    return [rows[pk] for pk in ids]


def _told(before: Question, target: Question) -> Kind:
    if before.published_at:
        return Kind.REDIRECTED
    return Kind.MERGED if target.is_published else Kind.JOINED


def _state_after(merge: Merge) -> State:
    """The one before; nothing is public again of which all replies were hidden meanwhile."""
    replies = merge.question.replies
    if merge.from_state == State.PUBLISHED and replies.exists() and not replies.shown().exists():
        return State.HIDDEN
    return State(merge.from_state)


def _renew(merge: Merge) -> None:
    """Have the worker look again at what search and Similar Q&A know of the two, where that changed."""
    if merge.question.published_at:
        renew_similar_around.enqueue(merge.question_id)
    if merge.topics_added:
        renew_similar_around.enqueue(merge.target_id)
