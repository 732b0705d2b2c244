"""No personal data becomes public without the doctor's decision: the patient's or, in the doctor's words, anybody's."""

import pytest
from django.test import Client

from forum.moderation import services
from forum.questions.models import Question, State
from forum.replies.models import Reply
from forum.search.queries import search_questions
from tests.factories import DoctorFactory, FollowUpFactory, QuestionFactory, SpecialtyFactory, published_thread
from tests.html import parse
from tests.moderation.desk import address, browser, decisions, send

pytestmark = pytest.mark.django_db
TELLING = "My eyelid twitches. Call me on 0912 345 678, Mrs. Chen. I am 34."
INSTEAD = "My eyelid twitches. Call me on [phone number], [name]. I am 34."


@pytest.fixture
def doctor():
    return DoctorFactory(name="Wu Mukhan", specialties=[SpecialtyFactory()])


@pytest.fixture
def question(doctor):
    return QuestionFactory(
        specialty=doctor.specialties.get(), headline="Mrs. Chen asks", text=TELLING, pseudonym="kk@example.org"
    )


def test_the_doctor_sees_what_the_patients_words_tell(doctor, question):
    section = parse(browser(doctor).get(address(question))).one("section", class_="personal")

    assert section.texts("mark") == ["Mrs. Chen", "0912 345 678", "Mrs. Chen", "kk@example.org"]
    assert section.texts(class_="findings__instead")[0] == "→ [name]"
    assert "checked" not in section.one("input", name="keep_personal").attrs


def test_published_without_a_word_on_it_the_patients_words_are_replaced(doctor, question):
    send(browser(doctor), question, "publish")

    question.refresh_from_db()
    page = Client().get(question.get_absolute_url()).content.decode()
    assert (question.state, question.headline, question.text) == (State.PUBLISHED, "[name] asks", INSTEAD)
    assert question.pseudonym == "[e-mail address]"
    assert not any(words in page for words in ("0912", "Chen", "kk@example.org"))
    assert list(search_questions("Chen")) == []
    user = doctor.user.pk
    assert decisions(question) == [
        ("personal_data_removed", user, "", "", "4"),
        ("publish", user, "waiting", "published", ""),
    ]


def test_the_doctor_may_leave_the_patients_words_as_they_are(doctor, question):
    send(browser(doctor), question, "publish", keep_personal="on")

    question.refresh_from_db()
    assert (question.headline, question.text) == ("Mrs. Chen asks", TELLING)
    assert decisions(question)[0] == ("personal_data_kept", doctor.user.pk, "", "", "4")


def test_the_box_stays_ticked_where_the_page_comes_back(doctor, question):
    page = parse(send(browser(doctor), question, "publish", keep_personal="on", public_title=""))

    assert "checked" in page.one("input", name="keep_personal").attrs


def test_words_grow_no_longer_than_their_column(doctor, question):
    question.headline = f"{'x' * 186} a@example.org"
    question.save()

    send(browser(doctor), question, "publish")

    question.refresh_from_db()
    assert question.headline == f"{'x' * 186} [e-mail addre"


def test_where_publishing_fails_the_patients_words_stay(doctor, question, monkeypatch):
    client = browser(doctor)
    client.raise_request_exception = False
    before = Question.objects.values().get()
    monkeypatch.setattr(services, "notify_of", None)

    assert send(client, question, "publish").status_code == 500
    assert Question.objects.values().get() == before
    assert decisions(question) == []


OWN = {"text": "Hello Mr. Lin, call me on 0933 204 118.", "more_info": ""}


def test_the_doctors_own_words_come_back_once_where_they_tell_of_somebody(doctor, question):
    client = browser(doctor)

    answer = send(client, question, "publish", **OWN)

    box = parse(answer).one("form", id="work-form").one(class_="personal", role="alert")
    assert (answer.status_code, Reply.objects.count()) == (422, 0)
    assert box.texts("mark") == ["Mr. Lin", "0933 204 118"]
    assert parse(answer).one("textarea", name="text").source.strip() == OWN["text"]
    meant = box.one("input", name="personal_meant").attrs["value"]
    assert send(client, question, "publish", **OWN, personal_meant=meant).url == "/dashboard/"
    assert Reply.objects.get().text == OWN["text"]


@pytest.mark.parametrize("field", ["public_title", "text", "more_info"])
def test_what_was_not_confirmed_is_not_published(doctor, question, field):
    client = browser(doctor)
    first = parse(send(client, question, "publish", text="Hello Mr. Lin."))
    meant = first.one("input", name="personal_meant").attrs["value"]

    answer = send(client, question, "publish", **{field: "Hello Mrs. Wang."}, personal_meant=meant)

    assert (answer.status_code, Reply.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    "text",
    ["Call 119 at once.", "Yours, Wu Mukhan", "Hello Kk, sleep more.", "Dr. Huang may see you.", "Lifeline: 1995"],
)
def test_the_doctors_name_the_pseudonym_and_emergency_numbers_may_stand_there(doctor, text):
    question = QuestionFactory(specialty=doctor.specialties.get(), pseudonym="Kk")

    assert send(browser(doctor), question, "publish", text=text).url == "/dashboard/"


@pytest.fixture
def follow_up(doctor):
    thread = published_thread(specialty=doctor.specialties.get(), reply__doctor=doctor)
    return FollowUpFactory(question=thread, text=TELLING)


def answer_it(doctor, follow_up, **fields):
    path = f"/dashboard/questions/{follow_up.question_id}/follow-ups/{follow_up.pk}/"
    return browser(doctor).post(path, {"answer": "Yes, you can.", **fields})


def test_a_follow_up_is_published_with_its_personal_data_replaced(doctor, follow_up):
    page = parse(browser(doctor).get(address(follow_up.question)))
    assert page.one(id="follow-ups").texts("mark") == ["0912 345 678", "Mrs. Chen"]

    answer_it(doctor, follow_up)

    follow_up.refresh_from_db()
    assert (follow_up.text, follow_up.answer) == (INSTEAD, "Yes, you can.")
    assert [(act, reason) for act, *_rest, reason in decisions(follow_up.question)] == [
        ("answer_follow_up", ""),
        ("personal_data_removed", "2"),
    ]


def test_a_follow_up_may_be_left_as_it_is(doctor, follow_up):
    answer_it(doctor, follow_up, keep_personal="on")

    follow_up.refresh_from_db()
    assert follow_up.text == TELLING
    assert decisions(follow_up.question)[-1][0] == "personal_data_kept"


def test_the_answer_to_a_follow_up_comes_back_once(doctor, follow_up):
    answer = answer_it(doctor, follow_up, answer="Yes, Mrs. Wang.")

    follow_up.refresh_from_db()
    box = parse(answer).one(class_="personal", role="alert")
    assert (answer.status_code, follow_up.answer, box.texts("mark")) == (422, "", ["Mrs. Wang"])
    meant = box.one("input", name="personal_meant").attrs["value"]
    answer_it(doctor, follow_up, answer="Yes, Mrs. Wang.", personal_meant=meant)
    follow_up.refresh_from_db()
    assert follow_up.answer == "Yes, Mrs. Wang."


def test_check_answer_tells_what_it_finds(doctor, follow_up):
    path = f"/dashboard/questions/{follow_up.question_id}/check/"

    assert parse(browser(doctor).post(path, {"answer": "Yes, Mrs. Wang."})).texts("mark") == ["Mrs. Wang"]
    assert parse(browser(doctor).post(path, {"answer": "Yes, says Wu Mukhan."})).texts("mark") == []
