"""Nothing public connects two questions of one patient, or tells when in the day one was asked."""

import re
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from forum.archive.exporting import export_lines
from forum.moderation.services import Work, publish_reply
from forum.questions.models import Question
from forum.questions.numbers import POOL, take_number
from forum.questions.pseudonyms import NAMES, shuffled, suggest_pseudonym
from forum.search.services import renew_similar
from tests.asking import browser, send_question
from tests.factories import DoctorFactory, FollowUpFactory, SpecialtyFactory, UserFactory
from tests.html import parse
from tests.races import at_once

pytestmark = pytest.mark.django_db
# Some moment of the day nobody is to learn.
ASKED, ANSWERED = (timezone.make_aware(datetime(2025, 3, 4, hour, 37, 41, 123457)) for hour in (13, 21))
MIDNIGHT = re.compile(r"T00:00:00\+08:00")
CLOCK = re.compile(r"\b\d{1,2}:\d{2}(:\d{2})?\b|\b\d{10,}\b")
WORD = re.compile(r"[\w.@+-]{3,}")


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


def ask_and_answer(doctor, asker, place: int) -> Question:
    """A question by the form, of this account, answered by the doctor. Its words are its own."""
    client = browser()
    if asker:
        client.force_login(asker)
    typed = {"headline": f"Headline q{place}q?", "text": f"Muscle q{place}q twitches.", "pseudonym": ""}
    send_question(client, "neurology", **typed, email=f"own{place}@example.org", medication=f"pill{place}")
    question = Question.objects.get(headline=typed["headline"])
    publish_reply(question=question, doctor=doctor, work=Work(f"Title q{place}q", f"Answer q{place}q."))
    FollowUpFactory(question=question, answered=True, text=f"More q{place}q?", answered_by=doctor)
    times = {"created_at": ASKED, "published_at": ANSWERED, "modified_at": ANSWERED, "asked_on": ASKED.date()}
    Question.objects.filter(pk=question.pk).update(**times)
    question.replies.update(created_at=ANSWERED, replied_on=ANSWERED.date(), helped_at=ANSWERED)
    question.follow_ups.update(created_at=ASKED, answered_at=ANSWERED, asked_on=ASKED.date())
    return Question.objects.get(pk=question.pk)


@pytest.fixture
def threads(neurology):
    """The first two are one patient's, the others three other people's."""
    doctor, patient = DoctorFactory(specialties=[neurology]), UserFactory(email="patient@example.org")
    askers = [patient, patient, UserFactory(), UserFactory(), None]
    threads = [ask_and_answer(doctor, asker, place) for place, asker in enumerate(askers)]
    for thread in threads:
        renew_similar(thread)
    return threads


def own_words(thread: Question) -> set[str]:
    """Every word, number and attribute that a visitor gets to see of one thread, headers among them."""
    response = Client().get(thread.get_absolute_url())
    page = parse(response)
    for similar in page.all(id="similar"):
        similar.children.clear()
    seen = [page.source, *(value for element in page.walk() for value in element.attrs.values())]
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}  # equal by chance
    seen += [*headers.values(), *(cookie.OutputString() for cookie in response.cookies.values())]
    (line,) = [line.decode() for line in export_lines() if thread.archive_id in line.decode()]
    # Two different names may have a word in common.
    return set(WORD.findall(" ".join([*seen, line]).replace(thread.pseudonym, "")))


def test_two_threads_of_one_patient_share_nothing_that_those_of_others_do_not(threads):
    first, second, *others = [own_words(thread) for thread in threads]

    assert first & second - set.union(*others) == set()
    assert len({thread.pseudonym for thread in threads}) == len(threads)


def public_addresses(threads) -> list[str]:
    doctor = threads[0].replies.get().doctor
    lists = [
        "/",
        "/specialties/",
        "/specialties/neurology/",
        "/doctors/",
        doctor.get_absolute_url(),
        "/search/?q=muscle",
    ]
    lists += ["/feeds/latest.atom", "/specialties/neurology/feed.atom", "/sitemap.xml", "/sitemap-threads.xml"]
    reports = [f"/questions/{thread.pk}/report/" for thread in threads]
    return [*lists, "/sitemap-pages.xml", "/robots.txt", *(thread.get_absolute_url() for thread in threads), *reports]


def test_no_public_page_tells_a_time_of_day(threads):
    told = {}
    for address in public_addresses(threads):
        response = Client().get(address)
        headers = {name: value for name, value in response.headers.items() if name not in ("Last-Modified", "Expires")}
        text = MIDNIGHT.sub("", response.content.decode()) + str(headers)
        told[address] = [found.group() for found in CLOCK.finditer(text)]
        assert response.headers.get("ETag") is None
    told["archive"] = [found.group() for line in export_lines() for found in CLOCK.finditer(line.decode())]

    assert {address: times for address, times in told.items() if times} == {}


def test_a_feed_was_modified_at_midnight(threads):
    changed = Client().get("/feeds/latest.atom")["Last-Modified"]

    # The beginning of the day in Taipei.
    assert changed == "Mon, 03 Mar 2025 16:00:00 GMT"


def test_places_in_lists_are_named_by_threads_and_not_by_times(neurology, threads):
    for _ in range(20):
        question = Question.objects.create(specialty=neurology, headline="Why?", text="It twitches.")
        Question.objects.filter(pk=question.pk).update(
            state="published", public_title="Because", published_at=ANSWERED + timedelta(microseconds=question.pk)
        )

    page = parse(Client().get("/specialties/neurology/"))
    address = page.one("a", rel="next").attrs["href"]
    back = parse(Client().get(f"/specialties/neurology/{address}")).one("a", rel="prev").attrs["href"]

    assert [re.fullmatch(r"\?(after|before)=\d{1,9}", each) is not None for each in (address, back)] == [True, True]


# Numbers


def test_two_questions_asked_one_after_the_other_are_not_neighbours_in_number(neurology):
    numbers = [take_number() for _ in range(60)]

    steps = [after - before for before, after in pairwise(numbers)]
    assert len(set(numbers)) == 60
    assert numbers != sorted(numbers)
    assert sum(step == 1 for step in steps) <= 3
    assert max(numbers) - min(numbers) <= 2 * POOL


@pytest.mark.django_db(transaction=True)
def test_a_number_is_given_once_however_many_ask():
    taken = at_once(*[lambda: [take_number() for _ in range(20)]] * 4)

    numbers = [number for each in taken for number in each]
    assert len(numbers) == len(set(numbers)) == 80


def test_a_follow_up_is_named_by_its_place_in_its_thread(threads):
    for thread in threads:
        page = parse(Client().get(thread.get_absolute_url()))
        assert [each.attrs["id"] for each in page.all(class_="follow-up")] == ["follow-up-1"]


# Names


def test_each_number_has_a_name_of_its_own():
    assert len({shuffled(number) for number in range(0, NAMES, 97)}) == len(range(0, NAMES, 97))
    assert max(shuffled(number) for number in range(500)) < NAMES


@pytest.mark.django_db(transaction=True)
def test_no_name_is_offered_twice_however_many_open_the_form_at_once():
    offered = at_once(*[lambda: [suggest_pseudonym() for _ in range(25)] for _ in range(4)])

    names = [name for each in offered for name in each]
    assert len(names) == len(set(names)) == 100


def asked_as(patient, name: str, words: str):
    client = browser()
    client.force_login(patient)
    return send_question(client, "neurology", pseudonym=name, text=words)


@pytest.mark.parametrize("name", ["Marigold", "MARIGOLD", "  marigold ", "Ｍarigold"])
def test_a_name_the_patient_has_used_is_refused_with_the_reason(neurology, name):
    patient = UserFactory()
    asked_as(patient, "Marigold", "It twitches.")

    again = asked_as(patient, name, "Now my foot hurts.")

    page = parse(again)
    assert (again.status_code, Question.objects.count()) == (422, 1)
    assert "You have used this name before" in page.one(class_="error-summary").text
    assert page.one("textarea", name="text").text == "Now my foot hurts."


def test_the_same_name_is_free_for_others_after_withdrawing_and_for_the_same_question(neurology):
    patient = UserFactory()
    first = asked_as(patient, "Marigold", "It twitches.")
    same = asked_as(patient, "Marigold", "It twitches.")
    other = asked_as(UserFactory(), "Marigold", "It itches.")
    Question.objects.get(asker=patient).withdraw(by=patient)

    later = asked_as(patient, "Marigold", "Now my foot hurts.")

    assert [answer.status_code for answer in (first, same, other, later)] == [302] * 4
    assert (same["Location"], Question.objects.count()) == (first["Location"], 3)
