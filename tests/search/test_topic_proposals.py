"""Proposed topics: what an admin makes of them, on one screen."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from forum.questions.models import Question
from forum.search.models import QuestionTopic, Topic, TopicProposal
from forum.search.services import accept_proposal, reject_proposal, set_topics
from forum.specialties.services import merge_specialty
from tests.factories import (
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    TopicFactory,
    TopicProposalFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.people import ROLES, make_cast
from tests.search.subjects import threads_about

pytestmark = pytest.mark.django_db
LIST = "/admin/search/topicproposal/"


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def browser(admin):
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology")


def names(question) -> list[str]:
    return list(question.question_topics.order_by("id").values_list("topic__name", flat=True))


# Accepting


def test_accepting_makes_the_topic_and_gives_it_to_the_threads(admin, neurology):
    about = threads_about("tinnitus", neurology)
    set_topics(about[0], ["Ears"])
    proposal = TopicProposalFactory(name="Tinnitus", specialty=neurology, threads=about)

    topic = accept_proposal(proposal=proposal, by=admin)

    assert (topic.name, topic.specialty) == ("Tinnitus", neurology)
    assert [names(question) for question in about] == [["Ears", "Tinnitus"], ["Tinnitus"], ["Tinnitus"]]
    assert None not in QuestionTopic.objects.filter(topic=topic).values_list("score", flat=True)


def test_accepting_records_who_decided_and_when(admin, neurology):
    proposal = TopicProposalFactory(specialty=neurology)
    before = timezone.now()

    topic = accept_proposal(proposal=proposal, by=admin)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.topic, proposal.decided_by) == ("accepted", topic, admin)
    assert before <= proposal.decided_at <= timezone.now()


def test_accepting_under_another_name_renames(admin, neurology):
    proposal = TopicProposalFactory(name="Ringing", specialty=neurology)

    topic = accept_proposal(proposal=proposal, by=admin, name="Tinnitus")

    assert list(Topic.objects.values_list("name", flat=True)) == ["Tinnitus"]
    assert TopicProposal.objects.get().topic == topic


def test_the_name_of_a_topic_of_the_specialty_merges_into_that(admin, neurology):
    topic = TopicFactory(name="Tinnitus", specialty=neurology)
    TopicFactory(name="Tinnitus")
    has_it, new = threads_about("ringing", neurology, 2)
    QuestionTopic.objects.create(question=has_it, topic=topic)
    proposal = TopicProposalFactory(name="Ringing", specialty=neurology, threads=[has_it, new])

    merged = accept_proposal(proposal=proposal, by=admin, name="tinnitus")

    assert merged == topic
    assert (names(has_it), names(new), Topic.objects.count()) == (["Tinnitus"], ["Tinnitus"], 2)


def test_only_published_threads_of_the_specialty_with_room_get_the_topic(admin, neurology):
    full, fits, hidden, moved = threads_about("tinnitus", neurology, 4)
    set_topics(full, [f"Topic {n}" for n in range(12)])
    set_topics(fits, [f"Topic {n}" for n in range(11)])
    Question.objects.filter(pk=hidden.pk).update(state="hidden")
    Question.objects.filter(pk=moved.pk).update(specialty=SpecialtyFactory())
    proposal = TopicProposalFactory(name="Tinnitus", specialty=neurology, threads=[full, fits, hidden, moved])

    topic = accept_proposal(proposal=proposal, by=admin)

    assert list(topic.questions.all()) == [fits]


def test_accepting_twice_changes_nothing(admin, neurology):
    proposal = TopicProposalFactory(specialty=neurology, threads=threads_about("tinnitus", neurology))
    accept_proposal(proposal=proposal, by=admin)
    before = (list(TopicProposal.objects.values()), list(QuestionTopic.objects.values()), list(Topic.objects.values()))

    again = accept_proposal(proposal=proposal, by=UserFactory(admin=True), name="Another name")

    after = (list(TopicProposal.objects.values()), list(QuestionTopic.objects.values()), list(Topic.objects.values()))
    assert (again, after) == (None, before)


def test_what_fails_on_the_way_leaves_nothing_behind(admin, neurology, monkeypatch):
    proposal = TopicProposalFactory(specialty=neurology, threads=threads_about("tinnitus", neurology))
    monkeypatch.setattr("forum.search.models.TopicProposal.decide", lambda *args, **options: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        accept_proposal(proposal=proposal, by=admin)

    assert (Topic.objects.count(), QuestionTopic.objects.count()) == (0, 0)
    assert TopicProposal.objects.get().state == "open"


# Rejecting


def test_rejecting_records_the_decision_and_makes_no_topic(admin, neurology):
    about = threads_about("tinnitus", neurology)
    proposal = TopicProposalFactory(specialty=neurology, threads=about)

    assert reject_proposal(proposal=proposal, by=admin) is True

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.topic) == ("rejected", admin, None)
    assert proposal.decided_at is not None
    assert Topic.objects.count() == 0


@pytest.mark.parametrize("trait", ["accepted", "rejected"])
def test_only_the_first_decision_counts(admin, trait):
    proposal = TopicProposalFactory(**{trait: True})
    before = TopicProposal.objects.values().get()

    assert (reject_proposal(proposal=proposal, by=admin), accept_proposal(proposal=proposal, by=admin)) == (False, None)

    assert TopicProposal.objects.values().get() == before


# What is always true


@pytest.mark.parametrize(
    "fields",
    [{"state": "accepted"}, {"state": "rejected"}, {"decided_at": timezone.now()}],
)
def test_a_decision_has_its_time_and_its_admin(fields):
    with pytest.raises(IntegrityError, match="topic_proposal_"), transaction.atomic():
        TopicProposalFactory(**fields)


def test_an_open_name_is_proposed_once_a_specialty(neurology):
    TopicProposalFactory(name="Tinnitus", specialty=neurology)

    with pytest.raises(IntegrityError, match="topic_proposal_once"), transaction.atomic():
        TopicProposalFactory(name="TINNITUS", specialty=neurology)


def test_a_merge_of_specialties_takes_proposals_along(neurology):
    ears = SpecialtyFactory()
    kept = TopicProposalFactory(name="Tinnitus", specialty=neurology)
    TopicProposalFactory(name="TINNITUS", specialty=ears)
    moved = TopicProposalFactory(name="Earache", specialty=ears, rejected=True)

    merge_specialty(source=ears, target=neurology)

    assert set(TopicProposal.objects.filter(specialty=neurology)) == {kept, moved}
    assert TopicProposal.objects.count() == 2


# The screen


def rows(page) -> list:
    return page.one(id="result_list").one("tbody").all("tr")


def press(browser, button: str, proposal: TopicProposal, **names: str):
    fields = {f"{pk.removeprefix('name')}-name": name for pk, name in names.items()}
    return browser.post(f"{LIST}?language=en", {button: proposal.pk, **fields}, follow=True)


def test_the_screen_shows_the_open_ones_best_first_with_examples(browser, neurology):
    about = threads_about("tinnitus", neurology, 4)
    hidden = QuestionFactory(hidden=True, public_title="Nobody sees this")
    TopicProposalFactory(name="Later", specialty=neurology, score=10)
    TopicProposalFactory(name="Tinnitus", specialty=neurology, score=20, threads=[*about, hidden])
    TopicProposalFactory(name="Decided", rejected=True)

    page = parse(browser.get(LIST))

    fields = [row.one(class_="field-proposed").one("input").attrs["value"] for row in rows(page)]
    assert fields == ["Tinnitus", "Later"]
    first = rows(page)[0]
    assert first.one(class_="field-threads").one("strong").text == "4 threads"
    links = [(question.public_title, question.get_absolute_url()) for question in about[:3]]
    assert first.one(class_="field-threads").links() == links
    assert first.texts("button") == ["Accept", "Reject"]
    assert "Nobody sees this" not in page.source
    assert page.all("style") == []


def test_the_screen_asks_the_same_however_many_there_are(browser, neurology, django_assert_num_queries):
    for number in (1, 10):
        for n in range(number):
            about = threads_about("tinnitus", neurology)
            TopicProposalFactory(name=f"{number} {n}", specialty=neurology, threads=about)
        with django_assert_num_queries(7):
            browser.get(LIST)


def test_what_is_decided_is_found_under_its_state(browser, admin, neurology):
    topic = TopicFactory(name="Tinnitus", specialty=neurology)
    TopicProposalFactory(name="Ringing", accepted=True, decided_by=admin, topic=topic)

    (row,) = rows(parse(browser.get(f"{LIST}?state=accepted")))

    assert row.one(class_="field-proposed").one("strong").text == "Ringing"
    words = row.one(class_="decided").text.split(" · ")
    assert [words[0], words[1], words[3]] == ["Accepted", "Tinnitus", str(admin)]
    assert row.all("button") == []


def test_topics_of_the_specialty_are_offered_beside_the_name(browser, neurology):
    TopicFactory(name="Vertigo", specialty=neurology)
    TopicFactory(name="Elsewhere")
    TopicProposalFactory(specialty=neurology)

    page = parse(browser.get(LIST))

    field = page.one(class_="field-proposed").one("input")
    offered = page.one("datalist", id=field.attrs["list"]).all("option")
    assert [option.attrs["value"] for option in offered] == ["Vertigo"]


def test_the_button_of_a_row_accepts_it_under_the_name_in_its_field(browser, admin, neurology):
    proposal, other = (TopicProposalFactory(specialty=neurology) for _ in range(2))

    response = press(browser, "_accept", proposal, **{f"name{proposal.pk}": " Tinnitus ", f"name{other.pk}": "Other"})

    proposal.refresh_from_db()
    assert (proposal.state, proposal.topic.name, proposal.decided_by) == ("accepted", "Tinnitus", admin)
    assert TopicProposal.objects.get(pk=other.pk).state == "open"
    assert response.redirect_chain == [(f"{LIST}?language=en", 302)]
    assert parse(response).texts("li", class_="success") == ["“Tinnitus” has 0 threads now."]


def test_an_empty_name_means_the_proposed_one(browser, neurology):
    proposal = TopicProposalFactory(name="Tinnitus", specialty=neurology)

    press(browser, "_accept", proposal, **{f"name{proposal.pk}": ""})

    assert Topic.objects.get().name == "Tinnitus"


def test_a_name_that_is_too_long_is_refused(browser, neurology):
    proposal = TopicProposalFactory(specialty=neurology)

    response = press(browser, "_accept", proposal, **{f"name{proposal.pk}": "x" * 81})

    assert parse(response).texts("li", class_="error") == ["A topic's name has 80 characters at most."]
    assert (TopicProposal.objects.get().state, Topic.objects.count()) == ("open", 0)


def test_the_button_of_a_row_rejects_it(browser, neurology):
    proposal = TopicProposalFactory(name="Hello", specialty=neurology)

    response = press(browser, "_reject", proposal)

    assert TopicProposal.objects.get().state == "rejected"
    assert parse(response).texts("li", class_="success") == ["“Hello” will not be proposed again."]


@pytest.mark.parametrize("button", ["_accept", "_reject"])
def test_a_button_pressed_twice_says_that_it_is_decided(browser, neurology, button):
    proposal = TopicProposalFactory(specialty=neurology)
    press(browser, button, proposal)
    before = TopicProposal.objects.values().get()

    response = press(browser, button, proposal)

    assert TopicProposal.objects.values().get() == before
    late = "What is decided already, or no longer proposed, stays as it is."
    assert parse(response).texts("li", class_="warning") == [late]


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "987654321"])
def test_a_button_of_no_row_changes_nothing(browser, value):
    proposal = TopicProposalFactory()

    browser.post(LIST, {"_accept": value})

    assert TopicProposal.objects.get() == proposal
    assert TopicProposal.objects.get().state == "open"


@pytest.mark.parametrize(("action", "state"), [("accept_chosen", "accepted"), ("reject_chosen", "rejected")])
def test_several_are_decided_at_once(browser, neurology, action, state):
    chosen = [TopicProposalFactory(specialty=neurology) for _ in range(3)]
    left = TopicProposalFactory(specialty=neurology)
    first = {f"{chosen[0].pk}-name": "Renamed"}

    browser.post(LIST, {"action": action, "_selected_action": [row.pk for row in chosen], "index": "0", **first})

    states = dict(TopicProposal.objects.values_list("pk", "state"))
    assert states == {row.pk: state for row in chosen} | {left.pk: "open"}
    expected = {"Renamed", chosen[1].name, chosen[2].name} if action == "accept_chosen" else set()
    assert set(Topic.objects.values_list("name", flat=True)) == expected


def test_of_several_all_are_accepted_or_none(browser, neurology, monkeypatch):
    chosen = [TopicProposalFactory(specialty=neurology) for _ in range(2)]
    decide = TopicProposal.decide
    monkeypatch.setattr(
        TopicProposal, "decide", lambda row, *a, **k: decide(row, *a, **k) if row == chosen[0] else 1 / 0
    )

    with pytest.raises(ZeroDivisionError):
        browser.post(LIST, {"action": "accept_chosen", "_selected_action": [row.pk for row in chosen], "index": "0"})

    assert set(TopicProposal.objects.values_list("state", flat=True)) == {"open"}
    assert Topic.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
@pytest.mark.parametrize("button", ["_accept", "_reject"])
def test_nobody_else_decides(role, button):
    cast = make_cast()
    proposal = TopicProposalFactory(specialty=cast.specialty)

    response = cast.browser(role).post(LIST, {button: proposal.pk})

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/admin/login/")
    assert TopicProposal.objects.get().state == "open"


def test_a_member_of_the_staff_who_may_only_look_decides_nothing(admin):
    proposal = TopicProposalFactory()
    looker = UserFactory(is_staff=True)
    looker.user_permissions.add(view_permission())
    client = Client()
    client.force_login(looker)

    assert client.post(LIST, {"_accept": proposal.pk}).status_code == 403
    assert TopicProposal.objects.get().state == "open"


def view_permission() -> Permission:
    return Permission.objects.get(codename="view_topicproposal")


def test_an_accepted_topic_is_on_the_thread_and_on_its_own_page(browser, neurology):
    question = published_thread(specialty=neurology, public_title="Ringing in my ears")
    ReplyFactory(question=question)
    Client().get(question.get_absolute_url())
    proposal = TopicProposalFactory(name="Tinnitus", specialty=neurology, threads=[question])

    press(browser, "_accept", proposal)

    topic = Topic.objects.get()
    faq = parse(Client().get(question.get_absolute_url())).one(id="related-faq")
    assert faq.links() == [("Tinnitus (Neurology)", topic.get_absolute_url())]
    page = parse(Client().get(topic.get_absolute_url())).one("main")
    assert page.texts("h3", class_="thread-card__title") == ["Ringing in my ears"]
