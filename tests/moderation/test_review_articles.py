"""More Info after publishing: the review list, "still right", corrections."""

import json
from datetime import date, timedelta
from functools import partial
from itertools import chain

import pytest
from django.test import Client
from django.utils import timezone

from forum.articles.models import Article, ArticleEvent
from forum.questions.models import State, WrongState
from forum.replies.seen import ChangedMeanwhile
from tests.factories import (
    ArticleFactory,
    CorrectionFactory,
    DoctorFactory,
    QuestionFactory,
    ReplyFactory,
    SourceLinkFactory,
    SpecialtyFactory,
    UserFactory,
)
from tests.html import parse
from tests.moderation.desk import browser, decisions
from tests.races import at_once

SOURCES = "MedlinePlus https://medlineplus.gov/"
LIST = "/dashboard/articles/"


@pytest.fixture
def doctor():
    return DoctorFactory(name="Wu Mukhan", specialties=[SpecialtyFactory(name="Neurology")])


def article_in(doctor, title: str = "Twitching", **fields) -> Article:
    question = QuestionFactory(published=True, specialty=doctor.specialties.first(), public_title=title)
    return ArticleFactory(**{"question": question, "signed": True} | fields)


@pytest.fixture
def article(doctor):
    return article_in(doctor, signed_by__name="Lee Other")


def page_of(article: Article) -> str:
    return f"/dashboard/questions/{article.question_id}/article/"


def send(doctor, article: Article, act: str, **changes):
    data = {"more_info": "## Causes\n\nStress.", "sources": SOURCES, "reason": "outdated", "signed": "on"}
    data |= {"since": article.edition, "act": act} | changes
    return browser(doctor).post(page_of(article), {name: value for name, value in data.items() if value is not None})


def listed(doctor, address: str = LIST) -> list[str]:
    return [row.one(class_="queue__title").text for row in parse(browser(doctor).get(address)).all(class_="queue__row")]


def months_ago(months: int, days: int = 0) -> date:
    today = timezone.localdate()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, 28)) - timedelta(days)


@pytest.mark.django_db
def test_list_has_what_is_due_by_the_limit_of_its_specialty_longest_unread_first(doctor):
    lenient, strict = doctor.specialties.get(), SpecialtyFactory(review_months=6)
    doctor.specialties.add(strict)
    child = SpecialtyFactory(parent=strict, review_months=12)
    for title, specialty, months in [
        ("Due", lenient, 25),
        ("Not yet", lenient, 22),
        ("Due by a strict limit", strict, 7),
        ("Of a child, due by its own", child, 13),
        ("Of a child, not yet", child, 7),
        ("Of others", SpecialtyFactory(), 90),
    ]:
        thread = QuestionFactory(published=True, specialty=specialty, public_title=title)
        ArticleFactory(question=thread, signed=True, reviewed_on=months_ago(months))

    assert listed(doctor) == ["Due", "Of a child, due by its own", "Due by a strict limit"]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_due"), [(0, True), (-1, False)])
def test_article_is_due_on_the_day_and_not_before(doctor, days, is_due):
    specialty = doctor.specialties.get()
    specialty.review_months = 1
    specialty.save()
    today = timezone.localdate()
    last_month = today.replace(day=1) - timedelta(1)
    same_day = last_month.replace(day=min(today.day, last_month.day))
    article_in(doctor, reviewed_on=same_day - timedelta(days))

    assert Article.objects.due_for_review().exists() is is_due


@pytest.mark.django_db
@pytest.mark.parametrize("traits", [{"hidden": True}, {"merged": True}])
def test_what_readers_do_not_see_is_not_listed(doctor, traits):
    ArticleFactory(signed=True, question=QuestionFactory(specialty=doctor.specialties.get(), **traits))

    assert listed(doctor) == []


@pytest.mark.django_db
def test_unsigned_articles_have_a_list_of_their_own(doctor):
    article_in(doctor, "Signed")
    article_in(doctor, "Of an archive", signed=False)

    assert (listed(doctor), listed(doctor, f"{LIST}?show=unsigned")) == (["Signed"], ["Of an archive"])


@pytest.mark.django_db
@pytest.mark.parametrize("show", ["", "unsigned"])
def test_list_is_paged_each_article_once(doctor, show):
    for number in range(60):
        signed = {"signed": not show} | ({} if show else {"reviewed_on": date(2020, 1, 1 + number // 20)})
        article_in(doctor, f"Article {number:02}", **signed)
    client, address, seen = browser(doctor), f"{LIST}?show={show}", []

    for _ in range(3):
        page = parse(client.get(address))
        seen.append([row.one(class_="queue__title").text for row in page.all(class_="queue__row")])
        address = LIST + next((link.attrs["href"] for link in page.all("a", rel="next")), "")

    assert [len(titles) for titles in seen] == [25, 25, 10]
    assert list(chain(*seen)) == [f"Article {number:02}" for number in range(60)]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["after=x", "after=9" + "9" * 30, "after=1", "after=1&since=nonsense", "show=all"])
def test_an_address_nobody_made_shows_the_list_from_its_beginning(doctor, article, query):
    assert listed(doctor, f"{LIST}?{query}") == ["Twitching"]


@pytest.mark.django_db
def test_list_takes_as_many_queries_however_long(doctor, django_assert_num_queries):
    client = browser(doctor)
    for number in range(30):
        article_in(doctor, f"Article {number}")
    client.get(LIST)

    with django_assert_num_queries(5):
        client.get(LIST)


@pytest.mark.django_db
def test_dashboard_counts_what_is_due(doctor, article):
    before = parse(browser(doctor).get("/dashboard/")).texts("a", href=LIST)

    send(doctor, article, "review")

    after = parse(browser(doctor).get("/dashboard/")).texts("a", href=LIST)
    assert (before, after) == (["More Info to review: 1", "More Info to review"], ["More Info to review"])


@pytest.mark.django_db
def test_still_right_is_seen_by_readers_with_the_name(doctor, article):
    response = send(doctor, article, "review")

    today = timezone.localdate()
    shown = parse(Client().get(article.question.get_absolute_url())).one(class_="article-signed")
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert shown.text == f"Signed by Dr. Lee Other. Last reviewed: {today:%Y/%m/%d} by Dr. Wu Mukhan"
    assert decisions(article.question) == [("review_article", doctor.user.pk, "", "", "")]
    assert listed(doctor) == []


@pytest.mark.django_db
def test_machines_are_told_who_reviewed_it_and_when(doctor, article):
    ReplyFactory(question=article.question)
    send(doctor, article, "review")

    page = parse(Client().get(article.question.get_absolute_url()))
    data = json.loads(page.all("script", type="application/ld+json")[0].source)
    assert (data["reviewedBy"]["name"], data["lastReviewed"]) == ("Wu Mukhan", timezone.localdate().isoformat())


@pytest.mark.django_db
def test_own_review_names_the_doctor_once(doctor):
    article = article_in(doctor, signed_by=doctor)

    send(doctor, article, "review")

    shown = parse(Client().get(article.question.get_absolute_url())).one(class_="article-signed")
    assert shown.text == f"Signed by Dr. Wu Mukhan. Last reviewed: {timezone.localdate():%Y/%m/%d}"


@pytest.mark.django_db
def test_reviewed_twice_is_reviewed_once(doctor, article):
    answers = [send(doctor, article, "review") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(decisions(article.question)) == 1


@pytest.mark.django_db
def test_review_changes_no_words_and_makes_no_revision(doctor, article):
    modified = article.question.modified_at

    send(doctor, article, "review")

    article.refresh_from_db()
    assert (article.question.modified_at, ArticleEvent.objects.count()) == (modified, 0)


@pytest.mark.django_db
def test_article_of_an_archive_is_signed_by_whoever_reviews_it(doctor):
    article = article_in(doctor, signed=False)

    refused = send(doctor, article, "review", signed=None)
    taken = send(doctor, article, "review")

    article.refresh_from_db()
    (error,) = parse(refused).one(class_="error-summary").texts("li")
    assert (refused.status_code, taken.status_code) == (422, 302)
    assert error.endswith("It has no signature yet: please give yours.")
    assert (article.signed_by, article.reviewed_by) == (doctor, doctor)


@pytest.mark.django_db
def test_correction_is_seen_by_readers_under_the_new_signature(doctor, article):
    response = send(doctor, article, "correct", more_info="## Causes\n\n<b>Stress</b>.")

    article.refresh_from_db()
    shown = parse(Client().get(article.question.get_absolute_url())).one(id="more-info")
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert shown.one(class_="article-body").text == "Causes <b>Stress</b>."
    assert shown.one(class_="article-signed").text.startswith("Signed by Dr. Wu Mukhan. Last reviewed: ")
    assert article.question.modified_at == article.signed_at
    assert decisions(article.question) == [("correct_article", doctor.user.pk, "", "", "outdated")]


@pytest.mark.django_db
def test_what_an_admin_asked_to_correct_leads_here_and_ends_with_the_correction(doctor, article):
    asked = CorrectionFactory(question=article.question, what="more-info", doctor=doctor)

    row = parse(browser(doctor).get("/dashboard/")).all(class_="queue__title")[0]
    send(doctor, article, "correct")

    asked.refresh_from_db()
    assert (row.attrs["href"], asked.done_by) == (page_of(article), doctor)


@pytest.mark.django_db
def test_old_text_is_kept_as_a_revision_with_its_sources(doctor, article):
    send(doctor, article, "correct", more_info=article.text, sources="WHO https://who.int/")

    page = parse(browser(doctor).get(f"{page_of(article)}revisions/"))
    assert page.one(class_="difference").texts("del") == ["[removed: MedlinePlus https://medlineplus.gov/]"]
    assert page.one(class_="difference").texts("ins") == ["[added: WHO https://who.int/]"]
    assert [option.text for option in page.all("option")][:2] == [
        f"1 · {timezone.localdate():%Y/%m/%d} · Dr. Lee Other",
        f"2 · {timezone.localdate():%Y/%m/%d} · Dr. Wu Mukhan",
    ]


@pytest.mark.django_db
def test_the_same_text_again_changes_nothing(doctor, article):
    answers = [send(doctor, article, "correct") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(decisions(article.question)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"signed": None}, "More Info is published only with your signature."),
        ({"more_info": " "}, "More Info cannot be empty. To take it off the page, ask an admin."),
        ({"sources": "no address"}, "Line 1 does not end with an address that begins with https://."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(doctor, article, changes, error):
    response = send(doctor, article, "correct", **changes)

    page = parse(response)
    assert response.status_code == 422
    assert page.one(class_="error-summary").one("li").text.endswith(error)
    typed = changes.get("more_info", "## Causes\n\nStress.")
    assert page.one("textarea", name="more_info").source.strip() == typed.strip()
    assert Article.objects.get().signed_by.name == "Lee Other"


@pytest.mark.django_db
def test_preview_shows_the_page_and_what_changes_and_publishes_nothing(doctor, article):
    response = send(doctor, article, "preview")

    page = parse(response)
    assert response.status_code == 200
    assert page.one(id="preview-body").text == "Causes Stress."
    assert page.one(class_="difference").texts("ins") == ["[added: Stress]"]
    assert decisions(article.question) == []


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["review", "correct"])
def test_what_was_changed_meanwhile_is_shown_and_neither_signed_nor_overwritten(doctor, article, act):
    since = article.edition
    article.correct(by=doctor, text="New words.", sources=[], reason="wrong")

    response = send(doctor, article, act, since=since, **({"more_info": None} if act == "review" else {}))

    page = parse(response)
    assert response.status_code == 409
    assert page.one(class_="error-summary").one("h2").text == "It was changed since you opened it"
    assert page.one(id="more-info").one(class_="article-body").text == "New words."
    words = {"review": "New words.", "correct": "## Causes\n\nStress."}[act]
    assert page.one("textarea", name="more_info").source.strip() == words
    assert len(decisions(article.question)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_signed_and_the_other_is_told(doctor, article):
    colleague = DoctorFactory(specialties=doctor.specialties.all())
    words = {"sources": [], "reason": "wrong", "since": article.edition}
    acts = [
        partial(Article.objects.get().correct, by=each, text=f"By {each.pk}.", **words) for each in (doctor, colleague)
    ]

    outcomes = at_once(*acts)

    article.refresh_from_db()
    assert {type(outcome) for outcome in outcomes} == {bool, ChangedMeanwhile}
    assert article.text == f"By {article.signed_by_id}."
    assert len(decisions(article.question)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("act", [{"review": {}}, {"correct": {"text": "New.", "sources": [], "reason": "wrong"}}])
@pytest.mark.parametrize("state", [State.MERGED, State.WITHDRAWN])
def test_article_of_a_thread_that_left_is_neither_reviewed_nor_corrected(doctor, act, state):
    article = ArticleFactory(question=QuestionFactory(**{state.value: True}))
    ((name, arguments),) = act.items()

    with pytest.raises(WrongState):
        getattr(article, name)(by=doctor, **arguments)

    assert Article.objects.get().signed_by is None


@pytest.mark.django_db
def test_nothing_changes_where_one_part_fails(doctor, article, monkeypatch):
    monkeypatch.setattr("forum.questions.models.Decision.save", None)

    with pytest.raises(TypeError):
        send(doctor, article, "correct")

    assert Article.objects.get().signed_by.name == "Lee Other"


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["review", "correct"])
def test_doctors_of_other_specialties_review_nothing(article, act):
    other = DoctorFactory(specialties=[SpecialtyFactory()])

    response = send(other, article, act)

    assert (response.status_code, decisions(article.question)) == (404, [])


@pytest.mark.django_db
def test_admin_sees_revisions_and_finds_them_from_the_question(article):
    client = Client()
    client.force_login(UserFactory(admin=True))

    page = parse(client.get(f"/admin/questions/question/{article.question_id}/change/"))

    revisions = f"{page_of(article)}revisions/"
    assert revisions in [link.attrs["href"] for link in page.all("a")]
    assert client.get(revisions).status_code == 200


@pytest.mark.django_db
def test_list_and_page_say_which_sources_cannot_be_opened(doctor):
    url = "https://example.org/moved"
    article = article_in(doctor, reviewed_on=months_ago(25), sources=[{"title": "A page that moved", "url": url}])
    SourceLinkFactory(url=url, broken=True)

    assert "1 source cannot be opened" in parse(browser(doctor).get(LIST)).text
    page = parse(browser(doctor).get(page_of(article)))
    assert page.one("div", class_="broken-sources").links() == [(url, url)]
