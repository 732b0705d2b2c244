"""A second opinion on a public thread: another doctor's reply, or an agreement by name."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from forum.moderation import colleagues
from forum.moderation.figures.own import own_figures
from forum.moderation.permissions import can_add_reply, can_agree
from forum.questions.models import Question, WrongState
from forum.replies.models import Agreement, Draft, Reply
from forum.search.queries import search_questions
from tests.factories import (
    AgreementFactory,
    DoctorFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.moderation.desk import SEND, address, browser, decisions, tasks, told
from tests.races import at_once

pytestmark = pytest.mark.django_db
MINE = "I would also look at the thyroid."


@pytest.fixture
def dermatology():
    return SpecialtyFactory(name="Dermatology")


@pytest.fixture
def doctor(dermatology):
    """Of another specialty than the thread's."""
    return DoctorFactory(name="Ada Lin", specialties=[dermatology])


@pytest.fixture
def thread():
    return published_thread(
        specialty=SpecialtyFactory(name="Neurology"),
        modified_at=timezone.now() - timedelta(days=9),
        reply__doctor__name="Wu Mukhan",
    )


def page_of(question: Question) -> str:
    return f"{address(question)}opinion/"


def send(doctor, question: Question, act: str = "publish", **fields):
    return browser(doctor).post(page_of(question), {"text": MINE, **fields, "act": act})


def replies(question: Question) -> list[str]:
    """What a reader sees of each reply."""
    found = parse(Client().get(question.get_absolute_url())).one(id="replies").all("article")
    return [f"{reply.one('h3').text}: {reply.one(class_='prose').text}" for reply in found]


# ---------------------------------------------------------------- a second reply


def test_a_reader_sees_both_replies_in_order_each_with_doctor_specialty_and_day(doctor, thread):
    response = send(doctor, thread)

    second = thread.replies.get(doctor=doctor)
    page = parse(Client().get(thread.get_absolute_url()))
    today = timezone.localdate().strftime("%Y/%m/%d")
    assert (response.status_code, response["Location"]) == (302, second.get_absolute_url())
    assert replies(thread) == [
        "Dr. Wu Mukhan reply Neurology: It is most likely harmless and comes from tiredness.",
        f"Dr. Ada Lin reply Dermatology: {MINE}",
    ]
    assert page.texts(class_="reply__date") == ["Reply Date: 2023/12/16", f"Reply Date: {today}"]


def test_a_second_reply_is_a_change_of_the_thread_that_its_asker_hears_of(doctor, thread):
    Question.objects.filter(pk=thread.pk).update(email="patient@example.org")

    send(doctor, thread)

    thread.refresh_from_db()
    reply = thread.replies.get(doctor=doctor)
    assert thread.modified_at == reply.created_at
    assert decisions(thread) == [("second_reply", doctor.user.pk, "", "", f"reply {reply.pk}")]
    assert told(thread) == ["second_reply"]
    assert tasks() == [("renew_similar_around", [thread.pk]), SEND]
    assert list(search_questions("thyroid")) == [thread]


@pytest.mark.parametrize("under", [False, True])
def test_a_doctor_of_the_specialty_speaks_for_it(thread, under):
    if under:
        Question.objects.filter(pk=thread.pk).update(specialty=SpecialtyFactory(parent=thread.specialty))
        thread.refresh_from_db()
    own = thread.specialty.parent or thread.specialty
    colleague = DoctorFactory(specialties=[SpecialtyFactory(name="Anatomy"), own])

    send(colleague, thread)

    assert thread.replies.get(doctor=colleague).specialty == thread.specialty


def test_sent_twice_it_is_published_once(doctor, thread):
    first, second = send(doctor, thread), send(doctor, thread)

    assert first["Location"] == second["Location"]
    assert (thread.replies.count(), len(decisions(thread)), len(tasks())) == (2, 1, 1)


def test_a_doctor_replies_once_and_other_words_are_not_lost(doctor, thread):
    send(doctor, thread)

    response = send(doctor, thread, text="Other words.")

    page = parse(response)
    assert (response.status_code, thread.replies.count()) == (409, 2)
    assert page.texts(role="status") == ["Nothing was changed: the thread is not public any more, or you have replied."]
    assert (page.all(id="work-form"), page.one(id="unsaved-text").source) == ([], "Other words.")


def test_who_has_replied_sees_no_form(thread):
    page = parse(browser(thread.replies.get().doctor).get(page_of(thread)))

    assert page.all(id="work-form") == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Please write a reply."),
        (" \n", "Please write a reply."),
        ("x" * 20_001, "Ensure this value has at most 20000 characters (it has 20001)."),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(doctor, thread, text, error):
    response = send(doctor, thread, text=text)

    page = parse(response)
    assert (response.status_code, thread.replies.count()) == (422, 1)
    assert page.one(class_="error-summary").texts("li") == [f"Your reply: {error}"]
    assert page.one("textarea", name="text").source.strip() == text.strip()


def test_nothing_changes_where_one_part_fails(doctor, thread, monkeypatch):
    monkeypatch.setattr(colleagues, "notify_of", None)

    with pytest.raises(TypeError):
        send(doctor, thread)

    before = thread.modified_at
    thread.refresh_from_db()
    assert (thread.replies.count(), thread.modified_at, decisions(thread)) == (1, before, [])


def test_a_doctor_without_a_specialty_speaks_for_none(thread):
    with pytest.raises(WrongState):
        colleagues.add_reply(question=thread, doctor=DoctorFactory(), text=MINE)

    assert thread.replies.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_doctor_sending_it_twice_at_once_publishes_once():
    thread = published_thread()
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])

    answers = at_once(*[partial(send, doctor, thread)] * 4)

    assert [answer.status_code for answer in answers] == [302] * 4
    assert (thread.replies.count(), len(decisions(thread)), len(tasks())) == (2, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_windows_of_one_doctor_with_other_words_publish_one_reply():
    thread = published_thread()
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])

    answers = at_once(partial(send, doctor, thread, text="One."), partial(send, doctor, thread, text="Two."))

    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert thread.replies.filter(doctor=doctor).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_doctors_at_once_both_reply():
    thread = published_thread()
    doctors = [DoctorFactory(specialties=[SpecialtyFactory()]) for _number in range(2)]

    answers = at_once(*(partial(send, doctor, thread, text=f"Of {doctor.pk}.") for doctor in doctors))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert set(thread.replies.values_list("text", flat=True)) >= {f"Of {doctor.pk}." for doctor in doctors}


def test_a_second_reply_counts_as_answered_but_nobody_waited_for_it():
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    thread = published_thread(created_at=timezone.now() - timedelta(days=400))

    send(doctor, thread)

    figures = own_figures(doctor)
    assert (figures.answered, figures.wait) == (1, None)


# ---------------------------------------------------------------- its draft


def test_a_draft_is_saved_and_found_again(doctor, thread):
    response = send(doctor, thread, "save", version=0)

    page = parse(browser(doctor).get(page_of(thread)))
    assert (response.status_code, response["Location"]) == (302, page_of(thread))
    assert page.one("textarea", name="text").source.strip() == MINE
    assert page.one("input", name="version").attrs["value"] == "1"
    assert (thread.replies.count(), tasks()) == (1, [])


def test_what_came_too_late_as_a_first_reply_is_there_to_begin_with(thread):
    late = DoctorFactory(specialties=[thread.specialty])
    Draft.objects.create(question=thread, doctor=late, text="Typed too late.")

    page = parse(browser(late).get(page_of(thread)))

    assert page.one("textarea", name="text").source.strip() == "Typed too late."


def test_a_draft_saves_itself_and_ends_with_the_publication(doctor, thread):
    answer = browser(doctor).post(f"{page_of(thread)}draft/", {"text": MINE, "version": 0, "window": "a"}).json()
    kept = Draft.objects.get().text

    send(doctor, thread, version=answer["version"])

    assert (kept, answer["said"]) == (MINE, f"Saved {answer['saved_at'][11:16]}")
    assert Draft.objects.count() == 0


def test_a_draft_of_another_window_is_not_overwritten(doctor, thread):
    Draft.objects.create(question=thread, doctor=doctor, text="Typed elsewhere.", version=2)

    answers = [
        browser(doctor).post(f"{page_of(thread)}draft/", {"text": MINE, "version": 1}),
        send(doctor, thread, version=1),
    ]

    page = parse(answers[1])
    assert [answer.status_code for answer in answers] == [409, 409]
    assert page.texts(class_="conflict__words") == [MINE, "Typed elsewhere."]
    assert (Draft.objects.get().text, thread.replies.count()) == ("Typed elsewhere.", 1)


@pytest.mark.parametrize(("act", "kept"), [("keep_mine", MINE), ("take_other", "Typed elsewhere.")])
def test_of_two_versions_the_doctor_chooses_one(doctor, thread, act, kept):
    Draft.objects.create(question=thread, doctor=doctor, text="Typed elsewhere.", version=2)

    response = send(doctor, thread, act, version=1, other_version=2)

    assert (response.status_code, Draft.objects.get().text) == (302, kept)


def test_a_draft_that_comes_too_late_is_not_saved_and_that_is_said(thread):
    doctor = thread.replies.get().doctor

    response = browser(doctor).post(f"{page_of(thread)}draft/", {"text": MINE, "version": 0})

    assert (response.status_code, Draft.objects.count()) == (409, 0)
    assert response.json()["said"].startswith("Not saved: the thread is not public any more")


# ---------------------------------------------------------------- agreeing


def test_a_press_puts_the_name_under_a_reply_and_another_takes_it_away(doctor, thread):
    reply = thread.replies.get()
    client = browser(doctor)
    form = parse(client.get(page_of(thread))).one("form", class_="agree")

    response = client.post(form.attrs["action"], follow=True)

    page = parse(response)
    back = page.one("form", class_="agree")
    assert form.one("button").text == "I agree with Dr. Wu Mukhan, by name"
    assert page.one(id=f"reply-{reply.pk}").texts(class_="reply__agreed") == ["Dr. Ada Lin agrees"]
    assert back.one("button").text == "Take back my agreement with Dr. Wu Mukhan"
    after = parse(client.post(back.attrs["action"], follow=True))
    assert (after.all(class_="reply__agreed"), Agreement.objects.count()) == ([], 0)


def test_a_reply_of_ones_own_has_no_such_button(thread):
    reply = thread.replies.get()
    client = browser(reply.doctor)

    response = client.post(f"{address(thread)}replies/{reply.pk}/agree/", follow=True)

    page = parse(response)
    assert page.texts(role="status") == ["It is your own reply. Nothing was changed."]
    assert (page.all("form", class_="agree"), Agreement.objects.count()) == ([], 0)


def test_a_reply_of_another_thread_is_not_found(doctor, thread):
    other = ReplyFactory(question=published_thread())

    response = browser(doctor).post(f"{address(thread)}replies/{other.pk}/agree/")

    assert (response.status_code, Agreement.objects.count()) == (404, 0)


def test_a_reply_of_a_doctor_nobody_knows_may_be_agreed_with(doctor, thread):
    Reply.objects.filter(question=thread).update(doctor=None)

    page = parse(browser(doctor).get(page_of(thread)))

    assert page.one("form", class_="agree").one("button").text == "I agree with this doctor, by name"


def test_the_asker_sees_who_agrees(thread):
    AgreementFactory(reply=thread.replies.get(), doctor__name="Ada Lin")
    asker = UserFactory()
    Question.objects.filter(pk=thread.pk).update(asker=asker)
    client = Client()
    client.force_login(asker)

    page = parse(client.get(f"/my/questions/{thread.pk}/"))

    assert page.texts(class_="reply__agreed") == ["Dr. Ada Lin agrees"]


# ---------------------------------------------------------------- who may, and how they come there


@pytest.mark.parametrize(
    ("who", "adds", "agrees"),
    [
        ({"specialties": "own"}, True, True),
        ({"specialties": "other"}, True, True),
        ({}, False, True),
        ({"specialties": "own", "unverified": True}, False, False),
        ({"specialties": "own", "expired": True}, False, False),
        ({"specialties": "own", "licence": None}, False, False),
    ],
)
def test_any_working_doctor_may(thread, dermatology, who, adds, agrees):
    specialties = {"own": [thread.specialty], "other": [dermatology], None: []}[who.get("specialties")]
    user = DoctorFactory(**who | {"specialties": specialties}).user

    assert (can_add_reply(user, thread), can_agree(user, thread.replies.get())) == (adds, agrees)


def test_nobody_may_on_what_is_not_public(doctor):
    waiting = QuestionFactory()
    reply = ReplyFactory(question=QuestionFactory(hidden=True))

    assert (can_add_reply(doctor.user, waiting), can_agree(doctor.user, reply)) == (False, False)


def test_nobody_agrees_with_a_reply_that_was_taken_off_the_page(doctor, thread):
    reply = ReplyFactory(question=thread)
    reply.hide(by=UserFactory(admin=True), reason="danger")

    response = browser(doctor).post(f"{address(thread)}replies/{reply.pk}/agree/")

    assert (response.status_code, Agreement.objects.count()) == (404, 0)


def test_for_a_second_opinion_only_what_readers_see_is_shown(doctor):
    thread = published_thread(medication="Secret pills", conditions="Secret illness", asked_on=date(2023, 12, 15))

    page = browser(doctor).get(page_of(thread)).content.decode()

    assert "Secret" not in page


@pytest.mark.parametrize(("who", "shown"), [("doctor", True), ("patient", False), ("visitor", False)])
def test_the_thread_leads_doctors_to_it_and_nobody_else(doctor, thread, who, shown):
    client = {"doctor": lambda: browser(doctor), "patient": Client, "visitor": Client}[who]()
    if who == "patient":
        client.force_login(UserFactory())

    page = parse(client.get(thread.get_absolute_url()))

    links = [("For doctors: give a second opinion", page_of(thread))] if shown else []
    assert [link for element in page.all(class_="for-doctors") for link in element.links()] == links


def test_the_work_page_leads_to_it(thread):
    colleague = DoctorFactory(specialties=[thread.specialty])

    page = parse(browser(colleague).get(address(thread)))

    assert page_of(thread) in [path for _words, path in page.links()]


def test_words_that_name_somebody_are_published_once_the_doctor_has_said_that_they_are_meant(doctor, thread):
    text = "Please call Mrs. Chen on 0912 345 678."

    page = parse(send(doctor, thread, text=text))
    assert thread.replies.count() == 1
    meant = page.one("input", name="personal_meant").attrs["value"]
    send(doctor, thread, text=text, personal_meant=meant)

    assert thread.replies.filter(doctor=doctor, text=text).exists()
