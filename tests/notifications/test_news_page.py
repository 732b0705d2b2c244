"""News on the site, for those who have signed in; and what is kept of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.notifications import keeping
from forum.notifications.models import DoctorPreferences, Notice, NoticeState, Subscription
from tests.factories import (
    DoctorFactory,
    NoticeFactory,
    QuestionFactory,
    SpecialtyFactory,
    SubscriptionFactory,
    TopicFactory,
    UserFactory,
)
from tests.html import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    reader = UserFactory()
    client.force_login(reader)
    return reader


def news(client, path: str = "/accounts/news/"):
    return parse(client.get(path))


def lines(page) -> list[tuple[str, str]]:
    return [(link.text, link.attrs["href"]) for link in page.all("a", class_="news__line")]


def count(page) -> list[str]:
    return page.one("a", class_="site-news").texts(class_="site-nav__count")


def test_an_asker_sees_what_happened_newest_first_each_leading_to_the_question(client, reader):
    question = QuestionFactory(published=True, asker=reader, public_title="Twitching eyelids")
    for n, kind in enumerate(("transferred", "answered")):
        NoticeFactory(kind=kind, question=question, at=timezone.now() - timedelta(days=2 - n))
    NoticeFactory()

    page = news(client)

    address = f"/my/questions/{question.pk}/"
    assert lines(page) == [
        ("New: A doctor has answered your question", address),
        ("New: Your question was passed on to another specialty", address),
    ]
    assert [about.split(" · ")[0] for about in page.texts(class_="news__about")] == ["Twitching eyelids"] * 2
    assert count(page) == ["2 unread"]


def test_a_doctor_sees_where_there_is_something_to_do(client):
    neurology = SpecialtyFactory(name="Neurology")
    doctor = DoctorFactory(specialties=[neurology])
    question = QuestionFactory(specialty=neurology, headline="A patient's words")
    NoticeFactory(kind="digest", question=None, user=doctor.user, number=3, at=timezone.now() - timedelta(1))
    NoticeFactory(kind="urgent", question=question, user=doctor.user)
    client.force_login(doctor.user)

    page = news(client)

    assert lines(page) == [
        ("New: An urgent question waits in your specialties", f"/dashboard/questions/{question.pk}/"),
        ("New: 3 new questions wait in your specialties.", "/dashboard/"),
    ]
    assert "A patient's words" not in page.source


def test_a_follower_is_led_to_the_thread_and_the_topic(client, reader):
    follower = SubscriptionFactory(email="", user=reader, of_topic=True, topic=TopicFactory(name="Eyelids"))
    thread = QuestionFactory(published=True, public_title="Twitching eyelids")
    at = timezone.now() - timedelta(1)
    NoticeFactory(kind="topic_news", question=None, user=reader, subscription=follower, at=at)
    NoticeFactory(kind="thread_news", question=thread, user=reader)

    page = news(client)

    assert [href for _text, href in lines(page)] == [f"/questions/{thread.pk}/-/", follower.topic.get_absolute_url()]
    assert [about.split(" · ")[0] for about in page.texts(class_="news__about")] == ["Twitching eyelids", "Eyelids"]


@pytest.mark.parametrize(
    ("kind", "state", "shown"),
    [
        ("thread_news", "hidden", 0),
        ("thread_news", "withdrawn", 0),
        ("new_question", "withdrawn", 0),
        ("info_answered", "withdrawn", 0),
        ("hidden", "hidden", 1),
        ("declined", "withdrawn", 1),
    ],
)
def test_of_what_is_gone_only_its_asker_sees_something(client, reader, kind, state, shown):
    NoticeFactory(kind=kind, user=reader, question=QuestionFactory(**{state: True}, asker=reader))

    page = news(client)

    assert (len(lines(page)), count(page)) == (shown, ["1 unread"] * shown)


@pytest.mark.parametrize("fields", [{"at": timezone.now() + timedelta(days=3)}, {"state": NoticeState.MOOT}])
def test_what_is_not_to_be_told_now_does_not_stand_there(client, reader, fields):
    NoticeFactory(user=reader, **fields)

    page = news(client)

    assert (lines(page), count(page), page.one("main").texts("h2")) == ([], [], ["No news yet"])


def test_all_that_was_shown_is_marked_as_read_and_what_came_meanwhile_is_not(client, reader):
    NoticeFactory.create_batch(2, user=reader)
    newest = news(client).one("input", name="newest").attrs["value"]
    NoticeFactory(user=reader, kind="declined")
    other = NoticeFactory()

    response = client.post("/accounts/news/read/", {"newest": newest})

    assert (response.status_code, response["Location"]) == (302, "/accounts/news/")
    assert [text for text, _href in lines(news(client))] == [
        "New: A doctor has read your question and cannot answer it here",
        "A doctor has answered your question",
        "A doctor has answered your question",
    ]
    other.refresh_from_db()
    assert other.read_at is None


@pytest.mark.parametrize("newest", ["", "x", "9" * 30, "-1"])
def test_nonsense_marks_nothing(client, reader, newest):
    NoticeFactory(user=reader)

    client.post("/accounts/news/read/", {"newest": newest})

    assert Notice.objects.unread().count() == 1


def test_every_notice_is_on_some_page(client, reader):
    NoticeFactory.create_batch(31, user=reader)

    first, second = news(client), news(client, "/accounts/news/?page=2")

    assert [len(lines(page)) for page in (first, second)] == [30, 1]
    assert first.one("a", rel="next").attrs["href"] == "?page=2"
    assert (second.one("a", rel="prev").attrs["href"], second.all("a", rel="next")) == ("?page=1", [])


@pytest.mark.parametrize(("unread", "shown"), [(0, []), (1, ["1 unread"]), (99, ["99 unread"]), (100, ["99+ unread"])])
def test_the_header_counts_up_to_99(client, reader, unread, shown):
    NoticeFactory.create_batch(unread, user=reader, question=QuestionFactory(asker=reader))
    NoticeFactory(user=reader, read=True)

    assert count(parse(client.get("/doctors/"))) == shown


def test_the_header_of_a_signed_out_reader_has_no_news_and_costs_no_query(client):
    client.get("/doctors/")

    with CaptureQueriesContext(connection) as captured:
        page = parse(client.get("/doctors/"))

    assert [text for text, _href in page.links() if text.startswith("News")] == []
    assert not [query for query in captured if "notifications_" in query["sql"]]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_asks_the_same_however_long_it_is(client, reader, number):
    NoticeFactory.create_batch(number, user=reader)

    with CaptureQueriesContext(connection) as captured:
        client.get("/accounts/news/")

    assert len(captured) == 5


def test_news_are_kept_for_half_a_year_and_what_nobody_sees_for_a_month():
    now = timezone.now()
    for days in (29, 31, 179, 181):
        for user in (UserFactory(), None):
            NoticeFactory(user=user, sent=True, at=now - timedelta(days=days))
    NoticeFactory(state=NoticeState.MOOT, at=now - timedelta(days=31))
    NoticeFactory(at=now - timedelta(days=400))

    keeping.delete_old_notices()

    left = Notice.objects.order_by("pk").values_list("state", "user", "at")
    kept = [(state, user is None, round((now - at) / timedelta(days=1))) for state, user, at in left]
    assert kept == [
        ("sent", False, 29),
        ("sent", True, 29),
        ("sent", False, 31),
        ("sent", False, 179),
        ("due", False, 400),
    ]


def test_a_person_can_be_forgotten_and_nobody_else_is():
    doctor = DoctorFactory()
    user = doctor.user
    DoctorPreferences.objects.create(doctor=doctor)
    NoticeFactory(user=user)
    SubscriptionFactory(email="", user=user)
    SubscriptionFactory(email=user.email)
    SubscriptionFactory(email="left@example.net")
    kept = [NoticeFactory(), SubscriptionFactory()]

    for _time in range(2):
        keeping.forget_person(user=user, addresses=["Left@Example.net"])

    assert [*Notice.objects.all(), *Subscription.objects.all()] == kept
    assert DoctorPreferences.objects.count() == 0


def test_no_column_of_a_notice_holds_an_address():
    notice = NoticeFactory(question__email="left@example.net")

    assert "example" not in str(list(Notice.objects.filter(pk=notice.pk).values_list()))
