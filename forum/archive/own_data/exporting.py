"""All that the site holds of one person, for that person to take along."""

import json
import zipfile
from typing import IO, Any

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.models import TYPED as APPLIED_WITH
from accounts.models import Application, Doctor, User
from forum.articles.models import Article
from forum.notifications.models import DoctorPreferences, Notice
from forum.questions.models import Question, QuestionWordsEvent
from forum.replies.models import Draft, Reply, SavedReply, Unclear

TYPED = ("headline", "text", "pseudonym", "age_band", "sex", "asked_on", "duration", "medication", "conditions")
OF_QUESTION = ("id", "state", "language", *TYPED, "seen_doctor", "different_because", "email", "created_at")
OF_THREAD = ("public_title", "published_at", "decline_reason", "decline_note")


def write_zip(user: User, file: IO[bytes]) -> None:
    """A ZIP with `data.json` (UTF-8) and the images, a folder a question."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(own_data(user), ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
        archive.writestr("data.json", text)
        for question in Question.objects.asked_by(user):
            for name, path in question.images.files():
                if not path.exists():  # as where the uploads were not restored: all else is still the person's
                    continue
                archive.write(path, f"images/{question.pk}/{name}", compress_type=zipfile.ZIP_STORED)


def own_data(user: User) -> dict[str, Any]:
    """As plain values; times are in UTC, fields that were left out are empty. Nothing of anybody else but answers."""
    questions = Question.objects.asked_by(user).select_related("specialty")
    doctor = user.doctor_profile
    return {
        "made_at": timezone.now(),
        "account": {
            "email": user.email,
            "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
            "joined_at": user.joined_at,
            "last_signed_in_at": user.last_login,
            "second_factors": _rows(user.authenticator_set.order_by("pk"), "type", "created_at", "last_used_at"),
            "decided_on": _rows(user.account_decisions.all(), "act", "made_at"),
        },
        "questions": [_question(question) for question in questions],
        "doctor": doctor and _doctor(doctor),
        "applications": [_application(each) for each in user.applications.order_by("pk")],
        "follows": _rows(user.subscriptions.order_by("pk"), "question_id", "topic__name", "created_at"),
        "reports": _rows(user.open_reports.order_by("pk"), "question_id", "what", "reason", "words", "reported_at"),
        "news": _rows(Notice.objects.shown_to(user), "kind", "question_id", "at", "sent_at", "read_at"),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        **{name: getattr(question, name) for name in (*OF_QUESTION, *OF_THREAD)},
        "specialty": question.specialty.name,
        "address": question.get_absolute_url() if question.is_published else "",
        "replies": _rows(question.replies.shown().in_order(), "doctor__name", "text", "replied_on", "helped_at"),
        "follow_ups": _rows(question.follow_ups.order_by("pk"), "text", "asked_on", "answer", "answered_at"),
        "asked_for_more": _rows(question.info_requests.order_by("pk"), "note", "asked_at", "answer", "answered_at"),
        "unclear": _rows(
            Unclear.objects.filter(reply__question=question).order_by("pk"), "reply_id", "text", "created_at"
        ),
        "asked_to_take_off": _rows(
            question.removal_requests.order_by("pk"), "kind", "words", "requested_at", "outcome", "note", "decided_at"
        ),
        "images": _rows(question.images.in_order(), "place", "description", "public_wanted", "public_at"),
        "earlier_words": _rows(
            QuestionWordsEvent.objects.filter(pgh_obj=question).order_by("pk"), "headline", "text", "pgh_created_at"
        ),
        "what_happened": _rows(question.decisions.for_those_concerned(), "act", "made_at", "from_state", "to_state"),
    }


def _application(application: Application) -> dict[str, Any]:
    """What was sent in to be verified; of its proof whether it is still there."""
    names = ("kind", "state", *APPLIED_WITH, "sent_at", "note", "answer", "decided_at")
    return {
        **{name: getattr(application, name) for name in names},
        "specialties": [specialty.name for specialty in application.specialties.order_by("pk")],
        "proof": bool(application.proof),
    }


def _doctor(doctor: Doctor) -> dict[str, Any]:
    licence = getattr(doctor, "licence", None)
    by_doctor = {"doctor": doctor}
    return {
        **{name: getattr(doctor, name) for name in ("name", "hospital", "credentials", "biography")},
        **{name: getattr(doctor, name) for name in ("verified_at", "suspended_at", "suspended_because", "retired_at")},
        "specialties": [specialty.name for specialty in doctor.specialties.all()],
        "licence": licence and {name: getattr(licence, name) for name in ("number", "issuing_body", "expires_on")},
        "replies": _rows(Reply.objects.filter(**by_doctor).order_by("pk"), "question_id", "text", "replied_on"),
        "agreements": _rows(doctor.agreements.order_by("pk"), "reply__question_id", "reply_id", "agreed_at"),
        "colleagues_asked": _rows(doctor.looks_wanted.order_by("pk"), "question_id", "note", "asked_at"),
        "looked_for_colleagues": _rows(
            doctor.looks_asked.order_by("pk"), "question_id", "is_fine", "answer", "answered_at"
        ),
        "articles": _rows(Article.objects.filter(signed_by=doctor).order_by("pk"), "question_id", "text", "signed_at"),
        "drafts": _rows(Draft.objects.filter(**by_doctor).order_by("pk"), "question_id", *Draft.TYPED, "saved_at"),
        "mails_wanted": DoctorPreferences.objects.of(doctor).as_values(),
        "saved_replies": _rows(SavedReply.objects.filter(owner=doctor).order_by("pk"), "language", "title", "text"),
    }


def _rows(rows, *names: str) -> list[dict[str, Any]]:
    return list(rows.values(*names))
