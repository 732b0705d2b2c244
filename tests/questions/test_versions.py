"""The version of a thread, by which kept pages know whether they are still true. Triggers of the database renew it."""

import pytest

from forum.articles.models import Article
from forum.questions.models import Question
from forum.replies.models import Draft, FollowUp, Reply
from forum.search.models import QuestionTopic, SimilarThread
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    ReplyFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Question:
    question = QuestionFactory(published=True)
    ReplyFactory(question=question)
    FollowUpFactory(question=question)
    ArticleFactory(question=question)
    question.question_topics.create(topic=TopicFactory(name="Twitching"))
    SimilarThread.objects.create(question=question, similar=QuestionFactory(published=True), rank=0)
    return question


def version(question: Question) -> int:
    return Question.objects.values_list("version", flat=True).get(pk=question.pk)


CHANGES = {
    "a reply is added": lambda thread: ReplyFactory(question=thread),
    "a reply is corrected": lambda thread: Reply.objects.filter(question=thread).update(text="Corrected"),
    "a reply is deleted": lambda thread: Reply.objects.filter(question=thread).delete(),
    "a reply helped": lambda thread: thread.replies.get().mark_helped(),
    "a follow-up is asked": lambda thread: FollowUp.objects.ask(question=thread, text="May I?"),
    "a follow-up is answered": lambda thread: thread.follow_ups.get().give_answer(by=DoctorFactory(), text="Yes."),
    "a follow-up is deleted": lambda thread: FollowUp.objects.filter(question=thread).delete(),
    "the article changes": lambda thread: Article.objects.filter(question=thread).update(html="<p>New</p>"),
    "the article is deleted": lambda thread: Article.objects.filter(question=thread).delete(),
    "a topic is added": lambda thread: thread.question_topics.create(topic=TopicFactory()),
    "a topic is taken away": lambda thread: QuestionTopic.objects.filter(question=thread).delete(),
    "a topic becomes another": lambda thread: QuestionTopic.objects.filter(question=thread).update(
        topic=TopicFactory()
    ),
    "the similar threads change": lambda thread: SimilarThread.objects.filter(question=thread).delete(),
    "it is hidden": lambda thread: thread.hide(by=UserFactory(admin=True), reason="report"),
    "it is merged": lambda thread: thread.merge_into(QuestionFactory(published=True), by=UserFactory(admin=True)),
    **{
        f"its {name} changes": lambda thread, name=name, value=value: Question.objects.filter(pk=thread.pk).update(
            **{name: value}
        )
        for name, value in {
            "public_title": "New title",
            "headline": "New headline",
            "text": "New text",
            "pseudonym": "New name",
            "age_band": "",
            "sex": "other",
            "asked_on": None,
            "language": "zh-hant",
        }.items()
    },
}


@pytest.mark.parametrize("change", CHANGES)
def test_version_is_renewed_when(thread, change):
    before = version(thread)

    CHANGES[change](thread)

    assert version(thread) > before


@pytest.mark.parametrize(
    "change",
    [
        lambda thread: ReplyFactory(),
        lambda thread: FollowUpFactory(),
        lambda thread: ArticleFactory(),
        lambda thread: QuestionTopic.objects.create(question=QuestionFactory(), topic=thread.topics.get()),
        lambda thread: Question.objects.exclude(pk=thread.pk).update(text="New text"),
        lambda thread: Draft.objects.create(question=thread, doctor=DoctorFactory(), text="Unfinished"),
        lambda thread: thread.decisions.create(act="helped"),
        lambda thread: Question.objects.filter(pk=thread.pk).update(text=thread.text),
        lambda thread: thread.restore(by=UserFactory(admin=True), reason="It was never hidden"),
    ],
    ids=["reply", "follow-up", "article", "topic", "question", "draft", "decision", "same text", "repeat"],
)
def test_version_is_kept_when_something_else_changes(thread, change):
    before = version(thread)

    change(thread)

    assert version(thread) == before


def test_version_of_both_threads_is_renewed_when_a_reply_moves(thread):
    other = QuestionFactory(published=True)
    before = version(thread), version(other)

    Reply.objects.filter(question=thread).update(question=other)

    assert version(thread) > before[0]
    assert version(other) > before[1]


def test_version_cannot_be_set_back_by_a_change_made_on_an_old_copy(thread):
    old_copy = Question.objects.get(pk=thread.pk)
    ReplyFactory(question=thread)
    before = version(thread)

    old_copy.text = "New text"
    old_copy.save()

    assert version(thread) > before
