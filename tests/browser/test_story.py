"""The main job, whole: ask, reply, status, public thread, search, feed. On a phone, without scripts, by keyboard."""

from dataclasses import dataclass, field

import pytest

from forum.questions.models import Question
from tests.browser import steps
from tests.browser.hands import Hand, Keyboard, Pointer
from tests.browser.scenes import open_clinic, renew


@dataclass(frozen=True)
class Way:
    """How somebody uses the site."""

    hand: type[Hand]
    window: dict = field(default_factory=dict)


WAYS = {
    "phone": Way(Pointer, {"width": 360, "height": 740, "phone": True}),
    "no_javascript": Way(Pointer, {"javascript": False}),
    "keyboard_alone": Way(Keyboard),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_question_is_asked_answered_read_and_followed_up(way, open_window):
    clinic = open_clinic()
    patient, doctor, reader = (way.hand(open_window(**way.window)) for _person in range(3))

    link = steps.ask_with_a_mistake_first(patient)
    steps.doctor_signs_in(doctor, clinic.doctor)
    steps.doctor_answers(doctor)
    renew(Question.objects.get(headline=steps.HEADLINE))
    steps.asker_sees_the_answer(patient, link)
    steps.thread_shows_everything(patient.page)
    steps.reader_finds_it(reader)
    steps.asker_goes_on(patient, link)
    steps.doctor_answers_the_follow_up(doctor)

    reader.page.reload()
    steps.thread_shows_everything(reader.page, also="follow-ups")
    steps.thanks_and_follow_up_are_public(reader.page)
