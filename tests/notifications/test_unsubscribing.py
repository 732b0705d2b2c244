"""The link that ends such mails: with the mail program's one click, or by hand."""

import pytest
from django.test import Client

from forum.notifications.models import DoctorPreferences, Kind, MutedQuestion, Notice, Subscription
from forum.notifications.services import notify_of
from forum.notifications.tokens import unsubscribe_token
from tests.asking import browser, send_form
from tests.factories import DoctorFactory, NoticeFactory, QuestionFactory, SubscriptionFactory
from tests.html import parse
from tests.notifications.post import told, worker_comes

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path_of(notice: Notice) -> str:
    return f"/notices/{unsubscribe_token(notice)}/"


def notice_to_doctor(kind: str) -> Notice:
    return NoticeFactory(kind=kind, user=DoctorFactory().user)


def notice_to_follower() -> Notice:
    follower = SubscriptionFactory()
    return NoticeFactory(kind=Kind.THREAD_NEWS, subscription=follower, question=follower.question, user=None)


@pytest.mark.parametrize("make", [NoticeFactory, lambda: notice_to_doctor("look"), notice_to_follower])
@pytest.mark.parametrize("times", [1, 3])
def test_one_click_needs_no_sign_in_no_page_and_no_csrf_token(make, times):
    path = path_of(make())
    mail_program = Client(enforce_csrf_checks=True)

    answers = [mail_program.post(path, ONE_CLICK) for _time in range(times)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * times
    ended = MutedQuestion.objects.count() + DoctorPreferences.objects.filter(looks=False).count()
    assert ended + (not Subscription.objects.exists() and "follow." in path) == 1


@pytest.mark.parametrize("data", [{}, {"List-Unsubscribe": "Two-Clicks"}])
def test_any_other_post_needs_the_csrf_token(data):
    path = path_of(NoticeFactory())

    response = Client(enforce_csrf_checks=True).post(path, data)

    assert (response.status_code, MutedQuestion.objects.count()) == (403, 0)


def test_looking_at_the_page_ends_nothing_and_its_button_does():
    path, reader = path_of(NoticeFactory()), browser()

    looked_at = parse(reader.get(path))
    before = MutedQuestion.objects.count()
    pressed = parse(send_form(reader, path))

    assert looked_at.one("main").texts("button") == ["Stop these mails"]
    assert (before, MutedQuestion.objects.count()) == (0, 1)
    assert pressed.texts("h1") == ["You get no more of these mails"]


def test_an_asker_gets_no_more_mails_about_this_question_and_keeps_the_private_page(mailoutbox):
    question, other = (QuestionFactory(published=True, email="left@example.net", token=f"t{n}") for n in range(2))
    Client().post(path_of(NoticeFactory(question=question, user=None, sent=True)), ONE_CLICK)

    for each in (question, other):
        notify_of(each, Kind.HIDDEN)
        each.state = "hidden"
        each.save()
    worker_comes()

    assert len(mailoutbox) == 1
    assert told(question=question) == [("answered", "sent"), ("hidden", "moot")]
    assert Client().get("/status/t0/").status_code == 200


def test_a_signed_in_asker_still_sees_the_news_on_the_site(mailoutbox):
    notice = NoticeFactory()
    Client().post(path_of(notice), ONE_CLICK)

    worker_comes()

    assert (mailoutbox, told()) == ([], [("answered", "in_app")])


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("new_question", "new_questions", "never"),
        ("digest", "new_questions", "never"),
        ("urgent", "urgent", False),
        ("follow_up_asked", "follow_ups", False),
        ("look", "looks", False),
        ("info_answered", "info_answers", False),
    ],
)
def test_a_doctor_gets_no_more_mails_of_this_sort(kind, field, value):
    notice = notice_to_doctor(kind)
    chosen = DoctorPreferences(doctor=notice.user.doctor_profile)
    before = {each.attname: getattr(chosen, each.attname) for each in DoctorPreferences._meta.concrete_fields}

    Client().post(path_of(notice), ONE_CLICK)

    assert DoctorPreferences.objects.values().get() == before | {field: value}


def test_a_follower_is_forgotten(mailoutbox):
    notice = notice_to_follower()

    Client().post(path_of(notice), ONE_CLICK)
    worker_comes()

    assert (mailoutbox, Subscription.objects.count(), Notice.objects.count()) == ([], 0, 0)


def test_the_page_works_though_all_of_it_is_gone():
    notice = NoticeFactory()
    path = path_of(notice)
    notice.question.delete()

    answers = [Client().get(path), Client().post(path, ONE_CLICK)]

    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("token", ["question.1.", "question.1.:x", "nonsense", "doctor.1.is_staff:x"])
def test_a_link_that_is_not_ours_ends_nothing(token):
    QuestionFactory(pk=1)

    answers = [Client().get(f"/notices/{token}/"), Client().post(f"/notices/{token}/", ONE_CLICK)]

    assert ([answer.status_code for answer in answers], MutedQuestion.objects.count()) == ([404, 404], 0)
