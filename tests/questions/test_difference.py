"""In what a question is different from those the patient was shown: for the doctors, and for nobody else."""

import pytest
from django.core.management import call_command
from django.test import Client

from forum.questions.models import Question
from tests.asking import browser, send_form, send_question
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, published_thread
from tests.html import Element, parse

pytestmark = pytest.mark.django_db

WORDS = "I am older than zebra patients"


@pytest.fixture
def doctor():
    return DoctorFactory(specialties=[SpecialtyFactory(name="Neurology", slug="neurology")])


def facts(doctor, question: Question) -> dict[str, Element]:
    """What the doctor reads under "For the doctors only"."""
    client = Client()
    client.force_login(doctor.user)
    rows = parse(client.get(f"/dashboard/questions/{question.pk}/")).one("dl", class_="facts").all("div")
    return {row.one("dt").text: row.one("dd") for row in rows}


def seen(**typed: str) -> list[int]:
    """The threads that are kept with a question sent so."""
    send_question(browser(), SpecialtyFactory(slug="elsewhere"), **typed)
    return Question.objects.latest("pk").similar_seen


def test_difference_and_threads_seen_reach_the_doctor(doctor):
    first, second = published_thread(public_title="First"), published_thread(public_title="Second")

    send_question(browser(), "neurology", different_because=WORDS, similar_seen=f"{second.pk},{first.pk}")

    shown = facts(doctor, Question.objects.latest("pk"))
    assert shown["Mine is different because"].text == WORDS
    assert shown["The patient was shown"].links() == [
        ("Second", second.get_absolute_url()),
        ("First", first.get_absolute_url()),
    ]


def test_difference_is_no_fact_where_the_patient_was_shown_nothing(doctor):
    question = QuestionFactory(specialty=doctor.specialties.get())

    assert not {"Mine is different because", "The patient was shown"} & facts(doctor, question).keys()


def test_thread_seen_that_is_no_longer_public_is_not_shown_to_the_doctor(doctor):
    hidden = QuestionFactory(hidden=True, public_title="Hidden")
    still = published_thread(public_title="Still public")
    question = QuestionFactory(specialty=doctor.specialties.get(), similar_seen=[hidden.pk, 987_654_321, still.pk])

    assert facts(doctor, question)["The patient was shown"].text == "Still public"


def test_threads_seen_are_three_published_ones_at_most():
    threads = [str(published_thread().pk) for _ in range(4)]

    assert seen(similar_seen=",".join(threads)) == [int(pk) for pk in threads[:3]]


@pytest.mark.parametrize(
    "junk", ["", ",", "x,y", "0", "-1", "1.5", "٣", "\0", "9" * 18, "9" * 100, "1" * 100_000, "<script>"]
)
def test_threads_seen_that_are_none_are_left_out_without_a_word(junk):
    thread = published_thread()

    assert seen(similar_seen=f"{junk[:50_000]},{thread.pk},{thread.pk}") == [thread.pk]


@pytest.mark.parametrize("state", [{}, {"declined": True}, {"withdrawn": True}, {"hidden": True}, {"merged": True}])
def test_threads_seen_are_none_that_was_never_public(state):
    assert seen(similar_seen=str(QuestionFactory(**state).pk)) == []


def test_question_sent_again_is_the_same_whatever_was_shown_beside_it():
    specialty, thread, patient = SpecialtyFactory(), published_thread(), browser()

    first = send_question(patient, specialty)
    second = send_question(patient, specialty, similar_seen=str(thread.pk))

    assert second.url == first.url


def test_question_with_another_difference_is_another_question():
    specialty, patient = SpecialtyFactory(), browser()

    first = send_question(patient, specialty)
    second = send_question(patient, specialty, different_because=WORDS)

    assert second.url != first.url


@pytest.mark.parametrize(("typed", "hidden"), [("", True), (WORDS, False)])
def test_difference_that_was_typed_is_never_hidden(typed, hidden):
    SpecialtyFactory()

    page = parse(send_form(browser(), "/ask/", different_because=typed))

    assert ("hidden" in page.one(id="difference").attrs) is hidden


def test_difference_and_threads_seen_are_never_public(tmp_path):
    other = published_thread(public_title="The other thread", text="Something else.", language="zh-hant")
    question = published_thread(different_because=WORDS, similar_seen=[other.pk], token="abcdefghijklmnopqrstuv")

    call_command("export_archive", str(tmp_path / "out.jsonl"))

    status = Client().get("/status/abcdefghijklmnopqrstuv/").content.decode()
    thread = Client().get(question.get_absolute_url()).content.decode()
    exported = [line for line in (tmp_path / "out.jsonl").read_text().splitlines() if question.archive_id in line]
    assert [place.count("zebra") for place in (status, thread, *exported)] == [0, 0, 0]
    assert [place.count("The other thread") for place in (status, thread, *exported)] == [0, 0, 0]
