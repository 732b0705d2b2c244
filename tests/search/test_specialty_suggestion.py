"""The specialties a text may belong to: learned in the background from published threads, silent when unsure."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from forum.questions.models import Question, State
from forum.search.embedding import embed_questions
from forum.search.models import EmbeddingModel, SpecialtyModel
from forum.search.queries import suggest_specialties
from forum.search.suggesting import learning
from forum.search.suggesting.learning import learn_specialties, needs_learning
from forum.search.suggesting.method import FOLDS, Threads, folds_of, temperature_of, train
from forum.search.suggesting.suggestion import ranked_specialties
from forum.search.tasks import catch_up
from forum.specialties.models import Specialty
from forum.specialties.services import merge_specialty
from tests.factories import QuestionFactory, SpecialtyFactory
from tests.meaning import WordEmbedder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("word_embedder")]

TOOTH = "My tooth hurts, and the gum beside the tooth as well."
EYE = "My eye is red and the other eye is dry."
TEXTS = {
    "Dentistry": (TOOTH, "tooth and gum", "Is my gum sick or is it the tooth?"),
    "Cardiology": ("My heart beats fast", "heart and pulse", "The pulse of my heart is slow."),
    "Dermatology": ("My skin has a rash", "rash on the skin", "The skin itches, there is no rash."),
}


def thread(specialty: Specialty, text: str, **fields) -> Question:
    question = QuestionFactory(published=True, specialty=specialty, headline="Help", text=text, **fields)
    embed_questions([question.pk])
    return question


def teach(specialty: Specialty, *texts: str, times: int = 4, **fields) -> list[Question]:
    return [thread(specialty, text, **fields) for text in texts for _ in range(times)]


@pytest.fixture
def site() -> dict[str, Specialty]:
    """Three specialties with twelve threads each, and what they teach."""
    specialties = {name: SpecialtyFactory(name=name) for name in TEXTS}
    for name, texts in TEXTS.items():
        teach(specialties[name], *texts)
    learn_specialties()
    return specialties


def change(embedder: WordEmbedder) -> None:
    """Into one whose vectors are others."""
    embedder.version = "2"
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # its index is made, in this test, where rows are not all checked


def suggested(text: str = TOOTH) -> list[str]:
    return [suggestion.specialty.name for suggestion in suggest_specialties(text)]


def chances(text: str = TOOTH) -> dict[str, float]:
    return {suggestion.specialty.name: suggestion.probability for suggestion in ranked_specialties(text)}


# What is suggested


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts])
def test_a_text_is_suggested_the_specialty_of_threads_like_it(site, name, text):
    assert suggested(f"Please help me: {text}")[0] == name


def test_the_likeliest_comes_first_and_there_are_three_at_most(site):
    teach(SpecialtyFactory(name="Ophthalmology"), "My eye is red", "the lens of my eye")
    learn_specialties()

    found = suggest_specialties(TOOTH)

    assert found[0].specialty.name == "Dentistry"
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert len(found) == 3


def test_the_probabilities_of_all_specialties_are_one_together(site):
    assert sum(chances().values()) == pytest.approx(1)
    assert len(chances()) == 3


def test_a_specialty_without_threads_is_known_by_its_name(site):
    SpecialtyFactory(name="Eye")
    learn_specialties()

    assert next(iter(chances("My eye is red and my eye hurts"))) == "Eye"


def test_closed_specialties_are_left_out_and_the_next_best_moves_up(site):
    second = suggested()[1]
    teach(SpecialtyFactory(name="Ophthalmology"), "My eye is red", "the lens of my eye")
    learn_specialties()

    Specialty.objects.filter(name=second).update(is_open=False)

    assert suggested()[0] == "Dentistry"
    assert second not in suggested()
    assert len(suggested()) == 3


def test_where_a_closed_specialty_is_likeliest_nothing_is_suggested(site):
    Specialty.objects.filter(name="Dentistry").update(is_open=False)

    assert suggested() == []


def test_nothing_is_suggested_where_the_site_is_unsure(site):
    for specialty in site.values():
        teach(specialty, EYE)
    learn_specialties()

    assert 0.33 < max(chances(EYE).values()) < 0.4
    assert suggested(EYE) == []


@pytest.mark.parametrize(
    ("text", "is_enough"),
    [
        ("tooth gum", False),
        ("tooth gum tooth", True),
        ("", False),
        ("... tooth !!! gum ???", False),
        ("牙牙牙牙牙", False),
        ("牙牙牙牙牙牙", True),
    ],
)
def test_a_few_words_are_not_enough(site, text, is_enough):
    teach(site["Dentistry"], "牙", times=6, language="zh-hant")
    teach(site["Cardiology"], "心", times=6, language="zh-hant")
    learn_specialties()

    assert bool(suggested(text)) == is_enough


# What is learned from


@pytest.mark.parametrize("state", [State.HIDDEN, State.WAITING, State.WITHDRAWN])
def test_only_published_threads_teach(site, state):
    before = chances()

    hidden = teach(site["Dermatology"], TOOTH, times=12)
    Question.objects.filter(pk__in=[question.pk for question in hidden]).update(state=state)
    learn_specialties()

    assert chances() == pytest.approx(before)


def test_a_thread_that_was_hidden_has_no_vote_even_before_it_is_learned_anew(site):
    threads = teach(site["Dentistry"], EYE)
    teach(site["Cardiology"], EYE)
    learn_specialties()
    before = chances(EYE)["Dentistry"]

    Question.objects.filter(pk__in=[thread.pk for thread in threads]).update(state=State.HIDDEN)

    assert chances(EYE)["Dentistry"] < before / 2


def test_languages_are_learned_apart(site):
    teach(site["Dermatology"], TOOTH, times=12, language="zh-hant")
    before = chances()

    learn_specialties()

    assert chances() == pytest.approx(before)
    assert sorted(SpecialtyModel.objects.values_list("language", "documents")) == [("en", 36), ("zh", 12)]


def test_chinese_names_count_for_chinese_threads_in_one_script(site):
    Specialty.objects.filter(name="Dentistry").update(name_zh_hant="牙醫部")
    teach(site["Dentistry"], "牙", times=12, language="zh-hant")

    learn_specialties()

    assert SpecialtyModel.objects.get(pk="zh").names == ["牙医部", "Cardiology", "Dermatology"]
    assert SpecialtyModel.objects.get(pk="en").names == ["Dentistry", "Cardiology", "Dermatology"]


def test_a_few_threads_teach_nothing():
    teach(SpecialtyFactory(name="Dentistry"), TOOTH, times=9)

    learn_specialties()

    assert (SpecialtyModel.objects.count(), needs_learning(), suggested()) == (0, False, [])


def test_of_very_many_threads_a_sample_is_learned_from(site, monkeypatch):
    monkeypatch.setattr(learning, "MOST", 18)
    read = []
    monkeypatch.setattr(learning, "train", lambda threads: read.append(len(threads.vectors)) or train(threads))

    learn_specialties()

    assert 0 < read[0] < 36
    assert SpecialtyModel.objects.get().documents == 36


# Where nothing can be said


def test_nothing_is_suggested_where_nothing_was_learned_and_no_text_is_embedded_for_it(word_embedder):
    SpecialtyFactory(name="Tooth")

    assert (suggested(), word_embedder.calls) == ([], 0)


def test_nothing_is_suggested_without_an_embedder(site, settings):
    settings.EMBEDDERS = "*=none"

    assert suggested() == []


def test_nothing_is_suggested_while_the_embedder_is_out(site, word_embedder):
    word_embedder.is_out = True

    assert suggested() == []


def test_nothing_is_suggested_from_what_another_embedder_taught(site, word_embedder):
    change(word_embedder)

    assert suggested() == []


def test_nothing_is_suggested_on_a_site_without_specialties(site):
    Question.objects.all().delete()
    Specialty.objects.all().delete()

    assert suggested() == []


# Between two lessons


def test_a_merged_specialty_is_suggested_no_more(site):
    merge_specialty(source=site["Dentistry"], target=site["Dermatology"])

    assert sorted(chances()) == ["Cardiology", "Dermatology"]
    assert sum(chances().values()) == pytest.approx(1)
    learn_specialties()
    assert suggested()[0] == "Dermatology"


def test_threads_of_a_specialty_made_since_do_no_harm(site):
    teach(SpecialtyFactory(name="New"), TOOTH)

    assert sorted(chances()) == ["Cardiology", "Dentistry", "Dermatology"]


def test_what_was_learned_is_read_once_until_something_new_is(site):
    def read() -> bool:
        with CaptureQueriesContext(connection) as queries:
            suggest_specialties(TOOTH)
        return any('"weights"' in query["sql"] for query in queries)

    first, second = read(), read()
    learn_specialties()

    assert (first, second, read()) == (True, False, True)


def test_what_is_learned_anew_counts_at_once(site):
    assert suggested()[0] == "Dentistry"

    Question.objects.filter(specialty=site["Dentistry"]).update(specialty=site["Cardiology"])
    learn_specialties()

    assert suggested()[0] == "Cardiology"


def test_suggesting_asks_the_same_of_the_database_however_much_there_is(site):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            suggest_specialties(TOOTH)
        return len(captured)

    suggest_specialties(TOOTH)
    few = queries()
    teach(SpecialtyFactory(name="Ophthalmology"), "My eye is red", times=20)
    learn_specialties()
    suggest_specialties(TOOTH)

    assert queries() == few


# When it is learned


def nothing(site) -> None:
    pass


def rename(site) -> None:
    Specialty.objects.filter(name="Dentistry").update(name="Teeth")


def add(site) -> None:
    SpecialtyFactory(name="New")


def merge(site) -> None:
    merge_specialty(source=site["Dentistry"], target=site["Dermatology"])


def publish_a_tenth(site) -> None:
    teach(site["Dentistry"], TOOTH, times=3)


def publish_more(site) -> None:
    teach(site["Dentistry"], TOOTH, times=4)


def hide_some(site) -> None:
    some = Question.objects.filter(specialty=site["Dentistry"]).values("pk")[:4]
    Question.objects.filter(pk__in=some).update(state=State.HIDDEN)


def hide_all(site) -> None:
    Question.objects.update(state=State.HIDDEN)


def publish_in_another_language(site) -> None:
    teach(site["Dentistry"], "牙", times=10, language="zh-hant")


@pytest.mark.parametrize(
    ("change", "is_needed"),
    [
        (nothing, False),
        (rename, True),
        (add, True),
        (merge, True),
        (publish_a_tenth, False),
        (publish_more, True),
        (hide_some, True),
        (hide_all, True),
        (publish_in_another_language, True),
    ],
)
def test_it_is_learned_anew_when_threads_or_specialties_changed(site, change, is_needed):
    change(site)
    needed = needs_learning()
    learn_specialties()

    assert (needed, needs_learning()) == (is_needed, False)


def test_it_is_learned_anew_with_another_embedder_once_that_has_embedded(site, word_embedder):
    change(word_embedder)

    catch_up.call()

    assert SpecialtyModel.objects.get().model == EmbeddingModel.objects.get(version="2")
    assert suggested()[0] == "Dentistry"


def test_what_a_language_taught_is_forgotten_with_its_threads(site):
    hide_all(site)

    learn_specialties()

    assert not SpecialtyModel.objects.exists()


def test_catching_up_learns():
    for name, texts in TEXTS.items():
        teach(SpecialtyFactory(name=name), *texts)

    catch_up.call()

    assert suggested()[0] == "Dentistry"
    assert not needs_learning()


def test_catching_up_learns_later_when_the_embedder_is_out(site, word_embedder):
    rename(site)
    word_embedder.is_out = True

    catch_up.call()

    assert DBTaskResult.objects.filter(task_path=catch_up.module_path, run_after__isnull=False).count() == 1
    assert SpecialtyModel.objects.get().names[0] == "Dentistry"


# The method


def noise(count: int, specialties: int) -> Threads:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(count + specialties, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Threads(vectors[:count], random.integers(specialties, size=count), vectors[count:])


def test_the_scatter_is_that_of_the_threads_around_the_means_of_their_specialties():
    threads = noise(60, 3)
    classifier = train(threads)

    centred = threads.vectors - threads.vectors.mean(axis=0)
    drawn = 3 * (threads.names - threads.names.mean(axis=0))
    means = np.array([(centred[threads.specialties == s].sum(0) + drawn[s]) for s in range(3)])
    means /= (np.bincount(threads.specialties) + 3)[:, None]
    rest = centred - means[threads.specialties]
    scatter = rest.T @ rest
    covariance = (scatter + 3072 * np.trace(scatter) / 60 / 8 * np.eye(8)) / (60 + 3072)
    assert classifier.weights == pytest.approx(means @ np.linalg.inv(covariance) / 2, rel=1e-6)


def test_a_temperature_is_high_where_vectors_tell_nothing_and_low_where_they_tell_all():
    threads = noise(100, 4)
    telling = threads.names[threads.specialties]

    assert temperature_of(threads) > 10
    assert temperature_of(Threads(telling, threads.specialties, threads.names)) == 1


def test_threads_that_are_all_the_same_upset_nothing():
    same = np.ones((20, 8)) / 8**0.5

    classifier = train(Threads(same, np.arange(20) % 2, same[:2]))

    scores = classifier.scores(same[0], same[:0], np.array([], dtype=int))
    assert classifier.probabilities(scores) == pytest.approx([0.5, 0.5])


def test_each_specialty_is_spread_over_the_folds():
    specialties = np.array([0] * 10 + [1] * 5 + [2])

    folds = folds_of(specialties)

    assert [np.bincount(folds[specialties == one], minlength=FOLDS).tolist() for one in (0, 1)] == [[2] * 5, [1] * 5]
