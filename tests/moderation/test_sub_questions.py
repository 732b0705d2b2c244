"""What the patient asks, one by one: proposed, kept with the draft, pointed out before publishing."""

import pytest

from forum.moderation.subquestions import MOST, propose_sub_questions
from forum.questions.models import State
from forum.replies.models import Draft
from tests.factories import DoctorFactory, QuestionFactory, SpecialtyFactory
from tests.html import parse
from tests.moderation.desk import address, browser, send


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "My eyelid twitches. Should I worry? Can I go on drinking coffee? Thank you.",
            ["Should I worry?", "Can I go on drinking coffee?"],
        ),
        ("It hurts since March\nis it dangerous\nI am 40.", ["is it dangerous"]),
        ("I would like to know if I can swim. I take 3.5 mg.", ["I would like to know if I can swim."]),
        ("What is it? What is it? WHAT IS IT?", ["What is it?"]),
        ("Why?! OK?", ["Why?!"]),
        ("I had a fever. It went away.", []),
        ("", []),
        ("???", []),
        ("我的眼皮一直跳。請問需要擔心嗎？可以喝咖啡嗎", ["請問需要擔心嗎？", "可以喝咖啡嗎"]),
        ("眼皮跳怎麼辦。要看哪一科。我不怎麼睡", ["眼皮跳怎麼辦。", "要看哪一科。"]),
        ("是否要開刀？還是先吃藥呢", ["是否要開刀？", "還是先吃藥呢"]),
        ("昨天開始發燒。今天好了。", []),
    ],
)
def test_questions_are_found_in_the_text(text, asked):
    assert [each.text for each in propose_sub_questions(text)] == asked


def test_a_long_sentence_is_cut_to_what_it_asks():
    story = "I have had pain in my left knee since I fell off my bicycle last summer, and it comes back every evening, "
    chinese = "我從去年夏天騎腳踏車摔倒以後左膝一直很痛，每天晚上都會再痛起來，吃藥也沒有用，睡不好，這樣需要開刀嗎？"

    assert [each.text for each in propose_sub_questions(story * 2 + "should I see a surgeon?")] == [
        "should I see a surgeon?"
    ]
    assert [each.text for each in propose_sub_questions(chinese)] == ["這樣需要開刀嗎？"]


def test_eight_are_proposed_at_most_and_all_are_open():
    proposed = propose_sub_questions(" ".join(f"Can I eat number {number}?" for number in range(20)))

    assert (len(proposed), all(each.is_open for each in proposed)) == (MOST, True)


@pytest.fixture
def doctor():
    return DoctorFactory(specialties=[SpecialtyFactory()])


@pytest.fixture
def question(doctor):
    return QuestionFactory(specialty=doctor.specialties.get(), text="It twitches. Should I worry? Can I drink coffee?")


def rows(page) -> list[tuple[str, str]]:
    """The checklist of the work page: words and what became of them, the empty line at the end too."""
    return [
        (row.one("input").attrs["value"], next(o.text for o in row.all("option") if "selected" in o.attrs) if o else "")
        for row in page.one(id="checklist").all("li")
        for o in [[o for o in row.all("option") if "selected" in o.attrs]]
    ]


CHECKED = {"sub_question": ["Should I worry?", "And at night?", " "], "sub_status": ["visit", "not_online", "open"]}


@pytest.mark.django_db
def test_the_work_page_proposes_them(doctor, question):
    page = parse(browser(doctor).get(address(question)))

    assert rows(page) == [("Should I worry?", "open"), ("Can I drink coffee?", "open"), ("", "")]
    assert page.one(id="checklist").one("summary").text == "What the patient asks: 2 questions, 2 open"


@pytest.mark.django_db
def test_they_are_reworded_added_removed_and_saved_with_the_draft(doctor, question):
    client = browser(doctor)

    send(client, question, "save", **CHECKED)

    assert rows(parse(client.get(address(question)))) == [
        ("Should I worry?", "needs a visit"),
        ("And at night?", "cannot be said online"),
        ("", ""),
    ]


@pytest.mark.django_db
def test_where_all_were_removed_none_is_proposed_again(doctor, question):
    client = browser(doctor)

    send(client, question, "save", sub_question=[""], sub_status=["open"])

    assert Draft.objects.get().sub_questions == []
    assert rows(parse(client.get(address(question)))) == [("", "")]


@pytest.mark.django_db
def test_a_page_without_a_checklist_leaves_it_as_it_is(doctor, question):
    client = browser(doctor)
    send(client, question, "save", **CHECKED)

    send(client, question, "save", text="Other words.")

    assert (Draft.objects.get().text, len(Draft.objects.get().sub_questions)) == ("Other words.", 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"sub_question": ["x" * 301]}, "Each of the patient's questions has 300 characters at most."),
        ({"sub_question": ["x"] * 17}, "Sixteen of the patient's questions at most, please."),
    ],
)
def test_a_checklist_without_bounds_is_refused(doctor, question, changes, error):
    response = send(browser(doctor), question, "save", **changes)

    assert response.status_code == 422
    assert parse(response).one(class_="error-summary").texts("li") == [error]


@pytest.mark.django_db
def test_a_state_the_site_does_not_know_is_open(doctor, question):
    send(browser(doctor), question, "save", sub_question=["Why?"], sub_status=["__class__"])

    assert Draft.objects.get().sub_questions == [{"text": "Why?", "status": "open"}]


OPEN = {"sub_question": ["Should I worry?", "Can I <b>drink</b>?"], "sub_status": ["answered", "open"]}


@pytest.mark.django_db
def test_open_ones_are_pointed_out_before_publishing(doctor, question):
    response = send(browser(doctor), question, "publish", **OPEN)

    page = parse(response)
    question.refresh_from_db()
    assert (response.status_code, question.state) == (422, State.WAITING)
    notice = page.one(class_="error-summary")
    assert notice.texts("li") == ["Can I <b>drink</b>?"]
    assert notice.one("input", name="open_shown").attrs["value"] == "1"
    assert page.one("textarea", name="text").text == "It is harmless. Sleep more."


@pytest.mark.django_db
def test_open_ones_that_were_shown_are_published_anyway(doctor, question):
    send(browser(doctor), question, "publish", **OPEN, open_shown="1")

    question.refresh_from_db()
    assert (question.state, question.replies.count()) == (State.PUBLISHED, 1)


@pytest.mark.django_db
def test_more_open_ones_than_were_shown_are_pointed_out_again(doctor, question):
    more = {"sub_question": [*OPEN["sub_question"], "And tea?"], "sub_status": ["answered", "open", "open"]}

    response = send(browser(doctor), question, "publish", **more, open_shown="1")

    assert parse(response).one(class_="error-summary").texts("li") == ["Can I <b>drink</b>?", "And tea?"]


@pytest.mark.django_db
def test_where_none_is_open_it_is_published_at_once(doctor, question):
    send(browser(doctor), question, "publish", **CHECKED)

    question.refresh_from_db()
    assert question.state == State.PUBLISHED


@pytest.mark.django_db
def test_the_checklist_is_never_public(doctor, question):
    client = browser(doctor)
    send(client, question, "publish", sub_question=["A secret rewording?"], sub_status=["visit"])

    question.refresh_from_db()
    assert b"secret rewording" not in client.get(question.get_absolute_url()).content
