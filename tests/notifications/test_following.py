"""Following a thread or a topic by mail, without an account or with one."""

from datetime import timedelta
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.utils import timezone

from forum.moderation.services import (
    Work,
    answer_follow_up,
    hide_thread,
    merge_thread,
    publish_reply,
    restore_thread,
)
from forum.notifications import keeping
from forum.notifications.following import ask_to_follow, follow_as
from forum.notifications.models import Kind, Notice, Subscription
from forum.notifications.services import notify_of
from forum.notifications.tokens import confirm_token
from forum.search.models import QuestionTopic
from tests.asking import browser, send_form
from tests.factories import (
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    SpecialtyFactory,
    SubscriptionFactory,
    TopicFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.notifications.post import links_in, make_all_due, told, worker_comes
from tests.races import at_once

pytestmark = pytest.mark.django_db

EMAIL = "reader@example.net"


@pytest.fixture
def thread():
    return published_thread(public_title="Twitching eyelids")


def path_of(thread) -> str:
    return f"/follow/questions/{thread.pk}/"


def follow(path: str, email: str = EMAIL, client=None):
    return send_form(client or browser(), path, email=email)


def confirm_path(mail) -> str:
    return links_in(mail)[0].removeprefix("http://127.0.0.1:8000")


def tell_news(thread) -> None:
    """Something new stands on the thread page."""
    thread.decisions.create(act="answer_follow_up")
    notify_of(thread, Kind.FOLLOW_UP_ANSWERED)


def test_the_thread_page_has_the_link_and_no_form(client, thread):
    page = parse(client.get(thread.get_absolute_url()))

    assert ("Follow this thread by e-mail", path_of(thread)) in page.links()
    assert page.all("input", name="csrfmiddlewaretoken") == []


def test_the_topic_page_has_the_link(client, thread):
    topic = TopicFactory()
    QuestionTopic.objects.create(topic=topic, question=thread)

    page = parse(client.get(topic.get_absolute_url()))

    assert ("Follow this topic by e-mail", f"/follow/topics/{topic.pk}/") in page.links()


def test_an_address_follows_once_its_owner_has_pressed_the_button(thread, mailoutbox):
    reader = browser()
    response = follow(path_of(thread), " Reader@Example.net ", reader)
    worker_comes()
    (mail,) = mailoutbox
    path = confirm_path(mail)

    looked_at = parse(reader.get(path))
    before = Subscription.objects.get().confirmed_at
    send_form(reader, path)

    assert (response.status_code, response["Location"]) == (302, "/follow/sent/")
    assert (mail.to, mail.subject) == ([EMAIL], "Please confirm")
    assert (looked_at.texts("h1"), looked_at.one("main").texts("button")) == (
        ["Follow this page?"],
        ["Yes, send me mails"],
    )
    assert before is None
    assert Subscription.objects.get().confirmed_at is not None
    assert parse(reader.get(path)).texts("h1") == ["You follow this page"]


def test_an_address_that_is_not_confirmed_gets_no_news(thread, mailoutbox):
    follow(path_of(thread))
    worker_comes()

    tell_news(thread)
    worker_comes()

    assert [mail.subject for mail in mailoutbox] == ["Please confirm"]


def test_the_page_says_the_same_of_an_address_that_follows_already(thread, mailoutbox):
    SubscriptionFactory(question=thread, email=EMAIL)

    known, unknown = (follow(path_of(thread), email) for email in (EMAIL, "other@example.net"))

    worker_comes()
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.to for mail in mailoutbox] == [["other@example.net"]]


def test_typed_again_it_is_mailed_once_a_day(thread, mailoutbox):
    for _time in range(2):
        follow(path_of(thread))
    worker_comes()
    Notice.objects.update(once="confirm:yesterday")

    follow(path_of(thread))
    worker_comes()

    assert (len(mailoutbox), Subscription.objects.count()) == (2, 1)


@pytest.mark.parametrize("typed", ["", "nobody", "a@b", "x" * 250 + "@example.org"])
def test_what_is_no_address_stays_in_the_form_with_the_reason(thread, typed):
    response = follow(path_of(thread), typed)

    page = parse(response)
    assert (response.status_code, Subscription.objects.count()) == (422, 0)
    assert page.one("input", name="email").attrs.get("value", "") == typed
    assert len(page.one(class_="error-summary").all("li")) == 1


def test_one_address_gets_few_of_these_mails_and_the_page_does_not_tell(mailoutbox):
    answers = [follow(path_of(published_thread())) for _thread in range(5)]

    worker_comes()

    assert {answer["Location"] for answer in answers} == {"/follow/sent/"}
    assert len(mailoutbox) == 3


def test_from_one_place_only_so_many_come(thread):
    answers = [follow(path_of(thread), f"reader{n}@example.net") for n in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert (answers[10]["Retry-After"], Subscription.objects.count()) == ("3600", 10)
    assert parse(answers[10]).one("input", name="email").attrs["value"] == "reader10@example.net"


def test_the_link_works_for_three_days(client, thread, monkeypatch):
    path = f"/follow/confirm/{confirm_token(SubscriptionFactory(unconfirmed=True, question=thread))}/"
    now = timezone.now().timestamp()
    answers = []

    for days in (2.9, 3.1):
        monkeypatch.setattr(signing.time, "time", lambda at=now + days * 86_400: at)
        answers.append(client.get(path).status_code)

    assert answers == [200, 404]


@pytest.mark.parametrize("token", ["1", "1:x:y", "nonsense"])
def test_a_link_that_is_not_ours_confirms_nothing(client, token):
    subscription = SubscriptionFactory(unconfirmed=True, pk=1)

    response = client.post(f"/follow/confirm/{token}/")

    subscription.refresh_from_db()
    assert (response.status_code, subscription.confirmed_at) == (404, None)
    assert parse(response).texts("h1") == ["This link no longer works"]


def test_a_link_confirms_no_other_subscription(client):
    token = confirm_token(SubscriptionFactory(unconfirmed=True))
    other = SubscriptionFactory(unconfirmed=True)

    client.post(f"/follow/confirm/{token.replace(token.split(':')[0], str(other.pk), 1)}/")

    other.refresh_from_db()
    assert other.confirmed_at is None


# With an account


def test_an_account_follows_without_another_mail(thread, mailoutbox):
    reader, client = UserFactory(), browser()
    client.force_login(reader)
    SubscriptionFactory(question=thread, email=reader.email)

    for _time in range(2):
        send_form(client, path_of(thread))
    worker_comes()

    subscription = Subscription.objects.get()
    assert (subscription.user, subscription.email, subscription.confirmed_at is None) == (reader, "", False)
    assert mailoutbox == []
    assert parse(client.get(path_of(thread))).one("main").texts("button") == ["Stop following"]


def test_an_account_whose_address_is_not_confirmed_is_asked_for_one(thread, client):
    reader = UserFactory()
    EmailAddress.objects.update(verified=False)
    client.force_login(reader)

    client.post(path_of(thread), {"email": EMAIL})

    assert list(Subscription.objects.values_list("user", "email", "confirmed_at")) == [(None, EMAIL, None)]


def test_an_account_stops_following_its_own(client, thread):
    subscription, other = SubscriptionFactory.create_batch(2, of_account=True)
    client.force_login(subscription.user)

    answers = [client.post(f"/follow/{each.pk}/end/").status_code for each in (subscription, other)]

    assert (answers, list(Subscription.objects.all())) == ([302, 404], [other])


def test_what_an_account_follows_stands_on_its_page_and_nothing_of_what_is_hidden(client, thread):
    reader = UserFactory()
    hidden = QuestionFactory(hidden=True, public_title="Nobody reads this")
    for each in (thread, hidden):
        follow_as(reader, question=each)
    client.force_login(reader)

    page = parse(client.get("/accounts/notices/")).one("ul", class_="news")

    assert page.texts(class_="news__line") == ["A thread that is not public at the moment", "Twitching eyelids"]
    assert "Nobody reads this" not in page.source


# What followers hear


def test_followers_hear_of_an_answered_follow_up_once(mailoutbox):
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    thread = published_thread(specialty=doctor.specialties.get(), reply__doctor=doctor)
    follower = SubscriptionFactory(question=thread)
    account = follow_as(UserFactory(), question=thread)
    follow_up = FollowUpFactory(question=thread)

    for _time in range(2):
        answer_follow_up(follow_up=follow_up, doctor=doctor, text="Yes.")
    worker_comes()

    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([follower.email, account.user.email])


@pytest.mark.parametrize("kind", ["second_reply", "corrected", "follow_up_answered"])
def test_followers_hear_of_what_readers_see(thread, kind):
    SubscriptionFactory(question=thread)

    notify_of(thread, kind)

    assert told() == [("thread_news", "due")]


@pytest.mark.parametrize("kind", ["hidden", "restored", "transferred", "declined", "answered", "merged"])
def test_followers_hear_of_nothing_else(thread, kind):
    SubscriptionFactory(question=thread)

    notify_of(thread, kind)

    assert told() == []


def test_nobody_hears_of_a_hidden_thread(thread, mailoutbox):
    SubscriptionFactory(question=thread)
    tell_news(thread)
    hide_thread(question=thread, by=UserFactory(admin=True), reason="admin")

    worker_comes()
    restore_thread(question=thread, by=UserFactory(admin=True), reason="admin")
    worker_comes()

    assert (mailoutbox, told()) == ([], [("thread_news", "moot")])


def test_whoever_asked_and_follows_is_told_once(mailoutbox):
    asker = UserFactory()
    thread = published_thread(asker=asker)
    follow_as(asker, question=thread)

    tell_news(thread)

    assert told() == [("follow_up_answered", "due")]


def test_followers_of_a_duplicate_follow_the_thread_it_was_merged_into(thread, client):
    duplicate = published_thread(public_title="The same again")
    follower = SubscriptionFactory(question=duplicate)
    merge_thread(question=duplicate, target=thread, by=UserFactory(admin=True))

    tell_news(thread)

    assert [notice.subscription for notice in Notice.objects.filter(kind="thread_news")] == [follower]
    shown = parse(client.get(f"/follow/confirm/{confirm_token(follower)}/"))
    assert ("Twitching eyelids", thread.get_absolute_url()) in shown.links()


# Topics


@pytest.fixture
def topic():
    return TopicFactory(name="Eyelids")


def publish(topic_name: str, specialty, **fields):
    doctor = DoctorFactory(specialties=[specialty])
    question = QuestionFactory(specialty=specialty, **fields)
    publish_reply(question=question, doctor=doctor, work=Work("A title", "Sleep.", topics=[topic_name]))
    return question


def test_followers_of_a_topic_hear_once_a_day_of_all_that_is_new_there(topic, mailoutbox):
    SubscriptionFactory(of_topic=True, topic=topic)
    SubscriptionFactory(of_topic=True)
    QuestionTopic.objects.create(question=published_thread(published_at=timezone.now() - timedelta(1)), topic=topic)
    new = [publish("Eyelids", topic.specialty) for _question in range(3)]

    worker_comes()
    before = list(mailoutbox)
    make_all_due()
    for _time in range(2):
        worker_comes()

    (mail,) = mailoutbox
    assert before == []
    assert links_in(mail)[:-1] == [f"http://127.0.0.1:8000/questions/{each.pk}/-/" for each in reversed(new)]


def test_of_a_topic_whose_new_threads_are_hidden_nobody_hears(topic, mailoutbox):
    SubscriptionFactory(of_topic=True, topic=topic)
    QuestionTopic.objects.create(question=published_thread(published_at=timezone.now() - timedelta(1)), topic=topic)
    new = publish("Eyelids", topic.specialty)
    hide_thread(question=new, by=UserFactory(admin=True), reason="admin")

    make_all_due()
    worker_comes()

    assert (mailoutbox, told()) == ([], [("topic_news", "moot")])


def test_followers_of_a_topic_that_becomes_part_of_another_follow_that_one(topic):
    twin = TopicFactory()
    moved = SubscriptionFactory(of_topic=True, topic=topic)
    for each in (topic, twin):
        SubscriptionFactory(of_topic=True, topic=each, email=EMAIL)
        SubscriptionFactory(of_topic=True, topic=each, email="", user=UserFactory())
    both = UserFactory()
    for each in (topic, twin):
        follow_as(both, topic=each)

    topic.absorb_into(twin)

    followers = Subscription.objects.filter(topic=twin)
    assert followers.count() == Subscription.objects.count() == 5
    assert moved in followers


# Nobody follows for ever what nobody has confirmed


def test_what_nobody_confirms_is_deleted_after_a_week():
    for days, confirmed_at in [(8, None), (6, None), (800, timezone.now())]:
        SubscriptionFactory(created_at=timezone.now() - timedelta(days=days), confirmed_at=confirmed_at)

    keeping.delete_old_notices()

    left = Subscription.objects.order_by("created_at").values_list("confirmed_at", flat=True)
    assert [at is None for at in left] == [False, True]


@pytest.mark.django_db(transaction=True)
def test_the_same_address_typed_twice_at_once_is_mailed_once():
    thread = published_thread()

    at_once(*[partial(ask_to_follow, email=EMAIL, question=thread)] * 4)

    assert (Subscription.objects.count(), told()) == (1, [("confirm", "due")])
