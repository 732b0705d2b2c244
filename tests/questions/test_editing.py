"""An asker changes a question until a doctor begins to work on it."""

import pytest

from forum.moderation.services import claim_question, release_question
from forum.questions.models import Question, QuestionWordsEvent, WrongState
from tests.factories import DoctorFactory, SpecialtyFactory, UserFactory
from tests.html import parse
from tests.questions.private_page import PAGE, decisions, in_state, message
from tests.races import at_once

pytestmark = pytest.mark.django_db
EDIT = f"{PAGE}edit/"


def words_of(question: Question, **changed) -> dict:
    typed = {"specialty": question.specialty.slug, "headline": question.headline, "text": question.text}
    return typed | changed


def begun_on(question: Question) -> None:
    claim_question(question=question, doctor=DoctorFactory())


def errors(page) -> str:
    return parse(page).one("div", class_="error-summary").text


def test_the_form_holds_what_was_sent(client):
    question = in_state("waiting", headline="My arm tingles", duration="one week", age_band="30-39")

    page = parse(client.get(EDIT))

    assert page.one("input", name="headline").attrs["value"] == "My arm tingles"
    assert page.one("input", name="duration").attrs["value"] == "one week"
    assert page.one("textarea", name="text").text.strip() == question.text
    assert [name for name in ("pseudonym", "email", "consent") if page.all("input", name=name)] == []


def test_the_asker_changes_the_words_and_the_specialty(client):
    question = in_state("waiting", headline="My arm tingles")
    other = SpecialtyFactory(slug="dermatology")

    typed = words_of(question, headline="My arm itches", text="It itches.", specialty=other.slug)
    page = client.post(EDIT, typed, follow=True)

    assert message(page) == "Your changes are saved."
    question.refresh_from_db()
    assert (question.headline, question.text, question.specialty) == ("My arm itches", "It itches.", other)
    assert decisions(question) == [("edit", None, "waiting", "waiting")]


def test_what_the_asker_has_taken_back_is_kept_nowhere(client):
    question = in_state("waiting", text="My name is Ada.")

    client.post(EDIT, words_of(question, text="No name."))

    assert not QuestionWordsEvent.objects.exists()


def test_the_language_follows_the_words(client):
    question = in_state("waiting")

    client.post(EDIT, words_of(question, headline="手臂發麻", text="我的手臂從星期一開始發麻。"))

    assert Question.objects.get().language == "zh-hant"


def test_the_same_words_again_change_nothing(client):
    question = in_state("waiting")
    typed = words_of(question, headline="Another")

    client.post(EDIT, typed)
    client.post(EDIT, typed)

    assert decisions(question) == [("edit", None, "waiting", "waiting")]


def test_what_is_missing_is_said_and_nothing_typed_is_lost(client):
    question = in_state("waiting", headline="My arm tingles")

    page = client.post(EDIT, words_of(question, headline="", text="All new words."))

    assert page.status_code == 422
    assert "Your question in one sentence" in errors(page)
    assert parse(page).one("textarea", name="text").text.strip() == "All new words."
    assert Question.objects.get().headline == "My arm tingles"


def test_a_signed_in_asker_changes_it_too(client):
    patient = UserFactory()
    question = in_state("waiting", asker=patient)
    client.force_login(patient)

    client.post(f"/my/questions/{question.pk}/edit/", words_of(question, headline="Another"))

    assert Question.objects.get().headline == "Another"
    assert decisions(question) == [("edit", patient.pk, "waiting", "waiting")]


def test_a_specialty_that_was_closed_since_can_be_kept(client):
    question = in_state("waiting", specialty=SpecialtyFactory(is_open=False))

    client.post(EDIT, words_of(question, headline="Another"))

    assert Question.objects.get().headline == "Another"


def test_once_a_doctor_has_begun_the_page_leads_back(client):
    begun_on(in_state("waiting"))

    page = client.get(EDIT, follow=True)

    assert message(page) == "It can no longer be changed: a doctor has begun to work on it."
    assert page.request["PATH_INFO"] == PAGE


def test_words_typed_while_a_doctor_began_are_kept_on_the_page(client):
    question = in_state("waiting", headline="My arm tingles")
    begun_on(question)

    page = client.post(EDIT, words_of(question, headline="Another"))

    assert page.status_code == 409
    assert "It can no longer be changed" in errors(page)
    assert parse(page).one("input", name="headline").attrs["value"] == "Another"
    assert Question.objects.get().headline == "My arm tingles"


def test_a_doctor_who_has_let_go_again_may_have_read_it(client):
    question, doctor = in_state("waiting"), DoctorFactory()
    claim_question(question=question, doctor=doctor)
    release_question(question=question, doctor=doctor)

    with pytest.raises(WrongState):
        question.edit(by=None, headline="Another")


@pytest.mark.parametrize("state", ["needs_info", "published", "declined", "withdrawn", "hidden"])
def test_in_no_other_state_can_it_be_changed(client, state):
    question = in_state(state)

    assert client.post(EDIT, words_of(question, headline="Another")).status_code == 409
    assert Question.objects.get(pk=question.pk).headline == question.headline


def test_nobody_else_can_change_it(client):
    question = in_state("waiting", asker=UserFactory())
    client.force_login(UserFactory())

    assert client.post(f"/my/questions/{question.pk}/edit/", words_of(question)).status_code == 404
    assert client.post("/status/another-token/edit/", words_of(question)).status_code == 404


def test_the_status_page_offers_it_until_then(client):
    question = in_state("waiting")
    assert "Change my question" in client.get(PAGE).text

    begun_on(question)

    assert "Change my question" not in client.get(PAGE).text


@pytest.mark.django_db(transaction=True)
def test_of_a_change_and_a_claim_at_once_the_doctor_reads_what_is_stored():
    question, doctor = in_state("waiting", headline="Before"), DoctorFactory()

    def change():
        try:
            Question.objects.get().edit(by=None, headline="After")
        except WrongState:
            return "too late"
        return "changed"

    outcomes = at_once(change, lambda: claim_question(question=question, doctor=doctor))

    acts = [act for act, *_rest in decisions(question)]
    changed = "changed" in outcomes
    assert Question.objects.get().headline == ("After" if changed else "Before")
    assert acts == (["edit", "claim"] if changed else ["claim"])
