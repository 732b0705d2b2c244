"""The work page: the patient's words, the doctor's editor, drafts and previews."""

import pytest

from forum.questions.models import State
from forum.replies.models import Draft
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory, published_thread
from tests.html import Element, parse
from tests.moderation.desk import WORK, address, browser, decisions, send, tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    return DoctorFactory(name="Wu Mukhan", specialties=[SpecialtyFactory(name="Neurology")])


@pytest.fixture
def question(doctor):
    return QuestionFactory(
        specialty=doctor.specialties.get(),
        headline="Why?",
        text="It began.\n<b>It goes on.</b>",
        duration="three weeks",
        medication="Aspirin\nTea",
        conditions="",
        seen_doctor="yes",
    )


def typed(page: Element) -> dict[str, str]:
    """What stands in the fields of the editor."""
    form = page.one("form", id="work-form")
    fields = {area.attrs["name"]: area.source.removeprefix("\n") for area in form.all("textarea")}
    inputs = [field for field in form.all("input") if field.attrs["type"] == "text"]
    return fields | {field.attrs["name"]: field.attrs.get("value", "") for field in inputs}


def test_the_doctor_sees_the_patients_words_and_what_only_doctors_see(doctor, question):
    page = parse(browser(doctor).get(address(question)))

    patient = page.one(class_="work__patient")
    assert patient.texts("h1") == ["Why?"]
    assert patient.one(class_="prose").text == "It began.<b>It goes on.</b>"
    assert patient.one(class_="asker-line").text == "Kk, 20~29 year old female. Ask Date: 2023/12/15"
    assert [(row.one("dt").text, row.one("dd").text) for row in patient.one("dl").all("div")] == [
        ("Specialty", "Neurology"),
        ("Since when", "three weeks"),
        ("Medication", "AspirinTea"),
        ("Seen a doctor", "yes"),
    ]
    assert patient.texts(class_="not-said") == ["Known illnesses and allergies"]


def test_nobody_sees_the_patients_e_mail(doctor, question):
    type(question).objects.filter(pk=question.pk).update(email="secret@example.org")

    assert b"secret@example.org" not in browser(doctor).get(address(question)).content


def test_the_editor_starts_empty_for_the_title_is_the_doctors_own(doctor, question):
    page = parse(browser(doctor).get(address(question)))

    assert typed(page) == dict.fromkeys(["public_title", "text", "more_info", "sources", "topics"], "")


def test_a_draft_may_be_as_unfinished_as_it_likes(doctor, question):
    client = browser(doctor)
    topics = ",".join(f"topic {n}" for n in range(20))

    send(client, question, "save", public_title="", text="", sources="to be found", topics=topics, signed="")

    page = parse(client.get(address(question)))
    assert typed(page) == {
        "public_title": "",
        "text": "",
        "more_info": WORK["more_info"],
        "sources": "to be found",
        "topics": topics,
    }


def test_a_saved_draft_comes_back_as_it_was_typed(doctor, question):
    client = browser(doctor)
    words = {
        "public_title": "A <title>",
        "text": "Not\nfinished & <b>",
        "sources": "x",
        "topics": "a,,b",
        "more_info": "#",
    }

    response = send(client, question, "save", **words)

    assert (response.status_code, response["Location"]) == (302, address(question))
    page = parse(client.get(address(question)))
    assert typed(page) == words
    assert page.texts(role="status") == ["Draft saved."]


def test_saving_again_replaces_the_draft(doctor, question):
    client = browser(doctor)
    send(client, question, "save", text="First.")

    send(client, question, "save", text="Second.")

    assert list(Draft.objects.values_list("question", "doctor", "text")) == [(question.pk, doctor.pk, "Second.")]


def test_another_doctors_draft_is_not_seen(doctor, question):
    send(browser(doctor), question, "save", text="Mine alone.")
    other = DoctorFactory(specialties=[question.specialty])

    page = parse(browser(other).get(address(question)))

    assert typed(page)["text"] == ""
    assert "Mine alone." not in page.source


def test_a_draft_changes_nothing_but_the_draft_and_claims_the_question(doctor, question):
    before = type(question).objects.values().get()

    send(browser(doctor), question, "save")

    assert type(question).objects.values().get() == before
    assert (decisions(question), tasks()) == ([("claim", doctor.user.pk, "", "", "")], [])


def test_a_draft_that_breaks_a_limit_is_kept_on_screen(doctor, question):
    response = send(browser(doctor), question, "save", public_title="x" * 201, text="Long work.")

    page = parse(response)
    assert response.status_code == 422
    assert typed(page)["text"] == "Long work."
    assert page.one(class_="error-summary").texts("li") == [
        "Public title: Ensure this value has at most 200 characters (it has 201)."
    ]


@pytest.mark.parametrize("state", [State.PUBLISHED, State.DECLINED, State.HIDDEN])
@pytest.mark.parametrize("act", ["save", "preview"])
def test_a_draft_that_comes_too_late_is_kept_on_screen(doctor, question, state, act):
    fields = {"decline_reason": "examination"} if state == State.DECLINED else {"public_title": "T"}
    type(question).objects.filter(pk=question.pk).update(state=state, published_at=question.created_at, **fields)

    response = send(browser(doctor), question, act)

    page = parse(response)
    assert response.status_code == 409
    assert page.texts(role="status") == [
        "It is no longer waiting: somebody else has dealt with it, or it was withdrawn."
    ]
    shown = {area.attrs["id"].removeprefix("unsaved-"): area.source for area in page.one("main").all("textarea")}
    assert shown == {name: text for name, text in WORK.items() if name != "signed"}
    assert Draft.objects.count() == 0


def test_the_preview_without_script_shows_the_article_and_keeps_the_work(doctor, question):
    response = send(browser(doctor), question, "preview", more_info="## Causes\n\n<b>x</b> [a](javascript:1)")

    preview = parse(response).one(id="preview")
    assert "hidden" not in preview.attrs
    assert preview.headings() == ["h2 Preview of the More Info", "h2 Causes"]
    assert preview.one(class_="article-body").texts("p") == ["<b>x</b> [a](javascript:1)"]
    assert typed(parse(response))["text"] == WORK["text"]
    assert Draft.objects.get().more_info == "## Causes\n\n<b>x</b> [a](javascript:1)"


def test_the_live_preview_shows_the_same_and_keeps_nothing(doctor):
    response = browser(doctor).post(
        "/dashboard/preview/", {"more_info": "## Causes\n\n<script>alert(1)</script> & *x*"}
    )

    assert response.content.decode() == (
        "<h2>Causes</h2>\n<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; <em>x</em></p>\n"
    )
    assert Draft.objects.count() == 0


def test_a_live_preview_of_nothing_is_empty(doctor):
    assert browser(doctor).post("/dashboard/preview/").content == b""


def test_the_preview_is_hidden_until_there_is_one(doctor, question):
    page = parse(browser(doctor).get(address(question)))

    assert "hidden" in page.one(id="preview").attrs
    assert page.one(id="preview").attrs["data-preview-url"] == "/dashboard/preview/"


@pytest.mark.parametrize("act", ["", "nonsense", "delete", "__class__"])
def test_a_button_the_site_does_not_know_changes_nothing_and_loses_nothing(doctor, question, act):
    response = send(browser(doctor), question, act)

    page = parse(response)
    question.refresh_from_db()
    assert (response.status_code, question.state) == (422, State.WAITING)
    assert typed(page)["text"] == WORK["text"]
    assert page.texts(role="status") == ["The site did not understand that button. Nothing was changed."]


def test_an_answered_question_shows_its_replies_and_the_way_to_the_public_page(doctor):
    question = published_thread(specialty=doctor.specialties.get(), reply__doctor=doctor, reply__text="Harmless.")

    page = parse(browser(doctor).get(address(question)))

    assert page.all("form", id="work-form") == []
    assert page.one("article", class_="reply").one(class_="prose").text == "Harmless."
    assert ("See the public page", question.get_absolute_url()) in page.links()


def test_the_history_tells_who_did_what(doctor, question):
    question.decline(by=doctor, reason="examination")

    history = parse(browser(doctor).get(address(question))).one("details", class_="history")

    (line,) = history.texts("li")
    assert line.endswith(" Declined: Dr. Wu Mukhan (It needs an examination)")


def test_the_history_does_not_name_an_asker_who_is_a_doctor(doctor, question):
    asker = DoctorFactory(name="Secret Asker")
    type(question).objects.filter(pk=question.pk).update(asker=asker.user)
    question.decisions.create(act="ask", by=asker.user, to_state=State.WAITING)

    page = parse(browser(doctor).get(address(question)))

    assert len(page.one("details", class_="history").texts("li")) == 1
    # As a colleague who could be asked to look the name stands among all the others, whose patient is nobody's guess.
    assert "Secret Asker" not in page.one(class_="work__patient").source
