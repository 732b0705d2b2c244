"""Everybody may take along what the site holds of them, and delete the account with all that leads to it."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import EmailField
from django.test import Client
from pghistory.core import event_models

from accounts.models import AccountDecision, Doctor, Licence, User
from forum.archive.own_data import forget_account
from forum.moderation.models import LookRequest
from forum.moderation.services import answer_by_thread, claim_question
from forum.notifications.models import DoctorPreferences, Kind, MutedQuestion
from forum.notifications.services import send_letter
from forum.questions.models import Question, QuestionEvent, QuestionWordsEvent
from forum.replies.models import Agreement, ReplyEvent
from forum.specialties.models import Specialty
from tests.asking import send_question
from tests.factories import (
    PASSWORD,
    AgreementFactory,
    ApplicationFactory,
    DoctorFactory,
    DraftFactory,
    FollowUpFactory,
    InfoRequestFactory,
    LookRequestFactory,
    MachineDraftFactory,
    NoticeFactory,
    QuestionFactory,
    RemovalRequestFactory,
    ReportFactory,
    SavedReplyFactory,
    SpecialtyFactory,
    UnclearFactory,
    UserFactory,
    image_of,
    proof_of,
    published_thread,
)
from tests.html import parse
from tests.second_factors import with_app

pytestmark = pytest.mark.django_db
EMAIL = "somebody.special@example.org"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def taken_along(user: User) -> dict:
    answer = signed_in(user).get("/accounts/data/export/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return json.loads(archive.read("data.json"))


def delete(user: User, password: str = PASSWORD, client: Client | None = None):
    return (client or signed_in(user)).post("/accounts/delete/", {"password": password}, follow=True)


# Taking it along


def test_the_export_holds_what_a_question_said_before_it_was_changed():
    patient = UserFactory()
    QuestionFactory(asker=patient, headline="Why?", text="Old.").edit(by=patient, text="New.")

    (question,) = taken_along(patient)["questions"]

    assert question["text"] == "New."
    assert [(each["headline"], each["text"]) for each in question["earlier_words"]] == [("Why?", "Old.")]


def test_the_export_holds_the_account_and_all_of_its_questions():
    patient = UserFactory(email=EMAIL)
    asked = QuestionFactory(asker=patient, headline="My arm tingles", medication="Ibuprofen", email="other@example.org")
    InfoRequestFactory(question=asked, note="Which arm?")
    thread = published_thread(asker=patient, reply__text="Sleep more.", reply__doctor=DoctorFactory(name="Wu Mukhan"))
    FollowUpFactory(question=thread, text="And coffee?")

    data = taken_along(patient)

    answered, waiting = sorted(data["questions"], key=lambda question: question["state"])
    assert data["account"]["email"] == EMAIL
    assert (waiting["headline"], waiting["medication"]) == ("My arm tingles", "Ibuprofen")
    assert waiting["email"] == "other@example.org"
    assert [row["note"] for row in waiting["asked_for_more"]] == ["Which arm?"]
    assert [(row["doctor__name"], row["text"]) for row in answered["replies"]] == [("Wu Mukhan", "Sleep more.")]
    assert [row["text"] for row in answered["follow_ups"]] == ["And coffee?"]
    assert answered["address"] == thread.get_absolute_url()
    assert data["doctor"] is None


def test_the_export_of_a_doctor_holds_profile_licence_and_words():
    doctor = DoctorFactory(name="Wu Mukhan")
    published_thread(reply__doctor=doctor, reply__text="Sleep more.")
    SavedReplyFactory(owner=doctor, title="A greeting")

    data = taken_along(doctor.user)["doctor"]

    assert (data["name"], data["licence"]["number"]) == ("Wu Mukhan", doctor.licence.number)
    assert [row["text"] for row in data["replies"]] == ["Sleep more."]
    assert [row["title"] for row in data["saved_replies"]] == ["A greeting"]


def test_the_export_holds_nothing_of_anybody_else():
    patient = UserFactory()
    QuestionFactory(asker=UserFactory(email=EMAIL), headline="Of another")
    QuestionFactory(asker=None, headline="Of nobody", email=patient.email)

    assert taken_along(patient)["questions"] == []


def test_the_export_holds_the_images_as_the_doctors_see_them():
    patient = UserFactory()
    question = QuestionFactory(asker=patient)
    image = image_of(question, description="A rash")

    answer = signed_in(patient).get("/accounts/data/export/")

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.read(f"images/{question.pk}/image-1.jpg") == image.path().read_bytes()


def test_the_export_goes_on_where_an_image_is_missing():
    patient = UserFactory()
    image_of(QuestionFactory(asker=patient)).path().unlink()

    assert len(taken_along(patient)["questions"]) == 1


def test_the_export_is_a_file_that_no_cache_keeps():
    answer = signed_in(UserFactory()).get("/accounts/data/export/")

    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer["Cache-Control"]


# Deleting


def test_delete_wants_the_password():
    patient = UserFactory()

    page = delete(patient, password="a wrong one")

    assert page.status_code == 422
    assert "That is not your password." in page.text
    assert User.objects.filter(pk=patient.pk).exists()


def test_delete_lets_nobody_try_passwords_on_and_on():
    patient = UserFactory()
    client = signed_in(patient)

    answers = [delete(patient, "a wrong one", client).status_code for _number in range(10)]

    assert answers == [422] * 10
    assert delete(patient, PASSWORD, client).status_code == 429
    assert User.objects.filter(pk=patient.pk).exists()


def test_delete_signs_out_and_says_that_it_is_done():
    patient = UserFactory()
    client = signed_in(patient)

    page = delete(patient, client=client)

    assert "Your account is deleted." in page.text
    assert client.get("/my/questions/").status_code == 302
    assert not User.objects.filter(pk=patient.pk).exists()


def test_delete_signs_out_everywhere():
    patient = UserFactory()
    elsewhere, other = signed_in(patient), signed_in(UserFactory())

    delete(patient)

    assert elsewhere.get("/my/questions/").status_code == 302
    assert other.get("/my/questions/").status_code == 200
    assert Session.objects.filter(pk=elsewhere.session.session_key).count() == 0


@pytest.mark.parametrize("state", ["waiting", "needs_info", "declined", "withdrawn"])
def test_delete_takes_questions_along_that_were_never_public(state):
    patient = UserFactory()
    QuestionFactory(asker=patient, **({} if state == "waiting" else {state: True}))

    delete(patient)

    assert not Question.objects.exists()


def test_delete_takes_along_what_the_history_kept_of_the_patients_words():
    patient = UserFactory()
    waiting, thread = QuestionFactory(asker=patient), published_thread(asker=patient)
    waiting.edit(by=patient, text="Edited.")
    Question.objects.filter(pk=thread.pk).update(text="Edited too.")
    thread.replies.get().correct(by=DoctorFactory(), text="Corrected.", reason="wrong")

    delete(patient)

    assert (QuestionEvent.objects.count(), QuestionWordsEvent.objects.count()) == (0, 0)
    assert ReplyEvent.objects.get().question_id == thread.pk  # what the doctor wrote is the doctor's


def test_delete_leaves_threads_to_the_readers():
    patient = UserFactory()
    thread = published_thread(asker=patient, pseudonym="Kk", public_title="Eyelids", token="a-private-link")

    delete(patient)

    page = parse(Client().get(thread.get_absolute_url()))
    assert page.headings()[0] == "h1 Eyelids"
    assert "Kk" in page.text
    assert Client().get("/status/a-private-link/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_delete_takes_the_images_along_that_are_not_public():
    patient = UserFactory()
    waiting, thread = QuestionFactory(asker=patient), published_thread(asker=patient)
    hidden = [image_of(waiting).path(), image_of(thread).path()]
    public = image_of(thread, picture="blue", public=True).path()

    delete(patient)

    assert [path for path in hidden if path.exists()] == []
    assert public.exists()


def test_delete_leaves_what_a_doctor_has_published():
    doctor = DoctorFactory(name="Wu Mukhan")
    thread = published_thread(reply__doctor=doctor)
    SavedReplyFactory(owner=doctor)

    delete(doctor.user)

    assert "Wu Mukhan" in Client().get(thread.get_absolute_url()).text
    left = Doctor.objects.get()
    assert (left.user, hasattr(left, "licence"), left.saved_replies.count()) == (None, False, 0)


def test_delete_is_not_for_admins():
    admin = UserFactory(is_staff=True)

    page = delete(admin)

    assert "An admin's account is deleted by another admin." in parse(page).text
    assert User.objects.filter(pk=admin.pk).exists()


def test_delete_is_refused_to_a_former_admin_whose_decisions_carry_the_name():
    former = UserFactory()
    DoctorFactory(unverified=True).verify(by=former)
    client = signed_in(former)

    page = delete(former, client=client)

    assert page.status_code == 409
    assert "Decisions as an admin carry your name." in page.text
    assert client.get("/my/questions/").status_code == 200


def test_nothing_that_is_stored_tells_of_a_deleted_account():
    """Whatever somebody did here: no table and no file holds the address, the id of the account or a session of it."""
    specialty = SpecialtyFactory(slug="neurology")
    client = Client()
    client.post("/accounts/signup/", {"email": EMAIL, "password1": PASSWORD, "password2": PASSWORD})
    EmailAddress.objects.update(verified=True)
    client.post("/accounts/login/", {"login": EMAIL, "password": "a wrong one"})
    client.post("/accounts/password/reset/", {"email": EMAIL})
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    user = User.objects.get(email=EMAIL)
    asks(client, user, specialty)
    works(DoctorFactory(user=user, specialties=[specialty], licence__number=f"{SECRET} 7"))
    with_app(user)
    AccountDecision.objects.create(user=user, by=UserFactory(admin=True), act="reactivate", reason=f"{EMAIL} called.")
    LogEntry.objects.create(
        user=UserFactory(admin=True),
        content_type=ContentType.objects.get_for_model(User),
        object_id=user.pk,
        object_repr=EMAIL,
        action_flag=2,
    )
    assert ReplyEvent.objects.filter(pgh_context__by=user.pk).exists()
    # All of it was there: whoever adds a table with an address or an account in it fills it here.
    assert {table for table, _row in rows_with(EMAIL)} >= with_addresses() | {"django_admin_log"}
    assert {*references_to(user.pk)} == {*references()} - OF_ADMINS
    assert {table for table, _row in rows_with(SECRET)} >= GONE

    delete(user, client=client)

    assert list(rows_with(EMAIL)) == []
    assert list(rows_with(SECRET)) == []
    assert list(references_to(user.pk)) == []
    assert [event for event in event_models() if event.objects.filter(pgh_context__by=user.pk).exists()] == []
    assert [session for session in Session.objects.all() if EMAIL in str(session.get_decoded())] == []
    assert files_with(EMAIL) == []


# What stands in these of a person's own words, and nowhere else, goes with the account.
SECRET = "Periwinkle"
GONE = {
    *("questions_question", "questions_questionwordsevent", "questions_inforequest", "questions_questionimage"),
    *("questions_removalrequest", "replies_unclear"),
    *("replies_draft", "articles_machinedraft", "replies_savedreply", "moderation_lookrequest", "accounts_licence"),
    *("accounts_application", "accounts_applicationevent", "accounts_licenceevent", "accounts_doctor"),
    *("questions_removalrequest", "replies_unclear"),
}
# What only admins do, whose accounts are not deleted as long as they are admins.
OF_ADMINS = {
    ("texts_textrevision", "by_id"),
    *((table, "hidden_by_id") for table in ("replies_reply", "replies_followup", "articles_article")),
    *((table, "decided_by_id") for table in ("moderation_report", "search_topicproposal", "questions_removalrequest")),
    *(("accounts_application", f"{act}_by_id") for act in ("claimed", "decided")),
    *((table, "claimed_by_id") for table in ("questions_removalrequest", "search_topicproposal")),
    ("moderation_merge", "undone_by_id"),
    *(
        ("moderation_report", "claimed_by_id"),
        ("moderation_correction", "asked_by_id"),
        ("django_admin_log", "user_id"),
        ("history_export", "by_id"),
        ("accounts_accountdecision", "by_id"),
    ),
    *(("accounts_doctor", f"{act}_by_id") for act in ("verified", "suspended", "retired")),
    ("accounts_user_groups", "user_id"),
    ("operations_upkeep", "by_id"),
    *(("specialties_specialtymerge", f"{act}_by_id") for act in ("made", "undone")),
    ("accounts_user_user_permissions", "user_id"),
}


def asks(client: Client, user: User, specialty: Specialty) -> None:
    """All that a patient can do here, signed in and, under the same address, not."""
    send_question(client, specialty, email=EMAIL, text=f"{SECRET} hurts.")
    send_question(Client(), specialty, email=EMAIL.upper(), text="Without an account.")
    asked = Question.objects.get(asker=user)
    asked.edit(by=user, text=f"{SECRET} hurts a lot.", headline="Why?")
    image_of(asked, description=f"The {SECRET}")
    asked.ask_info(by=DoctorFactory(), note="Since when?")
    asked.answer_info(by=user, text=f"Since {SECRET}.")
    thread = published_thread(asker=user, email=EMAIL, specialty=specialty)
    Question.objects.filter(pk=thread.pk).update(text=f"With {SECRET} in it.")
    Question.objects.filter(pk=thread.pk).update(text="Without.")
    MutedQuestion.objects.create(question=thread)
    NoticeFactory(question=thread, user=user)
    RemovalRequestFactory(question=thread, words=f"It is about {SECRET}.")
    UnclearFactory(reply=thread.replies.get(), text=f"What is {SECRET}?")
    send_letter(EMAIL.upper(), Kind.REPORT_KEPT)
    for sender, who in ((Client(), EMAIL.upper()), (client, EMAIL)):
        other = published_thread()
        sender.post(f"/follow/questions/{other.pk}/", {"email": who})
        sender.post(f"/questions/{other.pk}/report/", {"reason": "danger", "email": who})
    ReportFactory(question=other, email=EMAIL, decided=True)
    client.post(f"/questions/{thread.pk}/report/", {"reason": "danger"})
    taken_off = published_thread(asker=user, specialty=specialty)
    RemovalRequestFactory(question=taken_off, words=f"{SECRET}, please.")
    UnclearFactory(reply=taken_off.replies.get(), text=f"What is {SECRET}?")


def works(doctor: Doctor) -> None:
    """All that a doctor can do here."""
    draft = DraftFactory(doctor=doctor, text=f"Draft on {SECRET}.")
    MachineDraftFactory(draft=draft, ready=True, text=f"Machine's draft on {SECRET}.")
    SavedReplyFactory(owner=doctor, text=f"Saved {SECRET}.")
    LookRequestFactory(asked_by=doctor, note=f"Is {SECRET} right?")
    LookRequestFactory(colleague=doctor, answered=True, answer=f"{SECRET} is fine.")
    claim_question(question=draft.question, doctor=doctor)
    closed = QuestionFactory(specialty=doctor.specialties.get())
    answer_by_thread(question=closed, doctor=doctor, thread=published_thread())
    DoctorPreferences(doctor=doctor).turn_off("urgent")
    reply = published_thread(reply__doctor=doctor).replies.get()
    reply.correct(by=doctor, text="Better.", reason="wrong")
    AgreementFactory(doctor=doctor)
    NoticeFactory(kind="urgent", question=draft.question, user=doctor.user)
    application = ApplicationFactory(user=doctor.user, asked=True, name=f"Dr. {SECRET}", note=f"Who is {SECRET}?")
    proof_of(application, f"%PDF {SECRET}".encode())
    application.give_answer(answer=f"{SECRET} is my name.", specialties=[])
    Licence.objects.filter(doctor=doctor).update(issuing_body=f"Council of {SECRET}")
    Licence.objects.filter(doctor=doctor).update(issuing_body="Council")
    doctor.suspend(by=UserFactory(admin=True), reason=f"Somebody says {SECRET}.")


def with_addresses() -> set[str]:
    """The tables that have a field for an e-mail address."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if any(isinstance(field, EmailField) for field in model._meta.local_fields)
    }


def references():
    """(table, column) of every column that refers to the accounts."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column, (_field, other) in connection.introspection.get_relations(cursor, table).items():
                if other == "accounts_user":
                    yield table, column


def rows_with(text: str):
    """(table, row) of every table of the schema, caches and queues included, wherever in a row the text stands."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t WHERE t::text ILIKE %s', [f"%{text}%"])
            yield from ((table, row) for (row,) in cursor.fetchall())


def references_to(user_id: int):
    """Those of them that hold this one."""
    for table, column in references():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE "{column}" = %s LIMIT 1', [user_id])
            if cursor.fetchone():
                yield table, column


def files_with(text: str) -> list[Path]:
    """What stands in the data directory besides the database's own cluster."""
    files = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    return [path for path in files if text.encode() in path.read_bytes()]


def test_forgetting_goes_all_the_way_or_changes_nothing(monkeypatch):
    patient = UserFactory()
    thread = published_thread(asker=patient)
    QuestionFactory(asker=patient)

    def fail(*_arguments):
        raise RuntimeError("The power is gone.")

    monkeypatch.setattr("forum.archive.own_data.forgetting._forget_sessions", fail)
    with pytest.raises(RuntimeError):
        forget_account(patient)

    assert Question.objects.filter(asker=patient).count() == 2
    assert Question.objects.get(pk=thread.pk).asker == patient


def test_the_export_of_a_doctor_holds_agreements_and_words_to_colleagues():
    doctor = DoctorFactory()
    agreement = AgreementFactory(doctor=doctor)
    asked = LookRequestFactory(asked_by=doctor, note="Is the dose right?", answered=True)
    looked = LookRequestFactory(colleague=doctor, answered=True, answer="It is.")

    data = taken_along(doctor.user)["doctor"]

    assert [row["reply_id"] for row in data["agreements"]] == [agreement.reply_id]
    assert [(row["question_id"], row["note"]) for row in data["colleagues_asked"]] == [(asked.question_id, asked.note)]
    assert [(row["question_id"], row["answer"]) for row in data["looked_for_colleagues"]] == [
        (looked.question_id, "It is.")
    ]


def test_delete_leaves_agreements_and_takes_looks_with_it():
    doctor = DoctorFactory()
    AgreementFactory(doctor=doctor)
    for role in ("asked_by", "colleague"):
        LookRequestFactory(**{role: doctor})
    others = LookRequestFactory()

    delete(doctor.user)

    assert list(Agreement.objects.values_list("doctor", flat=True)) == [doctor.pk]
    assert list(LookRequest.objects.all()) == [others]
