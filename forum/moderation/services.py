"""What doctors and admins do with questions, where more than the question changes."""

from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import Doctor, User
from forum.articles.models import Article
from forum.notifications.tasks import send_news
from forum.questions.models import Question, State, WrongState
from forum.replies.models import Draft, Reply
from forum.search.services import index_questions, set_topics
from forum.search.tasks import renew_similar_around


@dataclass(frozen=True)
class Work:
    """What a doctor publishes: all of it checked, the More Info signed."""

    public_title: str
    text: str
    more_info: str = ""
    sources: list[dict] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)


@transaction.atomic
def publish_reply(*, question: Question, doctor: Doctor, work: Work) -> Reply:
    """Make the question a public thread with this reply, its More Info and topics: all of it or nothing.

    Sent twice, it is published once. Raises WrongState where it was answered in other words, by somebody else or from
    another tab, or where the patient has withdrawn it.
    """
    locked = Question.objects.select_for_update().get(pk=question.pk)
    if locked.state == State.PUBLISHED:
        reply = locked.replies.filter(doctor=doctor, text=work.text).first()
        if reply is None:
            raise WrongState(locked.state)
        return reply
    question.publish(by=doctor, title=work.public_title)
    reply = Reply.objects.create(
        question=question,
        doctor=doctor,
        specialty=question.specialty,
        text=work.text,
        replied_on=question.published_on,
        created_at=question.published_at,
    )
    if work.more_info:
        _publish_article(question=question, doctor=doctor, work=work)
    set_topics(question, work.topics)
    question.drafts.filter(doctor=doctor).delete()
    index_questions([question.pk])
    renew_similar_around.enqueue(question.pk)
    send_news.enqueue(question.pk)
    return reply


def _publish_article(*, question: Question, doctor: Doctor, work: Work) -> None:
    article = Article.written(question=question, text=work.more_info, sources=work.sources)
    article.sign(by=doctor)
    article.save()


@transaction.atomic
def decline_question(*, question: Question, doctor: Doctor, reason: str, note: str) -> None:
    """Decline it and let the asker know, once, that there is news."""
    if question.decline(by=doctor, reason=reason, note=note):
        question.drafts.filter(doctor=doctor).delete()
        send_news.enqueue(question.pk)


@transaction.atomic
def answer_follow_up(*, follow_up, doctor: Doctor, text: str) -> None:
    """Publish the answer to a follow-up and let the asker know, once, that there is news."""
    if follow_up.give_answer(by=doctor, text=text):
        send_news.enqueue(follow_up.question_id)


@transaction.atomic
def save_draft(*, question: Question, doctor: Doctor, **typed: str) -> Draft:
    """Keep what the doctor has typed so far, one draft a doctor and question; WrongState once it is dealt with."""
    state = Question.objects.select_for_update().values_list("state", flat=True).get(pk=question.pk)
    if state != State.WAITING:
        raise WrongState(state)
    draft, _created = Draft.objects.update_or_create(question=question, doctor=doctor, defaults=typed)
    return draft


@transaction.atomic
def hide_thread(*, question: Question, by: User, reason: str) -> None:
    """Take a thread off the site, and out of the stored Similar Q&A of others."""
    question.hide(by=by, reason=reason)
    renew_similar_around.enqueue(question.pk)


@transaction.atomic
def restore_thread(*, question: Question, by: User, reason: str) -> None:
    question.restore(by=by, reason=reason)
    renew_similar_around.enqueue(question.pk)


@transaction.atomic
def merge_thread(*, question: Question, target: Question, by: User) -> None:
    """Make a question a duplicate of a published thread; its asker hears of it."""
    if question.merge_into(target, by=by):
        renew_similar_around.enqueue(question.pk)
        send_news.enqueue(question.pk)
