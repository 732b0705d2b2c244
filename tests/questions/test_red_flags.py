"""A question that may be an emergency: always taken, told so first, and marked urgent."""

import pytest
from django.db import IntegrityError

from forum.questions.models import Question
from tests.asking import browser, send_question
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, published_thread
from tests.html import parse
from tests.questions.private_page import PAGE, TOKEN, act, in_state

pytestmark = pytest.mark.django_db

ALARMING = "Since an hour a heavy pressure on my chest, and I am sweating."
STROKE = "Her face is drooping and her speech is slurred."


def acts(question: Question) -> list[tuple[str, str]]:
    return list(question.decisions.values_list("act", "reason"))


def interruptions(page) -> list[str]:
    return [part.one("strong").text for part in parse(page).all("section", class_="red-flags")]


@pytest.mark.parametrize("field", ["headline", "text", "different_because", "duration", "conditions", "medication"])
def test_question_is_taken_at_once_and_marked_urgent_wherever_it_alarms(field):
    answer = send_question(browser(), SpecialtyFactory(), **{field: ALARMING})

    question = Question.objects.get()
    assert answer.status_code == 302
    assert answer.url.startswith("/status/")
    assert (question.red_flags, question.urgent) == (["chest_pain"], True)
    assert acts(question) == [("ask", ""), ("flag", "chest_pain")]


def test_another_question_is_not_urgent():
    send_question(browser(), SpecialtyFactory())

    question = Question.objects.get()
    assert (question.red_flags, question.urgent, question.advice_is_due) == ([], False, False)


def test_the_page_after_it_tells_first_whom_to_call(settings):
    settings.COUNTRY = "GB"
    patient = browser()

    main = parse(patient.get(send_question(patient, SpecialtyFactory(), text=ALARMING).url)).one("main")

    alarm = main.one("section", class_="red-flags")
    assert alarm.one("h2").text == "Do not wait for an answer here"
    assert alarm.one("strong").text == "Chest pain that may be the heart."
    assert alarm.links() == [("Call 999", "tel:999")]
    assert alarm.texts("li")[0] == "Unlock the door, sit or lie down, and do not drive yourself."
    assert main.texts("h1") == ["Your question"]


@pytest.mark.parametrize(("country", "lines"), [("TW", ["tel:119", "tel:1925"]), ("SE", ["tel:112"])])
def test_thoughts_of_suicide_lead_to_the_crisis_line_where_one_is_known(settings, country, lines):
    settings.COUNTRY = country
    patient = browser()

    page = patient.get(send_question(patient, SpecialtyFactory(), text="I want to end my life.").url)

    assert [to for _, to in parse(page).one("section", class_="red-flags").links()] == lines


def test_going_on_is_recorded_once_and_the_page_is_quiet_again(client):
    question = in_state("waiting")
    question.flag(["stroke"])

    pages = [act(client, "read_advice") for _twice in range(2)]

    assert [interruptions(page) for page in pages] == [[], []]
    assert acts(question) == [("flag", "stroke"), ("read_advice", "")]
    question.refresh_from_db()
    assert (question.urgent, question.advice_is_due) == (True, False)


def test_reading_advice_that_there_is_none_of_changes_nothing(client):
    question = in_state("waiting")

    act(client, "read_advice")

    assert acts(question) == []


def test_a_code_that_the_rules_know_no_more_does_not_break_the_page(client):
    in_state("waiting").flag(["of_old"])

    assert interruptions(client.get(PAGE)) == []


def test_what_the_patient_adds_makes_it_urgent(client):
    question = in_state("needs_info")

    page = act(client, "answer_info", text=STROKE)

    question.refresh_from_db()
    assert (question.state, question.red_flags, question.urgent) == ("waiting", ["stroke"], True)
    assert interruptions(page) == ["Stroke."]


def test_a_follow_up_makes_it_urgent_and_readers_see_nothing_of_it(client):
    question = published_thread(token=TOKEN)
    before = client.get(question.get_absolute_url()).content

    page = act(client, "follow_up", text=STROKE)

    question.refresh_from_db()
    assert (question.state, question.urgent) == ("published", True)
    assert interruptions(page) == ["Stroke."]
    client.cookies.clear()
    assert client.get(question.get_absolute_url()).content == before


def test_what_alarms_anew_is_told_anew():
    question = QuestionFactory()
    question.flag(["stroke"])
    question.read_advice(by=None)

    assert not question.flag(["stroke"])
    assert not question.advice_is_due
    assert question.flag(["stroke", "bleeding"])
    assert question.advice_is_due
    assert question.red_flags == ["stroke", "bleeding"]


def test_a_doctor_may_find_it_not_urgent_and_what_comes_later_counts_again():
    question, doctor = QuestionFactory(), DoctorFactory()
    question.flag(["stroke"])

    assert [question.mark_not_urgent(by=doctor) for _twice in range(2)] == [True, False]
    assert acts(question) == [("flag", "stroke"), ("not_urgent", "stroke")]
    assert question.flag(["stroke"])
    assert (question.urgent, question.red_flags) == (True, ["stroke"])


def test_nothing_is_urgent_without_a_red_flag():
    with pytest.raises(IntegrityError, match="question_urgent_with_red_flags"):
        QuestionFactory(urgent=True)


def test_no_decision_holds_the_patients_words():
    send_question(browser(), SpecialtyFactory(), text=ALARMING)

    words = " ".join(reason for _, reason in acts(Question.objects.get()))
    assert "pressure" not in words


def check(patient, **typed):
    secret = parse(patient.get("/ask/")).all("input", name="csrfmiddlewaretoken")[0].attrs["value"]
    return patient.post("/ask/check/", typed, headers={"X-CSRFToken": secret})


def test_while_typing_the_same_rules_answer_with_a_fragment():
    SpecialtyFactory()

    answer = check(browser(), headline="My mother", text=STROKE)

    assert answer.status_code == 200
    assert interruptions(answer) == ["Stroke."]
    assert parse(answer).one("section").texts("button") == ["I have read this"]
    assert answer["Cache-Control"].startswith("max-age=0")


def test_a_form_that_comes_back_tells_it_too():
    answer = send_question(browser(), SpecialtyFactory(), text=STROKE, headline="")

    assert answer.status_code == 422
    assert interruptions(answer) == ["Stroke."]


def test_while_typing_other_words_get_nothing():
    SpecialtyFactory()

    answer = check(browser(), text="My eyelid twitches.")

    assert answer.content.strip() == b""


def test_too_many_checks_get_nothing_and_the_question_is_screened_all_the_same(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "check_question": "1/m/key"}
    specialty, patient = SpecialtyFactory(), browser()
    check(patient, text=STROKE)

    answer = check(patient, text=STROKE)

    assert (answer.status_code, answer["Retry-After"], answer.content.strip()) == (429, "60", b"")
    send_question(patient, specialty, text=STROKE)
    assert Question.objects.get().urgent


def test_checking_needs_the_csrf_token():
    assert browser().post("/ask/check/", {"text": STROKE}).status_code == 403


def test_a_changed_question_is_read_anew(client):
    question = in_state("waiting")
    form = parse(client.get(f"{PAGE}edit/")).one("form", class_="ask-form")
    assert form.one("textarea", name="text")

    client.post(f"{PAGE}edit/", {"specialty": question.specialty.slug, "headline": "My mother", "text": STROKE})

    question.refresh_from_db()
    assert (question.text, question.urgent, question.red_flags) == (STROKE, True, ["stroke"])
