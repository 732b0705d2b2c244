"""A doctor asks a colleague, by name, to look at a question and the draft before it is published."""

from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Doctor
from forum.moderation import colleagues, services
from forum.moderation.models import LookRequest
from forum.moderation.permissions import can_look_at_question
from forum.questions.models import WrongState
from forum.replies.models import Draft
from tests.factories import (
    DoctorFactory,
    InfoRequestFactory,
    LookRequestFactory,
    QuestionFactory,
    SpecialtyFactory,
    UserFactory,
    image_of,
    published_thread,
)
from tests.html import parse
from tests.moderation.desk import WORK, address, browser, decisions, send
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology")


@pytest.fixture
def doctor(neurology):
    return DoctorFactory(name="Wu Mukhan", specialties=[neurology])


@pytest.fixture
def colleague():
    return DoctorFactory(name="Ada Lin", specialties=[SpecialtyFactory(name="Dermatology")])


@pytest.fixture
def question(neurology):
    return QuestionFactory(specialty=neurology, headline="My eyelid twitches", medication="Ibuprofen")


@pytest.fixture
def look(question, doctor, colleague):
    return LookRequestFactory(question=question, asked_by=doctor, colleague=colleague)


def look_page(look: LookRequest) -> str:
    return f"/dashboard/looks/{look.pk}/"


def ask(doctor, question, **fields):
    return send(browser(doctor), question, "ask_look", **{"look_note": "Is it a tic?", **fields})


def answer(look: LookRequest, act: str = "comment", text: str = "Mention coffee."):
    return browser(look.colleague).post(look_page(look), {"act": act, "answer": text})


# ---------------------------------------------------------------- asking


def test_asking_saves_the_draft_and_is_recorded(doctor, colleague, question):
    response = ask(doctor, question, colleague=colleague.pk)

    look = LookRequest.objects.get()
    assert (response.status_code, response["Location"]) == (302, address(question))
    assert (look.question, look.asked_by, look.colleague, look.note) == (question, doctor, colleague, "Is it a tic?")
    assert (Draft.objects.get().text, Draft.objects.get().doctor) == (WORK["text"], doctor)
    assert ("ask_look", doctor.user.pk, "", "", "Ada Lin") in decisions(question)


def test_asked_twice_it_is_asked_once(doctor, colleague, question):
    for _time in range(2):
        ask(doctor, question, colleague=colleague.pk)

    assert LookRequest.objects.count() == 1
    assert [act for act, *_rest in decisions(question)].count("ask_look") == 1


def test_a_colleague_is_found_by_a_part_of_the_name(doctor, colleague, question):
    ask(doctor, question, colleague_name=" ada ")

    assert LookRequest.objects.get().colleague == colleague


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Colleague: Please choose a colleague, or type a name."),
        ({"colleague_name": "Nobody"}, "Or find one by name: No doctor who may work here today is called so."),
        ({"colleague_name": "in"}, "Colleague: Several doctors are called so: please choose one of these."),
        ({"colleague_name": "a\0"}, "Or find one by name: Null characters are not allowed."),
        (
            {"colleague": "ada", "colleague_name": "Bo"},
            "Or find one by name: The name is that of another than you chose: please empty one of them.",
        ),
        ({"colleague": "me"}, "Colleague: Select a valid choice. That choice is not one of the available choices."),
        ({"colleague": "gone"}, "Colleague: Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(doctor, colleague, question, fields, error):
    DoctorFactory(name="Bo Min")
    pks = {"ada": colleague.pk, "me": doctor.pk, "gone": DoctorFactory(name="Lee", expired=True).pk}
    fields = fields | ({"colleague": pks[fields["colleague"]]} if "colleague" in fields else {})

    response = ask(doctor, question, **fields)

    page = parse(response)
    assert (response.status_code, LookRequest.objects.count()) == (422, 0)
    assert page.one(class_="ask-look").one(class_="error-summary").texts("li") == [error]
    assert page.one("textarea", name="text").source.strip() == WORK["text"]
    assert page.one("textarea", name="look_note").source.strip() == "Is it a tic?"


def test_where_several_have_the_name_only_those_are_listed(doctor, colleague, question):
    for name in ("Bo Min", "Zoe"):
        DoctorFactory(name=name)

    page = parse(ask(doctor, question, colleague_name="in"))

    listed = page.one("select", name="colleague").texts("option")
    assert listed == ["---------", "Ada Lin (Dermatology)", "Bo Min"]


def test_the_doctors_of_the_specialty_stand_first_and_only_those_who_may_work(doctor, colleague, question, neurology):
    DoctorFactory(name="Zoe Near", specialties=[neurology])
    for traits in ({"unverified": True}, {"expired": True}, {"archived": True}, {"licence": None}):
        DoctorFactory(name="Not Here", **traits)

    page = parse(browser(doctor).get(address(question)))

    groups = page.one("select", name="colleague").all("optgroup")
    assert [(group.attrs["label"], group.texts("option")) for group in groups] == [
        ("Neurology", ["Zoe Near (Neurology)"]),
        ("Other specialties", ["Ada Lin (Dermatology)"]),
    ]


def test_of_many_colleagues_a_hundred_are_listed_for_the_same_number_of_queries(doctor, question, neurology):
    client = browser(doctor)
    DoctorFactory(specialties=[neurology])
    client.get(address(question))
    with CaptureQueriesContext(connection) as before:
        client.get(address(question))
    for _number in range(101):
        DoctorFactory(specialties=[neurology])

    with CaptureQueriesContext(connection) as after:
        page = parse(client.get(address(question)))

    assert len(page.one("select", name="colleague").all("option")) == 101
    assert len(after) == len(before)


def test_nobody_is_asked_about_what_does_not_wait(doctor, colleague):
    with pytest.raises(WrongState):
        colleagues.ask_to_look(question=published_thread(), doctor=doctor, colleague=colleague, note="")

    assert LookRequest.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_asked_twice_at_once_it_is_asked_once():
    doctor, colleague = DoctorFactory(specialties=[SpecialtyFactory()]), DoctorFactory()
    question = QuestionFactory(specialty=doctor.specialties.get())

    answers = at_once(*[partial(ask, doctor, question, colleague=colleague.pk)] * 3)

    assert [answer.status_code for answer in answers] == [302] * 3
    assert LookRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("look_request_answer_with_time", {"answer": "Yes."}),
        ("look_request_answer_with_time", {"is_fine": True}),
        ("look_request_answer_with_time", {"answered_at": timezone.now()}),
        ("look_request_one_open", {}),
    ],
)
def test_a_request_that_cannot_be_is_refused_by_the_database(look, constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        LookRequestFactory(question=look.question, asked_by=look.asked_by, colleague=look.colleague, **fields)


def test_nobody_asks_oneself_by_the_database(doctor):
    with pytest.raises(IntegrityError, match="look_request_of_somebody_else"):
        LookRequestFactory(asked_by=doctor, colleague=doctor)


# ---------------------------------------------------------------- looking


def test_the_colleague_finds_it_on_the_dashboard_and_reads_question_and_draft(look):
    Draft.objects.create(
        question=look.question, doctor=look.asked_by, public_title="Eyelids", text="Sleep.", more_info="## Causes"
    )
    client = browser(look.colleague)

    asked = parse(client.get("/dashboard/")).one(id="looks")
    page = parse(client.get(look_page(look)))

    assert asked.headings() == ["h2 Asked to look (1)"]
    assert asked.links() == [("My eyelid twitches", look_page(look))]
    assert "Dr. Wu Mukhan asks you" in asked.one(class_="queue__meta").text
    assert "Ibuprofen" in page.one(class_="work__patient").text
    assert page.one("article", class_="reply").text == "Eyelids Sleep."
    assert page.one(class_="article-body").headings() == ["h2 Causes"]
    assert page.one(class_="notice--info").text == "Is the dose right?"


def test_the_colleague_only_reads(look):
    client = browser(look.colleague)

    page = parse(client.get(look_page(look)))

    acts = [button.attrs.get("value") for button in page.one(class_="work__editor").all("button")]
    assert acts == ["comment", "fine"]
    assert send(client, look.question, "save").status_code == 404


@pytest.mark.parametrize(
    ("act", "text", "shown"),
    [
        ("comment", "Mention coffee.", "Ada Lin Comment"),
        ("fine", "", "Ada Lin Fine with me"),
        ("fine", "Well put.", "Ada Lin Fine with me"),
    ],
)
def test_the_doctor_who_asked_sees_the_word_on_the_work_page(look, act, text, shown):
    response = answer(look, act, text)

    page = parse(browser(look.asked_by).get(address(look.question))).one(class_="look")
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert f"Dr. {shown}" in page.text
    assert page.texts(class_="prose") == ([text] if text else [])
    reason = {"comment": "comment", "fine": "fine"}[act]
    assert decisions(look.question) == [("answer_look", look.colleague.user.pk, "", "", reason)]


def test_what_was_answered_is_no_longer_on_the_dashboard_and_may_still_be_changed(look):
    answer(look)
    answer(look)
    client = browser(look.colleague)

    shown = parse(client.get(look_page(look))).one("textarea", name="answer").source.strip()
    answer(look, "fine", "")

    look.refresh_from_db()
    assert shown == "Mention coffee."
    assert parse(client.get("/dashboard/")).all(id="looks") == []
    assert (look.is_fine, look.answer) == (True, "")
    assert [reason for *_rest, reason in decisions(look.question)] == ["comment", "fine"]


def test_the_colleague_sees_the_images_until_the_request_is_over(look):
    image = image_of(look.question, description="A rash")
    reader = browser(look.colleague)
    shown = parse(reader.get(look_page(look))).one("img", width=str(image.thumbnail_size[0])).attrs["src"]
    full = f"{look_page(look)}images/{image.name}/"

    assert (reader.get(shown).content, reader.get(full).content) == (image.read(thumbnail=True), image.read())
    assert browser(look.asked_by).get(full).status_code == 404
    look.take_back()
    assert (reader.get(shown).status_code, reader.get(full).status_code) == (404, 404)


def test_a_comment_has_words(look):
    response = answer(look, text=" ")

    page = parse(response)
    assert (response.status_code, decisions(look.question)) == (422, [])
    assert page.one(class_="error-summary").texts("li") == [
        "Your comment: Please write a comment, or say that it is fine."
    ]


def test_words_of_doctors_to_one_another_are_for_those_two(look):
    answer(look, text="Between us.")
    other = DoctorFactory(specialties=[look.question.specialty])

    seen = browser(other).get(address(look.question)).content.decode()

    assert "Between us." not in seen


def test_asking_holds_nothing_up(look, doctor):
    response = send(browser(doctor), look.question, "publish")

    look.question.refresh_from_db()
    assert (response.status_code, look.question.is_published) == (302, True)


# ---------------------------------------------------------------- when it is over

ENDS = {
    "published": lambda look: services.publish_reply(
        question=look.question, doctor=look.asked_by, work=services.Work("A title", "A reply.")
    ),
    "declined": lambda look: services.decline_question(
        question=look.question, doctor=look.asked_by, reason="examination", note=""
    ),
    "transferred": lambda look: services.transfer_question(
        question=look.question, doctor=look.asked_by, to=SpecialtyFactory(), note=""
    ),
    "answered by a thread": lambda look: services.answer_by_thread(
        question=look.question, doctor=look.asked_by, thread=published_thread()
    ),
    "withdrawn by the patient": lambda look: look.question.withdraw(by=None),
    "taken back": lambda look: look.take_back(),
    "the colleague may not work any more": lambda look: look.colleague.withdraw_verification(
        by=UserFactory(admin=True)
    ),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("answered", [False, True])
def test_when_it_is_over_the_question_is_closed_to_the_colleague(look, end, answered):
    if answered:
        look.give_answer(is_fine=True, text="")
    ENDS[end](look)
    colleague = Doctor.objects.get(pk=look.colleague_id)

    response = browser(colleague).get(look_page(look))

    assert response.status_code == (403 if end.startswith("the colleague") else 404)
    assert not can_look_at_question(colleague.user, look)


def test_asking_the_patient_for_more_ends_no_request(look, doctor):
    services.ask_info(question=look.question, doctor=doctor, note="Since when?")

    assert can_look_at_question(look.colleague.user, look)


def test_words_that_come_too_late_are_shown_again_but_nothing_of_the_patient(look):
    look.question.withdraw(by=None)

    response = answer(look, text="Typed for ten minutes.")

    page = parse(response)
    look.refresh_from_db()
    assert (response.status_code, look.answered_at) == (409, None)
    assert page.one("textarea").source == "Typed for ten minutes."
    assert "My eyelid twitches" not in page.text


def test_a_request_is_taken_back_once(look):
    path = f"{address(look.question)}looks/{look.pk}/"
    client = browser(look.asked_by)

    responses = [client.post(path) for _time in range(2)]

    assert [response.status_code for response in responses] == [302, 302]
    assert decisions(look.question) == [("take_back_look", look.asked_by.user.pk, "", "", "Ada Lin")]
    assert parse(client.get(address(look.question))).all(class_="look") == []


def test_nobody_takes_back_the_request_of_another(look):
    other = DoctorFactory(specialties=[look.question.specialty])

    response = browser(other).post(f"{address(look.question)}looks/{look.pk}/")

    look.refresh_from_db()
    assert (response.status_code, look.ended_at) == (404, None)


def test_after_a_request_is_over_the_same_colleague_may_be_asked_again(look, doctor, colleague):
    look.take_back()

    ask(doctor, look.question, colleague=colleague.pk)

    assert LookRequest.objects.asked_of(colleague).count() == 1


def test_what_the_patient_was_asked_is_there_for_the_colleague_too(look):
    InfoRequestFactory(question=look.question, asked_by=look.asked_by, answered=True, answer="In the evening.")

    page = parse(browser(look.colleague).get(look_page(look)))

    assert "In the evening." in page.one(class_="so-far").text


@pytest.mark.parametrize("traits", [{}, {"unverified": True}, {"expired": True}])
def test_another_than_the_one_who_was_asked_sees_nothing(look, traits):
    other = DoctorFactory(specialties=[look.question.specialty], **traits)

    response = browser(other).get(look_page(look))

    assert response.status_code == (403 if traits else 404)
    assert not can_look_at_question(other.user, look)
