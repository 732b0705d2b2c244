"""A page costs the same number of queries however much is on it, and eight at most for a signed-out reader."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from forum.questions.models import Question
from forum.search.models import QuestionTopic
from forum.search.services import renew_similar
from forum.specialties.models import Specialty
from tests.factories import (
    AgreementFactory,
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    ReplyFactory,
    SpecialtyFactory,
    TopicFactory,
    UserFactory,
    published_thread,
)

pytestmark = pytest.mark.django_db
MOST = 8


def queries(client: Client, path: str) -> int:
    """The queries of a page rendered afresh. Only what is the same for all readers may be cached beforehand."""
    client.get("/nothing-here/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def thread_with(replies: int, follow_ups: int, similar: int) -> Question:
    question = published_thread(text="My eyelid twitches.")
    for _ in range(replies - 1):
        AgreementFactory(reply=ReplyFactory(question=question))
    for _ in range(follow_ups):
        FollowUpFactory(question=question, answered=True)
    for _ in range(similar):
        published_thread(text="My eyelid twitches at night.", specialty=question.specialty)
    if replies > 1:
        ArticleFactory(question=question, signed=True, machine_drafted=True)
        for _ in range(12):
            QuestionTopic.objects.create(question=question, topic=TopicFactory())
    return question


@pytest.mark.parametrize(("similar", "stored", "expected"), [(4, True, 1), (4, False, 6), (0, False, 4)])
@pytest.mark.parametrize(("replies", "follow_ups"), [(1, 0), (1, 3), (30, 0), (30, 3)])
def test_the_thread_page_asks_the_same_whatever_is_on_it(replies, follow_ups, similar, stored, expected):
    question = thread_with(replies, follow_ups, similar)
    if stored:
        renew_similar(question)

    asked = queries(Client(), question.get_absolute_url())

    assert asked == expected <= MOST


@pytest.mark.parametrize("replies", [1, 30])
@pytest.mark.parametrize(("stored", "expected"), [(True, 5), (False, 10)])
@pytest.mark.parametrize("role", ["patient", "doctor", "admin"])
def test_a_signed_in_reader_costs_the_same_whoever_it_is(role, stored, expected, replies):
    question = thread_with(replies, 3, 4)
    if stored:
        renew_similar(question)
    user = {
        "patient": UserFactory,
        "doctor": lambda: DoctorFactory(specialties=[question.specialty]).user,
        "admin": lambda: UserFactory(admin=True),
    }[role]()
    client = Client()
    client.force_login(user)

    asked = queries(client, question.get_absolute_url())

    assert asked == expected <= 10


def fill_lists(number: int) -> Specialty:
    """So many threads on every list page, in a specialty with four children, and as many doctors and topics."""
    top = SpecialtyFactory(name="Medicine", slug="medicine")
    children = [SpecialtyFactory(parent=top) for _ in range(4)]
    doctor = DoctorFactory(slug="ada", specialties=[top])
    topic = TopicFactory(slug="twitching", specialty=top)
    for n in range(number):
        question = published_thread(text="My eyelid twitches.", specialty=[top, *children][n % 5], reply__doctor=doctor)
        QuestionTopic.objects.create(question=question, topic=topic)
        DoctorFactory(specialties=[top, children[0]])
        TopicFactory(specialty=children[n % 4])
    return top


LISTS = {
    "/": 4,
    "/specialties/": 2,
    "/specialties/medicine/": 7,
    "/specialties/medicine/?after={newest}": 7,
    "/specialties/medicine/?before={oldest}": 7,
    "/topics/twitching/": 4,
    "/doctors/": 2,
    "/doctors/ada/": 3,
    "/search/?q=eyelid": 7,
    "/search/?q=eyelid&specialty=medicine&age=20-29&sex=female": 7,
    "/search/?q=眼皮跳動": 5,
    "/feeds/latest.atom": 2,
    "/specialties/medicine/feed.atom": 4,
    "/sitemap.xml": 5,
    "/sitemap-threads.xml": 2,
    "/sitemap-pages.xml": 3,
}


@pytest.mark.parametrize("threads", [2, 40])
def test_a_list_page_asks_the_same_however_long_it_is(threads):
    top = fill_lists(threads)
    newest, *_others, oldest = Question.objects.filter(specialty__in=top.with_children()).newest_first()
    for _ in range(threads):
        published_thread(text="我的眼皮跳動", language="zh-hant")

    asked = {path: queries(Client(), path.format(newest=newest.pk, oldest=oldest.pk)) for path in LISTS}

    assert asked == LISTS
    assert max(asked.values()) <= MOST
