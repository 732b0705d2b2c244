"""A card is kept as long as nothing that it shows has changed, and not one request longer."""

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Doctor
from forum.moderation.services import hide_thread
from forum.questions.models import Question
from forum.replies.cards import for_cards
from forum.replies.models import Reply
from forum.specialties.models import Specialty
from forum.threads.cards import card
from tests.factories import DoctorFactory, ReplyFactory, SpecialtyFactory, UserFactory, published_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    return published_thread(
        specialty=SpecialtyFactory(name="Neurology", name_zh_hant="神經科", slug="neurology"),
        public_title="Eyelid",
        text="My eyelid twitches.",
        reply__text="Sleep more.",
        reply__doctor=DoctorFactory(name="Wu Mukhan"),
    )


def shown(question: Question) -> str:
    return card(for_cards(Question.objects).get(pk=question.pk))


def change_title(question):
    Question.objects.filter(pk=question.pk).update(public_title="Eyelids")
    return "Eyelids"


def change_text(question):
    Question.objects.filter(pk=question.pk).update(text="Both eyelids twitch.")
    return "Both eyelids twitch."


def change_reply(question):
    Reply.objects.filter(question=question).update(text="Less coffee.")
    return "Less coffee."


def add_earlier_reply(question):
    ReplyFactory(question=question, text="The first.", replied_on=timezone.localdate().replace(year=2001, day=1))
    return "The first."


def rename_doctor(question):
    Doctor.objects.update(name="Wu Mu-Khan")
    return "Wu Mu-Khan"


def move_doctor(question):
    Doctor.objects.update(slug="wu")
    return "/doctors/wu/"


def rename_specialty(question):
    Specialty.objects.update(name="Brain and nerves")
    return "Brain and nerves"


def move_specialty(question):
    Specialty.objects.update(slug="brain")
    return "/specialties/brain/"


CHANGES = [
    *(change_title, change_text, change_reply, add_earlier_reply),
    *(rename_doctor, move_doctor, rename_specialty, move_specialty),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_card_shows_what_has_changed_at_once(question, change):
    before = shown(question)

    words = change(question)

    assert words not in before
    assert words in shown(question)


def test_a_card_is_in_the_language_of_its_page(question):
    english = shown(question)

    with translation.override("zh-hant"):
        assert "神經科" in shown(question)
    assert "神經科" not in english
    assert shown(question) == english


def test_a_card_that_has_not_changed_is_not_rendered_again(question):
    assert shown(question) is shown(question)


def test_a_thread_without_a_reply_has_a_card(question):
    question.replies.all().delete()

    assert "Eyelid" in shown(question)
    assert "Sleep more." not in shown(question)


def test_a_hidden_thread_has_no_card_in_lists(question):
    assert "Eyelid" in Client().get("/specialties/neurology/").text

    hide_thread(question=question, by=UserFactory(), reason="Test.")

    assert "Eyelid" not in Client().get("/specialties/neurology/").text
