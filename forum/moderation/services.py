"""What doctors and admins do with questions, where more than the question changes."""

from contextlib import suppress
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import Doctor, User
from forum.articles.models import Article
from forum.history.models import Rule
from forum.moderation.merging import lock_threads, merge_thread
from forum.moderation.models import Claim, Correction, HeldByAnother, LookRequest
from forum.moderation.patients_words import PATIENTS_WORDS, patients_edition
from forum.notifications.models import Kind
from forum.notifications.services import (
    notify_asked_for_more,
    notify_doctors_of_new,
    notify_of,
    notify_removed,
    notify_topic_followers,
)
from forum.questions.models import ASKED_FOR, Question, State, WrongState
from forum.questions.personal import PUBLIC_WORDS, settle_personal_data
from forum.questions.services import purge_history
from forum.replies.models import Draft, Edition, FollowUp, Reply, Unclear
from forum.replies.seen import ChangedMeanwhile
from forum.search.models import AnswerFound
from forum.search.services import forget_words, index_questions, set_topics
from forum.search.tasks import renew_similar_around
from forum.specialties.models import Specialty


@dataclass(frozen=True)
class Work:
    """What a doctor publishes: all of it checked, the More Info signed; of the patient's images these, by name.

    Personal data in the patient's words is replaced, unless the doctor decided to `keep_personal`.
    """

    public_title: str
    text: str
    more_info: str = ""
    sources: list[dict] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    public_images: list[str] = field(default_factory=list)
    keep_personal: bool = False


@transaction.atomic
def claim_question(*, question: Question, doctor: Doctor) -> None:
    """Hold it for half an hour from now. Raises WrongState where it does not wait, HeldByAnother."""
    if _lock(question) != State.WAITING:
        raise WrongState
    if Claim.objects.take(question=question, doctor=doctor):
        question.decisions.create(act="claim", by=doctor.user)


@transaction.atomic
def release_question(*, question: Question, doctor: Doctor) -> None:
    """Free it for the others at once. Harmless when repeated, or where a colleague holds it by now."""
    _lock(question)
    if Claim.objects.valid().filter(question=question, doctor=doctor).exists():
        Claim.objects.end(question=question, doctor=doctor)
        question.decisions.create(act="release", by=doctor.user)


def _lock(question: Question) -> str:
    """The state of a question that nobody else can change, or claim, before this transaction ends."""
    return Question.objects.select_for_update().values_list("state", flat=True).get(pk=question.pk)


def _finish(question: Question, doctor: Doctor) -> None:
    """What a doctor does that ends a claim begins here. Raises HeldByAnother, CannotWork."""
    doctor.hold_working()
    _lock(question)
    Claim.objects.end(question=question, doctor=doctor)


@transaction.atomic
def publish_reply(
    *,
    question: Question,
    doctor: Doctor,
    work: Work,
    since: Edition | None = None,
    typed: dict | None = None,
    read: str = "",
) -> Reply:
    """Make the question a public thread with this reply, its More Info and topics: all of it or nothing.

    Sent twice, it is published once. Raises WrongState where it was answered in other words, by somebody else or from
    another tab, or where the patient has withdrawn it; HeldByAnother. `since` and `typed` are what the window knows of
    the doctor's draft and what stands in it: DraftConflict where other words were saved from elsewhere since. `read` is
    the edition of the patient's words that the doctor has before them: ChangedMeanwhile where the patient has others.
    CannotWork where the doctor was suspended, or the licence ended, meanwhile.
    """
    doctor.hold_working()
    if _lock(question) == State.PUBLISHED:
        return _published_before(question, doctor, work)
    question.refresh_from_db(fields=PATIENTS_WORDS)
    if read and read != patients_edition(question):
        raise ChangedMeanwhile(question)
    Claim.objects.end(question=question, doctor=doctor)
    draft = question.drafts.filter(doctor=doctor).first()
    if draft and since and typed:
        draft.check_edition(since, typed)
    settle_personal_data(question=question, row=question, names=PUBLIC_WORDS, by=doctor.user, keep=work.keep_personal)
    question.publish(by=doctor, title=work.public_title)
    reply = _first_reply(question, doctor, work)
    _show_images(question, doctor, work)
    if work.more_info:
        _publish_article(question=question, doctor=doctor, work=work, draft=draft)
    set_topics(question, work.topics)
    question.drafts.filter(doctor=doctor).delete()
    _make_known(question)
    return reply


def _make_known(question: Question) -> None:
    """To search, to the asker, and to those who follow its topics."""
    index_questions([question.pk])
    renew_similar_around.enqueue(question.pk)
    notify_of(question, Kind.ANSWERED)
    notify_topic_followers(question)


def _published_before(question: Question, doctor: Doctor, work: Work) -> Reply:
    """The same reply, which was sent twice; WrongState where it was answered in other words or by somebody else."""
    reply = question.replies.filter(doctor=doctor, text=work.text).first()
    if reply is None:
        raise WrongState(State.PUBLISHED)
    return reply


def _first_reply(question: Question, doctor: Doctor, work: Work) -> Reply:
    return Reply.objects.create(
        question=question,
        doctor=doctor,
        specialty=question.specialty,
        text=work.text,
        replied_on=question.published_on,
        created_at=question.published_at,
    )


def _show_images(question: Question, doctor: Doctor, work: Work) -> None:
    decided = {"by": doctor.user, "keep": work.keep_personal}
    for image in question.images.filter(name__in=work.public_images):
        settle_personal_data(question=question, row=image, names=["description"], **decided)
        image.show(by=doctor)


def _publish_article(*, question: Question, doctor: Doctor, work: Work, draft: Draft | None) -> None:
    """A machine's words stay a machine's whatever was made of them; of other articles only those still used count."""
    based_on, by_machine = (draft.based_on, draft.machine_drafted) if draft else ([], False)
    if not by_machine:
        based_on = Article.objects.used_in(work.more_info, based_on)
    material = {"based_on": based_on, "machine_drafted": by_machine}
    article = Article.written(question=question, text=work.more_info, sources=work.sources, **material)
    article.sign(by=doctor)
    article.save()


@transaction.atomic
def decline_question(*, question: Question, doctor: Doctor, reason: str, note: str) -> None:
    """Decline it and let the asker know, once, that there is news. Raises HeldByAnother."""
    _finish(question, doctor)
    if question.decline(by=doctor, reason=reason, note=note):
        question.drafts.filter(doctor=doctor).delete()
        notify_of(question, Kind.DECLINED)


@transaction.atomic
def transfer_question(*, question: Question, doctor: Doctor, to: Specialty, note: str) -> None:
    """Pass it on and let the asker know, once. The draft is kept, nobody need look at it. Raises HeldByAnother."""
    _finish(question, doctor)
    if question.transfer(by=doctor, to=to, note=note):
        notify_of(question, Kind.TRANSFERRED)
        notify_doctors_of_new(question, urgent=question.urgent, by=doctor.user)
        LookRequest.objects.end_all(question=question)


@transaction.atomic
def ask_info(*, question: Question, doctor: Doctor, note: str) -> None:
    """Ask the patient for more and let them know; reminders follow while there is no answer. Raises HeldByAnother."""
    _finish(question, doctor)
    request = question.ask_info(by=doctor, note=note)
    if request:
        notify_asked_for_more(request)


@transaction.atomic
def answer_by_thread(*, question: Question, doctor: Doctor, thread: Question) -> None:
    """Close it as answered by a published thread, counted on that one; its asker hears of it.

    Raises WrongState where it was dealt with otherwise, HeldByAnother, CannotWork.
    """
    doctor.hold_working()
    current, target = lock_threads(question, thread)
    if current.state not in (State.WAITING, State.MERGED) or not target.is_published:
        raise WrongState
    Claim.objects.end(question=question, doctor=doctor)
    if merge_thread(question=question, target=thread, by=doctor.user):
        question.drafts.filter(doctor=doctor).delete()
        AnswerFound.objects.add_one(thread)


@transaction.atomic
def answer_follow_up(*, follow_up: FollowUp, doctor: Doctor, text: str, keep_personal: bool = False) -> bool:
    """Publish the answer to a follow-up and let the asker know, once, that there is news.

    Personal data in the patient's words is replaced unless the doctor decided to `keep_personal`. False where another
    answer stands there, of a colleague or from another window: only the first one counts. Raises CannotWork.
    """
    doctor.hold_working()
    if is_new := follow_up.give_answer(by=doctor, text=text):
        question = follow_up.question
        settle_personal_data(question=question, row=follow_up, names=["text"], by=doctor.user, keep=keep_personal)
        notify_of(question, Kind.FOLLOW_UP_ANSWERED)
    return is_new or FollowUp.objects.filter(pk=follow_up.pk, answered_by=doctor, answer=text).exists()


@transaction.atomic
def correct_reply(*, reply: Reply, doctor: Doctor, text: str, reason: str, since: str = "") -> bool:
    """Publish other words in its place, found by search from then on. False where they stand there already.

    Raises CannotWork.
    """
    doctor.hold_working()
    if not reply.correct(by=doctor, text=text, reason=reason, since=since):
        return False
    Correction.objects.finish_for(question=reply.question, what=f"reply-{reply.pk}", by=doctor)
    index_questions([reply.question_id])
    renew_similar_around.enqueue(reply.question_id)
    notify_of(reply.question, Kind.CORRECTED)
    return True


@transaction.atomic
def correct_article(*, article: Article, doctor: Doctor, **words) -> bool:
    """Put other words in the place of the More Info's, signed; what an admin asked to be corrected in it is done.

    False where they stand there already; Article.correct tells what is raised.
    """
    is_new = article.correct(by=doctor, **words)
    if is_new:
        Correction.objects.finish_for(question=article.question, what="more-info", by=doctor)
    return is_new


@transaction.atomic
def save_draft(*, question: Question, doctor: Doctor, since: Edition | None = None, **typed) -> Draft:
    """Keep what the doctor has typed so far, one draft a doctor and question; WrongState once it is dealt with.

    `since` is what the window knows of the draft: DraftConflict where other words were saved from elsewhere since.
    Without it whatever is stored is replaced.
    """
    state = _lock(question)
    if state != State.WAITING:
        raise WrongState(state)
    draft = question.drafts.filter(doctor=doctor).first() or Draft(question=question, doctor=doctor, version=0)
    draft.take(typed, since or Edition(draft.version))
    _hold(question, doctor)
    return draft


def _hold(question: Question, doctor: Doctor) -> None:
    """Whoever writes holds the question; words typed while a colleague does are kept all the same."""
    with suppress(HeldByAnother):
        claim_question(question=question, doctor=doctor)


@transaction.atomic
def hide_thread(*, question: Question, by: User, reason: str) -> None:
    """Take a thread off the site, and out of the stored Similar Q&A of others."""
    question.hide(by=by, reason=reason)
    renew_similar_around.enqueue(question.pk)
    notify_of(question, Kind.HIDDEN)


@transaction.atomic
def remove_thread(*, question: Question, by: User, reason: str) -> bool:
    """Take a thread off the site for good with all that stands on it; False where that was done before.

    Its asker is told. What colleagues, doctors asked to correct and reporters wrote about it may repeat the patient's
    words, so it goes as well. Raises WrongState where it never was public.
    """
    address = Question.objects.select_for_update().values_list("email", flat=True).get(pk=question.pk)
    if not question.remove(by=by, reason=reason):
        return False
    article = getattr(question, "article", None)
    for part in [*question.replies.all(), *question.follow_ups.all(), *filter(None, [article])]:
        part.remove(by=by, reason=reason)
    question.drafts.all().delete()
    Unclear.objects.filter(reply__question=question).delete()
    question.removal_requests.all().forget_words()
    question.look_requests.all().delete()
    question.corrections.all().delete()
    question.reports.all().forget_words()
    purge_history([question.pk], rule=Rule.REMOVAL)
    forget_words([question.pk])
    renew_similar_around.enqueue(question.pk)
    notify_removed(question, address=address, asked_for=reason == ASKED_FOR)
    return True


@transaction.atomic
def restore_thread(*, question: Question, by: User, reason: str) -> None:
    """Bring a hidden thread back. Raises WrongState where all of its replies are hidden or it was removed."""
    _lock(question)
    if question.replies.exists() and not question.replies.shown().exists():
        raise WrongState("no reply is shown")
    question.restore(by=by, reason=reason)
    renew_similar_around.enqueue(question.pk)
    notify_of(question, Kind.RESTORED)
