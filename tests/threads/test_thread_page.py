"""The thread page, to the letter of its description."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from forum.questions.models import Question, State
from forum.search.models import QuestionTopic, SimilarThread, Topic
from forum.search.services import renew_similar
from forum.specialties.models import Specialty
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    ReplyFactory,
    SpecialtyFactory,
    TopicFactory,
    published_thread,
)
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def neurology() -> Specialty:
    return SpecialtyFactory(name="Neurology", slug="neurology")


@pytest.fixture
def wu():
    return DoctorFactory(name="Wu Mukhan", slug="wu-mukhan")


@pytest.fixture
def twitching(neurology, wu) -> Question:
    return published_thread(
        specialty=neurology,
        public_title="Involuntary Muscle Twitches: Causes and Solutions",
        headline="Why does my thumb twitch?",
        text="It began last week.\n\nIt comes and goes.\nMostly at night.",
        reply__doctor=wu,
        reply__text="Most twitches are harmless.\n\nSleep more.",
    )


def read(client, question: Question) -> Element:
    return parse(client.get(question.get_absolute_url()))


def sections(page: Element) -> list[str]:
    names = {"share", "question", "replies", "follow-ups", "more-info", "similar", "related-faq"}
    return [element.attrs["id"] for element in page.walk() if element.attrs.get("id") in names]


def complete(question: Question, doctor) -> None:
    """Give the thread everything that a thread can have."""
    FollowUpFactory(question=question, answered=True)
    ArticleFactory(question=question, signed=True)
    neighbour = published_thread(specialty=question.specialty, headline="Why does my thumb twitch at night?")
    QuestionTopic.objects.create(question=question, topic=TopicFactory(specialty=question.specialty))
    renew_similar(question)
    assert question.similar_threads.get().similar == neighbour


def test_title_is_the_public_title_and_the_specialty(client, twitching):
    title = read(client, twitching).one("title").text

    assert title == "Involuntary Muscle Twitches: Causes and Solutions - Neurology"


def test_breadcrumbs_lead_home_and_to_the_specialty(client, twitching):
    crumbs = read(client, twitching).one("nav", class_="breadcrumbs")

    assert crumbs.texts("li") == ["Home", "Neurology", "Involuntary Muscle Twitches: Causes and Solutions"]
    assert crumbs.links() == [("Home", "/"), ("Neurology", "/specialties/neurology/")]


def test_h1_is_the_public_title_and_the_headline_stays_the_patients(client, twitching):
    page = read(client, twitching)

    assert page.texts("h1") == ["Involuntary Muscle Twitches: Causes and Solutions"]
    assert page.one(id="question").headings() == ["h2 Why does my thumb twitch?"]


def test_sections_come_in_the_order_of_the_description(client, twitching, wu):
    complete(twitching, wu)

    page = read(client, twitching)

    assert sections(page) == ["share", "question", "replies", "follow-ups", "more-info", "similar", "related-faq"]
    places = [element for element in page.one("main").walk() if element.tag == "h2" or "id" in element.attrs]
    assert [element.text for element in places if element.tag == "h2"] == [
        *("Why does my thumb twitch?", "Replies", "Follow-up", "More Info", "Causes", "Similar Q&A", "Related FAQ")
    ]
    assert page.one("main").all("aside", class_="standing-notice")[0] is page.one("main").all("aside")[-1]


def test_sections_with_nothing_to_show_are_absent_with_their_headings(client, twitching):
    page = read(client, twitching)

    assert sections(page) == ["share", "question", "replies"]
    assert page.texts("h2") == ["Why does my thumb twitch?", "Replies"]


def test_the_text_keeps_its_line_breaks(client, twitching):
    prose = read(client, twitching).one(id="question").one(class_="prose")

    assert prose.texts("p") == ["It began last week.", "It comes and goes.Mostly at night."]
    assert len(prose.all("br")) == 1


def test_share_links_need_no_script_and_name_title_and_address(client, twitching):
    url = "http%3A%2F%2Ftestserver%2Fquestions%2F" + (
        f"{twitching.pk}%2Finvoluntary-muscle-twitches-causes-and-solutions%2F"
    )
    title = "Involuntary%20Muscle%20Twitches%3A%20Causes%20and%20Solutions"

    share = read(client, twitching).one(id="share")

    assert share.text.startswith("Share to: ")
    assert share.links() == [
        ("E-mail", f"mailto:?subject={title}&body={url}"),
        ("LINE", f"https://social-plugins.line.me/lineit/share?url={url}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={url}"),
        ("X", f"https://x.com/intent/post?url={url}&text={title}"),
        ("WhatsApp", f"https://wa.me/?text={title}%20{url}"),
    ]
    # These three need a script, which shows them.
    assert [(button.text, "hidden" in button.attrs) for button in share.all("button")] == [
        *(("Copy link", True), ("Share…", True), ("Print", True))
    ]


def test_a_reply_names_the_doctor_and_the_specialty_with_links(client, twitching, wu):
    reply = twitching.replies.get()

    shown = read(client, twitching).one(id=f"reply-{reply.pk}")

    assert shown.one("h3").text == "Dr. Wu Mukhan reply Neurology"
    assert shown.one("h3").links() == [("Wu Mukhan", "/doctors/wu-mukhan/"), ("Neurology", "/specialties/neurology/")]
    assert shown.one(class_="prose").texts("p") == ["Most twitches are harmless.", "Sleep more."]


def test_a_doctor_who_is_not_verified_is_not_called_so(client, neurology):
    archived = DoctorFactory(archived=True, name="Lin Archive")
    question = published_thread(specialty=neurology, reply__doctor=archived)

    heading = read(client, question).one(id="replies").one("h3")

    assert heading.text == "Dr. Lin Archive reply Neurology"


def test_a_reply_without_a_known_doctor_names_the_specialty(client, neurology):
    question = published_thread(specialty=neurology, reply__doctor=None)

    assert read(client, question).one(id="replies").texts("h3") == ["Doctor reply Neurology"]


def test_several_replies_stand_oldest_first(client, twitching):
    now = timezone.now()
    for days, text in ((1, "The third."), (3, "The first."), (2, "The second.")):
        ReplyFactory(question=twitching, text=text, created_at=now - timedelta(days))

    replies = read(client, twitching).one(id="replies")

    assert [shown.one(class_="prose").text for shown in replies.all("article")] == [
        *("The first.", "The second.", "The third.", "Most twitches are harmless. Sleep more."),
    ]


def test_the_reply_date_stands_on_its_own_line(client, twitching):
    dates = read(client, twitching).one(id="replies").all("p", class_="reply__date")

    assert [line.text for line in dates] == ["Reply Date: 2023/12/16"]
    assert [time.attrs["datetime"] for time in dates[0].all("time")] == ["2023-12-16"]


def test_a_reply_of_unknown_date_has_no_line_for_it(client, neurology):
    question = published_thread(specialty=neurology, reply__replied_on=None)

    assert "Reply Date" not in read(client, question).one(id="replies").text


def test_a_corrected_reply_says_when_in_the_sites_time_zone(client, twitching, wu):
    at = datetime(2024, 1, 1, 20, 0, tzinfo=UTC)  # in Taipei it is the 2nd already
    twitching.replies.update(corrected_at=at, corrected_by=wu)

    replies = read(client, twitching).one(id="replies")

    assert replies.texts(class_="reply__corrected") == ["Corrected: 2024/01/02"]


def test_a_reply_that_helped_says_so(client, twitching):
    before = read(client, twitching).all(class_="reply__helped")

    twitching.replies.get().mark_helped()

    after = read(client, twitching).one(id="replies")
    assert before == []
    assert after.texts(class_="reply__helped") == ["The patient said that this reply helped."]


def test_follow_ups_are_shown_in_order_once_they_are_answered(client, twitching, wu):
    asked = {"question": twitching, "asked_on": date(2024, 1, 2)}
    now = timezone.now()
    FollowUpFactory(**asked, text="Second?", answered=True, answered_by=wu, answer="Two.", created_at=now)
    FollowUpFactory(**asked, text="Not answered?", created_at=now - timedelta(2))
    FollowUpFactory(**asked, text="First?", answered=True, answered_by=wu, answer="One.", created_at=now - timedelta(1))

    shown = read(client, twitching).one(id="follow-ups")

    today = f"{timezone.localdate():%Y/%m/%d}"
    answered = f"Dr. Wu Mukhan answers {{}} Reply Date: {today}"
    assert shown.texts(class_="follow-up__question") == [
        "The patient asks further First? Ask Date: 2024/01/02",
        "The patient asks further Second? Ask Date: 2024/01/02",
    ]
    assert shown.texts(class_="follow-up__answer") == [answered.format("One."), answered.format("Two.")]
    assert shown.all(class_="follow-up__answer")[0].links() == [("Wu Mukhan", "/doctors/wu-mukhan/")]


def test_a_follow_up_that_waits_for_its_answer_is_not_public(client, twitching):
    FollowUpFactory(question=twitching, text="Is coffee to blame?")

    page = read(client, twitching)

    assert sections(page) == ["share", "question", "replies"]
    assert "Is coffee to blame?" not in page.source


def test_more_info_shows_the_article_its_sources_and_who_signed_it(client, twitching, wu):
    ArticleFactory(question=twitching, signed=True, signed_by=wu, reviewed_on=date(2024, 2, 3))

    info = read(client, twitching).one(id="more-info")

    assert info.headings() == ["h2 More Info", "h2 Causes", "h3 Sources"]
    assert info.one("ol").texts("li") == ["Tiredness: sleep more."]
    assert info.links() == [("MedlinePlus", "https://medlineplus.gov/"), ("Wu Mukhan", "/doctors/wu-mukhan/")]
    assert info.texts(class_="article-signed") == ["Signed by Dr. Wu Mukhan. Last reviewed: 2024/02/03"]
    assert "machine" not in info.text


def test_more_info_that_a_machine_drafted_says_so(client, twitching):
    signed_at = datetime(2024, 2, 3, 12, tzinfo=UTC)
    ada = DoctorFactory(name="Ada Lin", slug="ada-lin")
    ArticleFactory(question=twitching, signed=True, signed_by=ada, signed_at=signed_at, machine_drafted=True)

    info = read(client, twitching).one(id="more-info")

    assert info.texts(class_="article-drafted") == [
        "First drafted by a machine, checked and signed by Dr. Ada Lin on 2024/02/03. Last reviewed: 2023/12/16"
    ]
    assert ("Ada Lin", "/doctors/ada-lin/") in info.links()


def test_more_info_names_the_public_threads_it_is_based_on(client, twitching):
    public, hidden = (ArticleFactory(signed=True).question for _ in range(2))
    ArticleFactory(question=twitching, signed=True, based_on=[hidden.pk, public.pk, 987_654_321])
    read(client, twitching)

    Question.objects.filter(pk=hidden.pk).update(state=State.HIDDEN)

    info = read(client, twitching).one(id="more-info")
    assert info.one(class_="article-bases").text == f"Based on {public.title}."
    assert (public.title, f"{public.get_absolute_url()}#more-info") in info.links()


def test_more_info_without_sources_has_no_heading_for_them(client, twitching):
    ArticleFactory(question=twitching, signed=True, sources=[])

    assert read(client, twitching).one(id="more-info").headings() == ["h2 More Info", "h2 Causes"]


def test_a_card_shows_title_excerpts_reply_line_and_link(client, twitching, neurology):
    other = published_thread(
        specialty=neurology,
        public_title="Thumb Twitches at Night",
        text="  My thumb\n twitches\tat night. ",
        reply__text="Harmless,\nmostly.",
        reply__doctor=DoctorFactory(name="Lee Sample", slug="lee-sample"),
    )
    renew_similar(twitching)

    card = read(client, twitching).one(id="similar").one("article")

    url = other.get_absolute_url()
    assert [(child.tag, child.text) for child in card.children if isinstance(child, Element)] == [
        ("h3", "Thumb Twitches at Night"),
        ("p", "My thumb twitches at night."),
        ("p", "Dr. Lee Sample reply Neurology"),
        ("p", "Harmless, mostly."),
        ("p", "[Read More] Thumb Twitches at Night"),
    ]
    assert card.links() == [
        ("Thumb Twitches at Night", url),
        ("Lee Sample", "/doctors/lee-sample/"),
        ("Neurology", "/specialties/neurology/"),
        ("[Read More] Thumb Twitches at Night", url),
    ]


def test_similar_shows_four_cards_at_most_and_never_the_thread_itself(client, twitching, neurology):
    others = [published_thread(specialty=neurology, headline=f"Why does my thumb twitch? {n}") for n in range(6)]
    renew_similar(twitching)

    titles = read(client, twitching).one(id="similar").texts("h3")

    assert len(titles) == 4
    assert set(titles) < {other.public_title for other in others}


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("x" * 280, "x" * 280),
        ("x" * 281, "x" * 280 + "..."),
        ("a \n\n b\t\u3000c", "a b c"),
        (" " * 400 + "x" * 280 + " ", "x" * 280),
        ("症" * 281, "症" * 280 + "..."),
    ],
    ids=["280", "281", "white space", "white space does not count", "Chinese"],
)
def test_an_excerpt_has_280_characters_with_white_space_folded(client, twitching, neurology, text, excerpt):
    published_thread(
        specialty=neurology, headline="Why does my thumb twitch?", text=text, reply__text=text, language="en"
    )
    renew_similar(twitching)

    card = read(client, twitching).one(id="similar").one("article")

    assert card.one(class_="thread-card__excerpt").source == excerpt
    assert card.one(class_="thread-card__reply").source == excerpt


def test_related_faq_lists_the_topics_in_the_doctors_order(client, twitching, neurology):
    elsewhere = SpecialtyFactory(name="Family Medicine", slug="family-medicine")
    topics = [
        TopicFactory(name="Twitching", slug="twitching", specialty=neurology),
        TopicFactory(name="Anxiety", slug="anxiety", specialty=elsewhere),
    ]
    for topic in topics:
        QuestionTopic.objects.create(question=twitching, topic=topic)

    assert read(client, twitching).one(id="related-faq").links() == [
        ("Twitching (Neurology)", "/topics/twitching/"),
        ("Anxiety (Family Medicine)", "/topics/anxiety/"),
    ]


def test_related_faq_lists_twelve_topics_at_most(client, twitching, neurology):
    topics = [TopicFactory(name=f"Topic {n:02}", specialty=neurology) for n in range(13)]
    for topic in reversed(topics):
        QuestionTopic.objects.create(question=twitching, topic=topic)

    shown = read(client, twitching).one(id="related-faq").texts("a")

    assert shown == [f"Topic {n:02} (Neurology)" for n in range(12, 0, -1)]


@pytest.mark.parametrize(
    ("country", "number"), [("TW", "119"), ("HK", "999"), ("US", "911"), ("DE", "112"), ("", "112")]
)
def test_the_notice_dials_the_emergency_number_of_the_country(client, settings, twitching, country, number):
    settings.COUNTRY = country

    notice = read(client, twitching).one("aside", class_="standing-notice")

    assert notice.texts("p") == [
        "This page is general information. It does not replace a visit to a doctor, who can examine you.",
        f"In an emergency call {number} now.",
    ]
    assert notice.links() == [(number, f"tel:{number}")]


def near(question: Question, *names: str, rank: int, language: str = "en", state: str = "published") -> Question:
    """A stored similar thread with these topics, in the order given."""
    neighbour = published_thread(specialty=question.specialty, language=language)
    Question.objects.filter(pk=neighbour.pk).update(state=state)
    for name in names:
        topic = Topic.objects.named(name).first() or TopicFactory(name=name, specialty=question.specialty)
        QuestionTopic.objects.create(question=neighbour, topic=topic)
    SimilarThread.objects.create(question=question, similar=neighbour, rank=rank)
    return neighbour


def related(client, question: Question) -> list[str]:
    return [text.removesuffix(" (Neurology)") for text in read(client, question).one(id="related-faq").texts("a")]


def test_related_faq_goes_on_with_the_topics_of_the_similar_threads_best_thread_first(client, twitching, neurology):
    near(twitching, "Magnesium", "Twitching", rank=1)
    near(twitching, "Sleep", "Magnesium", "Coffee", rank=0)
    for name in ("Twitching", "Sleep"):
        topic = Topic.objects.named(name).first()
        QuestionTopic.objects.create(question=twitching, topic=topic)

    assert related(client, twitching) == ["Twitching", "Sleep", "Magnesium", "Coffee"]


def test_related_faq_of_a_thread_without_topics_is_its_neighbours(client, twitching):
    near(twitching, "Sleep", rank=0)

    assert related(client, twitching) == ["Sleep"]


@pytest.mark.parametrize("fields", [{"state": "hidden"}, {"language": "zh-hant"}])
def test_related_faq_takes_nothing_from_a_thread_that_is_hidden_or_in_another_language(client, twitching, fields):
    near(twitching, "Sleep", rank=0)
    near(twitching, "Not this", rank=1, **fields)

    assert related(client, twitching) == ["Sleep"]


def test_related_faq_takes_both_chinese_scripts_for_one_language(client, neurology):
    question = published_thread(specialty=neurology, language="zh-hant")
    near(question, "偏头痛", rank=0, language="zh-hans")

    assert related(client, question) == ["偏头痛"]


def test_related_faq_with_its_neighbours_has_twelve_topics_at_most(client, twitching):
    near(twitching, *(f"Near {n}" for n in range(12)), rank=0)
    QuestionTopic.objects.create(question=twitching, topic=TopicFactory(name="Own", specialty=twitching.specialty))

    assert related(client, twitching) == ["Own", *(f"Near {n}" for n in range(11))]


def test_the_head_names_address_description_and_feed(client, twitching):
    head = read(client, twitching).one("head")

    url = f"http://testserver{twitching.get_absolute_url()}"
    title = "Involuntary Muscle Twitches: Causes and Solutions"
    summary = "It began last week. It comes and goes. Mostly at night."
    assert head.one("link", rel="canonical").attrs["href"] == url
    assert head.one("meta", name="description").attrs["content"] == summary
    assert {meta.attrs["property"]: meta.attrs["content"] for meta in head.all("meta") if "property" in meta.attrs} == {
        "og:type": "article",
        "og:site_name": "Consilium",
        "og:title": title,
        "og:description": summary,
        "og:url": url,
    }
    assert head.one("link", rel="alternate").attrs == {
        "rel": "alternate",
        "type": "application/atom+xml",
        "href": "/specialties/neurology/feed.atom",
        "title": "Neurology",
    }


def test_page_and_question_name_their_languages(client, neurology):
    question = published_thread(
        specialty=neurology, language="zh-hant", public_title="肌肉跳動", headline="為什麼會跳?"
    )

    page = read(client, question)

    assert page.one("html").attrs["lang"] == "en"
    assert page.one("main").one("article", lang="zh-hant").one("h1").text == "肌肉跳動"
    assert page.one(class_="reply__date").attrs["lang"] == "en"


def test_every_date_is_a_time_element(client, twitching, wu):
    complete(twitching, wu)

    times = read(client, twitching).one("main").all("time")

    today = timezone.localdate()
    assert [(time.attrs["datetime"], time.text) for time in times] == [
        ("2023-12-15", "2023/12/15"),
        ("2023-12-16", "2023/12/16"),
        *[(f"{today:%Y-%m-%d}", f"{today:%Y/%m/%d}")] * 2,
        ("2023-12-16", "2023/12/16"),
    ]
