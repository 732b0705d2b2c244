"""A question is merged into another, and parted from it again: what goes along, and comes back."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from forum.archive.own_data import forget_account, own_data
from forum.moderation.colleagues import add_reply
from forum.moderation.merging import UrgentQuestion, merge_by_admin, merge_thread, undo_merge
from forum.moderation.models import Claim, Merge
from forum.moderation.removals import anonymise_thread
from forum.moderation.services import (
    Work,
    answer_by_thread,
    claim_question,
    decline_question,
    hide_thread,
    publish_reply,
    remove_thread,
)
from forum.notifications.following import stop_following
from forum.notifications.models import Notice, Subscription
from forum.notifications.tasks import send_due_notices
from forum.questions.models import Question, WrongState
from forum.replies.models import Draft
from forum.search.models import AnswerFound, QuestionTopic
from forum.search.queries import search_questions, similar_to
from forum.search.services import renew_similar, set_topics
from tests.factories import (
    DoctorFactory,
    DraftFactory,
    MachineDraftFactory,
    QuestionFactory,
    SpecialtyFactory,
    SubscriptionFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.moderation.desk import decisions, tasks, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def specialty():
    return SpecialtyFactory(name="Neurology")


def merge(question: Question, target: Question, admin) -> Merge:
    assert merge_thread(question=question, target=target, by=admin, reason="same_question") is True
    return question.merges.standing().get()


def undo(merge: Merge, admin, reason: str = "mistake") -> bool:
    return undo_merge(merge=merge, by=admin, reason=reason)


def now(question: Question) -> tuple:
    fresh = Question.objects.get(pk=question.pk)
    return fresh.state, fresh.merged_into_id


def told_states(question: Question) -> list[tuple[str, str]]:
    return list(question.notices.order_by("pk").values_list("kind", "state"))


def answer(question: Question, text: str = "Sleep more.") -> None:
    doctor = DoctorFactory(specialties=[question.specialty])
    fresh = Question.objects.get(pk=question.pk)
    publish_reply(question=fresh, doctor=doctor, work=Work(public_title="Eyelids", text=text))


# Which into which

PAIRS = [
    ("waiting", "published"),
    ("waiting", "waiting"),
    ("waiting", "needs_info"),
    ("needs_info", "waiting"),
    ("needs_info", "needs_info"),
    ("needs_info", "published"),
    ("published", "published"),
    ("hidden", "published"),
]
STATES = ["waiting", "needs_info", "published", "hidden", "declined", "withdrawn", "merged"]


def in_state(state: str, **fields) -> Question:
    return QuestionFactory(**({} if state == "waiting" else {state: True}), **fields)


@pytest.mark.parametrize(("state", "target_state"), PAIRS)
def test_it_leads_to_its_target_and_comes_back_as_it_was(admin, state, target_state):
    question, target = in_state(state), in_state(target_state)

    done = merge(question, target, admin)
    merged = now(question)
    undone = undo(done, admin)

    assert (merged, undone, now(question)) == (("merged", target.pk), True, (state, None))
    assert decisions(question) == [
        ("merge", admin.pk, state, "merged", "same_question"),
        ("part", admin.pk, "merged", state, "mistake"),
    ]
    assert decisions(target) == [
        ("take_in", admin.pk, "", "", "same_question"),
        ("give_back", admin.pk, "", "", "mistake"),
    ]


@pytest.mark.parametrize("target_state", STATES)
@pytest.mark.parametrize("state", [state for state in STATES if state != "merged"])
def test_nothing_else_is_merged(admin, state, target_state):
    if (state, target_state) in PAIRS:
        return
    question, target = in_state(state), in_state(target_state)
    before = now(question), now(target)

    with pytest.raises(WrongState):
        merge_thread(question=question, target=target, by=admin)

    assert (now(question), now(target), Merge.objects.count(), decisions(question)) == (*before, 0, [])


def test_a_removed_thread_is_not_merged(admin):
    question, target = published_thread(), published_thread()
    remove_thread(question=question, by=admin, reason="other")

    with pytest.raises(WrongState):
        merge_thread(question=question, target=target, by=admin)


def test_merged_twice_and_undone_twice_is_once(admin):
    question, target = published_thread(email="p@example.org"), published_thread()
    done = merge(question, target, admin)

    again = merge_thread(question=question, target=target, by=admin)
    undone = [undo(done, admin), undo(done, admin)]

    assert (again, undone, Merge.objects.count()) == (False, [True, False], 1)
    assert told(question) == ["redirected", "parted"]


def test_nothing_leads_in_a_circle(admin):
    first, second = published_thread(), published_thread()
    merge(first, second, admin)

    with pytest.raises(WrongState):
        merge_thread(question=second, target=first, by=admin)
    with pytest.raises(WrongState):
        merge_thread(question=second, target=second, by=admin)

    assert (now(first), now(second)) == (("merged", second.pk), ("published", None))


def test_a_chain_is_one_step_long_and_undone_from_its_end(admin):
    first, second, third = (published_thread() for _ in range(3))
    one, two = merge(first, second, admin), merge(second, third, admin)
    collapsed = now(first)

    with pytest.raises(WrongState):
        undo(one, admin)
    undo(two, admin)
    between = now(first), now(second)
    undo(one, admin)

    assert collapsed == ("merged", third.pk)
    assert between == (("merged", second.pk), ("published", None))
    assert now(first) == ("published", None)


def test_of_two_merges_into_one_each_is_undone_for_itself(admin):
    first, second, third = (published_thread() for _ in range(3))
    one = merge(first, third, admin)
    merge(second, third, admin)

    undo(one, admin)

    assert (now(first), now(second)) == (("published", None), ("merged", third.pk))


def test_what_lost_all_its_replies_meanwhile_comes_back_hidden(admin):
    question, target = published_thread(), published_thread()
    done = merge(question, target, admin)
    question.replies.get().hide(by=admin, reason="danger")

    undo(done, admin)

    assert now(question) == ("hidden", None)


def test_what_was_removed_meanwhile_stays_removed(admin):
    question, target = published_thread(), published_thread()
    done = merge(question, target, admin)
    remove_thread(question=Question.objects.get(pk=question.pk), by=admin, reason="other")

    with pytest.raises(WrongState):
        undo(done, admin)

    assert now(question) == ("hidden", None)


# Safety


def test_what_is_urgent_has_to_be_seen_by_a_doctor(admin):
    question, target = QuestionFactory(urgent=True, red_flags=["stroke"]), published_thread()

    with pytest.raises(UrgentQuestion):
        merge_by_admin(question=question, target=target, by=admin, reason="same_question")

    assert now(question) == ("waiting", None)
    assert merge_by_admin(
        question=question,
        target=QuestionFactory(urgent=True, red_flags=["stroke"]),
        by=admin,
        reason="same_person",
    )


def test_emergency_advice_not_read_yet_stands_while_it_waits_with_another(admin):
    question = QuestionFactory(urgent=True, red_flags=["stroke"])

    merge(question, QuestionFactory(urgent=True, red_flags=["stroke"]), admin)

    assert Question.objects.get(pk=question.pk).advice_is_due is True


def test_a_doctor_closes_by_a_public_thread_alone(admin, specialty):
    question, waiting = QuestionFactory(specialty=specialty), QuestionFactory(specialty=specialty)

    with pytest.raises(WrongState):
        answer_by_thread(question=question, doctor=DoctorFactory(specialties=[specialty]), thread=waiting)

    assert now(question) == ("waiting", None)


# What goes along


def test_topics_that_fit_are_added_behind_its_own_and_taken_away_again(admin, specialty):
    question, target = published_thread(specialty=specialty), published_thread(specialty=specialty)
    set_topics(question, ["Coffee", "Eyelids", "Sleep"])
    set_topics(target, ["Eyelids", "Twitching"])
    elsewhere = published_thread()
    set_topics(elsewhere, ["Skin"])
    QuestionTopic.objects.create(question=question, topic=elsewhere.topics.get())

    done = merge(question, target, admin)
    merged = [link.topic.name for link in target.question_topics.order_by("pk")]
    undo(done, admin)

    assert merged == ["Eyelids", "Twitching", "Coffee", "Sleep"]
    assert [link.topic.name for link in target.question_topics.order_by("pk")] == ["Eyelids", "Twitching"]
    assert question.question_topics.count() == 4


def test_no_more_topics_than_there_is_room_for(admin, specialty):
    question, target = published_thread(specialty=specialty), published_thread(specialty=specialty)
    set_topics(question, ["Coffee", "Sleep"])
    set_topics(target, [f"Topic of target {n}" for n in range(11)])

    merge(question, target, admin)

    assert [link.topic.name for link in target.question_topics.order_by("pk")][-1:] == ["Coffee"]
    assert target.question_topics.count() == 12


def test_topics_of_another_language_do_not_fit(admin, specialty):
    question = published_thread(specialty=specialty, language="zh-hant")
    set_topics(question, ["肌肉"])
    target = published_thread(specialty=specialty)

    merge(question, target, admin)

    assert target.question_topics.count() == 0


def test_answers_found_add_up_and_are_told_apart_again(admin):
    question, target = published_thread(), published_thread()
    days = date(2026, 1, 1), date(2026, 1, 2)
    AnswerFound.objects.create(question=question, day=days[0], times=3)
    AnswerFound.objects.create(question=question, day=days[1], times=2)
    AnswerFound.objects.create(question=target, day=days[0], times=4)

    done = merge(question, target, admin)
    merged = list(AnswerFound.objects.order_by("day").values_list("question", "day", "times"))
    AnswerFound.objects.filter(day=days[1]).update(times=7)
    undo(done, admin)

    assert merged == [(target.pk, days[0], 7), (target.pk, days[1], 2)]
    assert set(AnswerFound.objects.values_list("question", "day", "times")) == {
        (question.pk, days[0], 3),
        (question.pk, days[1], 2),
        (target.pk, days[0], 4),
        (target.pk, days[1], 5),
    }


def test_threads_shown_before_asking_are_those_they_became(admin):
    question, target = published_thread(), published_thread()
    asked = QuestionFactory(similar_seen=[question.pk, target.pk])

    merge(question, target, admin)

    assert asked.threads_seen() == [target]


def test_claims_end_drafts_are_kept_and_the_machine_stops(admin):
    question, target = QuestionFactory(), published_thread()
    doctor = DoctorFactory(specialties=[question.specialty])
    claim_question(question=question, doctor=doctor)
    machine = MachineDraftFactory(draft=DraftFactory(question=question, doctor=doctor, text="Sleep"))

    done = merge(question, target, admin)
    machine.refresh_from_db()
    undo(done, admin)

    assert (Claim.objects.count(), machine.state) == (0, "cancelled")
    assert Draft.objects.get(question=question).text == "Sleep"


def test_search_and_similar_threads_forget_it_and_know_it_again(admin, specialty):
    common = {"specialty": specialty, "text": "My left eyelid twitches in the evening."}
    question, target, reader = (published_thread(**common, public_title=f"Eyelid {n}") for n in range(3))
    for each in (question, target, reader):
        renew_similar(each)
    set_topics(question, ["Eyelids"])
    known = question in search_questions("eyelid"), question in similar_to(reader)

    done = merge(question, target, admin)
    merged = question in search_questions("eyelid"), question in similar_to(reader)
    enqueued = [task for task in tasks() if task[0] == "renew_similar_around"]
    undo(done, admin)
    renew_similar(reader)

    assert (known, merged) == ((True, True), (False, False))
    assert enqueued == [("renew_similar_around", [question.pk]), ("renew_similar_around", [target.pk])]
    assert (question in search_questions("eyelid"), question in similar_to(reader)) == (True, True)


# Addresses


def test_what_was_public_leads_on_for_everybody_and_browsers_ask_again(client, admin):
    question, target = published_thread(public_title="Same"), published_thread(public_title="Target")
    address = question.get_absolute_url()

    done = merge(question, target, admin)
    merged = client.get(address)
    undo(done, admin)

    assert (merged.status_code, merged["Location"]) == (301, target.get_absolute_url())
    assert merged["Cache-Control"] == "no-cache"
    assert client.get(address).status_code == 200


def test_what_was_never_public_has_no_public_address(client, admin):
    question, target = QuestionFactory(), published_thread()

    merge(question, target, admin)

    assert client.get(question.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("path", ["/feeds/latest.atom", "/sitemap-threads.xml?p=1", "/"])
def test_lists_forget_it_and_know_it_again(client, admin, path):
    question, target = published_thread(pk=11, public_title="Zebra"), published_thread(pk=12, public_title="Target")
    listed = f"/questions/{question.pk}/"

    seen = [listed in client.get(path).content.decode()]
    done = merge(question, target, admin)
    seen.append(listed in client.get(path).content.decode())
    undo(done, admin)
    seen.append(listed in client.get(path).content.decode())

    assert seen == [True, False, True]


def test_kept_pages_of_both_are_fresh_after_the_merge_and_after_its_undoing(admin, specialty):
    common = {"specialty": specialty, "text": "My left eyelid twitches."}
    question, target = published_thread(**common, public_title="Same"), published_thread(**common, public_title="Kept")
    set_topics(question, ["Coffee"])
    set_topics(target, ["Eyelids"])
    for each in (question, target):
        renew_similar(each)

    def page(thread: Question) -> str:
        for _time in range(2):
            response = Client().get(thread.get_absolute_url())
        return response.content.decode() if response.status_code == 200 else response["Location"]

    before = page(question), page(target)
    done = merge(question, target, admin)
    merged = page(question), page(target)
    undo(done, admin)

    assert "[Read More]" in before[1]
    assert merged[0] == target.get_absolute_url()
    assert ("Coffee" in merged[1], "[Read More]" in merged[1], question.get_absolute_url() in merged[1]) == (
        True,
        False,
        False,
    )
    assert (page(question), page(target)) == before


# The askers


def asker_of(question: Question) -> Client:
    client = Client()
    client.force_login(question.asker)
    return client


def own_page(question: Question) -> str:
    return asker_of(question).get(f"/my/questions/{question.pk}/").content.decode()


@pytest.fixture
def asked(specialty) -> Question:
    return QuestionFactory(specialty=specialty, asker=UserFactory(), headline="My lid", text="zebraquestion")


@pytest.fixture
def other(specialty) -> Question:
    """Somebody else's, of which nobody may learn a word before it is public."""
    return QuestionFactory(specialty=specialty, asker=UserFactory(), headline="lionheadline", text="liontext")


def test_whose_question_is_answered_already_is_told_and_finds_the_answer(admin, asked):
    target = published_thread(public_title="Eyelids", reply__text="Sleep more.", text="liontext")

    merge(asked, target, admin)

    page = own_page(asked)
    assert told(asked) == ["merged"]
    for words in ("The same question has been answered already.", target.get_absolute_url(), "Sleep more."):
        assert words in page


def test_whose_question_waits_with_another_reads_of_its_fate_and_not_of_its_words(admin, asked, other):
    merge(asked, other, admin)
    waiting = own_page(asked)
    answer(other)
    answered = own_page(asked)

    assert told(asked) == ["joined", "merged"]
    assert "A doctor answers both together" in waiting
    assert [words for words in ("lionheadline", "liontext", f"/questions/{other.pk}/") if words in waiting] == []
    assert "Sleep more." in answered


def test_whose_target_is_declined_reads_why_and_not_the_note(admin, asked, other):
    merge(asked, other, admin)
    doctor = DoctorFactory(specialties=[other.specialty])

    decline_question(question=other, doctor=doctor, reason="examination", note="lionnote")

    page = own_page(asked)
    assert told(asked) == ["joined", "declined"]
    assert "A doctor has read a question like yours and cannot answer it here: It needs an examination." in page
    assert "lionnote" not in page


def test_whose_target_is_taken_back_waits_alone_again(admin, asked, other):
    merge(asked, other, admin)

    other.withdraw(by=other.asker)

    assert (now(asked), now(other)) == (("waiting", None), ("withdrawn", None))
    assert told(asked) == ["joined", "parted"]
    assert Merge.objects.get().undone_because == "target_gone"


def test_what_led_to_one_that_is_taken_back_stays_with_what_it_was_merged_into_first(admin, asked, other):
    last = QuestionFactory(specialty=asked.specialty, asker=UserFactory())
    merge(asked, other, admin)
    merge(other, last, admin)

    last.withdraw(by=last.asker)

    assert (now(asked), now(other)) == (("merged", other.pk), ("waiting", None))


def test_whose_target_goes_with_its_account_waits_alone_again(admin, asked, other):
    merge(asked, other, admin)

    forget_account(other.asker)

    assert now(asked) == ("waiting", None)
    assert Question.objects.filter(pk=other.pk).exists() is False


def test_an_account_with_both_is_deleted_with_both(admin, asked):
    twin = QuestionFactory(specialty=asked.specialty, asker=asked.asker)
    merge(asked, twin, admin)

    forget_account(asked.asker)

    assert Question.objects.filter(pk__in=[asked.pk, twin.pk]).count() == 0


def test_what_waits_with_another_can_be_withdrawn_still(admin, asked, other):
    merge(asked, other, admin)

    asker_of(asked).post(f"/my/questions/{asked.pk}/", {"act": "withdraw"})

    assert (now(asked), now(other)) == (("withdrawn", None), ("waiting", None))


def test_what_was_answered_elsewhere_cannot_be_withdrawn(admin, asked):
    merge(asked, published_thread(), admin)

    with pytest.raises(WrongState):
        Question.objects.get(pk=asked.pk).withdraw(by=asked.asker)


@pytest.mark.parametrize("state", ["hidden", "removed"])
def test_of_a_thread_that_was_taken_off_nothing_is_shown(admin, asked, state):
    target = published_thread(public_title="Lion title")
    merge(asked, target, admin)
    if state == "hidden":
        hide_thread(question=target, by=admin, reason="danger")
    else:
        remove_thread(question=target, by=admin, reason="danger")

    page = own_page(asked)

    assert "The thread with the answer is not on the site at the moment." in page
    assert [words for words in ("Lion title", "lion-title") if words in page] == []


def test_whose_thread_is_one_with_another_keeps_the_own_replies_to_read(admin, specialty):
    question = published_thread(specialty=specialty, asker=UserFactory(), reply__text="My own answer.")
    target = published_thread(specialty=specialty, public_title="Eyelids")

    merge(question, target, admin)

    page = own_page(question)
    assert told(question) == ["redirected"]
    for words in ("Your thread and another one on the same question are one now.", "Eyelids", "My own answer."):
        assert words in page


def test_news_of_the_answer_reaches_those_whose_question_it_answers_too(admin, asked):
    target = published_thread(asker=UserFactory())
    merge(asked, target, admin)
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])

    add_reply(question=Question.objects.get(pk=target.pk), doctor=doctor, text="I agree.")

    assert (told(asked), told(target)) == (["merged", "merged_news"], ["second_reply"])


def test_in_the_list_of_the_own_questions_it_waits(admin, asked, other):
    merge(asked, other, admin)

    page = parse(asker_of(asked).get("/my/questions/"))

    assert page.texts("span", class_="waiting-badge") == ["Waiting for a doctor"]


def test_no_mail_tells_of_a_merge_that_was_undone_before_it_was_sent(admin, asked, mailoutbox):
    done = merge(asked, published_thread(), admin)
    undo(done, admin)

    send_due_notices.call()

    assert told_states(asked) == [("merged", "moot"), ("parted", "sent")]
    assert len(mailoutbox) == 1


def test_who_asked_both_hears_of_the_answer_once(admin, asked):
    twin = QuestionFactory(specialty=asked.specialty, asker=asked.asker)
    merge(asked, twin, admin)

    answer(twin)

    assert (told(asked), told(twin)) == (["joined"], ["answered"])


def test_nothing_tells_the_other_asker_or_the_doctors_that_it_was_merged(admin, asked, other):
    doctor = DoctorFactory(specialties=[other.specialty])
    client = Client()
    client.force_login(doctor.user)
    before = own_page(other)

    merge(asked, other, admin)

    work = client.get(f"/dashboard/questions/{other.pk}/").content.decode()
    told_of = str(own_data(other.asker))
    assert [words for words in ("zebraquestion", "My lid", "merged", f"#{asked.pk}") if words in work + told_of] == []
    assert ("zebraquestion" in own_page(other), told(other)) == (False, [])
    assert "Withdraw my question" in before


def test_undone_it_waits_at_its_old_place_and_its_asker_is_told(admin, asked, other):
    done = merge(asked, other, admin)
    answer(other)

    undo(done, admin, reason="different")

    assert list(Question.objects.waiting()) == [asked]
    assert told(asked) == ["joined", "merged", "parted"]
    assert "Your question waits for a doctor of Neurology." in own_page(asked)


# Followers


def reached(question: Question) -> set:
    """Whom news of this thread reach, as (account, address)."""
    known = set(Notice.objects.values_list("pk", flat=True))
    doctor = DoctorFactory(specialties=[SpecialtyFactory()])
    add_reply(question=Question.objects.get(pk=question.pk), doctor=doctor, text="I agree.")
    news = Notice.objects.filter(kind="thread_news").exclude(pk__in=known)
    rows = list(news.values_list("subscription__user", "subscription__email"))
    assert len(rows) == len(set(rows))
    return set(rows)


def test_followers_go_along_once_each_and_come_back(admin):
    question, target = published_thread(), published_thread()
    account = UserFactory()
    for thread in (question, target):
        SubscriptionFactory(question=thread, of_account=True, user=account)
        SubscriptionFactory(question=thread, email="both@example.net")
    SubscriptionFactory(question=question, email="one@example.net")
    both = {(account.pk, ""), (None, "both@example.net")}

    done = merge(question, target, admin)
    merged = reached(target)
    undo(done, admin)

    assert merged == both | {(None, "one@example.net")}
    assert reached(target) == both
    assert reached(question) == both | {(None, "one@example.net")}


def test_one_person_by_account_and_by_address_is_one_follower(admin):
    question, target = published_thread(), published_thread()
    account = UserFactory()
    SubscriptionFactory(question=question, email=account.email)
    SubscriptionFactory(question=target, of_account=True, user=account)

    merge(question, target, admin)

    assert len(reached(target)) == 1


def test_who_confirms_after_the_merge_follows_the_target(admin):
    question, target = published_thread(), published_thread()
    follower = SubscriptionFactory(question=question, unconfirmed=True, email="late@example.net")

    merge(question, target, admin)
    before = reached(target)
    follower.confirm()

    assert (before, reached(target)) == (set(), {(None, "late@example.net")})


def test_who_followed_both_sees_one_and_ends_both(client, admin):
    question, target = published_thread(public_title="Same"), published_thread(public_title="Target")
    account = UserFactory()
    client.force_login(account)
    SubscriptionFactory(question=question, of_account=True, user=account)
    row = SubscriptionFactory(question=target, of_account=True, user=account)
    SubscriptionFactory(question=target, email="somebody@example.net")
    merge(question, target, admin)

    listed = client.get("/accounts/notices/").content.decode()
    stop_following(row.pk)

    assert listed.count(target.get_absolute_url()) == 1
    assert list(Subscription.objects.values_list("email", flat=True)) == ["somebody@example.net"]


# What is always true


def test_it_is_kept_who_merged_what_why_and_from_which_state(admin):
    question, target = published_thread(), published_thread()

    merge_by_admin(question=question, target=target, by=admin, reason="same_person", note="Two minutes apart.")

    row = Merge.objects.values("question", "target", "from_state", "reason", "note", "made_by", "undone_at").get()
    assert row == {
        "question": question.pk,
        "target": target.pk,
        "from_state": "published",
        "reason": "same_person",
        "note": "Two minutes apart.",
        "made_by": admin.pk,
        "undone_at": None,
    }


def test_an_anonymous_askers_duplicate_stays_merged(admin):
    question, target = published_thread(email="p@example.org"), published_thread()
    merge(question, target, admin)

    anonymise_thread(question=Question.objects.get(pk=question.pk), by=admin)

    assert now(question) == ("merged", target.pk)


@pytest.mark.parametrize("fields", [{"undone_because": "mistake"}, {"target": "itself"}, {"again": True}])
def test_the_database_keeps_no_half_merge(admin, fields):
    question, target = published_thread(), published_thread()
    if fields.pop("again", False):
        merge(question, target, admin)
    if fields.get("target"):
        fields["target"] = question
    with pytest.raises(IntegrityError, match="merge_"), transaction.atomic():
        Merge.objects.create(**{"question": question, "target": target, "from_state": "published", **fields})
