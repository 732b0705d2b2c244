"""More Info that begins with another article or a machine's draft, where it is from, and its sources."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from forum.articles.models import Article, MachineDraft, SourceLink
from forum.articles.tasks import write_machine_draft
from forum.moderation.material import articles_for
from forum.questions.models import Question, State
from forum.replies.models import Draft
from forum.search.queries import similar_to_text
from forum.search.services import set_topics
from tests.chat import stream
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    MachineDraftFactory,
    QuestionFactory,
    SourceLinkFactory,
    SpecialtyFactory,
    published_thread,
)
from tests.html import Element, parse
from tests.moderation.desk import WORK, address, browser, decisions, send, tasks
from tests.moderation.test_publish import field_errors
from tests.moderation.test_work_page import typed

pytestmark = pytest.mark.django_db
TEXT = "## Causes\n\n1. **Tiredness**: an eyelid that twitches is nearly always a tired one, so sleep more."
IN_THE_EDITOR = (
    "It is in the editor, below what stood there. Read it word by word: it is published with your signature."
)


@pytest.fixture
def doctor():
    return DoctorFactory(name="Wu Mukhan", slug="wu", specialties=[SpecialtyFactory(name="Neurology")])


@pytest.fixture
def question(doctor):
    return QuestionFactory(specialty=doctor.specialties.get(), headline="Why?", text="My eyelid twitches at night.")


def article_on(text: str = "My eyelid twitches.", **fields) -> Article:
    """A signed article of a thread whose patient asked this."""
    thread = {name[10:]: fields.pop(name) for name in list(fields) if name.startswith("question__")}
    topics = fields.pop("topics", [])
    question = published_thread(text=text, **thread)
    set_topics(question, topics)
    return ArticleFactory(**{"question": question, "text": TEXT, "signed": True, "signed_by__name": "Ada Lin"} | fields)


@pytest.fixture
def article():
    return article_on(question__public_title="Twitching eyelids")


def offered(question: Question, *topics: str) -> list[Article]:
    return articles_for(question, topics=topics, like=list(similar_to_text(question.text, limit=12)))


def said(page: Element) -> list[str]:
    return page.one(id="start-from").texts(role="status")


def signature(page: Element) -> bool:
    return "checked" in page.one("input", name="signed").attrs


# Which articles are offered


def test_articles_of_threads_like_the_question_are_offered(doctor, question, article):
    ArticleFactory(signed=True)

    page = parse(browser(doctor).get(address(question)))

    block = page.one(id="start-from")
    assert [(each.attrs["value"], each.attrs["type"]) for each in block.all("input", name="start_from")] == [
        (str(article.pk), "radio")
    ]
    assert block.texts("label") == ["Twitching eyelids"]
    assert ("Read it", f"{article.question.get_absolute_url()}#more-info") in block.links()


def test_articles_of_the_topics_typed_come_first_then_those_of_topics_of_the_like(question):
    like = article_on(topics=["Eyelids"])
    by_topic = article_on("A knee that hurts.", topics=["Knees"])
    of_their_topics = article_on("Both eyes are dry.", topics=["Eyelids"], question__specialty=like.question.specialty)
    article_on("A tooth.", topics=["Teeth"])

    assert offered(question, " KNEES ", "nothing") == [by_topic, like, of_their_topics]


@pytest.mark.parametrize(
    "fields",
    [
        {"signed_by": None, "signed_at": None, "reviewed_by": None, "reviewed_on": None},
        {"question__language": "zh-hant"},
    ],
)
def test_article_without_signature_or_in_another_language_is_not_offered(question, fields):
    article_on(topics=["Knees"], **fields)

    assert offered(question, "Knees") == []


def test_article_of_a_hidden_thread_is_not_offered(question, article):
    Question.objects.filter(pk=article.question_id).update(state=State.HIDDEN)

    assert offered(question) == []


def test_six_are_offered_at_most_each_once(question):
    for _ in range(8):
        article_on(topics=["Eyelids"])

    assert len({each.pk for each in offered(question, "Eyelids")}) == 6


@pytest.mark.parametrize("topics", ["a\0b", "'; --", ",,"])
def test_topics_of_any_kind_are_looked_for(doctor, question, topics):
    assert send(browser(doctor), question, "preview", topics=topics).status_code == 200


# Starting from an article


def test_article_goes_below_what_is_typed_with_its_sources(doctor, question, article):
    response = send(browser(doctor), question, "start_from", start_from=str(article.pk))

    page = parse(response)
    assert (response.status_code, said(page)) == (200, [IN_THE_EDITOR])
    assert typed(page)["more_info"] == f"{WORK['more_info']}\n\n{TEXT}"
    assert typed(page)["sources"] == f"{WORK['sources']}\nMedlinePlus https://medlineplus.gov/"
    assert {name: typed(page)[name] for name in ("public_title", "text", "topics")} == {
        name: WORK[name] for name in ("public_title", "text", "topics")
    }
    assert page.one(class_="start-from__noted").text == "Based on Twitching eyelids."


def test_article_asks_for_a_new_signature(doctor, question, article):
    page = parse(send(browser(doctor), question, "start_from", start_from=str(article.pk)))

    assert signature(page) is False


def test_source_that_is_there_already_is_not_given_twice(doctor, question, article):
    page = parse(
        send(browser(doctor), question, "start_from", start_from=str(article.pk), sources="M https://medlineplus.gov/")
    )

    assert typed(page)["sources"] == "M https://medlineplus.gov/"


def test_article_in_the_editor_is_saved_and_recorded(doctor, question, article):
    client = browser(doctor)
    send(client, question, "start_from", start_from=str(article.pk), more_info="")

    draft = Draft.objects.get()
    assert (draft.more_info, draft.based_on, draft.machine_drafted) == (TEXT, [article.question_id], False)
    assert decisions(question)[1:] == [("start_from", doctor.user.pk, "", "", f"#{article.question_id}")]
    assert typed(parse(client.get(address(question))))["more_info"] == TEXT


def test_button_that_was_pressed_twice_puts_it_in_once(doctor, question, article):
    client = browser(doctor)
    sent = {"start_from": str(article.pk), "more_info": "", "version": "0", "window": "mine"}

    send(client, question, "start_from", **sent, window_count="1")
    page = parse(send(client, question, "start_from", **sent, window_count="2"))

    assert typed(page)["more_info"] == Draft.objects.get().more_info == TEXT
    assert (Draft.objects.get().based_on, len(decisions(question))) == ([article.question_id], 2)


@pytest.mark.parametrize("chosen", ["", "987654321", "x", "²"])
def test_without_a_choice_nothing_typed_is_lost(doctor, question, article, chosen):
    page = parse(send(browser(doctor), question, "start_from", start_from=chosen))

    assert said(page) == ["Choose one of the articles first."]
    assert typed(page)["more_info"] == Draft.objects.get().more_info == WORK["more_info"]
    assert Draft.objects.get().based_on == []


def test_article_there_is_no_room_for_is_not_put_in(doctor, question, article):
    full = "x" * 49_990
    page = parse(send(browser(doctor), question, "start_from", start_from=str(article.pk), more_info=full))

    assert said(page) == ["There is no room for it below what stands in the editor."]
    assert typed(page)["more_info"] == full


def test_words_saved_in_another_window_are_not_overwritten(doctor, question, article):
    client = browser(doctor)
    send(client, question, "save", text="Of another window.")

    response = send(client, question, "start_from", start_from=str(article.pk), version="0")

    assert (response.status_code, Draft.objects.get().text, Draft.objects.get().based_on) == (
        409,
        "Of another window.",
        [],
    )
    assert typed(parse(response))["more_info"] == WORK["more_info"]


def published(question: Question) -> Element:
    question.refresh_from_db()
    return parse(Client().get(question.get_absolute_url())).one(id="more-info")


def test_readers_are_told_what_it_is_based_on(doctor, question, article):
    client = browser(doctor)
    send(client, question, "start_from", start_from=str(article.pk))

    send(client, question, "publish", more_info=f"My own words.\n\n{TEXT}")

    assert published(question).one(class_="article-bases").text == "Based on Twitching eyelids."
    assert Article.objects.get(question=question).based_on == [article.question_id]


def test_article_of_which_nothing_is_left_is_no_base(doctor, question, article):
    client = browser(doctor)
    send(client, question, "start_from", start_from=str(article.pk))

    send(client, question, "publish", more_info="My own words, every one of them.")

    assert Article.objects.get(question=question).based_on == []


def test_machines_words_stay_a_machines_in_an_article_that_starts_from_them(doctor, question):
    article = article_on(machine_drafted=True)
    client = browser(doctor)
    send(client, question, "start_from", start_from=str(article.pk))

    send(client, question, "publish")

    assert Article.objects.get(question=question).machine_drafted is True


# A machine's draft


def machine() -> MachineDraft:
    return MachineDraft.objects.get()


def fragment(client: Client, question: Question) -> Element:
    return parse(client.get(f"{address(question)}machine-draft/"))


def test_built_in_drafter_has_its_draft_ready_at_once(doctor, question, article):
    page = parse(send(browser(doctor), question, "draft_article"))

    block = page.one(id="machine-draft")
    assert machine().text == f"{TEXT}\n\n*From “Twitching eyelids”, signed by Dr. Ada Lin, last reviewed 2023/12/16.*"
    assert block.one(class_="machine-draft__text").source == machine().text
    assert block.texts("button") == ["Put the draft into the editor", "Throw the draft away"]
    assert typed(page)["more_info"] == WORK["more_info"]
    assert "write_machine_draft" not in [name for name, _arguments in tasks()]


def test_chat_servers_draft_is_left_to_the_worker(chat, doctor, question, article):
    client = browser(doctor)
    page = parse(send(client, question, "draft_article"))

    assert page.one(id="machine-draft").texts("button") == ["Look again", "Cancel the draft"]
    assert tasks() == [("write_machine_draft", [machine().pk])]
    assert (machine().drafter, machine().material, chat.asked) == ("careful-7b", [article.question_id], [])
    write_machine_draft.call(machine().pk)
    assert fragment(client, question).one(class_="machine-draft__text").source == "## Causes\n\nTired muscles."


def test_asked_twice_one_draft_is_written(chat, doctor, question, article):
    client = browser(doctor)
    for _ in range(2):
        send(client, question, "draft_article")

    assert (MachineDraft.objects.count(), len(tasks())) == (1, 1)


def test_without_a_signed_article_there_is_nothing_to_draft_from(chat, doctor, question):
    page = parse(send(browser(doctor), question, "draft_article"))

    assert said(page) == ["There is no signed article yet that it could be made of."]
    assert (MachineDraft.objects.count(), Draft.objects.get().text) == (0, WORK["text"])


def test_look_again_shows_how_far_it_is_and_saves_what_was_typed_meanwhile(chat, doctor, question, article):
    client = browser(doctor)
    send(client, question, "draft_article")
    machine().begin()
    MachineDraft.objects.update(text="## Cau")

    page = parse(send(client, question, "look_again", text="Typed meanwhile."))

    assert page.one(id="machine-draft").one(class_="machine-draft__text").source == "## Cau"
    assert typed(page)["text"] == Draft.objects.get().text == "Typed meanwhile."


@pytest.mark.parametrize("state", ["", "writing", "ready", "failed"])
def test_draft_can_be_cancelled_in_any_state(doctor, question, article, state):
    client = browser(doctor)
    send(client, question, "save")
    one = MachineDraftFactory(draft=Draft.objects.get(), **({state: True} if state else {}))

    page = parse(send(client, question, "cancel_draft", machine_draft=str(one.pk)))

    one.refresh_from_db()
    assert (one.state, one.text) == ("cancelled", "")
    assert page.one(id="machine-draft").texts("button") == ["Have a draft written"]


def test_failure_is_told_in_words_and_can_be_tried_again(chat, doctor, question, article):
    chat.status = 503
    client = browser(doctor)
    send(client, question, "draft_article")
    write_machine_draft.call(machine().pk)

    shown = fragment(client, question)
    assert shown.one(class_="notice").text == (
        "There is no draft. The drafting server is busy or has a fault of its own."
    )
    assert shown.texts("button") == ["Try again", "Throw the draft away"]
    send(client, question, "draft_article")
    assert list(MachineDraft.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "waiting"]


def test_draft_whose_worker_died_says_so_and_can_be_tried_again(chat, doctor, question, article):
    client = browser(doctor)
    send(client, question, "draft_article")
    machine().begin()
    MachineDraft.objects.update(heard_at=timezone.now() - timedelta(minutes=3))

    assert fragment(client, question).one(class_="notice").text.startswith("Nothing has been heard of this draft")
    send(client, question, "draft_article")
    assert list(MachineDraft.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "waiting"]


def test_nobody_sees_or_takes_a_colleagues_draft(doctor, question, article):
    send(browser(doctor), question, "draft_article")
    second = browser(DoctorFactory(specialties=[question.specialty]))

    page = parse(send(second, question, "insert_draft", machine_draft=str(machine().pk)))
    send(second, question, "cancel_draft", machine_draft=str(machine().pk))

    assert said(page) == ["There is no draft any more. Ask for another one."]
    assert typed(page)["more_info"] == WORK["more_info"]
    assert fragment(second, question).all(class_="machine-draft__text") == []
    assert machine().is_ready


def insert(client: Client, question: Question, **changes: str):
    return send(client, question, "insert_draft", machine_draft=str(machine().pk), **changes)


def test_draft_goes_below_what_is_typed_and_is_a_machines_for_good(doctor, question, article):
    client = browser(doctor)
    send(client, question, "draft_article")
    text = machine().text

    page = parse(insert(client, question))

    assert said(page) == [IN_THE_EDITOR]
    assert typed(page)["more_info"] == f"{WORK['more_info']}\n\n{text}"
    assert signature(page) is False
    assert page.one(class_="start-from__noted").text == (
        "A machine's draft went into this More Info; readers are told. Based on Twitching eyelids."
    )
    assert page.one(id="machine-draft").texts("button") == ["Have a draft written"]
    assert decisions(question)[1:] == [("machine_draft", doctor.user.pk, "", "", "builtin")]
    send(client, question, "save", more_info="All my own words now.")
    assert Draft.objects.get().machine_drafted is True


def test_draft_that_is_put_in_twice_is_there_once(doctor, question, article):
    client = browser(doctor)
    send(client, question, "draft_article")
    sent = {"more_info": "", "version": "1", "window": "mine"}
    insert(client, question, **sent, window_count="1")

    page = parse(insert(client, question, **sent, window_count="2"))

    assert typed(page)["more_info"] == Draft.objects.get().more_info == machine().text
    assert len(decisions(question)) == 2


def test_draft_that_is_not_finished_cannot_be_put_in(doctor, question, article):
    client = browser(doctor)
    send(client, question, "save")
    MachineDraftFactory(draft=Draft.objects.get(), writing=True)

    page = parse(insert(client, question))

    assert said(page) == ["There is no draft any more. Ask for another one."]
    assert Draft.objects.get().machine_drafted is False


def test_machines_draft_is_published_only_with_a_signature_and_says_what_it_was(doctor, question, article):
    client = browser(doctor)
    send(client, question, "draft_article")
    more_info = typed(parse(insert(client, question, more_info="")))["more_info"]

    refused = send(client, question, "publish", more_info=more_info, signed="")
    assert field_errors(parse(refused)) == {"signed": ["More Info is published only with your signature."]}
    send(client, question, "publish", more_info=f"Edited. {more_info}")

    info = published(question)
    today = f"{timezone.localdate():%Y/%m/%d}"
    assert info.one(class_="article-drafted").text == (
        f"First drafted by a machine, checked and signed by Dr. Wu Mukhan on {today}. Last reviewed: {today}"
    )
    assert info.one(class_="article-bases").text == "Based on Twitching eyelids."


def test_machines_draft_ends_with_the_question(doctor, question, article):
    client = browser(doctor)
    send(client, question, "draft_article")

    send(client, question, "decline", reason="examination")

    assert MachineDraft.objects.count() == 0


def test_chat_server_hears_nothing_of_who_asked(chat, doctor, article):
    question = QuestionFactory(
        specialty=doctor.specialties.get(),
        text="My eyelid twitches. Yours, Kk",
        email="secret@example.org",
        pseudonym="Kk",
    )
    chat.answer = stream("A draft.")
    send(browser(doctor), question, "draft_article")

    write_machine_draft.call(machine().pk)

    sent = str(chat.asked)
    assert "My eyelid twitches" in sent
    assert [word for word in ("Kk", "secret@example.org", question.token_hash) if word in sent] == []


# Sources


def test_more_info_wants_a_source(doctor, question):
    response = send(browser(doctor), question, "publish", sources="")

    assert field_errors(parse(response)) == {
        "sources": ["Readers want to know where it is from: please give one source at least."]
    }


def test_link_in_the_more_info_is_a_source(doctor, question):
    send(browser(doctor), question, "publish", sources="", more_info="See [NHS](https://www.nhs.uk/).")

    assert Article.objects.get().sources == []


def test_form_that_has_no_field_for_sources_is_not_refused(doctor, question):
    work = {name: value for name, value in WORK.items() if name != "sources"}

    response = browser(doctor).post(address(question), {**work, "act": "publish"})

    assert (response.status_code, Article.objects.get().sources) == (302, [])


def test_source_that_cannot_be_read_is_one_error_not_two(doctor, question):
    response = send(browser(doctor), question, "publish", sources="no address")

    assert field_errors(parse(response)) == {
        "sources": ["Line 1 does not end with an address that begins with https://."]
    }


def test_broken_addresses_are_shown_while_writing(doctor, question):
    for host in "abc":
        SourceLinkFactory(broken=host != "c", url=f"https://{host}.example/")

    page = parse(
        send(
            browser(doctor),
            question,
            "preview",
            more_info="[B](https://b.example/) [C](https://c.example/)",
            sources="A https://a.example/\n \nD https://d.example/",
        )
    )

    assert page.one(class_="broken-sources").texts("li") == ["https://a.example/", "https://b.example/"]


def test_addresses_of_a_saved_draft_are_checked_where_the_operator_wants_it(doctor, question, settings):
    settings.CHECK_LINKS = True
    send(browser(doctor), question, "save", more_info="[B](https://b.example/)", sources="A https://a.example/\nnone x")

    assert sorted(SourceLink.objects.values_list("url", flat=True)) == ["https://a.example/", "https://b.example/"]
    assert tasks() == [("check_links", [])]


def test_no_address_is_noted_where_the_operator_does_not(doctor, question):
    send(browser(doctor), question, "save")

    assert (SourceLink.objects.count(), DBTaskResult.objects.count()) == (0, 0)
