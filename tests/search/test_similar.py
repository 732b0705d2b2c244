"""Similar Q&A: other published threads of the same language, stored by the worker and fresh all the same."""

import pytest
from django.test import override_settings

from forum.moderation.services import hide_thread, restore_thread
from forum.questions.models import Question, State
from forum.search.models import IndexEntry, SimilarThread
from forum.search.queries import similar_to
from forum.search.services import index_questions, renew_similar
from forum.search.tasks import catch_up, renew_similar_around
from tests.factories import QuestionFactory, UserFactory, published_thread

pytestmark = pytest.mark.django_db
AT_ONCE = override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}})


def thread(title: str, text: str = "My left eyelid twitches.", **fields) -> Question:
    return published_thread(public_title=title, headline=title, text=text, reply__text="Nothing.", **fields)


def titles(question: Question) -> list[str]:
    return [similar.public_title for similar in similar_to(question)]


def stored(question: Question) -> list[tuple[int, str]]:
    return list(question.similar_threads.order_by("rank").values_list("rank", "similar__public_title"))


def test_threads_with_the_same_words_are_similar_the_most_like_one_first():
    question = thread("Here", "My left eyelid twitches at night.")
    thread("Near", "My left eyelid twitches.")
    thread("Far", "My eyelid is red.")
    thread("Unlike", "I cannot sleep.")

    assert titles(question) == ["Near", "Far"]


def test_four_threads_at_most_and_never_itself():
    question = thread("Here")
    for n in range(6):
        thread(f"Other {n}")

    assert len(titles(question)) == 4
    assert "Here" not in titles(question)


@pytest.mark.parametrize(("own", "other", "alike"), [("en", "zh-hant", []), ("zh-hant", "zh", ["Other"])])
def test_only_threads_of_the_same_language_are_similar(own, other, alike):
    question = thread("Here", "MRI 眼皮跳動", language=own)
    thread("Other", "MRI 眼皮跳動", language=other)

    assert titles(question) == alike


@pytest.mark.parametrize("state", [State.WAITING, State.WITHDRAWN, State.HIDDEN])
@pytest.mark.parametrize("is_stored", [True, False])
def test_only_published_threads_are_similar(state, is_stored):
    question, other = thread("Here"), thread("Other")
    if is_stored:
        renew_similar(question)

    Question.objects.filter(pk=other.pk).update(state=state)

    assert titles(question) == []


def test_stored_threads_are_shown_in_the_stored_order():
    question, first, second = thread("Here"), thread("First"), thread("Second")
    SimilarThread.objects.create(question=question, similar=second, rank=1)
    SimilarThread.objects.create(question=question, similar=first, rank=0)

    assert titles(question) == ["First", "Second"]


def test_they_are_computed_at_reading_where_none_are_stored():
    question = thread("Here")
    thread("Other")

    assert (titles(question), stored(question)) == (["Other"], [])


def test_renewing_stores_them_best_first_and_says_when():
    question = thread("Here", "My left eyelid twitches at night.")
    thread("Near", "My left eyelid twitches.")
    thread("Far", "My eyelid is red.")

    renew_similar(question)

    assert stored(question) == [(0, "Near"), (1, "Far")]
    assert IndexEntry.objects.get(pk=question.pk).similar_at is not None


def test_renewing_again_changes_nothing_where_nothing_changed():
    question = thread("Here")
    thread("Other")
    renew_similar(question)
    rows = list(question.similar_threads.values_list("pk", flat=True))
    version = Question.objects.get(pk=question.pk).version

    renew_similar(question)

    assert list(question.similar_threads.values_list("pk", flat=True)) == rows
    assert Question.objects.get(pk=question.pk).version == version


def test_renewing_replaces_what_is_no_longer_similar():
    question, other = thread("Here"), thread("Other")
    renew_similar(question)
    hide_thread(question=other, by=UserFactory(admin=True), reason="admin")
    thread("New")

    renew_similar(question)

    assert stored(question) == [(0, "New")]


def test_a_thread_that_is_not_indexed_has_none_to_store():
    question = QuestionFactory(published=True)

    renew_similar(question)

    assert stored(question) == []


@pytest.mark.parametrize(
    "text",
    [
        "C:\\temp\\x 'quoted' \"double\"",
        "https://example.org/a'b?c=d&e=\\f",
        "a:* & b | !c",
        "'; --",
        "()",
        "\\",
        "x" * 3000,
    ],
)
def test_signs_in_a_text_do_not_upset_the_comparison(text):
    question = thread("Here", f"Eyelid {text}")
    thread("Other", f"Eyelid {text}")

    assert titles(question) == ["Other"]


def test_the_task_renews_a_thread_and_those_it_is_like():
    question, other = thread("Here"), thread("Other")

    renew_similar_around.call(question.pk)

    assert (stored(question), stored(other)) == ([(0, "Other")], [(0, "Here")])


@AT_ONCE
def test_hiding_takes_a_thread_out_of_the_stored_ones_of_others_and_restoring_brings_it_back():
    admin, question, other = UserFactory(admin=True), thread("Here"), thread("Other")
    renew_similar_around.call(question.pk)

    hide_thread(question=other, by=admin, reason="admin")
    hidden = stored(question)
    restore_thread(question=other, by=admin, reason="admin")

    assert (hidden, stored(question)) == ([], [(0, "Other")])


def test_the_task_for_a_question_that_is_gone_does_nothing():
    renew_similar_around.call(987_654_321)

    assert SimilarThread.objects.count() == 0


def test_catching_up_computes_the_missing_ones_of_published_threads():
    threads = [thread(f"Thread {n}") for n in range(3)]
    waiting = QuestionFactory(text="My left eyelid twitches.")
    index_questions([waiting.pk])

    catch_up.call()

    assert [len(stored(question)) for question in threads] == [2, 2, 2]
    assert stored(waiting) == []


def test_indexing_anew_marks_the_similar_ones_as_missing():
    question = thread("Here")
    renew_similar(question)

    index_questions([question.pk])

    assert IndexEntry.objects.get(pk=question.pk).similar_at is None
