"""Whatever patients and doctors write is text."""

import pytest

from forum.articles.models import Article
from forum.questions.models import Question
from forum.search.models import QuestionTopic
from forum.search.services import index_questions, renew_similar
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    SpecialtyFactory,
    TopicFactory,
    published_thread,
)
from tests.html import parse

pytestmark = pytest.mark.django_db
ATTACK = "<img src=x onerror=alert(1)>\"'&lt;b&gt;"


@pytest.fixture
def attacked() -> Question:
    specialty = SpecialtyFactory(name=f"S {ATTACK}", slug="s", description=ATTACK)
    doctor = DoctorFactory(
        name=f"D {ATTACK}", slug="d", hospital=ATTACK, credentials=ATTACK, biography=ATTACK, specialties=[specialty]
    )
    fields = {
        "specialty": specialty,
        "text": f"Twitching {ATTACK}",
        "headline": f"H {ATTACK}",
        "pseudonym": ATTACK[:40],
    }
    question = published_thread(**fields, public_title=f"T {ATTACK}", reply__text=ATTACK, reply__doctor=doctor)
    published_thread(**fields, public_title=f"U {ATTACK}", reply__text=ATTACK, reply__doctor=doctor)
    FollowUpFactory(question=question, text=ATTACK, answered=True, answer=ATTACK, answered_by=doctor)
    article = Article.written(question=question, text=ATTACK, sources=[{"title": ATTACK, "url": "https://a.example/"}])
    article.sign(by=doctor)
    article.save()
    QuestionTopic.objects.create(question=question, topic=TopicFactory(name=ATTACK, slug="t", specialty=specialty))
    index_questions([question.pk])
    renew_similar(question)
    return question


@pytest.mark.parametrize(
    "path", ["thread", "/", "/specialties/", "/specialties/s/", "/topics/t/", "/doctors/", "/doctors/d/", "/search/?q="]
)
def test_markup_in_any_field_is_shown_as_it_was_typed(client, attacked, path):
    path = attacked.get_absolute_url() if path == "thread" else path
    data = {"q": f"twitching {ATTACK}"} if path.startswith("/search") else {}

    page = parse(client.get(path, data))

    assert page.all("img") == []
    assert [element.attrs for element in page.walk() if any(name.startswith("on") for name in element.attrs)] == []
    assert ATTACK in page.one("main").source
    assert page.one("main").all("b") == []


def test_every_field_of_the_thread_page_is_shown_as_it_was_typed(client, attacked):
    page = parse(client.get(attacked.get_absolute_url()))

    assert page.one("title").text == f"T {ATTACK} - S {ATTACK}"
    assert page.one("h1").text == f"T {ATTACK}"
    assert page.one(id="question").one("h2").text == f"H {ATTACK}"
    assert page.one(class_="asker-line").text.startswith(f"{ATTACK[:40]}, 20~29")
    assert page.one(id="replies").one("h3").text == f"Dr. D {ATTACK} reply S {ATTACK}"
    assert page.one(id="replies").one(class_="prose").text == ATTACK
    assert page.one(id="follow-ups").texts(class_="prose") == [ATTACK, ATTACK]
    assert page.one(class_="article-sources").links() == [(ATTACK, "https://a.example/")]
    assert page.one(id="similar").one("h3").text == f"U {ATTACK}"
    assert page.one(id="related-faq").texts("a") == [f"{ATTACK} (S {ATTACK})"]
    assert page.one("meta", property="og:title").attrs["content"] == f"T {ATTACK}"
    assert page.one("meta", name="description").attrs["content"] == f"Twitching {ATTACK}"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.png)",
        "<iframe src='https://evil.example'></iframe>",
        "<p style='position:fixed' onclick='alert(1)'>x</p>",
    ],
)
def test_more_info_keeps_no_script_picture_frame_or_style(client, text):
    question = published_thread()
    article = Article.written(question=question, text=f"{text}\n\n## Kept", sources=[])
    article.save()

    info = parse(client.get(question.get_absolute_url())).one(id="more-info")

    assert info.headings() == ["h2 More Info", "h2 Kept"]
    assert {element.tag for element in info.walk()} <= {"h2", "div", "p"}
    assert [element.attrs for element in info.one(class_="article-body").walk() if element.attrs] == []


def test_a_source_without_a_title_shows_its_address(client):
    question = published_thread()
    ArticleFactory(question=question, sources=[{"title": "", "url": 'https://a.example/?a=1&b="2"'}])

    links = parse(client.get(question.get_absolute_url())).one(class_="article-sources").links()

    assert links == [('https://a.example/?a=1&b="2"', 'https://a.example/?a=1&b="2"')]
