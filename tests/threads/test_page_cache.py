"""A signed-out reader gets a kept page as long as nothing on it has changed, and not one request longer."""

import gzip

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from accounts.models import Doctor
from forum.articles.models import Article
from forum.moderation.services import hide_thread, merge_thread
from forum.questions.models import Question, State
from forum.replies.models import FollowUp, Reply
from forum.search.models import QuestionTopic, Topic
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
from tests.html import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    """A thread with one of everything, and one stored similar thread."""
    specialty = SpecialtyFactory(name="Neurology", name_zh_hant="神經科")
    fields = {"specialty": specialty, "text": "My eyelid twitches."}
    question = published_thread(**fields, public_title="Eyelid", reply__doctor=DoctorFactory(name="Wu Mukhan"))
    published_thread(**fields, public_title="Another eyelid", reply__doctor=DoctorFactory(name="Lee Other"))
    ArticleFactory(question=question, signed=True, html="<p>An article.</p>")
    FollowUpFactory(question=question, text="Coffee?")
    QuestionTopic.objects.create(question=question, topic=TopicFactory(name="Twitching", specialty=specialty))
    renew_similar(question)
    return question


def read(question: Question, client: Client | None = None, **options):
    """The answer to a signed-out reader."""
    return (client or Client()).get(question.get_absolute_url(), **options)


def is_kept(response) -> bool:
    """Whether it came without rendering a template."""
    return response.templates == []


def test_the_second_reader_gets_the_kept_page_for_one_query(question, django_assert_num_queries):
    first = read(question)

    with django_assert_num_queries(1):
        second = read(question)

    assert (is_kept(first), is_kept(second)) == (False, True)
    assert second.content == first.content
    assert headers(second) == headers(first)


def test_a_browser_that_takes_gzip_gets_the_same_page(question):
    plain = read(question)

    packed = read(question, headers={"accept-encoding": "gzip, br"})

    assert is_kept(packed)
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], packed["Content-Length"]) == ("gzip", str(len(packed.content)))
    assert headers(packed)["Vary"] == headers(plain)["Vary"]


def headers(response) -> dict:
    """Of `Vary`, which cookies and languages are behind it, the order means nothing."""
    return dict(response.headers) | {"Vary": set(response["Vary"].split(", "))}


def similar(question: Question) -> Question:
    return question.similar_threads.get().similar


CHANGES = {
    "the text": (lambda q: Question.objects.filter(pk=q.pk).update(text="Changed."), "Changed."),
    "the headline": (lambda q: Question.objects.filter(pk=q.pk).update(headline="Changed."), "Changed."),
    "the pseudonym": (lambda q: Question.objects.filter(pk=q.pk).update(pseudonym="Changed"), "Changed, 20~29"),
    "a new reply": (lambda q: ReplyFactory(question=q, text="Changed."), "Changed."),
    "an edited reply": (lambda q: Reply.objects.filter(question=q).update(text="Changed."), "Changed."),
    "an agreement": (
        lambda q: AgreementFactory(reply=q.replies.get(), doctor__name="Changed"),
        "Dr. Changed agrees",
    ),
    "a deleted reply": (lambda q: Reply.objects.filter(question=q).delete(), "No doctor has replied yet."),
    "an answered follow-up": (
        lambda q: q.follow_ups.get().give_answer(by=q.replies.get().doctor, text="Changed."),
        "Changed.",
    ),
    "an edited follow-up": (
        lambda q: FollowUp.objects.filter(question=q).update(
            answer="Changed.", answered_at=timezone.now(), answered_by=q.replies.get().doctor
        ),
        "Changed.",
    ),
    "an edited article": (lambda q: Article.objects.filter(question=q).update(html="<p>Changed.</p>"), "Changed."),
    "a reviewed article": (
        lambda q: Article.objects.get(question=q).review(by=DoctorFactory(name="Changed")),
        "by Dr. Changed",
    ),
    "a corrected reply": (
        lambda q: q.replies.get().correct(by=q.replies.get().doctor, text="Changed.", reason="wrong"),
        "Changed.",
    ),
    "a new source": (
        lambda q: Article.objects.filter(question=q).update(sources=[{"title": "Changed", "url": "https://a.example"}]),
        "Changed",
    ),
    "a new topic": (
        lambda q: QuestionTopic.objects.create(question=q, topic=TopicFactory(name="Changed", specialty=q.specialty)),
        "Changed (Neurology)",
    ),
    "a renamed topic": (lambda q: Topic.objects.filter(questions=q).update(name="Changed"), "Changed (Neurology)"),
    "a renamed specialty": (lambda q: Specialty.objects.update(name="Changed"), "Eyelid - Changed"),
    "another specialty": (
        lambda q: Question.objects.filter(pk=q.pk).update(specialty=SpecialtyFactory(name="Changed")),
        "Eyelid - Changed",
    ),
    "a renamed doctor": (
        lambda q: Doctor.objects.filter(name="Wu Mukhan").update(name="Changed"),
        "Dr. Changed reply Neurology",
    ),
    "a renamed doctor of a card": (
        lambda q: Doctor.objects.filter(name="Lee Other").update(name="Changed"),
        "Dr. Changed reply Neurology",
    ),
    "a new topic of a similar thread": (
        lambda q: QuestionTopic.objects.create(
            question=similar(q), topic=TopicFactory(name="Changed", specialty=q.specialty)
        ),
        "Changed (Neurology)",
    ),
    "a retitled similar thread": (
        lambda q: Question.objects.filter(pk=similar(q).pk).update(public_title="Changed"),
        "[Read More] Changed",
    ),
    "an edited reply of a similar thread": (
        lambda q: Reply.objects.filter(question=similar(q)).update(text="Changed."),
        "Changed.",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_on_the_very_next_page(question, change):
    act, words = CHANGES[change]
    read(question)
    before = read(question)
    assert is_kept(before)
    assert words not in parse(before).text

    act(question)

    assert words in parse(read(question)).text


def test_an_agreement_that_was_taken_back_is_gone_from_the_very_next_page(question):
    agreement = AgreementFactory(reply=question.replies.get())
    before = parse(read(question)).texts(class_="reply__agreed")

    agreement.reply.take_back_agreement(by=agreement.doctor)

    after = parse(read(question)).texts(class_="reply__agreed")
    assert (before, after) == ([f"Dr. {agreement.doctor.name} agrees"], [])


def test_a_deleted_topic_is_gone_from_the_very_next_page(question):
    read(question)

    Topic.objects.filter(questions=question).delete()

    assert parse(read(question)).all(id="related-faq") == []


def test_topics_of_a_similar_thread_that_was_hidden_are_gone_from_the_very_next_page(question):
    other = similar(question)
    QuestionTopic.objects.create(question=other, topic=TopicFactory(name="Lids", specialty=question.specialty))
    before = parse(read(question)).one(id="related-faq")

    hide_thread(question=other, by=UserFactory(admin=True), reason="admin")

    after = parse(read(question)).one(id="related-faq")
    assert (before.texts("li"), after.texts("li")) == (
        ["Twitching (Neurology)", "Lids (Neurology)"],
        ["Twitching (Neurology)"],
    )


def test_a_thread_its_more_info_is_based_on_that_was_hidden_is_gone_from_the_very_next_page(question):
    base = ArticleFactory(signed=True).question
    Article.objects.filter(question=question).delete()
    ArticleFactory(question=question, signed=True, based_on=[base.pk])
    assert base.title in read(question).content.decode()

    Question.objects.filter(pk=base.pk).update(state=State.HIDDEN)

    assert base.title not in read(question).content.decode()


def test_a_withdrawn_verification_is_gone_from_the_very_next_page(question):
    before = parse(read(question)).one(id="replies")

    question.replies.get().doctor.withdraw_verification(by=UserFactory(admin=True))

    after = parse(read(question)).one(id="replies")
    assert before.one("h3").text == "Dr. Wu Mukhan reply Neurology"
    assert after.one("h3").text == "Dr. Wu Mukhan reply Neurology"


@pytest.mark.parametrize("act", ["hide", "merge"])
def test_a_similar_thread_that_left_is_gone_from_the_very_next_page(question, act):
    admin, other, target = UserFactory(admin=True), similar(question), published_thread(text="Something else.")
    before = parse(read(question))

    if act == "hide":
        hide_thread(question=other, by=admin, reason="admin")
    else:
        merge_thread(question=other, target=target, by=admin)

    after = parse(read(question))
    assert before.one(id="similar").texts("h3") == ["Another eyelid"]
    assert "Another eyelid" not in after.source


def test_a_thread_that_left_is_gone_at_the_very_next_request(question):
    read(question)

    hide_thread(question=question, by=UserFactory(admin=True), reason="admin")

    assert read(question).status_code == 404


def test_a_merged_thread_redirects_at_the_very_next_request(question):
    target = similar(question)
    read(question)

    merge_thread(question=question, target=target, by=UserFactory(admin=True))

    response = read(question)
    assert (response.status_code, response["Location"]) == (301, target.get_absolute_url())


def test_similar_threads_computed_while_reading_are_not_kept_when_the_stored_ones_left(question):
    admin, stored = UserFactory(admin=True), similar(question)
    late = published_thread(specialty=question.specialty, text="My eyelid twitches.", public_title="Late eyelid")
    hide_thread(question=stored, by=admin, reason="admin")
    before = parse(read(question)).one(id="similar").texts("h3")

    hide_thread(question=late, by=admin, reason="admin")

    after = parse(read(question))
    assert before == ["Late eyelid"]
    assert after.all(id="similar") == []


def test_nothing_is_kept_of_a_thread_without_stored_similar_threads():
    question = published_thread(text="My eyelid twitches.", public_title="Eyelid")
    read(question)

    other = published_thread(specialty=question.specialty, text="My eyelid twitches.", public_title="Newer")

    assert parse(read(question)).one(id="similar").texts("h3") == [other.public_title]


def test_a_thread_without_similar_ones_is_rendered_each_time():
    question = published_thread()

    answers = [read(question) for _ in range(3)]

    assert [is_kept(answer) for answer in answers] == [False] * 3


def test_a_signed_in_reader_never_gets_a_kept_page(question):
    read(question)
    client = Client()
    client.force_login(UserFactory())

    response = read(question, client)

    assert not is_kept(response)
    assert parse(response).one("header").texts("summary") == ["Account"]


def test_a_signed_in_reader_never_fills_the_kept_pages(question):
    client = Client()
    client.force_login(DoctorFactory(specialties=[question.specialty]).user)
    client.get(question.get_absolute_url())

    response = read(question)

    assert "threads/thread.html" in [template.name for template in response.templates]
    assert parse(response).one("header").all("summary") == []
    assert ("Sign in", "/accounts/login/") in parse(response).links()


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_a_browser_with_a_session_or_a_message_gets_its_own_page(question, cookie):
    read(question)
    client = Client()
    client.cookies[cookie] = "anything"

    response = client.get(question.get_absolute_url())

    assert "threads/thread.html" in [template.name for template in response.templates]


def test_a_message_is_shown_to_the_one_it_is_for_alone(question):
    client = Client()
    client.force_login(UserFactory())
    client.post("/accounts/logout/")

    own = client.get(question.get_absolute_url())
    other = read(question)

    assert parse(own).texts(role="status") == ["You have signed out."]
    assert parse(other).all(role="status") == []


def test_hosts_do_not_mix(question, settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    read(question, headers={"host": "a.example"})

    page = read(question, headers={"host": "b.example"})

    assert b"a.example" not in page.content
    assert parse(page).one("link", rel="canonical").attrs["href"] == f"http://b.example{question.get_absolute_url()}"


def test_http_and_https_do_not_mix(question):
    Client().get(question.get_absolute_url())

    page = parse(Client().get(question.get_absolute_url(), secure=True))

    assert page.one("link", rel="canonical").attrs["href"].startswith("https://testserver/")


def test_languages_do_not_mix(question, settings):
    settings.LANGUAGES = [("en", "English"), ("zh-hant", "中文")]
    english = read(question, headers={"accept-language": "en"})

    chinese = read(question, headers={"accept-language": "zh-hant"})

    assert parse(english).one("title").text == "Eyelid - Neurology"
    assert parse(chinese).one("title").text == "Eyelid - 神經科"
    assert parse(read(question, headers={"accept-language": "en"})).one("title").text == "Eyelid - Neurology"


def test_a_wrong_slug_redirects_though_the_page_is_kept(question):
    read(question)

    response = Client().get(f"/questions/{question.pk}/wrong/")

    assert (response.status_code, response["Location"]) == (301, question.get_absolute_url())
    assert is_kept(read(question))


def test_a_full_cache_forgets_pages_and_shows_the_right_ones(question, monkeypatch):
    monkeypatch.setattr(caches["pages"], "_max_entries", 3)
    threads = [question, similar(question)]
    renew_similar(threads[1])

    titles = [parse(read(thread)).one("h1").text for thread in threads * 3]

    assert titles == ["Eyelid", "Another eyelid"] * 3


def test_a_browser_that_takes_gzip_gets_the_kept_page_compressed(question):
    plain = read(question)

    kept = read(question, headers={"accept-encoding": "gzip"})

    assert kept["Content-Encoding"] == "gzip"
    assert gzip.decompress(kept.content) == plain.content
    assert {"Accept-Encoding", "Cookie"} <= set(kept["Vary"].split(", "))
