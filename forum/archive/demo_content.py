"""The demo content: specialties, doctors, sign-ins, threads and waiting questions, from the files in demo/."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from accounts.models import Doctor, DoctorSpecialty, Licence, User
from forum.archive.importing import ArchiveImport, Rejection
from forum.archive.lines import ArchiveFile, Line
from forum.archive.records import parse_line
from forum.archive.storing import midnight
from forum.articles.models import Article
from forum.questions.language import detect_language
from forum.questions.models import Question, State
from forum.replies.models import FollowUp
from forum.search.services import renew_similar
from forum.specialties.models import Specialty
from forum.specialties.slugs import unique_slug

CONTENT = Path(__file__).parent / "demo"
THREADS = (CONTENT / "threads_en.jsonl", CONTENT / "threads_zh_hant.jsonl")
PASSWORD = "consilium-demo"
PATIENT = "patient@example.org"
ADMIN = "admin@example.org"


@dataclass(frozen=True)
class Loaded:
    """How much was new."""

    specialties: int
    doctors: int
    threads: int
    waiting: int


@transaction.atomic
def load_demo_content() -> Loaded:
    """Load all of it that is not there yet, or nothing. What is there stays as it is, whatever became of it."""
    admin = _user(ADMIN, is_staff=True, is_superuser=True)
    patient = _user(PATIENT)
    specialties = sum(_load_specialty(place, fields) for place, fields in enumerate(_read("specialties.json")))
    doctors = sum(_load_doctor(fields, admin) for fields in _read("doctors.json"))
    threads = _load_threads()
    for fields in _read("colleagues.json"):
        if fields["thread"] in threads:
            _go_on(**fields)
    waiting = sum(_load_waiting(n, fields, patient) for n, fields in enumerate(_read("waiting.json"), 1))
    for question in Question.objects.published().filter(archive_id__in=_thread_ids(), index_entry__similar_at=None):
        renew_similar(question)
    return Loaded(specialties, doctors, len(threads), waiting)


def _read(name: str) -> list[dict[str, Any]]:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))


def _user(email: str, **fields: Any) -> User:
    """The user of this address; a new one can sign in at once."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _load_specialty(place: int, fields: dict[str, Any], parent: Specialty | None = None) -> int:
    """Make a specialty and those under it, where they are missing; how many were made.

    One that an import made and nobody has described yet is filled in and opened.
    """
    children = fields.pop("children", [])
    specialty = Specialty.objects.filter(name__iexact=fields["name"]).first()
    made = specialty is None or not (specialty.is_open or specialty.description)
    if made:
        fields["slug"] = specialty.slug if specialty else unique_slug(Specialty, fields["slug"])
        values = fields | {"parent": parent, "position": place, "is_open": True}
        specialty, _new = Specialty.objects.update_or_create(pk=specialty and specialty.pk, defaults=values)
    return made + sum(_load_specialty(n, child, specialty) for n, child in enumerate(children))


def _load_doctor(fields: dict[str, Any], admin: User) -> bool:
    """Make a verified doctor with licence and, where there is an e-mail, a sign-in; whether one was made."""
    email, licence, specialties = fields.pop("email"), fields.pop("licence"), fields.pop("specialties")
    user = _user(email) if email else None
    if (user and user.is_doctor) or (not user and Doctor.objects.filter(name=fields["name"], user=None).exists()):
        return False
    fields["slug"] = unique_slug(Doctor, fields["slug"])
    doctor = Doctor.objects.create(**fields, user=user, verified_at=timezone.now(), verified_by=admin)
    licence["expires_on"] = date.fromisoformat(licence["expires_on"])
    Licence.objects.create(doctor=doctor, **licence)
    for specialty in Specialty.objects.filter(name__in=specialties):
        DoctorSpecialty.objects.create(doctor=doctor, specialty=specialty)
    return True


def _thread_lines() -> Iterator[tuple[str, Line]]:
    for path in THREADS:
        with ArchiveFile(str(path)) as archive:
            for line in archive:
                yield path.name, line


def _thread_ids() -> list[str]:
    return [parse_line(line.content).id for _file, line in _thread_lines()]


def _load_threads() -> list[str]:
    """Import the threads that are missing, the articles signed by who replied first; the ids of those made."""
    ids = _thread_ids()
    present = set(Question.objects.filter(archive_id__in=ids).values_list("archive_id", flat=True))
    missing = [archive_id for archive_id in ids if archive_id not in present]
    run = ArchiveImport(reject=_refuse)
    for file, line in _thread_lines():
        if parse_line(line.content).id not in present:
            run.add(file, line)
    run.finish()
    for article in Article.objects.filter(question__archive_id__in=missing, signed_by=None).select_related("question"):
        first = article.question.replies.in_order().first()
        article.signed_by = article.reviewed_by = first.doctor
        article.reviewed_on = first.replied_on
        article.signed_at = midnight(first.replied_on) + timedelta(hours=9)
        article.save(update_fields=["signed_by", "signed_at", "reviewed_by", "reviewed_on"])
    return missing


def _refuse(rejection: Rejection) -> None:
    raise ValueError(f"{rejection.file}, line {rejection.line}: {rejection.reason}")


def _working(name: str) -> Doctor | None:
    """The verified doctor of this name; None where an admin thinks otherwise by now."""
    return Doctor.objects.verified().filter(name=name).first()


def _go_on(thread: str, agrees: str, follow_up: str = "", hours_waiting: float = 0) -> None:
    """A colleague agrees with the first reply of a new thread, and its asker may ask on."""
    question = Question.objects.get(archive_id=thread)
    if colleague := _working(agrees):
        question.replies.in_order().first().agree(by=colleague)
    if follow_up:
        asked_at = timezone.now() - timedelta(hours=hours_waiting)
        asked_on = timezone.localdate(asked_at)
        FollowUp.objects.create(question=question, text=follow_up, created_at=asked_at, asked_on=asked_on)
        question.decisions.create(act="follow_up", made_at=asked_at)


def _load_waiting(number: int, fields: dict[str, Any], patient: User) -> bool:
    """Make a question that waits for a doctor; whether it was made. The first one is the demo patient's own."""
    archive_id = f"demo-waiting-{number}"
    if Question.objects.filter(archive_id=archive_id).exists():
        return False
    created_at = timezone.now() - timedelta(hours=fields.pop("hours_waiting"))
    specialty = Specialty.objects.get(name=fields.pop("specialty"))
    red_flags, more = fields.pop("red_flags", []), fields.pop("asked_for_more", None)
    question = Question.objects.create(
        **fields,
        archive_id=archive_id,
        specialty=specialty,
        language=detect_language(f"{fields['headline']} {fields['text']}"),
        asker=patient if number == 1 else None,
        created_at=created_at,
        asked_on=timezone.localdate(created_at),
    )
    question.decisions.create(act="ask", by=question.asker, to_state=State.WAITING, made_at=created_at)
    if red_flags:
        question.flag(red_flags)
    if more:
        _return(question, **more)
    return True


def _return(
    question: Question, *, by: str, note: str, answer: str, after_hours: float, answered_after_hours: float
) -> None:
    """A doctor has asked the patient for more and got it; hours since the question."""
    doctor = _working(by)
    if doctor is None:
        return
    asked_at = question.created_at + timedelta(hours=after_hours)
    answered_at = question.created_at + timedelta(hours=answered_after_hours)
    question.info_requests.create(note=note, asked_by=doctor, asked_at=asked_at, answer=answer, answered_at=answered_at)
    question.paused = answered_at - asked_at
    question.save(update_fields=["paused"])
    waiting, asked = State.WAITING, State.NEEDS_INFO
    moves = question.decisions
    moves.create(act="ask_info", by=doctor.user, from_state=waiting, to_state=asked, made_at=asked_at)
    moves.create(act="answer_info", from_state=asked, to_state=waiting, made_at=answered_at)
