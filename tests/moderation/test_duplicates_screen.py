"""The admins' screens on which questions are merged."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from forum.moderation.merging import merge_thread
from forum.moderation.models import Merge
from forum.moderation.services import claim_question
from forum.questions.models import Question
from forum.search.models import AnswerFound
from forum.search.services import set_topics
from tests.factories import (
    DoctorFactory,
    QuestionFactory,
    SpecialtyFactory,
    SubscriptionFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse

pytestmark = pytest.mark.django_db
START = "/admin/duplicates/"


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def browser(admin):
    client = Client()
    client.force_login(admin)
    return client


def address(question: Question) -> str:
    return f"{START}{question.pk}/"


def found(browser, path: str, text: str = "") -> list[str]:
    page = parse(browser.get(path, {"find": text} if text else {}))
    lists = page.all("ul", class_="duplicates__found")
    return [link.text for link in lists[0].all("a")] if lists else []


def send(browser, question: Question, act: str, **typed):
    return browser.post(address(question), {"act": act, **typed}, follow=True)


def test_a_target_is_found_by_number_address_and_words(browser):
    question = QuestionFactory()
    public = published_thread(public_title="Twitching eyelids")
    waiting = QuestionFactory(headline="My eyelids twitch")
    QuestionFactory(declined=True, headline="Declined eyelids")
    shown = {each: f"#{each.pk} {each.title}" for each in (public, waiting)}

    for text in (str(public.pk), f"#{public.pk}", f"https://example.org/questions/{public.pk}/twitching-eyelids/"):
        assert found(browser, address(question), text) == [shown[public]]
    assert found(browser, address(question), "eyelids") == [shown[public], shown[waiting]]
    assert found(browser, address(question), str(question.pk)) == []


@pytest.mark.parametrize("text", ["0", "9" * 30, "#", "%", "https://example.org/questions/x/", "١٢"])
def test_what_is_no_number_finds_nothing(browser, text):
    assert found(browser, address(QuestionFactory()), text) == []


def test_what_the_same_person_asked_too_is_offered_first(browser):
    asker = UserFactory()
    question = QuestionFactory(asker=asker, email="Kk@example.org")
    by_account, by_address = QuestionFactory(asker=asker), QuestionFactory(email="kk@example.org")
    QuestionFactory()

    offered = found(browser, address(question))

    assert offered == [f"#{each.pk} {each.title}" for each in (by_account, by_address)]


def test_both_stand_side_by_side_with_what_happens(browser):
    specialty = SpecialtyFactory()
    question = published_thread(specialty=specialty, text="It twitches.", email="kk@example.org")
    target = published_thread(specialty=specialty, text="My eyelid twitches.")
    set_topics(question, ["Coffee"])
    SubscriptionFactory(question=question)
    AnswerFound.objects.add_one(question)

    page = parse(browser.get(address(question), {"into": target.pk})).one(id="content").text

    for words in (
        "It twitches.",
        "My eyelid twitches.",
        "Its public address leads to the other one from now on.",
        "Its asker is told.",
        "1 follower goes along.",
        "The other one gets the topics Coffee.",
        "1 patient found an answer in it: counted on the other one.",
    ):
        assert words in page
    assert Merge.objects.count() == 0


def test_a_doctor_at_work_is_named_before(browser):
    question = QuestionFactory()
    doctor = DoctorFactory(name="Wu Mukhan", specialties=[question.specialty])
    claim_question(question=question, doctor=doctor)

    page = parse(browser.get(address(question), {"into": published_thread().pk})).one(id="content").text

    assert "Dr. Wu Mukhan is at work on it until " in page


def test_an_admin_merges_and_undoes(browser, admin):
    question, target = QuestionFactory(email="kk@example.org"), published_thread()

    merged = send(browser, question, "merge", into=target.pk, reason="same_question", note="The same words.")
    merge = Merge.objects.get()
    undone = send(browser, question, "undo", reason="different")

    assert parse(merged).texts("li", class_="success") == ["Merged. Its asker is told, as far as there is an address."]
    assert (merge.target, merge.note, merge.made_by) == (target, "The same words.", admin)
    assert parse(undone).texts("li", class_="success") == ["Undone: everything is back as it was. Its asker is told."]
    assert Question.objects.get(pk=question.pk).state == "waiting"
    assert Merge.objects.get().undone_by == admin


@pytest.mark.parametrize("act", ["merge", "undo"])
def test_without_a_reason_nothing_is_done_and_nothing_typed_is_lost(browser, admin, act):
    question, target = QuestionFactory(), published_thread()
    if act == "undo":
        merge_thread(question=question, target=target, by=admin)

    answer = browser.post(address(question), {"act": act, "into": target.pk, "note": "The same words."})

    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert ("The same words." in answer.content.decode()) is (act == "merge")
    assert Merge.objects.filter(undone_at=None).count() == (1 if act == "undo" else 0)


def test_what_is_urgent_is_refused_in_words(browser):
    question, target = QuestionFactory(urgent=True, red_flags=["stroke"]), published_thread()

    answer = send(browser, question, "merge", into=target.pk, reason="same_question")

    assert parse(answer).texts("li", class_="error") == [
        "It is marked urgent: a doctor has to look at it first. Nothing was changed."
    ]


@pytest.mark.parametrize("into", ["", "0", "x", "itself", "declined"])
def test_what_cannot_be_merged_into_is_refused(browser, into):
    question, declined = QuestionFactory(), QuestionFactory(declined=True)
    into = {"itself": question.pk, "declined": declined.pk}.get(into, into)

    answer = send(browser, question, "merge", into=into, reason="same_question")

    assert parse(answer).texts("li", class_="error") == [
        "It cannot be merged into that one any more. Nothing was changed."
    ]
    assert Merge.objects.count() == 0


def test_a_merge_in_the_middle_of_a_chain_says_what_to_undo_first(browser, admin):
    first, second, third = (published_thread() for _ in range(3))
    merge_thread(question=first, target=second, by=admin)
    merge_thread(question=second, target=third, by=admin)

    page = parse(browser.get(address(first))).one(id="content")
    answer = send(browser, first, "undo", reason="mistake")

    assert (f"#{second.pk}", address(second)) in page.links()
    assert parse(answer).texts("li", class_="error") == [
        "The other one was merged on. Undo that first. Nothing was changed."
    ]


def test_the_first_page_lists_the_latest_merges(browser, admin, django_assert_num_queries):
    for number in (1, 12):
        for _ in range(number):
            merge_thread(question=published_thread(), target=published_thread(), by=admin)
        with django_assert_num_queries(3):
            page = parse(browser.get(START))

    assert len(page.one(class_="duplicates__found").all("li")) == 13


def test_the_page_of_a_question_leads_there(browser):
    question = published_thread()

    page = parse(browser.get(f"/admin/questions/question/{question.pk}/change/"))

    assert ("Merge it into another one", address(question)) in page.links()


@pytest.mark.parametrize("state", ["withdrawn", "never"])
def test_what_is_gone_is_not_found(browser, state):
    question = QuestionFactory(withdrawn=True) if state == "withdrawn" else Question(pk=987_654_321)

    assert browser.get(address(question)).status_code == 404


def test_a_member_of_the_staff_needs_the_permission(admin):
    question, target = QuestionFactory(), published_thread()
    merged = QuestionFactory()
    merge_thread(question=merged, target=target, by=admin)
    looker, nobody = UserFactory(is_staff=True), UserFactory(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_merge"))
    browsers = []
    for user in (looker, nobody):
        client = Client()
        client.force_login(user)
        browsers.append(client)

    merging = {"act": "merge", "into": target.pk, "reason": "same_question"}
    undoing = {"act": "undo", "reason": "mistake"}
    answers = []
    for client in browsers:
        opened = [client.get(START), client.get(address(question))]
        pressed = [client.post(address(question), merging), client.post(address(merged), undoing)]
        answers.append([answer.status_code for answer in [*opened, *pressed]])

    assert answers == [[200, 200, 403, 403], [403, 403, 403, 403]]
    assert Merge.objects.standing().count() == 1
