"""Merging questions: the admins' screens, and what askers see."""

from forum.moderation.merging import merge_thread
from forum.questions.models import Question
from forum.search.models import AnswerFound
from tests.browser.pages.opening import ENDLESS, TOKEN, page_of, press, visit
from tests.browser.pages.workplace import admins
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import QuestionFactory, SubscriptionFactory, UserFactory, published_thread


def twins() -> tuple[Question, Question]:
    """A public thread with all that goes along, and the one it is merged into."""
    clinic = open_clinic()
    target = full_thread(clinic)
    question = published_thread(
        specialty=clinic.specialty,
        public_title="Why does my muscle twitch?",
        headline=ENDLESS,
        text=f"My eyelid twitches.\n{ENDLESS}",
        email="kk@example.org",
        token=TOKEN,
    )
    SubscriptionFactory(question=question)
    AnswerFound.objects.add_one(question)
    return question, target


def merged(question: Question, target: Question) -> None:
    merge_thread(question=question, target=target, by=UserFactory(admin=True), reason="same_question", note=ENDLESS)


@page_of
def duplicates_start(window):
    merged(*twins())
    return admins(window, "/admin/duplicates/?find=eyelid")


@page_of
def duplicate_to_merge(window):
    question, _target = twins()
    return admins(window, f"/admin/duplicates/{question.pk}/")


@page_of
def duplicate_beside_its_target(window):
    question, target = twins()
    return press(admins(window, f"/admin/duplicates/{question.pk}/?into={target.pk}"), "Merge them")


@page_of
def duplicate_merged(window):
    question, target = twins()
    merged(question, target)
    return admins(window, f"/admin/duplicates/{question.pk}/")


def joined(**target) -> Question:
    clinic = open_clinic()
    question = QuestionFactory(specialty=clinic.specialty, token=TOKEN)
    other = QuestionFactory(specialty=clinic.specialty)
    merged(question, other)
    if target:
        Question.objects.filter(pk=other.pk).update(**target)
    return question


@page_of
def status_waiting_with_another(window):
    joined()
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_declined_with_another(window):
    joined(state="declined", decline_reason="examination")
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_answered_elsewhere(window):
    clinic = open_clinic()
    merged(QuestionFactory(specialty=clinic.specialty, token=TOKEN), full_thread(clinic))
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_of_a_thread_that_leads_elsewhere(window):
    merged(*twins())
    return visit(window, f"/status/{TOKEN}/")
