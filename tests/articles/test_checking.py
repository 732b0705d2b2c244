"""Which addresses of More Info are asked, when, and what is told of them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from forum.articles import tasks
from forum.articles.checking import check_due_links, note_links
from forum.articles.links import Found
from forum.articles.models import Article, Outcome, SourceLink
from forum.articles.rendering import render_markdown
from tests.factories import ArticleFactory, SourceLinkFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


class Asker:
    """Finds what it is told; remembers what it was asked."""

    def __init__(self, **outcomes: Outcome) -> None:
        self.outcomes, self.asked = outcomes, []

    def ask(self, url: str) -> Found:
        self.asked.append(url)
        return Found(self.outcomes.get(url.split("//")[1].split(".")[0], Outcome.FINE), 200)


def source(*urls: str) -> list[dict]:
    return [{"title": "A title", "url": url} for url in urls]


def linked(*urls: str, **fields) -> Article:
    text = " ".join(f"[a]({url})" for url in urls) or "No link."
    return ArticleFactory(text=text, html=render_markdown(text), sources=[], **fields)


def urls() -> list[str]:
    return sorted(SourceLink.objects.values_list("url", flat=True))


def test_addresses_of_sources_and_of_links_are_noted_once():
    ArticleFactory(sources=source("https://a.example/", "https://b.example/?x=1&y=2"))
    linked("https://b.example/?x=1&y=2", "https://c.example/")

    note_links()
    note_links()

    assert urls() == ["https://a.example/", "https://b.example/?x=1&y=2", "https://c.example/"]


def test_what_is_too_long_or_of_no_web_is_not_noted():
    ArticleFactory(sources=source("https://a.example/" + "x" * 2000, "ftp://a.example/"))
    ArticleFactory(sources=[])

    note_links()

    assert urls() == []


def test_address_that_no_article_gives_any_more_is_forgotten_after_a_week():
    old, lately = NOW - timedelta(days=8), NOW - timedelta(days=6)
    SourceLinkFactory(url="https://old.example/", checked_at=old)
    SourceLinkFactory(url="https://lately.example/", checked_at=lately)
    SourceLinkFactory(url="https://given.example/", checked_at=old)
    SourceLinkFactory(url="https://typed.example/")
    ArticleFactory(sources=source("https://given.example/"))

    note_links()

    assert urls() == ["https://given.example/", "https://lately.example/", "https://typed.example/"]


def test_each_host_is_asked_once_a_task_and_the_rest_is_left():
    for path in ("1", "2"):
        SourceLinkFactory(url=f"https://a.example/{path}")
    SourceLinkFactory(url="https://b.example/")
    SourceLinkFactory(url="https://later.example/", due_at=NOW + timedelta(hours=1))
    asker = Asker()

    left = check_due_links(asker, seconds=10)

    assert (left, asker.asked) == (True, ["https://a.example/1", "https://b.example/"])
    assert check_due_links(asker, seconds=10) is False
    assert asker.asked[2:] == ["https://a.example/2"]


def test_task_stops_when_its_time_is_over():
    for host in "abc":
        SourceLinkFactory(url=f"https://{host}.example/")
    asker, clock = Asker(), iter(range(100))

    left = check_due_links(asker, seconds=0.5, clock=lambda: next(clock))

    assert (left, len(asker.asked)) == (True, 1)


def test_outage_of_this_machine_makes_no_address_worse():
    for host in "ab":
        SourceLinkFactory(url=f"https://{host}.example/")

    left = check_due_links(Asker(a=Outcome.FAILED, b=Outcome.FAILED), seconds=10)

    assert left is False
    assert set(SourceLink.objects.values_list("outcome", "failures", "checked_at")) == {("", 0, None)}
    assert SourceLink.objects.filter(due_at__gt=timezone.now() + timedelta(hours=23)).count() == 2


def test_one_of_several_that_does_not_answer_is_counted():
    for host in "ab":
        SourceLinkFactory(url=f"https://{host}.example/")

    check_due_links(Asker(a=Outcome.FAILED), seconds=10)

    assert dict(SourceLink.objects.values_list("outcome", "failures")) == {"failed": 1, "fine": 0}


@pytest.mark.parametrize(
    ("outcomes", "broken", "days"),
    [
        (["fine"], False, 7),
        (["closed"], False, 7),
        (["not_asked"], False, 7),
        (["gone"], True, 7),
        (["private"], True, 7),
        (["failed"], False, 1),
        (["failed", "failed"], True, 7),
        (["failed", "fine"], False, 7),
        (["failed", "fine", "failed"], False, 1),
        (["gone", "fine"], False, 7),
    ],
)
def test_address_is_broken_when_it_is_gone_or_twice_did_not_answer(outcomes, broken, days):
    link = SourceLinkFactory()

    for outcome in outcomes:
        link.record(Outcome(outcome), 200)

    link = SourceLink.objects.get()
    assert (link.is_broken, link.outcome, link.due_at - link.checked_at) == (broken, outcomes[-1], timedelta(days=days))


def test_articles_tell_which_of_their_addresses_are_broken():
    broken = [SourceLinkFactory(broken=True, url=f"https://{host}.example/?x=1&y=2").url for host in "ab"]
    SourceLinkFactory(url="https://fine.example/")
    both = linked(broken[1], "https://fine.example/")
    Article.objects.filter(pk=both.pk).update(sources=source(broken[0], "https://unknown.example/"))
    fine = linked("https://fine.example/")
    ArticleFactory(sources=[])

    told = Article.objects.with_broken_sources().values_list("pk", "broken_sources")

    assert dict(told)[both.pk] == broken
    assert dict(told)[fine.pk] == []
    assert [article.pk for article in Article.objects.having_broken_sources()] == [both.pk]


def waiting() -> int:
    return DBTaskResult.objects.count()


def test_nothing_is_checked_unless_the_operator_wants_it(monkeypatch):
    ArticleFactory()
    monkeypatch.setattr(tasks, "LinkAsker", None)

    tasks.check_links.call()
    tasks.check_links_if_not_waiting()

    assert (urls(), waiting()) == ([], 0)


def test_worker_checks_all_that_articles_give(settings, monkeypatch):
    settings.CHECK_LINKS = True
    ArticleFactory(sources=source("https://a.example/"))
    monkeypatch.setattr(tasks, "LinkAsker", lambda: Asker(a=Outcome.GONE))

    tasks.check_links.call()

    assert list(SourceLink.objects.values_list("outcome", "is_broken")) == [("gone", True)]
    assert waiting() == 0


def test_what_is_left_is_checked_half_a_minute_later(settings, monkeypatch):
    settings.CHECK_LINKS = True
    ArticleFactory(sources=source("https://a.example/1", "https://a.example/2"))
    monkeypatch.setattr(tasks, "LinkAsker", Asker)

    tasks.check_links.call()

    assert DBTaskResult.objects.get().run_after > NOW


def test_one_check_waits_at_most(settings):
    settings.CHECK_LINKS = True

    tasks.check_links_if_not_waiting()
    tasks.check_links_if_not_waiting()

    assert waiting() == 1
