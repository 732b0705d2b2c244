"""Short of an answer: to another specialty, back to the patient, or to a thread that has the answer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from forum.moderation import services
from forum.questions.models import InfoRequest, Question, State, Transfer
from forum.replies.models import Draft
from forum.search.models import AnswerFound
from tests.factories import DoctorFactory, InfoRequestFactory, QuestionFactory, SpecialtyFactory, published_thread
from tests.html import parse
from tests.moderation.desk import SEND, address, browser, decisions, send, tasks, told

pytestmark = pytest.mark.django_db
STATUS = "/status/secret-token/"


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


@pytest.fixture
def dermatology():
    return SpecialtyFactory(name="Dermatology", slug="dermatology")


@pytest.fixture
def doctor(neurology):
    return DoctorFactory(name="Wu Mukhan", specialties=[neurology])


@pytest.fixture
def question(neurology):
    asked = {"token": "secret-token", "email": "patient@example.org"}
    return QuestionFactory(specialty=neurology, **asked, created_at=timezone.now() - timedelta(hours=10))


def row(question) -> dict:
    return Question.objects.values().get(pk=question.pk)


def patient_sees():
    return parse(Client().get(STATUS)).one("main")


# To another specialty


def test_a_question_is_passed_on_and_keeps_its_age(doctor, dermatology, question):
    response = send(browser(doctor), question, "transfer", to="dermatology", note="Look at the skin.")

    after = row(question)
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert (after["specialty_id"], after["state"]) == (dermatology.pk, "waiting")
    assert (after["created_at"], after["paused"]) == (question.created_at, timedelta(0))
    assert decisions(question) == [("transfer", doctor.user.pk, "waiting", "waiting", "dermatology")]
    assert (told(question), tasks()) == (["transferred"], [SEND])


def test_the_patient_sees_where_it_went_and_not_the_note(doctor, dermatology, question):
    send(browser(doctor), question, "transfer", to="dermatology", note="Look at the skin.")

    page = patient_sees()
    assert page.one(class_="notice--waiting").texts("p") == [
        "Your question waits for a doctor of Dermatology. We cannot tell yet how long it will take.",
        "A doctor of Neurology has passed it on, so that the right doctor answers it. It keeps its place.",
    ]
    assert "Look at the skin." not in page.source


def test_the_next_doctor_sees_the_mark_in_the_queue_and_the_note(doctor, dermatology, question):
    send(browser(doctor), question, "transfer", to="dermatology", note="Look at the skin.")
    client = browser(DoctorFactory(specialties=[dermatology]))

    assert parse(client.get("/dashboard/")).one("ol", class_="queue").texts(class_="tag") == ["Transferred"]
    so_far = parse(client.get(address(question))).one(class_="so-far")
    assert so_far.one("h3").text.startswith("Dr. Wu Mukhan passed it on: Neurology → Dermatology")
    assert so_far.one(class_="prose").text == "Look at the skin."


def test_drafts_are_kept_for_their_doctors(doctor, dermatology, question):
    client = browser(doctor)
    send(client, question, "save", text="Begun.")

    send(client, question, "transfer", to="dermatology")

    assert list(Draft.objects.values_list("doctor", "text")) == [(doctor.pk, "Begun.")]


def test_passing_it_on_to_where_it_is_changes_nothing(doctor, dermatology, question):
    for _time in range(2):
        services.transfer_question(question=question, doctor=doctor, to=dermatology, note="")

    assert (len(decisions(question)), Transfer.objects.count(), len(tasks())) == (1, 1, 1)


@pytest.mark.parametrize("to", ["", "neurology", "nowhere", "closed"])
def test_it_goes_only_to_another_open_specialty_and_the_note_stays_in_the_form(doctor, question, to):
    SpecialtyFactory(slug="closed", is_open=False)
    before = row(question)

    response = send(browser(doctor), question, "transfer", to=to, note="Look at the skin.")

    form = parse(response).one("details", class_="transfer")
    assert (response.status_code, row(question), decisions(question)) == (422, before, [])
    assert "open" in form.attrs
    assert form.one("textarea", name="note").source.strip() == "Look at the skin."
    assert len(form.one(class_="error-summary").all("li")) == 1


def test_nothing_is_passed_on_where_one_part_fails(doctor, dermatology, question, monkeypatch):
    client = browser(doctor)
    client.raise_request_exception = False
    before = row(question)
    monkeypatch.setattr(services, "notify_of", None)

    response = send(client, question, "transfer", to="dermatology")

    assert (response.status_code, row(question), decisions(question)) == (500, before, [])
    assert Transfer.objects.count() == 0


# Back to the patient


def test_the_patient_is_asked_for_more_and_reminded(doctor, question):
    response = send(browser(doctor), question, "ask_info", note="Since when?")

    request = InfoRequest.objects.get()
    assert (response["Location"], row(question)["state"]) == ("/dashboard/", "needs_info")
    assert (request.question_id, request.note, request.asked_by_id) == (question.pk, "Since when?", doctor.pk)
    assert decisions(question) == [("ask_info", doctor.user.pk, "waiting", "needs_info", "")]
    assert (told(question), tasks()) == (["asked_for_more", "reminder", "reminder"], [SEND])
    later = question.notices.filter(kind="reminder").values_list("due_at", flat=True)
    assert sorted(at - request.asked_at for at in later) == [timedelta(days=3), timedelta(days=7)]


def test_asking_twice_asks_once(doctor, question):
    client = browser(doctor)
    send(client, question, "ask_info", note="Since when?")

    response = send(client, question, "ask_info", note="Since when?")

    assert (response.status_code, InfoRequest.objects.count(), len(told(question))) == (302, 1, 3)


@pytest.mark.parametrize("note", ["", " ", "x" * 2001])
def test_a_request_says_what_is_asked(doctor, question, note):
    before = row(question)

    response = send(browser(doctor), question, "ask_info", note=note)

    form = parse(response).one("details", class_="ask-info")
    assert (response.status_code, row(question), decisions(question)) == (422, before, [])
    assert form.one("textarea", name="note").source.strip() == note.strip()


def test_nothing_is_asked_where_one_part_fails(doctor, question, monkeypatch):
    client = browser(doctor)
    client.raise_request_exception = False
    before = row(question)
    monkeypatch.setattr(services, "notify_asked_for_more", None)

    response = send(client, question, "ask_info", note="Since when?")

    assert (response.status_code, row(question), tasks(), decisions(question)) == (500, before, [], [])


def test_what_is_with_the_patient_is_out_of_the_queue_and_found_by_its_filter(doctor, question):
    client = browser(doctor)
    send(client, question, "ask_info", note="Since when?")

    assert parse(client.get("/dashboard/")).all("ol", class_="queue") == []
    assert parse(client.get("/dashboard/?show=asked")).one("ol", class_="queue").texts("a") == [question.headline]
    page = parse(client.get(address(question))).one("main")
    assert page.one(class_="so-far").texts(class_="waiting-badge") == ["The patient has not answered yet"]
    assert [button.attrs["value"] for button in page.all("button", name="act")] == ["decline"]


def test_the_answer_brings_it_back_to_the_doctor_who_asked(doctor, question):
    client, colleague = browser(doctor), DoctorFactory(specialties=[question.specialty])
    send(client, question, "ask_info", note="Since when?")

    question.answer_info(by=None, text="Since <March>.")

    mine, hers = (parse(each.get("/dashboard/")).one("main") for each in (client, browser(colleague)))
    assert mine.one(class_="queue-returned").texts("h2") == ["The patient has answered you"]
    assert mine.one(class_="queue-returned").one("button").text == "Claim"
    assert [row.texts(class_="tag") for row in mine.all("li", class_="queue__row")] == [["Returned to you"]]
    assert hers.all(class_="queue-returned") == []
    assert hers.texts(class_="tag") == ["Returned"]
    so_far = parse(client.get(address(question))).one(class_="so-far")
    assert so_far.one(class_="follow-up__answer").text.endswith("Since <March>.")


def test_a_question_that_was_answered_by_nobody_can_be_declined(doctor, question):
    client = browser(doctor)
    send(client, question, "ask_info", note="Since when?")

    send(client, question, "decline", reason="no_question", note="")

    assert row(question)["state"] == "declined"


# To a thread that has the answer


def test_a_thread_like_it_is_offered_and_closes_it(doctor, question):
    thread = published_thread(public_title="Twitching eyelids", text=question.text, headline=question.headline)
    client = browser(doctor)

    offered = parse(client.get(address(question))).one(class_="answered-before")
    response = send(client, question, "answer_by", thread=thread.pk)

    assert (offered.texts("h3"), offered.one("input", name="thread").attrs["value"]) == (
        ["Twitching eyelids"],
        str(thread.pk),
    )
    assert (response["Location"], row(question)["merged_into_id"]) == ("/dashboard/", thread.pk)
    assert decisions(question) == [("merge", doctor.user.pk, "waiting", "merged", "")]
    assert AnswerFound.objects.get(question=thread).times == 1
    assert (told(question), SEND in tasks()) == (["merged"], True)
    assert patient_sees().one(class_="notice--success").links() == [("Read the answer", thread.get_absolute_url())]


def test_closing_it_twice_counts_once(doctor, question):
    thread = published_thread()
    client = browser(doctor)
    for _time in range(2):
        send(client, question, "answer_by", thread=thread.pk)

    assert (AnswerFound.objects.get().times, len(decisions(question))) == (1, 1)


@pytest.mark.parametrize("which", ["hidden", "itself", "x", "", "9" * 30])
def test_only_a_public_thread_answers(doctor, question, which):
    ids = {"hidden": QuestionFactory(hidden=True).pk, "itself": question.pk}

    response = send(browser(doctor), question, "answer_by", thread=ids.get(which, which))

    assert (response.status_code, row(question)["state"], AnswerFound.objects.count()) == (422, "waiting", 0)


def test_a_published_question_is_not_closed_by_a_doctor(doctor, neurology):
    question, thread = published_thread(specialty=neurology), published_thread()

    response = send(browser(doctor), question, "answer_by", thread=thread.pk)

    assert (response.status_code, row(question)["state"]) == (409, State.PUBLISHED)


def test_nothing_is_closed_where_one_part_fails(doctor, question, monkeypatch):
    thread = published_thread()
    client = browser(doctor)
    client.raise_request_exception = False
    monkeypatch.setattr(services, "AnswerFound", None)

    response = send(client, question, "answer_by", thread=thread.pk)

    assert (response.status_code, row(question)["state"], decisions(question), tasks()) == (500, "waiting", [], [])


def test_what_came_too_late_is_given_back(doctor, dermatology, question):
    question.decline(by=DoctorFactory(), reason="abusive")

    response = send(browser(doctor), question, "transfer", to="dermatology", note="Look at the skin.")

    assert response.status_code == 409
    assert parse(response).one("textarea", id="unsaved-note").source == "Look at the skin."


def test_the_request_of_another_question_is_not_shown(doctor, question):
    InfoRequestFactory(note="Elsewhere.")

    assert "Elsewhere." not in browser(doctor).get(address(question)).content.decode()
