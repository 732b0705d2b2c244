"""Suspended, retired, expired: who may not work loses the dashboard at once, and readers are told the truth."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import CannotWork, Doctor, DoctorEvent, Licence, LicenceEvent, User
from forum.archive.own_data import forget_account
from forum.articles.models import Article
from forum.moderation import services, standing
from forum.moderation.colleagues import add_reply, agree_with_reply
from forum.moderation.models import Claim
from forum.moderation.services import Work, claim_question, publish_reply
from forum.moderation.standing import OwnStanding, change_standing, look_after_licences, note_expired_licences
from forum.moderation.waiting import queue_of
from forum.notifications.models import Notice
from forum.notifications.tasks import send_due_notices
from forum.questions.models import Question
from forum.replies.models import Reply
from forum.specialties.models import Specialty
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.moderation.desk import WORK, address, browser
from tests.races import at_once

pytestmark = pytest.mark.django_db

STOPPED = {
    "suspended": lambda doctor: change(doctor, "suspend"),
    "retired by an admin": lambda doctor: change(doctor, "retire"),
    "retired": lambda doctor: standing.retire(doctor=doctor),
    "verified by mistake": lambda doctor: change(doctor, "unverify"),
    "expired": lambda doctor: expire(doctor),
    "not allowed to sign in": lambda doctor: User.objects.filter(pk=doctor.user_id).update(is_active=False),
}
FORMER = [name for name in STOPPED if name not in ("verified by mistake", "not allowed to sign in")]


def change(doctor: Doctor, act: str, reason: str = "A complaint.") -> bool:
    return change_standing(doctor=doctor, act=act, by=UserFactory(admin=True), reason=reason)


def expire(doctor: Doctor) -> None:
    Licence.objects.filter(doctor=doctor).update(expires_on=timezone.localdate() - timedelta(1))


def fresh(doctor: Doctor) -> Doctor:
    return Doctor.objects.get(pk=doctor.pk)


def told(doctor: Doctor) -> list[str]:
    return list(Notice.objects.filter(user=doctor.user_id).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def neurology() -> Specialty:
    return SpecialtyFactory(name="Neurology", slug="neurology")


# What is lost at once


@pytest.mark.parametrize("how", STOPPED)
def test_what_a_doctor_holds_is_free_at_once(neurology, how):
    doctor, colleague = (DoctorFactory(specialties=[neurology]) for _number in range(2))
    question = QuestionFactory(specialty=neurology)
    claim_question(question=question, doctor=doctor)

    STOPPED[how](doctor)

    free = list(queue_of(colleague, show="free"))
    claim_question(question=question, doctor=colleague)
    assert (free, Claim.objects.get().doctor) == ([question], colleague)


@pytest.mark.parametrize("how", ["suspended", "retired by an admin", "retired", "verified by mistake"])
def test_it_stands_in_the_history_of_the_question_that_it_is_free(neurology, how):
    doctor, question = DoctorFactory(specialties=[neurology]), QuestionFactory(specialty=neurology)
    claim_question(question=question, doctor=doctor)

    STOPPED[how](doctor)

    assert Claim.objects.count() == 0
    assert list(question.decisions.values_list("act", "by")) == [("claim", doctor.user_id), ("release", doctor.user_id)]


REASONS = {
    "suspended": "An admin has suspended your work here.",
    "retired": "You no longer work here.",
    "expired": "Your licence on record has expired.",
}


@pytest.mark.parametrize("how", REASONS)
def test_whoever_stops_while_writing_finds_the_words_on_the_page_that_refuses_them(neurology, how):
    doctor, question = DoctorFactory(specialties=[neurology]), QuestionFactory(specialty=neurology)
    client = browser(doctor)
    client.get(address(question))
    STOPPED[how](doctor)

    answer = client.post(address(question), {**WORK, "act": "publish"})

    page = parse(answer)
    question.refresh_from_db()
    assert (answer.status_code, question.state) == (403, "waiting")
    assert page.one(class_="lede").text.startswith(REASONS[how])
    assert WORK["text"].splitlines()[0] in page.text
    assert WORK["more_info"].splitlines()[0] in page.text


def test_a_suspended_doctor_reads_why(neurology):
    doctor = DoctorFactory(specialties=[neurology])
    change(doctor, "suspend", reason="The register does not know you.")

    assert "The register does not know you." in parse(browser(doctor).get("/dashboard/")).text
    assert "The register does not know you." in parse(browser(doctor).get("/accounts/doctor/")).text


def acts_of(doctor: Doctor, neurology: Specialty) -> dict:
    """All that publishes a doctor's word or decides on a question."""
    waiting, thread = QuestionFactory(specialty=neurology), published_thread(specialty=neurology)
    own = published_thread(specialty=neurology, reply__doctor=doctor).replies.get()
    article = ArticleFactory(question=thread, signed=True)
    on_waiting = {"question": waiting, "doctor": doctor}
    return {
        "publish": partial(publish_reply, **on_waiting, work=Work(public_title="Eyelids", text="Sleep more.")),
        "decline": partial(services.decline_question, **on_waiting, reason="examination", note=""),
        "transfer": partial(services.transfer_question, **on_waiting, to=SpecialtyFactory(), note=""),
        "ask": partial(services.ask_info, **on_waiting, note="Since when?"),
        "answer by": partial(services.answer_by_thread, **on_waiting, thread=thread),
        "add": partial(add_reply, question=thread, doctor=doctor, text="I agree."),
        "agree": partial(agree_with_reply, reply=thread.replies.get(), doctor=doctor),
        "correct": partial(services.correct_reply, reply=own, doctor=doctor, text="Better.", reason="wrong"),
        "follow-up": partial(
            services.answer_follow_up, follow_up=FollowUpFactory(question=thread), doctor=doctor, text="Yes."
        ),
        "review": partial(article.review, by=doctor),
        "correct article": partial(article.correct, by=doctor, text="## New", sources=[], reason="wrong"),
    }


ACTS = [
    "publish",
    "decline",
    "transfer",
    "ask",
    "answer by",
    "add",
    "agree",
    "correct",
    "follow-up",
    "review",
    "correct article",
]


def all_that_is_public() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Question, Reply, Article)]


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_published_or_decided_by_who_was_suspended_after_the_page_was_opened(neurology, act):
    doctor = DoctorFactory(specialties=[neurology])
    acts = acts_of(doctor, neurology)
    before = all_that_is_public()
    change(fresh(doctor), "suspend")

    with pytest.raises(CannotWork):
        acts[act]()

    assert all_that_is_public() == before


@pytest.mark.django_db(transaction=True)
def test_suspended_while_publishing_either_the_reply_is_out_before_or_not_at_all():
    admin, doctor_by_round = UserFactory(admin=True), []
    for _round in range(8):
        specialty = SpecialtyFactory()
        doctor, question = DoctorFactory(specialties=[specialty]), QuestionFactory(specialty=specialty)
        claim_question(question=question, doctor=doctor)
        publish = partial(publish_reply, question=question, doctor=doctor, work=Work(public_title="T", text="Words."))
        suspend = partial(change_standing, doctor=fresh(doctor), act="suspend", by=admin, reason="Why.")

        published, suspended = at_once(publish, suspend)

        question.refresh_from_db()
        out = isinstance(published, Reply)
        assert (out or isinstance(published, CannotWork), suspended) == (True, True)
        assert (question.state, question.replies.count()) == (("published", 1) if out else ("waiting", 0))
        assert not Claim.objects.valid().filter(question=question).exists()
        doctor_by_round.append(fresh(doctor).standing)
    assert doctor_by_round == ["suspended"] * 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["publish", "suspend"])
def test_in_either_order_the_first_one_counts(neurology, first):
    doctor, question = DoctorFactory(specialties=[neurology]), QuestionFactory(specialty=neurology)
    publish = partial(publish_reply, question=question, doctor=doctor, work=Work(public_title="T", text="Words."))
    if first == "publish":
        publish()
        change(fresh(doctor), "suspend")
    else:
        change(fresh(doctor), "suspend")
        with pytest.raises(CannotWork):
            publish()

    question.refresh_from_db()
    assert question.state == ("published" if first == "publish" else "waiting")


@pytest.mark.django_db(transaction=True)
def test_an_account_is_deleted_while_its_doctor_publishes_and_is_suspended():
    for _round in range(4):
        specialty = SpecialtyFactory()
        doctor, question = DoctorFactory(specialties=[specialty]), QuestionFactory(specialty=specialty)
        publish = partial(publish_reply, question=question, doctor=doctor, work=Work(public_title="T", text="Words."))
        suspend = partial(change, fresh(doctor), "suspend")

        deleted, published, suspended = at_once(partial(forget_account, fresh(doctor).user), publish, suspend)

        assert (deleted, type(suspended)) == (None, bool)
        assert isinstance(published, Reply | CannotWork)


# What readers are told


def thread_of(doctor: Doctor, **fields) -> Question:
    return published_thread(reply__doctor=doctor, reply__replied_on=timezone.localdate(), **fields)


def marks(path: str) -> list[str]:
    page = parse(Client().get(path))
    return [mark.text for mark in page.all(class_="verified") + page.all(class_="former")]


@pytest.mark.parametrize("how", FORMER)
def test_a_page_that_was_kept_tells_the_truth_afterwards(how):
    doctor = DoctorFactory(slug="wu")
    thread = thread_of(doctor)
    path = thread.get_absolute_url()
    before = (marks(path), marks("/doctors/wu/"), marks(path))

    STOPPED[how](doctor)
    note_expired_licences()

    assert before == (["Verified doctor"],) * 3
    assert marks(path) == ["Verified when answering, no longer active here"]
    assert marks("/doctors/wu/") == ["No longer active here"]
    assert "No longer active here" in Client().get(path).text


def test_a_reply_that_is_older_than_the_verification_is_not_called_verified():
    doctor = DoctorFactory()
    thread = published_thread(reply__doctor=doctor)  # of 2023

    change(doctor, "retire")

    assert marks(thread.get_absolute_url()) == ["No longer active here"]


def test_of_a_verification_that_was_a_mistake_nothing_is_said_any_more():
    doctor = DoctorFactory()
    thread = thread_of(doctor)

    change(doctor, "unverify")

    assert marks(thread.get_absolute_url()) == []


def test_what_comes_after_a_renewal_is_marked_as_before(neurology):
    doctor = DoctorFactory()
    path = thread_of(doctor).get_absolute_url()
    expire(doctor)
    note_expired_licences()
    Licence.objects.update(expires_on=timezone.localdate())

    look_after_licences()

    assert marks(path) == ["Verified doctor"]


@pytest.mark.parametrize("how", FORMER)
def test_lists_show_those_who_work_here(neurology, how):
    doctor = DoctorFactory(name="Wu", specialties=[neurology])
    STOPPED[how](doctor)
    note_expired_licences()

    pages = [Client().get(path).text for path in ("/doctors/", "/specialties/neurology/", "/sitemap-pages.xml")]

    assert [doctor.get_absolute_url() in page for page in pages] == [False] * 3
    assert Client().get(doctor.get_absolute_url()).status_code == 404


def test_all_that_a_former_doctor_has_put_a_name_to_says_so():
    doctor, other = DoctorFactory(name="Wu"), DoctorFactory()
    thread = published_thread(reply__doctor=other)
    thread.replies.get().agree(by=doctor)
    FollowUpFactory(question=thread, answered=True, answered_by=doctor)
    ArticleFactory(question=thread, signed=True, signed_by=doctor)

    change(doctor, "suspend")

    page = parse(Client().get(thread.get_absolute_url()))
    assert page.one(class_="reply__agreed").text == "Dr. Wu (no longer active here) agrees"
    assert "No longer active here" in page.one(id="follow-ups").text
    assert page.one(class_="article-signed").text.endswith("Dr. Wu is no longer active here.")


def test_the_reason_is_nobody_elses_business():
    doctor = DoctorFactory(slug="wu")
    thread = thread_of(doctor)

    change(doctor, "suspend", reason="The secret complaint.")

    pages = [Client().get(path).text for path in (thread.get_absolute_url(), "/doctors/wu/")]
    assert ["secret" in page or "suspended" in page.lower() for page in pages] == [False, False]


# Changing it


def standing_page(doctor: Doctor) -> str:
    return f"/admin/doctors/{doctor.pk}/standing/"


def office(**fields) -> Client:
    client = Client()
    client.force_login(UserFactory(**fields))
    return client


@pytest.mark.parametrize(
    ("traits", "act", "becomes", "kind"),
    [
        ({}, "suspend", "suspended", "suspended"),
        ({}, "retire", "retired", "retired"),
        ({}, "unverify", "unverified", "unverified"),
        ({"suspended": True}, "reinstate", "verified", "reinstated"),
        ({"retired": True}, "reinstate", "verified", "reinstated"),
        ({"unverified": True}, "verify", "verified", "application_verified"),
    ],
)
def test_an_admin_changes_it_for_a_reason_and_the_doctor_is_told(traits, act, becomes, kind):
    doctor = DoctorFactory(**traits)

    page = parse(office(admin=True).post(standing_page(doctor), {"act": act, "reason": "As agreed."}, follow=True))

    (event,) = DoctorEvent.objects.filter(pgh_obj=doctor.pk)
    assert (fresh(doctor).standing, told(doctor)) == (becomes, [kind])
    assert event.pgh_context["reason"] == "As agreed."
    assert "As agreed." in page.text


def test_without_a_reason_nothing_is_changed():
    doctor = DoctorFactory()

    page = parse(office(admin=True).post(standing_page(doctor), {"act": "suspend", "reason": " "}))

    assert (fresh(doctor).standing, page.one("ul", class_="errorlist").text) == ("verified", "This field is required.")


def test_what_is_so_already_is_not_offered_nor_done_twice():
    doctor = DoctorFactory(suspended=True)

    page = office(admin=True).post(standing_page(doctor), {"act": "suspend", "reason": "Again."})

    assert [value for value, _label in page.context["form"].fields["act"].choices] == [
        "reinstate",
        "retire",
        "unverify",
    ]
    assert (change(doctor, "suspend"), DoctorEvent.objects.count()) == (False, 0)


def test_nobody_decides_on_their_own_right_to_work():
    doctor = DoctorFactory(user__admin=True, suspended=True)

    with pytest.raises(OwnStanding):
        change_standing(doctor=doctor, act="reinstate", by=doctor.user, reason="I am fine.")

    assert fresh(doctor).standing == "suspended"


def test_the_screen_needs_the_permission():
    doctor, staff, client = DoctorFactory(), UserFactory(is_staff=True), Client()
    client.force_login(staff)

    before = client.get(standing_page(doctor)).status_code
    staff.user_permissions.add(Permission.objects.get(codename="change_doctor"))

    assert (before, client.get(standing_page(doctor)).status_code) == (403, 200)


def test_a_doctor_stops_on_the_own_wish():
    doctor = DoctorFactory()

    page = parse(browser(doctor).post("/dashboard/retire/", follow=True))

    assert (fresh(doctor).standing, fresh(doctor).retired_by, told(doctor)) == ("retired", None, [])
    assert "You no longer work here." in page.text
    assert standing.retire(doctor=doctor) is False


# Licences that end


def days_left(doctor: Doctor, days: int) -> None:
    Licence.objects.filter(doctor=doctor).update(expires_on=timezone.localdate() + timedelta(days))


def reminders(doctor: Doctor) -> list[int]:
    return list(
        Notice.objects.filter(user=doctor.user, kind="licence_ends").order_by("pk").values_list("number", flat=True)
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [(61, []), (60, [60]), (31, [60]), (30, [30]), (8, [30]), (7, [7]), (1, [7]), (0, [7]), (-1, [])],
)
def test_a_doctor_is_reminded_of_what_is_nearest(days, expected):
    doctor = DoctorFactory()
    days_left(doctor, days)

    look_after_licences()

    assert reminders(doctor) == expected


def test_each_reminder_comes_once_however_often_the_worker_looks(monkeypatch):
    doctor, today = DoctorFactory(licence__expires_on=timezone.localdate() + timedelta(61)), timezone.localdate()

    for day in (*range(1, 40), *range(50, 70)):  # ten days of pause in between
        for _round in range(2):
            monkeypatch.setattr(timezone, "localdate", lambda *_args, day=day: today + timedelta(day))
            look_after_licences()

    assert (reminders(doctor), told(doctor)[-1]) == ([60, 30, 7], "licence_ended")


@pytest.mark.parametrize("trait", ["suspended", "retired", "unverified"])
def test_who_does_not_work_here_is_not_reminded(trait):
    doctor = DoctorFactory(**{trait: True})
    days_left(doctor, 5)

    look_after_licences()

    assert told(doctor) == []


def test_a_renewed_licence_is_reminded_of_anew():
    doctor = DoctorFactory()
    days_left(doctor, 5)
    look_after_licences()
    days_left(doctor, 6)

    look_after_licences()

    assert reminders(doctor) == [7, 7]


@pytest.mark.parametrize(
    ("then", "state"),
    [(lambda doctor: None, "sent"), (lambda doctor: days_left(doctor, 400), "moot"), (expire, "moot")],
    ids=["it still ends", "renewed", "ended"],
)
def test_a_reminder_that_was_overtaken_is_not_sent(mailoutbox, then, state):
    doctor = DoctorFactory()
    days_left(doctor, 5)
    look_after_licences()
    then(doctor)

    send_due_notices.call()

    assert (Notice.objects.get().state, len(mailoutbox)) == (state, 1 if state == "sent" else 0)


def test_an_end_is_noted_once_and_stands_in_the_history():
    doctor = DoctorFactory()
    expire(doctor)

    for _round in range(3):
        look_after_licences()

    assert told(doctor) == ["licence_ended"]
    assert DoctorEvent.objects.filter(pgh_obj=doctor.pk).count() == 1
    assert LicenceEvent.objects.filter(doctor=doctor).count() == 1


def test_the_hourly_look_costs_the_same_however_many_there_are(django_assert_max_num_queries):
    for _number in range(5):
        DoctorFactory()

    with django_assert_max_num_queries(8):
        look_after_licences()
