"""Correcting a published reply."""

from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from forum.moderation import services
from forum.questions.models import State, WrongState
from forum.replies.models import Reply
from forum.replies.seen import ChangedMeanwhile
from forum.search.queries import search_questions
from tests.factories import (
    CorrectionFactory,
    DoctorFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.moderation.desk import browser, decisions, tasks
from tests.races import at_once


@pytest.fixture
def doctor():
    return DoctorFactory(name="Wu Mukhan", specialties=[SpecialtyFactory()])


@pytest.fixture
def reply(doctor):
    question = published_thread(
        specialty=doctor.specialties.get(), modified_at=None, reply__doctor=doctor, reply__text="Take two pills a day."
    )
    return question.replies.get()


def page_of(reply: Reply) -> str:
    return f"/dashboard/questions/{reply.question_id}/replies/{reply.pk}/correct/"


def send(doctor, reply: Reply, text: str = "Take one pill a day.", act: str = "correct", **changes):
    data = {"text": text, "reason": "wrong", "since": reply.edition, "act": act} | changes
    return browser(doctor).post(page_of(reply), data)


@pytest.mark.django_db
def test_readers_see_the_new_words_and_the_day(doctor, reply):
    response = send(doctor, reply, "Take one pill a day.\n<b>No more.</b>")

    shown = parse(Client().get(reply.question.get_absolute_url())).one(id=f"reply-{reply.pk}")
    assert (response.status_code, response["Location"]) == (302, reply.get_absolute_url())
    assert shown.one(class_="prose").text == "Take one pill a day.<b>No more.</b>"
    assert shown.one(class_="reply__corrected").text == f"Corrected: {timezone.localdate():%Y/%m/%d}"


@pytest.mark.django_db
def test_what_an_admin_asked_to_correct_leads_to_the_reply_and_ends_with_its_correction(doctor, reply):
    asked = CorrectionFactory(question=reply.question, what=f"reply-{reply.pk}", doctor=doctor)
    elsewhere = CorrectionFactory(question=reply.question, what="more-info", doctor=doctor)

    row = parse(browser(doctor).get("/dashboard/")).all(class_="queue__title")[0]
    send(doctor, reply)

    asked.refresh_from_db()
    elsewhere.refresh_from_db()
    assert row.attrs["href"] == page_of(reply)
    assert (asked.done_by, elsewhere.done_by) == (doctor, None)


@pytest.mark.django_db
def test_a_correction_is_recorded_and_a_change_of_the_thread(doctor, reply):
    send(doctor, reply)

    reply.refresh_from_db()
    reply.question.refresh_from_db()
    assert (reply.corrected_by, reply.question.modified_at) == (doctor, reply.corrected_at)
    assert decisions(reply.question) == [("correct", doctor.user.pk, "", "", "wrong")]


@pytest.mark.django_db
def test_search_finds_the_new_words_and_no_longer_the_old(doctor, reply):
    send(doctor, reply, "Drink chamomile tea.")

    found = {words: list(search_questions(words)) for words in ("chamomile", "pills")}
    assert found == {"chamomile": [reply.question], "pills": []}
    assert tasks() == [("renew_similar_around", [reply.question_id])]


@pytest.mark.django_db
def test_the_old_words_are_kept_as_a_revision(doctor, reply):
    send(doctor, reply)

    page = parse(browser(doctor).get(f"/dashboard/questions/{reply.question_id}/replies/{reply.pk}/revisions/"))
    assert page.one(class_="difference").texts("del") == ["[removed: two pills]"]
    assert page.one(class_="difference").texts("ins") == ["[added: one pill]"]


@pytest.mark.django_db
def test_the_same_words_again_change_nothing(doctor, reply):
    answers = [send(doctor, reply) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (len(decisions(reply.question)), len(tasks())) == (1, 1)


@pytest.mark.django_db
def test_what_would_change_is_shown_first_and_nothing_is_published(doctor, reply):
    response = send(doctor, reply, act="look")

    reply.refresh_from_db()
    page = parse(response)
    assert (response.status_code, reply.text, reply.corrected_at) == (200, "Take two pills a day.", None)
    assert page.one(class_="difference").text == "Take [removed: two pills] [added: one pill] a day."
    assert page.one("textarea").source.strip() == "Take one pill a day."


@pytest.mark.django_db
def test_words_that_look_like_personal_data_are_pointed_out(doctor, reply):
    page = parse(send(doctor, reply, "Please call Mrs. Chen on 0912 345 678.", act="look"))

    assert page.one(class_="notice").texts("mark") == ["Mrs. Chen", "0912 345 678"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": " \n"}, "The reply: A reply cannot be empty. To take it off the site, ask an admin."),
        ({"text": "x" * 20_001}, "The reply: Ensure this value has at most 20000 characters (it has 20001)."),
        ({"reason": "mood"}, "What was the matter?: Select a valid choice. mood is not one of the available choices."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(doctor, reply, changes, error):
    response = send(doctor, reply, **changes)

    reply.refresh_from_db()
    page = parse(response)
    assert (response.status_code, reply.text) == (422, "Take two pills a day.")
    assert page.one(class_="error-summary").texts("li") == [error]
    assert page.one("textarea").source.strip() == changes.get("text", "Take one pill a day.").strip()


@pytest.mark.django_db
def test_of_two_windows_the_second_sees_what_changed_and_keeps_its_words(doctor, reply):
    since = reply.edition
    send(doctor, reply, "Take one pill a day.", since=since)

    late = send(doctor, reply, "Take no pill.", since=since)

    reply.refresh_from_db()
    page = parse(late)
    assert (late.status_code, reply.text) == (409, "Take one pill a day.")
    assert page.one(class_="error-summary").one("h2").text == "It was changed since you opened it"
    assert page.one(class_="difference").text == "Take [removed: one] [added: no] pill [removed: a day] ."
    assert page.one("textarea").source.strip() == "Take no pill."
    again = send(doctor, reply, "Take no pill.", since=page.one("input", name="since").attrs["value"])
    reply.refresh_from_db()
    assert (again.status_code, reply.text) == (302, "Take no pill.")


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_published_and_the_other_is_told(doctor, reply):
    acts = [
        partial(reply_of(reply).correct, by=doctor, text=word, reason="wrong", since=reply.edition) for word in "ab"
    ]

    outcomes = at_once(*acts)

    reply.refresh_from_db()
    assert {type(outcome) for outcome in outcomes} == {bool, ChangedMeanwhile}
    assert reply.text == "ab"[[type(outcome) for outcome in outcomes].index(bool)]
    assert len(decisions(reply.question)) == 1


def reply_of(reply: Reply) -> Reply:
    return Reply.objects.get(pk=reply.pk)


@pytest.mark.django_db(transaction=True)
def test_a_correction_sent_twice_at_once_is_one(doctor, reply):
    answers = at_once(*[partial(send, doctor, reply)] * 4)

    assert [answer.status_code for answer in answers] == [302] * 4
    assert (len(decisions(reply.question)), len(tasks())) == (1, 1)


@pytest.mark.django_db
def test_nothing_changes_where_one_part_fails(doctor, reply, monkeypatch):
    monkeypatch.setattr(services, "index_questions", None)

    with pytest.raises(TypeError):
        send(doctor, reply)

    reply.refresh_from_db()
    reply.question.refresh_from_db()
    assert (reply.text, reply.corrected_at, reply.question.modified_at) == ("Take two pills a day.", None, None)
    assert decisions(reply.question) == []


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.WAITING, State.DECLINED, State.WITHDRAWN, State.MERGED])
def test_a_reply_of_a_thread_that_is_not_public_is_not_corrected(state):
    traits = {State.WAITING: {}, State.DECLINED: {"declined": True}, State.WITHDRAWN: {"withdrawn": True}}
    reply = ReplyFactory(question=QuestionFactory(**traits.get(state, {"merged": True})))

    with pytest.raises(WrongState):
        reply.correct(by=reply.doctor, text="New.", reason="wrong")

    assert reply_of(reply).corrected_at is None


@pytest.mark.django_db
def test_a_hidden_thread_may_be_put_right(doctor, reply):
    reply.question.hide(by=UserFactory(admin=True), reason="harmful")

    response = send(doctor, reply)

    assert (response.status_code, reply_of(reply).text) == (302, "Take one pill a day.")


@pytest.mark.django_db
def test_thread_merged_while_the_doctor_types_keeps_the_words(doctor, reply):
    target = published_thread(specialty=reply.question.specialty)
    reply.question.merge_into(target, by=UserFactory(admin=True))

    response = send(doctor, reply, "My words.")

    page = parse(response)
    assert (response.status_code, reply_of(reply).text) == (409, "Take two pills a day.")
    assert page.texts(role="status") == ["The thread is not public any more, so nothing was changed."]
    assert page.one("textarea").source.strip() == "My words."


@pytest.mark.django_db
def test_a_hidden_reply_is_not_shown_to_its_writer_who_left_the_specialty(doctor, reply):
    reply.question.hide(by=UserFactory(admin=True), reason="harmful")
    doctor.specialties.clear()

    assert browser(doctor).get(page_of(reply)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_the_writer_corrects(reply, method):
    colleague = DoctorFactory(specialties=[reply.question.specialty])

    response = getattr(browser(colleague), method)(page_of(reply), {"text": "Mine.", "reason": "wrong"})

    assert (response.status_code, reply_of(reply).text) == (404, "Take two pills a day.")


@pytest.mark.django_db
def test_the_writer_corrects_after_leaving_the_specialty(doctor, reply):
    doctor.specialties.clear()

    assert send(doctor, reply).status_code == 302


@pytest.mark.django_db
def test_work_page_leads_to_the_correction_and_to_the_revisions(doctor, reply):
    work, colleague = f"/dashboard/questions/{reply.question_id}/", DoctorFactory(specialties=doctor.specialties.all())
    send(doctor, reply)

    links = [parse(browser(each).get(work)).one(class_="after-publishing").texts("a") for each in (doctor, colleague)]

    revisions = "Revisions of Dr. Wu Mukhan's reply"
    assert links == [["Correct your reply", revisions], [revisions]]


@pytest.mark.django_db
def test_history_says_why_in_words(doctor, reply):
    send(doctor, reply)

    history = parse(browser(doctor).get(f"/dashboard/questions/{reply.question_id}/")).one(class_="history")
    assert history.one("li").text.endswith(" Reply corrected: Dr. Wu Mukhan (It was wrong)")


@pytest.mark.django_db
def test_a_correction_that_names_somebody_waits_for_the_doctor_to_say_that_it_is_meant(doctor, reply):
    text = "Please call Mrs. Chen on 0912 345 678."

    page = parse(send(doctor, reply, text))
    reply.refresh_from_db()
    assert reply.text == "Take two pills a day."
    send(doctor, reply, text, personal_meant=page.one("input", name="personal_meant").attrs["value"])

    reply.refresh_from_db()
    assert reply.text == text
