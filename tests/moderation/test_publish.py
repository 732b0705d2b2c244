"""Publishing: everything appears at once, or nothing does."""

import pytest
from django.test import Client
from django.utils import timezone

from forum.articles.models import Article
from forum.moderation import services
from forum.moderation.models import Claim
from forum.notifications.tasks import send_due_notices
from forum.questions.models import Question, State
from forum.replies.models import Draft, Reply
from forum.search.models import IndexEntry, Topic
from forum.search.queries import search_questions
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, UserFactory
from tests.html import Element, parse
from tests.moderation.desk import SEND, WORK, address, browser, decisions, send, tasks, told

pytestmark = pytest.mark.django_db
TOO_LATE = "It is no longer waiting: somebody else has dealt with it, or it was withdrawn."


@pytest.fixture
def doctor():
    return DoctorFactory(name="Wu Mukhan", slug="wu", specialties=[SpecialtyFactory(name="Neurology")])


@pytest.fixture
def question(doctor):
    words = {"headline": "Why?", "text": "My eyelid.", "token": "secret-token", "email": "patient@example.org"}
    return QuestionFactory(specialty=doctor.specialties.get(), **words)


def errors(response) -> list[str]:
    return parse(response).one(class_="error-summary").texts("li")


def field_errors(page: Element) -> dict[str, list[str]]:
    """The errors that stand beside the fields of the editor."""
    groups = [
        group
        for group in page.one("form", id="work-form").all("div")
        if group.attrs.get("id", "").startswith("div_id_")
    ]
    found = {group.attrs["id"][7:]: group.texts(class_="invalid-feedback") for group in groups}
    return {name: texts for name, texts in found.items() if texts}


def test_a_published_question_is_a_public_thread_with_all_the_doctor_wrote(doctor, question):
    response = send(browser(doctor), question, "publish")

    question.refresh_from_db()
    page = parse(Client().get(question.get_absolute_url()))
    today = f"{timezone.localdate():%Y/%m/%d}"
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert question.state == State.PUBLISHED
    assert page.one("title").text == "Twitching eyelids: causes - Neurology"
    assert page.one("h1").text == "Twitching eyelids: causes"
    assert page.one(id="question").one("h2").text == "Why?"
    reply = page.one(id="replies").one("article")
    assert reply.one("h3").text == "Dr. Wu Mukhan reply Neurology"
    assert reply.one(class_="prose").text == "It is harmless.Sleep more."
    assert reply.one(class_="reply__date").text == f"Reply Date: {today}"
    info = page.one(id="more-info")
    assert info.one("ol").texts("li") == ["Tiredness"]
    assert info.one(class_="article-sources").links() == [("MedlinePlus", "https://medlineplus.gov/eyelid")]
    assert info.one(class_="article-signed").text == f"Signed by Dr. Wu Mukhan. Last reviewed: {today}"
    assert page.one(id="related-faq").texts("a") == ["Eyelids (Neurology)", "Twitching (Neurology)"]


def test_a_published_question_is_on_home_in_search_feed_and_on_the_status_page(doctor, question):
    client = browser(doctor)

    send(client, question, "publish")

    question.refresh_from_db()
    url = question.get_absolute_url()
    assert [found.pk for found in search_questions("twitching")] == [question.pk]
    assert ("Twitching eyelids: causes", url) in parse(Client().get("/")).links()
    assert f"http://testserver{url}".encode() in Client().get("/feeds/latest.atom").content
    assert ("See the public page", url) in parse(Client().get("/status/secret-token/")).links()
    assert parse(client.get("/dashboard/")).texts(role="status") == ["Published. The patient will be told."]


def test_publishing_is_recorded_and_leaves_its_errands_to_the_worker(doctor, question):
    send(browser(doctor), question, "publish")

    assert decisions(question) == [("publish", doctor.user.pk, "waiting", "published", "")]
    assert (told(question), tasks()) == (["answered"], [("renew_similar_around", [question.pk]), SEND])


def test_publishing_without_more_info_needs_no_signature(doctor, question):
    send(browser(doctor), question, "publish", more_info="", sources="", topics="", signed="")

    question.refresh_from_db()
    assert (question.state, Article.objects.count(), Topic.objects.count()) == (State.PUBLISHED, 0, 0)


def test_publishing_ends_the_drafts(doctor, question):
    send(browser(doctor), question, "save")

    send(browser(doctor), question, "publish")

    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    "part", ["index_questions", "set_topics", "notify_of", "notify_topic_followers", "renew_similar_around"]
)
def test_nothing_at_all_is_published_where_one_part_fails(doctor, question, monkeypatch, part):
    client = browser(doctor)
    client.raise_request_exception = False
    send(client, question, "save")
    before = Question.objects.values().get()
    monkeypatch.setattr(services, part, None)  # calling it, or its `enqueue`, fails

    response = send(client, question, "publish")

    assert response.status_code == 500
    assert Question.objects.values().get() == before
    counts = [model.objects.count() for model in (Reply, Article, Topic, IndexEntry)]
    assert (counts, [act for act, *_rest in decisions(question)], tasks()) == ([0, 0, 0, 0], ["claim"], [])
    assert Claim.objects.filter(question=question, doctor=doctor).exists()
    assert Draft.objects.get().text == WORK["text"]
    assert Client().get(f"/questions/{question.pk}/why/").status_code == 404


def test_sent_twice_it_is_published_once(doctor, question):
    client = browser(doctor)
    send(client, question, "publish")
    first = Question.objects.values().get()

    response = send(client, question, "publish")

    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert Question.objects.values().get() == first
    assert list(Reply.objects.values_list("text", flat=True)) == ["It is harmless.\nSleep more."]
    assert (len(decisions(question)), len(tasks())) == (1, 2)


def test_other_words_from_another_tab_are_not_published_and_not_lost(doctor, question):
    client = browser(doctor)
    send(client, question, "publish")

    response = send(client, question, "publish", text="Better words.")

    page = parse(response)
    assert response.status_code == 409
    assert page.one(role="status").texts("p")[-1] == TOO_LATE
    assert page.one(id="unsaved-text").source == "Better words."
    assert list(Reply.objects.values_list("text", flat=True)) == ["It is harmless.\nSleep more."]
    assert (len(decisions(question)), len(tasks())) == (1, 2)


def test_the_second_doctor_is_told_and_keeps_what_was_written(doctor, question):
    send(browser(doctor), question, "publish")
    second = DoctorFactory(specialties=[question.specialty])

    response = send(browser(second), question, "publish", text="My own words.", more_info="My article.")

    page = parse(response)
    assert response.status_code == 409
    assert page.texts(role="status") == [TOO_LATE]
    assert page.one(id="unsaved-text").source == "My own words."
    assert page.one(id="unsaved-more_info").source == "My article."
    assert list(Reply.objects.values_list("doctor", flat=True)) == [doctor.pk]


MISSING = {
    "public_title": "Readers find the thread by its title: please write one.",
    "text": "Please write a reply.",
    "signed": "More Info is published only with your signature.",
}


@pytest.mark.parametrize("field", MISSING)
def test_what_is_missing_is_asked_for_beside_the_field(doctor, question, field):
    response = send(browser(doctor), question, "publish", **{field: ""})

    page = parse(response)
    question.refresh_from_db()
    assert (response.status_code, question.state) == (422, State.WAITING)
    assert field_errors(page) == {field: [MISSING[field]]}
    assert [text.partition(": ")[2] for text in errors(response)] == [MISSING[field]]
    assert page.one(class_="error-summary").all("a")[0].attrs["href"] == f"#id_{field}"


def test_all_that_is_missing_is_asked_for_at_once(doctor, question):
    response = send(browser(doctor), question, "publish", public_title=" ", text=" \n", signed="")

    assert field_errors(parse(response)) == {name: [error] for name, error in MISSING.items()}


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("sources", "A title without address", "Line 1 does not end with an address that begins with https://."),
        (
            "sources",
            "A https://a.example\n\nB ftp://b.example",
            "Line 3 does not end with an address that begins with https://.",
        ),
        ("sources", "A javascript:alert(1)", "Line 1 does not end with an address that begins with https://."),
        ("sources", "A https://", "Line 1 does not end with an address that begins with https://."),
        ("sources", "A https://[bad", "Line 1 does not end with an address that begins with https://."),
        ("topics", ",".join(f"topic {n}" for n in range(13)), "Twelve topics at most, please."),
        ("topics", "x" * 81, "A topic has 80 characters at most."),
        ("public_title", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("text", "x" * 20_001, "Ensure this value has at most 20000 characters (it has 20001)."),
        ("text", "a\0b", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_published_is_said_and_nothing_typed_is_lost(doctor, question, field, value, error):
    response = send(browser(doctor), question, "publish", **{field: value})

    page = parse(response)
    form = page.one("form", id="work-form")
    question.refresh_from_db()
    assert (response.status_code, question.state) == (422, State.WAITING)
    assert field_errors(page) == {field: [error]}
    shown = {area.attrs["name"]: area.source.removeprefix("\n") for area in form.all("textarea")}
    shown |= {name: form.one("input", name=name).attrs["value"] for name in ("public_title", "topics")}
    assert shown == {name: words for name, words in {**WORK, field: value}.items() if name != "signed"}
    assert "checked" in form.one("input", name="signed").attrs


@pytest.mark.parametrize(
    ("sources", "shown"),
    [
        ("https://a.example/x", [("a.example", "https://a.example/x")]),
        ("A title | https://a.example", [("A title", "https://a.example")]),
        ("A - https://a.example\n\n  B – http://b.example  ", [("A", "https://a.example"), ("B", "http://b.example")]),
    ],
)
def test_sources_are_a_title_and_an_address_a_line(doctor, question, sources, shown):
    send(browser(doctor), question, "publish", sources=sources)

    assert [(source["title"], source["url"]) for source in Article.objects.get().sources] == shown


@pytest.mark.parametrize(
    ("topics", "names"),
    [
        ("Eyelids, eyelids ,EYELIDS", ["EYELIDS"]),
        ("眼皮，跳動", ["眼皮", "跳動"]),
        (" two   words ,, ", ["two words"]),
        (",".join(f"t{n}" for n in range(12)), [f"t{n}" for n in range(12)]),
    ],
)
def test_topics_are_separated_by_commas_of_either_script(doctor, question, topics, names):
    send(browser(doctor), question, "publish", topics=topics)

    order = question.question_topics.order_by("id")
    assert list(order.values_list("topic__name", flat=True)) == names


@pytest.mark.parametrize("taken", ["verification", "licence", "specialty", "account"])
def test_who_lost_the_right_between_opening_and_sending_publishes_nothing(doctor, question, taken):
    client = browser(doctor)
    assert client.get(address(question)).status_code == 200
    if taken == "verification":
        doctor.withdraw_verification(by=UserFactory(admin=True))
    elif taken == "licence":
        doctor.licence.delete()
    elif taken == "specialty":
        doctor.specialties.clear()
    else:
        type(doctor.user).objects.filter(pk=doctor.user.pk).update(is_active=False)

    response = send(client, question, "publish")

    question.refresh_from_db()
    expected = {"specialty": 404, "account": 302}.get(taken, 403)
    assert (response.status_code, question.state, Reply.objects.count()) == (expected, State.WAITING, 0)


def test_what_was_typed_comes_back_where_the_question_was_passed_on_meanwhile(doctor, question):
    client = browser(doctor)
    Question.objects.filter(pk=question.pk).update(specialty=SpecialtyFactory(name="Dermatology"))

    response = send(client, question, "save", text="Sleep more.", topics="")

    page = parse(response)
    assert (response.status_code, page.texts("h1")) == (404, ["Nothing was sent"])
    assert page.texts("textarea") == [
        "Twitching eyelids: causes",
        "Sleep more.",
        "## Causes 1. **Tiredness**",
        "MedlinePlus https://medlineplus.gov/eyelid",
    ]
    assert "Why?" not in response.content.decode()


def test_what_was_typed_comes_back_where_the_patient_deleted_everything_in_that_instant(doctor, question, monkeypatch):
    save_draft = services.save_draft

    def deleted_just_before(**draft):
        Question.objects.filter(pk=question.pk).delete()
        return save_draft(**draft)

    monkeypatch.setattr(services, "save_draft", deleted_just_before)

    response = send(browser(doctor), question, "preview", text="Sleep more.")

    assert (response.status_code, "Sleep more." in response.content.decode()) == (404, True)


def test_an_answer_to_words_that_the_patient_has_changed_is_shown_beside_the_new_ones(doctor, question):
    client = browser(doctor)
    read = parse(client.get(address(question))).one("input", name="read").attrs["value"]
    question.edit(by=None, text="My eyelid, and now my chest.")

    response = send(client, question, "publish", read=read)

    page = parse(response)
    assert (response.status_code, Reply.objects.count()) == (409, 0)
    assert page.texts(role="alert") == [
        "The patient has changed the question since you opened it. Nothing was published: please read it again. "
        "What you had typed stands beside it."
    ]
    assert "and now my chest" in response.content.decode()
    assert page.one("textarea", name="text").text == "It is harmless. Sleep more."

    again = send(client, question, "publish", read=page.one("input", name="read").attrs["value"])
    assert (again.status_code, Reply.objects.count()) == (302, 1)


def test_a_question_withdrawn_meanwhile_is_not_published_and_the_doctor_is_told(doctor, question):
    client = browser(doctor)
    client.get(address(question))
    question.withdraw(by=None)

    response = send(client, question, "publish")

    question.refresh_from_db()
    assert (response["Location"], question.state, Reply.objects.count()) == ("/dashboard/", State.WITHDRAWN, 0)
    assert parse(client.get("/dashboard/")).texts(role="status") == [
        "The patient has withdrawn this question, so nothing was done."
    ]
    assert tasks() == []


@pytest.mark.parametrize("state", ["declined", "hidden", "merged"])
def test_a_question_that_does_not_wait_is_not_published(doctor, state):
    question = QuestionFactory(specialty=doctor.specialties.get(), **{state: True})

    response = send(browser(doctor), question, "publish")

    question.refresh_from_db()
    assert (response.status_code, question.state, question.replies.count()) == (409, state, 0)
    assert parse(response).texts(role="status") == [TOO_LATE]


def test_the_errands_tell_the_patient_by_mail_without_a_word_of_the_matter(doctor, question, mailoutbox):
    Question.objects.filter(pk=question.pk).update(asker=UserFactory())
    send(browser(doctor), question, "publish")

    send_due_notices.call()

    (mail,) = mailoutbox
    assert mail.to == ["patient@example.org"]
    assert not [
        word for word in ("Why?", "eyelid", "Twitching", "harmless", "Neurology", "Wu") if word in str(mail.message())
    ]
