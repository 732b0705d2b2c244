"""Admins take threads off the site and bring them back; nobody edits what patients and doctors wrote."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from forum.moderation.services import hide_thread, merge_thread, restore_thread
from forum.questions.models import Question, State, WrongState
from tests.factories import DoctorFactory, QuestionFactory, ReplyFactory, UserFactory, published_thread
from tests.html import parse
from tests.moderation.desk import SEND, decisions, tasks, told

pytestmark = pytest.mark.django_db
LIST = "/admin/questions/question/"


@pytest.fixture
def admin():
    return UserFactory(admin=True)


def act(admin, name: str, *questions: Question, **confirmation: str):
    """Choose these in the list and press "Go"; by default what is asked then is answered, too."""
    client = Client()
    client.force_login(admin)
    chosen = {"action": name, "_selected_action": [question.pk for question in questions]}
    return client.post(LIST, chosen | (confirmation or {"confirmed": "1", "ground": "danger"}), follow=True)


def test_an_admin_hides_a_thread_from_everybody(admin):
    question = published_thread(public_title="Gone")
    neighbour = published_thread(public_title="Stays")

    act(admin, "hide", question)

    question.refresh_from_db()
    assert question.state == State.HIDDEN
    assert Client().get(question.get_absolute_url()).status_code == 404
    assert [card.one("h3").text for card in parse(Client().get("/")).all(class_="thread-card")] == ["Stays"]
    assert decisions(question) == [("hide", admin.pk, "published", "hidden", "danger")]
    assert tasks() == [("renew_similar_around", [question.pk])]
    assert decisions(neighbour) == []


def test_an_admin_restores_a_hidden_thread_as_it_was(admin):
    question = QuestionFactory(hidden=True, public_title="Back")
    ReplyFactory(question=question, text="Harmless.")
    before = question.published_at

    act(admin, "restore", question)

    question.refresh_from_db()
    page = parse(Client().get(question.get_absolute_url()))
    assert (question.state, question.published_at) == (State.PUBLISHED, before)
    assert (page.one("h1").text, page.one(id="replies").one(class_="prose").text) == ("Back", "Harmless.")
    assert decisions(question) == [("restore", admin.pk, "hidden", "published", "danger")]
    assert tasks() == [("renew_similar_around", [question.pk])]


@pytest.mark.parametrize(("name", "trait"), [("hide", "hidden"), ("restore", "published")])
def test_doing_it_again_changes_nothing(admin, name, trait):
    question = QuestionFactory(**{trait: True})
    before = Question.objects.values().get()

    act(admin, name, question)

    assert Question.objects.values().get() == before
    assert decisions(question) == []


@pytest.mark.parametrize("name", ["hide", "restore"])
def test_what_is_in_another_state_is_named_and_the_others_are_done(admin, name):
    waiting = QuestionFactory()
    question = QuestionFactory(**{"published" if name == "hide" else "hidden": True})

    response = act(admin, name, waiting, question)

    waiting.refresh_from_db()
    question.refresh_from_db()
    assert waiting.state == State.WAITING
    assert question.state == (State.HIDDEN if name == "hide" else State.PUBLISHED)
    assert parse(response).texts("li", class_="warning") == [f"#{waiting.pk} is not in a state that allows this."]


def test_first_a_page_lists_what_is_to_be_hidden_and_asks_for_the_ground(admin):
    question, waiting = published_thread(public_title="Of eyelids"), QuestionFactory(headline="Not yet")

    page = parse(act(admin, "hide", question, waiting, confirmed_by="nobody"))

    question.refresh_from_db()
    assert (page.texts("h1"), question.state) == (["Hide all of these?"], State.PUBLISHED)
    assert [item.text for item in page.one(class_="report").all("li")] == [
        f"{question} Of eyelids, {question.specialty}"
    ]
    assert page.one("select", name="ground")


def test_a_member_of_the_staff_who_may_only_look_hides_nothing():
    question, looker = published_thread(), UserFactory(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_question"))

    act(looker, "hide", question)

    question.refresh_from_db()
    assert (question.state, decisions(question)) == (State.PUBLISHED, [])


@pytest.mark.parametrize(
    ("typed", "found"),
    [("#{id}", ["Waiting eyelid"]), ("eyelid", ["Twitching eyelid", "Waiting eyelid"]), ("9" * 30, []), ("a_b%", [])],
)
def test_questions_are_found_by_number_and_by_words(admin, typed, found):
    published_thread(public_title="Twitching eyelid")
    published_thread(public_title="Cough", headline="Cough", text="For a week.", reply__text="Drink tea.")
    waiting = QuestionFactory(headline="Waiting eyelid")
    client = Client()
    client.force_login(admin)

    page = parse(client.get(LIST, {"q": typed.format(id=waiting.pk)}))

    assert sorted(page.texts("td", class_="field-title")) == found


def test_list_of_questions_is_counted_and_paged_only_so_far(admin, monkeypatch):
    monkeypatch.setattr("accounts.long_lists.MOST_COUNTED", 3)
    for _ in range(4):
        QuestionFactory()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE questions_question")
    client = Client()
    client.force_login(admin)

    page = parse(client.get(LIST))

    assert "There are about 4. The list ends after 3" in page.one(id="content").text
    assert page.one(class_="paginator").text == "3 questions"


def test_an_admin_reads_a_question_with_its_history_and_cannot_edit_it(admin):
    question = QuestionFactory(text="Only to be read.")
    question.decline(by=DoctorFactory(), reason="examination")
    client = Client()
    client.force_login(admin)

    page = parse(client.get(f"{LIST}{question.pk}/change/"))
    answer = client.post(f"{LIST}{question.pk}/change/", {"text": "Changed."})

    question.refresh_from_db()
    assert "Only to be read." in page.one(id="content").text
    assert "Declined" in page.one(id="content").text
    assert page.one(id="content").all("textarea") == []
    assert (answer.status_code, question.text) == (403, "Only to be read.")
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{question.pk}/delete/").status_code == 403


def test_a_withdrawn_question_is_nobodys_but_its_askers(admin):
    question = QuestionFactory(headline="Taken back", text="Taken back")
    question.withdraw(by=None)
    client = Client()
    client.force_login(admin)

    answers = [client.get(path, follow=True) for path in (LIST, f"{LIST}{question.pk}/change/", "/admin/")]

    assert [b"Taken back" in answer.content for answer in answers] == [False] * 3
    assert client.get(question.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("lookup", ["asker__email__startswith=p", "email=p@example.org", "token_hash__startswith=a"])
def test_no_filter_tells_an_admin_whose_question_it_is(admin, lookup):
    QuestionFactory(asker=UserFactory(email="p@example.org"), email="p@example.org")
    client = Client()
    client.force_login(admin)

    answer = client.get(f"{LIST}?{lookup}")

    assert answer.status_code in (400, 302)
    assert b"action-checkbox" not in answer.content


def test_the_admin_site_shows_nobodys_e_mail_beside_a_question(admin):
    question = QuestionFactory(email="secret@example.org")
    client = Client()
    client.force_login(admin)

    pages = [client.get(path).content for path in (LIST, f"{LIST}{question.pk}/change/")]

    assert [b"secret@example.org" in page for page in pages] == [False, False]


def test_a_merge_redirects_tells_the_asker_and_is_recorded(admin):
    question = published_thread(token="secret-token", email="patient@example.org")
    target = published_thread(public_title="Answered")

    merge_thread(question=question, target=target, by=admin)

    status = parse(Client().get("/status/secret-token/"))
    assert ("Answered", target.get_absolute_url()) in status.links()
    assert Client().get(question.get_absolute_url())["Location"] == target.get_absolute_url()
    assert decisions(question) == [("merge", admin.pk, "published", "merged", "")]
    assert (told(question), tasks()) == (["redirected"], [("renew_similar_around", [question.pk]), SEND])


def test_a_merge_done_again_changes_nothing_and_tells_nobody(admin):
    question, target = published_thread(email="patient@example.org"), published_thread()
    merge_thread(question=question, target=target, by=admin)

    merge_thread(question=question, target=published_thread(), by=admin)

    question.refresh_from_db()
    assert question.merged_into == target
    assert (len(decisions(question)), len(tasks())) == (1, 2)


@pytest.mark.parametrize("state", ["waiting", "hidden", "declined", "withdrawn", "itself"])
def test_only_a_published_thread_can_take_a_duplicate(admin, state):
    question = published_thread()
    target = question if state == "itself" else QuestionFactory(**({} if state == "waiting" else {state: True}))

    with pytest.raises(WrongState):
        merge_thread(question=question, target=target, by=admin)

    question.refresh_from_db()
    assert (question.state, decisions(question), tasks()) == (State.PUBLISHED, [], [])


@pytest.mark.parametrize("service", [hide_thread, restore_thread])
def test_hiding_and_restoring_are_undone_where_the_errand_cannot_be_left(admin, service, monkeypatch):
    question = QuestionFactory(**{"published" if service is hide_thread else "hidden": True})
    before = question.state
    monkeypatch.setattr("forum.moderation.services.renew_similar_around", None)

    with pytest.raises(AttributeError):
        service(question=question, by=admin, reason="admin")

    question.refresh_from_db()
    assert (question.state, decisions(question)) == (before, [])
