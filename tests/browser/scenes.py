"""What stands on the site before a test begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from accounts.models import Doctor
from forum.questions.models import Question
from forum.search import while_typing
from forum.search.queries import Suggestion
from forum.search.services import set_topics
from forum.search.tasks import renew_similar_around
from forum.specialties.models import Specialty
from tests.factories import ArticleFactory, DoctorFactory, FollowUpFactory, ReplyFactory, SpecialtyFactory
from tests.factories import published_thread as published


@dataclass(frozen=True)
class Clinic:
    """A specialty, its doctor, and a thread that was answered there before."""

    specialty: Specialty
    doctor: Doctor
    earlier: Question


def open_clinic() -> Clinic:
    """Neurology with Dr. Wu Mukhan, who has answered a question on a twitching eyelid."""
    specialty = SpecialtyFactory(name="Neurology", slug="neurology", icon="brain", description="Nerves and brain.")
    doctor = DoctorFactory(
        name="Wu Mukhan",
        slug="wu-mukhan",
        specialties=[specialty],
        credentials="MD, Fellow of the College of Neurology",
        hospital="Example General Hospital",
        biography="Twenty years at the bedside.\nTeaches students.",
    )
    earlier = published(
        specialty=specialty,
        public_title="Twitching Eyelid: When to Wait and When to Worry",
        text="My eyelid keeps twitching in the evening. Is that a muscle problem?",
        reply__doctor=doctor,
        reply__text="An eyelid that twitches is nearly always tired.",
    )
    set_topics(earlier, ["Muscle twitching"])
    return Clinic(specialty, doctor, earlier)


def more_answers(clinic: Clinic) -> None:
    """Two more threads on the twitching eyelid, and a second specialty to choose from."""
    SpecialtyFactory(name="Ophthalmology", slug="ophthalmology", icon="eye")
    common = {"specialty": clinic.specialty, "reply__doctor": clinic.doctor}
    published(
        **common,
        public_title="Coffee and a Twitching Eyelid",
        text="Since I drink six cups of coffee a day my right eyelid keeps twitching.",
        reply__text="Coffee it is. Drink less of it, and none after noon. " * 10,
    )
    published(
        **common,
        public_title="An Eyelid That Keeps Twitching After Short Nights",
        text="I work at night, sleep four hours, and my eyelid keeps twitching. Is that dangerous?",
        reply__text="It is not. Sleep is what it asks for.",
    )


@contextmanager
def suggested(*slugs: str) -> Iterator[None]:
    """Meanwhile every text is taken to belong to these specialties, best first: to learn it needs many threads."""
    found = Specialty.objects.in_bulk(slugs, field_name="slug")
    best_first = [Suggestion(found[slug], 0.5) for slug in slugs]
    with patch.object(while_typing, "suggest_specialties", lambda text: best_first):
        yield


def full_thread(clinic: Clinic) -> Question:
    """A thread with everything that can stand on its page."""
    thread = published(
        specialty=clinic.specialty,
        public_title="Involuntary Muscle Twitches: Causes and Solutions",
        headline="My muscles twitch",
        text="My eyelid and a muscle of my calf twitch.\nShould I worry?",
        reply__doctor=clinic.doctor,
        reply__text="It is most likely harmless.\n\nSleep more, and drink less coffee.",
    )
    ReplyFactory(question=thread, doctor__specialties=[clinic.specialty], text="I agree with my colleague.")
    FollowUpFactory(question=thread, answered=True, answered_by=clinic.doctor)
    ArticleFactory(question=thread, signed=True, signed_by=clinic.doctor, machine_drafted=True)
    set_topics(thread, ["Muscle twitching", "Coffee"])
    renew(thread)
    return thread


def chinese_thread(clinic: Clinic) -> Question:
    """A thread in Traditional Chinese, on the English site."""
    thread = published(
        specialty=clinic.specialty,
        language="zh-hant",
        public_title="肌肉不自主跳動：原因與處理方法",
        headline="肌肉一直跳動",
        text="我的眼皮和小腿肌肉一直跳動,\n需要擔心嗎?",
        reply__doctor=clinic.doctor,
        reply__text="多半是疲勞引起的, 請多休息, 少喝咖啡。",
    )
    FollowUpFactory(question=thread, answered=True, answered_by=clinic.doctor, text="可以喝茶嗎?", answer="可以。")
    html = "<h2>原因</h2>\n<ol>\n<li><strong>疲勞</strong>：多睡。</li>\n</ol>\n"
    ArticleFactory(question=thread, signed=True, signed_by=clinic.doctor, text="## 原因", html=html)
    set_topics(thread, ["肌肉跳動"])
    renew(thread)
    return thread


def renew(thread: Question) -> None:
    """What the background worker does after a publication."""
    renew_similar_around.call(thread.pk)
