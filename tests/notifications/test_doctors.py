"""Which doctor hears of what, and how often."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from forum.moderation.services import transfer_question
from forum.notifications import keeping
from forum.notifications.models import DoctorPreferences, Kind, Notice
from forum.notifications.services import notify_doctor, notify_doctors_of_new
from tests.asking import browser, send_form, send_question
from tests.factories import (
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.notifications.post import told, worker_comes
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


def doctor_who_wants(new: str, specialty, urgent: bool = True, **fields):
    doctor = DoctorFactory(specialties=[specialty], **fields)
    DoctorPreferences.objects.create(doctor=doctor, new_questions=new, urgent=urgent)
    return doctor


def mailed(mailoutbox) -> list[str]:
    return sorted(mail.to[0] for mail in mailoutbox)


@pytest.mark.parametrize(("wanted", "kinds"), [("at_once", ["new_question"]), ("daily", []), ("never", [])])
def test_a_new_question_is_told_at_once_to_who_wants_that(neurology, wanted, kinds):
    doctor_who_wants(wanted, neurology)

    send_question(browser(), neurology)

    assert [kind for kind, _state in told()] == kinds


def test_doctors_of_the_specialty_and_of_the_one_above_are_told_and_no_others(neurology, mailoutbox):
    child = SpecialtyFactory(parent=neurology)
    doctors = [doctor_who_wants("at_once", each) for each in (neurology, child)]
    doctor_who_wants("at_once", SpecialtyFactory())
    doctor_who_wants("at_once", SpecialtyFactory(parent=neurology))
    doctor_who_wants("at_once", child, unverified=True)
    doctor_who_wants("at_once", child, expired=True)
    doctor_who_wants("at_once", child, user__is_active=False)

    notify_doctors_of_new(QuestionFactory(specialty=child))
    worker_comes()

    assert mailed(mailoutbox) == sorted(doctor.user.email for doctor in doctors)


ALARMING = "I have crushing chest pain that spreads to my left arm, and I am sweating."


def test_a_question_that_alarms_is_told_as_urgent(neurology):
    doctor_who_wants("never", neurology)

    send_question(browser(), neurology, text=ALARMING)

    assert [kind for kind, _state in told()] == ["urgent"]


def test_a_question_that_alarms_since_its_patient_changed_it_is_told_as_urgent(neurology):
    doctor_who_wants("never", neurology)
    question = QuestionFactory(specialty=neurology, token="a-private-link")

    typed = {"specialty": "neurology", "headline": question.headline, "text": ALARMING}
    send_form(browser(), "/status/a-private-link/edit/", **typed)

    assert [kind for kind, _state in told()] == ["urgent"]


@pytest.mark.parametrize(
    ("new", "urgent", "kinds"),
    [
        ("never", True, ["urgent"]),
        ("daily", True, ["urgent"]),
        ("at_once", True, ["urgent"]),
        ("at_once", False, ["new_question"]),
        ("daily", False, []),
        (None, None, ["urgent"]),
    ],
)
def test_an_urgent_question_is_told_at_once_to_who_wants_that(neurology, new, urgent, kinds):
    if new:
        doctor_who_wants(new, neurology, urgent)
    else:
        DoctorFactory(specialties=[neurology])

    notify_doctors_of_new(QuestionFactory(specialty=neurology), urgent=True)

    assert [kind for kind, _state in told()] == kinds


def test_nobody_is_told_of_the_own_question(neurology):
    doctor = doctor_who_wants("at_once", neurology)

    notify_doctors_of_new(QuestionFactory(specialty=neurology, asker=doctor.user))

    assert told() == []


def test_a_question_that_is_passed_on_is_new_there_but_to_who_passed_it_on(neurology):
    dermatology = SpecialtyFactory()
    doctor = doctor_who_wants("at_once", neurology)
    doctor.specialties.add(dermatology)
    colleague = doctor_who_wants("at_once", dermatology)

    transfer_question(question=QuestionFactory(specialty=neurology), doctor=doctor, to=dermatology, note="")

    assert list(Notice.objects.values_list("kind", "user")) == [("new_question", colleague.user_id)]


def test_a_question_that_its_asker_moves_to_another_specialty_is_new_there(neurology, mailoutbox):
    question = QuestionFactory(specialty=SpecialtyFactory())
    here, there = (doctor_who_wants("at_once", specialty) for specialty in (question.specialty, neurology))
    notify_doctors_of_new(question)

    question.edit(by=None, specialty=neurology, headline="Other words")
    question.edit(by=None, specialty=neurology, headline="Still other words")
    worker_comes()

    assert list(Notice.objects.order_by("pk").values_list("user", "state")) == [
        (here.user_id, "moot"),
        (there.user_id, "sent"),
    ]


@pytest.mark.parametrize("end", ["withdraw", "decline", "claimed by nobody"])
def test_a_question_that_no_longer_waits_is_not_told(neurology, mailoutbox, end):
    doctor = doctor_who_wants("at_once", neurology)
    question = QuestionFactory(specialty=neurology)
    notify_doctors_of_new(question)
    if end == "withdraw":
        question.withdraw(by=None)
    elif end == "decline":
        question.decline(by=doctor, reason="examination")

    worker_comes()

    assert len(mailoutbox) == (1 if end == "claimed by nobody" else 0)


def test_the_doctor_who_asked_is_told_of_the_answer(neurology, mailoutbox):
    doctor = DoctorFactory(specialties=[neurology])
    DoctorFactory(specialties=[neurology])
    question = QuestionFactory(specialty=neurology)
    question.ask_info(by=doctor, note="Since when?")

    for _time in range(2):
        question.answer_info(by=None, text="Since March.")
    worker_comes()

    assert (told(), mailed(mailoutbox)) == ([("info_answered", "sent")], [doctor.user.email])


def test_the_doctors_of_a_thread_are_told_of_a_follow_up(neurology, mailoutbox):
    doctor, second = DoctorFactory(specialties=[neurology]), DoctorFactory(specialties=[neurology])
    DoctorFactory(specialties=[neurology])
    thread = published_thread(specialty=neurology, reply__doctor=doctor)
    ReplyFactory(question=thread, doctor=second)
    ReplyFactory(question=thread, doctor=DoctorFactory(archived=True))

    for _time in range(2):
        thread.follow_ups.ask(question=thread, text="Coffee?")
    worker_comes()

    assert mailed(mailoutbox) == sorted([doctor.user.email, second.user.email])


def test_a_follow_up_that_was_answered_meanwhile_is_not_told(neurology, mailoutbox):
    doctor = DoctorFactory(specialties=[neurology])
    thread = published_thread(specialty=neurology, reply__doctor=doctor)
    thread.follow_ups.ask(question=thread, text="Coffee?")
    thread.follow_ups.get().give_answer(by=doctor, text="Yes.")

    worker_comes()

    assert (mailoutbox, told()) == ([], [("follow_up_asked", "moot")])


@pytest.mark.parametrize(("who", "state"), [({}, "sent"), ({"unverified": True}, "moot"), ({"expired": True}, "moot")])
def test_a_colleague_asks_one_doctor(mailoutbox, who, state):
    doctor = DoctorFactory(**who)

    notify_doctor(doctor, Kind.LOOK, QuestionFactory())
    worker_comes()

    assert told() == [("look", state)]


def test_a_doctor_without_a_sign_in_cannot_be_told():
    notify_doctor(DoctorFactory(archived=True), Kind.LOOK, QuestionFactory())

    assert told() == []


@pytest.mark.parametrize(
    ("kind", "field"), [("look", "looks"), ("info_answered", "info_answers"), ("follow_up_asked", "follow_ups")]
)
def test_what_a_doctor_wants_no_mail_of_stands_on_the_site_alone(neurology, mailoutbox, kind, field):
    doctor = DoctorFactory(specialties=[neurology])
    DoctorPreferences.objects.create(doctor=doctor, **{field: False})
    question = QuestionFactory(specialty=neurology)
    if kind == "follow_up_asked":
        question = published_thread(specialty=neurology)
        FollowUpFactory(question=question)

    notify_doctor(doctor, kind, question)
    worker_comes()

    assert (mailoutbox, told()) == ([], [(kind, "in_app")])


# Once a day


@pytest.fixture
def at(monkeypatch):
    """Sets the clock of the site."""

    def set_clock(text: str) -> None:
        moment = timezone.make_aware(datetime.fromisoformat(text))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_clock


def came(specialty, **fields):
    """A question that was sent just now."""
    return QuestionFactory(specialty=specialty, created_at=timezone.now(), **fields)


def test_a_doctor_who_has_chosen_nothing_gets_the_count_once_a_day(neurology, mailoutbox, at):
    DoctorFactory(specialties=[neurology])
    at("2024-05-01 12:00")
    came(neurology)
    came(neurology)
    came(SpecialtyFactory(parent=neurology))
    came(neurology, declined=True)
    came(SpecialtyFactory())
    counted = []

    for now in ("2024-05-02 06:59", "2024-05-02 07:00", "2024-05-02 07:01", "2024-05-02 23:59", "2024-05-03 09:00"):
        at(now)
        keeping.make_digests()
        worker_comes()
        counted.append([mail.body.splitlines()[0] for mail in mailoutbox])

    count = "3 new questions wait in your specialties."
    assert counted == [[], [count], [count], [count], [count]]


def test_what_came_since_the_last_count_is_counted_even_after_days_without_a_worker(neurology, at):
    DoctorFactory(specialties=[neurology])
    at("2024-05-01 08:00")
    keeping.make_digests()
    for now in ("2024-04-30 12:00", "2024-05-02 12:00", "2024-05-05 12:00"):
        at(now)
        came(neurology)

    at("2024-05-06 07:30")
    keeping.make_digests()

    assert list(Notice.objects.order_by("pk").values_list("state", "number")) == [("moot", 0), ("due", 2)]


def test_what_was_passed_on_to_the_specialty_is_counted(neurology, at):
    DoctorFactory(specialties=[neurology])
    at("2024-04-01 08:00")
    question = came(SpecialtyFactory())
    at("2024-05-01 12:00")
    question.transfer(by=DoctorFactory(), to=neurology)
    question.transfers.update(made_at=timezone.now())

    at("2024-05-02 07:30")
    keeping.make_digests()

    assert Notice.objects.get(number=1).user.doctor_profile.specialties.get() == neurology


@pytest.mark.parametrize("who", ["at_once", "never", "unverified", "expired"])
def test_nobody_else_gets_the_count(neurology, at, who):
    at("2024-05-01 12:00")
    if who in ("at_once", "never"):
        doctor_who_wants(who, neurology)
    else:
        doctor = DoctorFactory(specialties=[neurology], **{who: True})
        if who == "expired":
            doctor.licence.expires_on = timezone.localdate() - timedelta(1)
            doctor.licence.save()
    came(neurology)

    keeping.make_digests()

    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_count_once(at):
    neurology = SpecialtyFactory()
    DoctorFactory(specialties=[neurology])
    at("2024-05-01 12:00")
    came(neurology)

    at_once(*[partial(keeping.make_digests)] * 4)

    assert told() == [("digest", "due")]


def test_the_preferences_of_a_doctor_are_chosen_on_the_account_page(client):
    doctor = DoctorFactory()
    client.force_login(doctor.user)

    response = client.post("/accounts/notices/", {"new_questions": "at_once", "looks": "on"})

    chosen = DoctorPreferences.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/accounts/notices/")
    assert (chosen.doctor, chosen.new_questions, chosen.looks) == (doctor, "at_once", True)
    assert (chosen.urgent, chosen.follow_ups, chosen.info_answers) == (False, False, False)


@pytest.mark.parametrize("value", ["", "sometimes"])
def test_what_cannot_be_chosen_is_refused(client, value):
    doctor = DoctorFactory()
    client.force_login(doctor.user)

    response = client.post("/accounts/notices/", {"new_questions": value})

    assert (response.status_code, DoctorPreferences.objects.count()) == (422, 0)


def test_a_patient_has_none_of_these_preferences(client):
    client.force_login(UserFactory())

    page = client.get("/accounts/notices/").content.decode()

    assert "Mails to you as a doctor" not in page
    assert client.post("/accounts/notices/", {"new_questions": "never"}).status_code == 404
