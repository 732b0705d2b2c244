"""schema.org data of a thread page: it claims what the page shows and nothing else."""

import json
from datetime import UTC, date, datetime

import pytest

from forum.questions.models import Question
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    ReplyFactory,
    SpecialtyFactory,
    published_thread,
)
from tests.html import parse

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
WU = {"@type": "Person", "name": "Wu Mukhan", "honorificPrefix": "Dr.", "url": f"{SITE}/doctors/wu-mukhan/"}
EVENING = datetime(2024, 1, 1, 20, 0, tzinfo=UTC)  # in Taipei it is the 2nd already


@pytest.fixture
def wu():
    return DoctorFactory(name="Wu Mukhan", slug="wu-mukhan")


@pytest.fixture
def twitching(wu) -> Question:
    question = published_thread(
        specialty=SpecialtyFactory(name="Neurology", slug="neurology"),
        public_title="Muscle Twitches",
        text="It began.\nIt goes on.",
        reply__doctor=wu,
        reply__text="Harmless.\n\nSleep.",
    )
    Question.objects.filter(pk=question.pk).update(modified_at=EVENING)
    return question


def data_of(client, question: Question) -> tuple[dict, dict]:
    page = parse(client.get(question.get_absolute_url()))
    thread, breadcrumbs = page.all("script", type="application/ld+json")
    return json.loads(thread.source), json.loads(breadcrumbs.source)


def test_a_thread_is_one_qapage_with_one_question(client, twitching):
    url = f"{SITE}{twitching.get_absolute_url()}"
    reply = twitching.replies.get()

    thread, _breadcrumbs = data_of(client, twitching)

    assert thread == {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "url": url,
        "inLanguage": "en",
        "specialty": "Neurology",
        "mainEntity": {
            "@type": "Question",
            "name": "Muscle Twitches",
            "text": "It began.\nIt goes on.",
            "answerCount": 1,
            "author": {"@type": "Person", "name": "Kk"},
            "datePublished": "2023-12-15",
            "dateModified": "2024-01-02",
            "suggestedAnswer": [
                {
                    "@type": "Answer",
                    "text": "Harmless.\n\nSleep.",
                    "author": WU,
                    "datePublished": "2023-12-16",
                    "url": f"{url}#reply-{reply.pk}",
                }
            ],
        },
    }


def test_breadcrumbs_are_those_of_the_page(client, twitching):
    _thread, breadcrumbs = data_of(client, twitching)

    items = breadcrumbs.pop("itemListElement")
    assert breadcrumbs == {"@context": "https://schema.org", "@type": "BreadcrumbList"}
    assert [(item["@type"], item["position"], item["name"], item["item"]) for item in items] == [
        ("ListItem", 1, "Home", f"{SITE}/"),
        ("ListItem", 2, "Neurology", f"{SITE}/specialties/neurology/"),
        ("ListItem", 3, "Muscle Twitches", f"{SITE}{twitching.get_absolute_url()}"),
    ]


def test_a_reply_is_accepted_only_once_the_patient_says_that_it_helped(client, twitching):
    first = twitching.replies.get()
    second = ReplyFactory(question=twitching, text="Second.")
    before, _breadcrumbs = data_of(client, twitching)

    second.mark_helped()

    after, _breadcrumbs = data_of(client, twitching)
    url = f"{SITE}{twitching.get_absolute_url()}#reply-"
    assert "acceptedAnswer" not in before["mainEntity"]
    assert [answer["url"] for answer in before["mainEntity"]["suggestedAnswer"]] == [
        f"{url}{first.pk}",
        f"{url}{second.pk}",
    ]
    assert after["mainEntity"]["acceptedAnswer"]["url"] == f"{url}{second.pk}"
    assert [answer["url"] for answer in after["mainEntity"]["suggestedAnswer"]] == [f"{url}{first.pk}"]
    assert after["mainEntity"]["answerCount"] == 2


def test_answered_follow_ups_are_comments_and_others_are_absent(client, twitching, wu):
    asked = {"question": twitching, "asked_on": date(2024, 1, 1)}
    FollowUpFactory(**asked, text="Coffee?", answered=True, answered_by=wu, answer="Yes.", answered_at=EVENING)
    FollowUpFactory(**asked, text="Tea?")

    thread, _breadcrumbs = data_of(client, twitching)

    assert thread["mainEntity"]["comment"] == [
        {
            "@type": "Comment",
            "text": "Coffee?",
            "datePublished": "2024-01-01",
            "comment": [{"@type": "Comment", "text": "Yes.", "datePublished": "2024-01-02"}],
        }
    ]


def test_the_article_gives_reviewer_and_date_and_stays_out_of_the_answers(client, twitching, wu):
    ArticleFactory(question=twitching, signed=True, signed_by=wu, reviewed_on=date(2024, 2, 3))

    thread, _breadcrumbs = data_of(client, twitching)

    assert (thread["lastReviewed"], thread["reviewedBy"]) == ("2024-02-03", WU)
    assert "Tiredness" not in json.dumps(thread)


def test_a_corrected_reply_names_the_day_that_the_page_shows(client, twitching, wu):
    twitching.replies.update(corrected_at=EVENING, corrected_by=wu)

    thread, _breadcrumbs = data_of(client, twitching)

    assert thread["mainEntity"]["suggestedAnswer"][0]["dateModified"] == "2024-01-02"


def test_nothing_is_claimed_that_is_unknown_or_not_shown(client):
    question = published_thread(
        pseudonym="", asked_on=None, modified_at=None, reply__doctor=None, reply__replied_on=None
    )

    thread, _breadcrumbs = data_of(client, question)

    assert set(thread) == {"@context", "@type", "url", "inLanguage", "specialty", "mainEntity"}
    assert set(thread["mainEntity"]) == {"@type", "name", "text", "answerCount", "suggestedAnswer"}
    assert set(thread["mainEntity"]["suggestedAnswer"][0]) == {"@type", "text", "url"}
    assert "upvoteCount" not in json.dumps(thread)


@pytest.mark.parametrize(
    "attack",
    ["</script><script>alert(1)</script>", "<!--<script>", "</SCRIPT >", "]]>", "&lt;/script&gt;", "a\u2028b\u2029c"],
)
def test_no_text_can_end_the_element_and_all_of_it_arrives(client, twitching, attack):
    Question.objects.filter(pk=twitching.pk).update(text=attack, pseudonym=attack[:40], public_title=attack)
    twitching.replies.update(text=attack)
    twitching.refresh_from_db()

    response = client.get(twitching.get_absolute_url())

    scripts = [s for s in parse(response).all("script") if s.attrs.get("type") == "application/ld+json"]
    question = json.loads(scripts[0].source)["mainEntity"]
    assert (question["text"], question["name"], question["author"]["name"]) == (attack, attack, attack[:40])
    assert question["suggestedAnswer"][0]["text"] == attack
    assert not set("<>&\u2028\u2029") & set("".join(script.source for script in scripts))
    assert len(scripts) == 2
