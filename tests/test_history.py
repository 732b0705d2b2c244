"""Row history: what the database remembers of rows before they were changed or deleted."""

import json
from functools import partial

import pytest
from django.db import connection, models, transaction
from django.db.utils import InternalError
from django.test import Client
from pghistory.core import event_models

from accounts.models import Application, ApplicationEvent, Doctor, DoctorEvent, Licence, LicenceEvent
from forum.articles.models import Article, ArticleEvent
from forum.moderation.services import merge_thread
from forum.questions.models import DeclineReason, Question, QuestionEvent, QuestionWordsEvent
from forum.questions.services import purge_history
from forum.replies.models import Reply, ReplyEvent
from forum.search.models import DefaultTopic, DefaultTopicEvent
from forum.specialties.models import Specialty, SpecialtyEvent
from forum.specialties.services import merge_specialty
from tests.factories import (
    ApplicationFactory,
    ArticleFactory,
    DoctorFactory,
    LicenceFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    TopicFactory,
    UserFactory,
    published_thread,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db

EVENTS = [
    *(QuestionEvent, QuestionWordsEvent, ReplyEvent, ArticleEvent, DoctorEvent),
    *(SpecialtyEvent, DefaultTopicEvent, LicenceEvent, ApplicationEvent),
]


def events(model, *fields: str) -> list[tuple]:
    """Oldest first: what happened, then these fields as they were before."""
    return list(model.objects.order_by("pgh_id").values_list("pgh_label", *fields))


def contexts(model) -> list[dict | None]:
    return list(model.objects.order_by("pgh_id").values_list("pgh_context", flat=True))


@pytest.mark.parametrize(
    ("make", "event", "field"),
    [
        (partial(ReplyFactory, text="Old."), ReplyEvent, "text"),
        (partial(ArticleFactory, text="Old."), ArticleEvent, "text"),
        (partial(DoctorFactory, biography="Old."), DoctorEvent, "biography"),
        (partial(SpecialtyFactory, description="Old."), SpecialtyEvent, "description"),
        (partial(LicenceFactory, issuing_body="Old."), LicenceEvent, "issuing_body"),
        (partial(ApplicationFactory, answer="Old."), ApplicationEvent, "answer"),
        (partial(QuestionFactory, public_title="Old."), QuestionEvent, "public_title"),
        (partial(QuestionFactory, text="Old."), QuestionWordsEvent, "text"),
    ],
)
@pytest.mark.parametrize("way", ["save", "bulk update", "raw SQL"])
def test_the_old_row_is_kept_whoever_changes_it(make, event, field, way):
    row = make()
    table = row._meta.db_table
    ways = {
        "save": lambda: (setattr(row, field, "New."), row.save()),
        "bulk update": lambda: type(row).objects.filter(pk=row.pk).update(**{field: "New."}),
        "raw SQL": lambda: connection.cursor().execute(f"UPDATE {table} SET {field} = 'New.' WHERE id = {row.pk}"),
    }

    ways[way]()

    kept = event.objects.filter(pgh_obj=row.pk).values_list("pgh_label", field)
    assert [(label.removeprefix("words_"), words) for label, words in kept] == [("update", "Old.")]


def test_a_new_row_makes_no_history():
    published_thread()
    ArticleFactory(signed=True)

    assert [model.objects.count() for model in EVENTS] == [0] * len(EVENTS)


@pytest.mark.parametrize(
    "change",
    [
        lambda q: Question.objects.update(modified_at=None, version=9, paused="1 day"),
        lambda q: Question.objects.update(email="a@example.org", token_hash=None, asker=None, pseudonym="Other"),
        lambda q: Question.objects.update(medication="None.", conditions="None.", duration="A day."),
        lambda q: Reply.objects.update(helped_at=q.published_at, specialty=SpecialtyFactory()),
        lambda q: Article.objects.update(html="<p>Again.</p>", reviewed_on=q.published_on),
        lambda q: Doctor.objects.update(user=None, name=models.F("name")),
        lambda q: Specialty.objects.update(icon="ear"),
        lambda q: [each.save() for each in (q, q.replies.get(), q.article)],
    ],
)
def test_what_is_not_worth_keeping_makes_no_history(change):
    question = published_thread(asker=UserFactory())
    ArticleFactory(question=question, signed=True)

    change(question)

    assert [model.objects.count() for model in EVENTS] == [0] * len(EVENTS)


def test_a_change_of_state_copies_no_words_of_the_patient():
    question, doctor = QuestionFactory(), DoctorFactory()

    question.decline(by=doctor, reason=DeclineReason.EXAMINATION, note="Please see a doctor.")

    assert events(QuestionEvent, "state", "decline_reason") == [("update", "waiting", "")]
    assert events(QuestionWordsEvent) == []


def test_a_deleted_question_leaves_its_last_version():
    question = published_thread(headline="Why?", text="It twitches.", reply__text="It is harmless.")
    ArticleFactory(question=question, text="## Causes")

    pk = question.pk

    question.delete()

    assert events(QuestionEvent, "state") == [("delete", "published")]
    assert events(QuestionWordsEvent, "headline", "text") == [("words_delete", "Why?", "It twitches.")]
    assert events(ReplyEvent, "question", "text") == [("delete", pk, "It is harmless.")]
    assert events(ArticleEvent, "text") == [("delete", "## Causes")]


def test_history_names_no_account_and_no_secret():
    personal = {"email", "token_hash", "asker", "user", "verified_by", "pseudonym", "age_band", "sex", "licence"}
    personal |= {"duration", "medication", "conditions", "seen_doctor", "different_because", "similar_seen"}
    personal |= {"decline_note", "archive_id", "number", "proof", "suspended_because", "suspended_by", "retired_by"}

    kept = {(model.__name__, field.name) for model in event_models() for field in model._meta.fields}

    assert set(event_models()) == set(EVENTS)
    assert {(model, field) for model, field in kept if field in personal} == set()


@pytest.mark.parametrize("by_account", [True, False])
def test_an_asker_is_nobody_in_the_history(by_account):
    asker = UserFactory()
    question = QuestionFactory(asker=asker)

    question.withdraw(by=asker if by_account else None)

    assert contexts(QuestionEvent) == [{"act": "withdraw", "by": None}]
    assert asker.email not in json.dumps(list(QuestionEvent.objects.values()), default=str)


def test_history_says_which_act_and_who():
    doctor, admin = DoctorFactory(name="Wu", unverified=True), UserFactory(admin=True)
    question = published_thread()
    duplicate = QuestionFactory()

    doctor.verify(by=admin)
    merge_thread(question=duplicate, target=question, by=admin)
    question.replies.get().correct(by=doctor, text="New.", reason="wrong")

    assert contexts(DoctorEvent) == [{"act": "verify", "by": admin.pk}]
    assert contexts(QuestionEvent) == [{"act": "merge", "by": admin.pk}]
    assert contexts(ReplyEvent) == [{"act": "correct", "by": doctor.user.pk}]


@pytest.mark.django_db(transaction=True)
def test_an_act_is_not_told_of_what_comes_after_it():
    doctor = DoctorFactory(unverified=True)
    doctor.verify(by=UserFactory(admin=True))

    Doctor.objects.filter(pk=doctor.pk).update(biography="Changed by hand.")

    assert [context and context["act"] for context in contexts(DoctorEvent)] == ["verify", None]


@pytest.mark.django_db(transaction=True)
def test_each_connection_tells_its_own_actor():
    """As gunicorn's workers and the background worker do: what one says is not heard by another."""
    doctors, admins = ([make() for _ in range(4)] for make in (partial(DoctorFactory, unverified=True), UserFactory))

    at_once(*(partial(doctor.verify, by=admin) for doctor, admin in zip(doctors, admins, strict=True)))

    told = DoctorEvent.objects.values_list("pgh_obj", "pgh_context__by")
    assert dict(told) == {doctor.pk: admin.pk for doctor, admin in zip(doctors, admins, strict=True)}


def test_what_an_admin_changes_stands_under_the_admin():
    admin, specialty = UserFactory(admin=True), SpecialtyFactory(name="Nerves", slug="nerves")
    client = Client()
    client.force_login(admin)
    form = client.get(f"/admin/specialties/{specialty.pk}/").context["form"]
    values = {field.name: field.value() for field in form}

    response = client.post(f"/admin/specialties/{specialty.pk}/", {**values, "review_months": 12})

    specialty.refresh_from_db()
    assert (response.status_code, specialty.review_months) == (302, 12)
    assert events(SpecialtyEvent, "review_months", "pgh_context") == [("update", 24, {"act": "edit", "by": admin.pk})]


def test_a_merged_specialty_leaves_its_history_where_it_was():
    source, target = SpecialtyFactory(name="Nerves"), SpecialtyFactory(name="Neurology")
    published_thread(specialty=source)

    merge_specialty(source=source, target=target)

    (gone,) = SpecialtyEvent.objects.filter(pgh_label="delete")
    assert (gone.name, events(QuestionEvent, "specialty")) == ("Nerves", [("update", gone.pgh_obj_id)])
    assert events(ReplyEvent) == []


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("change", ["update", "delete"])
def test_history_cannot_be_changed(event, change):
    question = published_thread()
    ArticleFactory(question=question)
    Question.objects.update(headline="New.", public_title="New.")
    Reply.objects.update(text="New.")
    Article.objects.update(text="New.")
    Doctor.objects.update(biography="New.")
    Licence.objects.update(expires_on="2030-01-01")
    ApplicationFactory()
    Application.objects.update(answer="New.")
    Specialty.objects.update(description="New.")
    DefaultTopic.objects.create(topic=TopicFactory(), position=0).delete()
    acts = {"update": lambda rows: rows.update(pgh_label="forged"), "delete": lambda rows: rows.delete()}

    with pytest.raises(InternalError, match="history is append-only"), transaction.atomic():
        acts[change](event.objects.all())

    assert event.objects.filter(pgh_label="forged").count() == 0
    assert event.objects.count() > 0


def test_purged_history_is_gone_and_that_of_others_stays():
    question, other = published_thread(), published_thread()
    for each in (question, other):
        ArticleFactory(question=each)
    Question.objects.update(headline="New.", public_title="New.")
    Reply.objects.update(text="New.")
    Article.objects.update(text="New.")
    pk = question.pk
    question.delete()

    purge_history([pk])
    purge_history([pk])

    models_of_threads = [QuestionEvent, QuestionWordsEvent, ReplyEvent, ArticleEvent]
    assert [model.objects.count() for model in models_of_threads] == [1] * 4
    assert QuestionEvent.objects.get().pgh_obj_id == other.pk
    assert ReplyEvent.objects.get().question_id == other.pk
    with pytest.raises(InternalError), transaction.atomic():
        ReplyEvent.objects.all().delete()
