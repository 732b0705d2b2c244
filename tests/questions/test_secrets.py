"""The token of the private page, the e-mail, the age: where they are and where they are not."""

import hashlib
import io
import logging
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client

from forum.questions.models import Question
from forum.questions.tokens import derive_token
from tests.asking import browser, send_question
from tests.factories import (
    DoctorFactory,
    FollowUpFactory,
    QuestionFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)

pytestmark = pytest.mark.django_db

EMAIL = "left-for-news@example.net"
ACCOUNT = "account-of-patient@example.net"


def whole_database() -> str:
    """Every row of every table."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return "\n".join(rows)


@pytest.fixture
def log(monkeypatch):
    """What Django's and the site's loggers write, as they are set up."""
    written = io.StringIO()
    for name in ("django", "consilium"):
        monkeypatch.setattr(logging.getLogger(name).handlers[0], "stream", written)
    return written


def test_token_is_not_in_the_database_and_its_hash_is():
    patient = browser()
    patient.force_login(UserFactory())
    link = send_question(patient, SpecialtyFactory(), email=EMAIL).url
    patient.get(link)

    token = link.split("/")[2]
    stored = whole_database()
    assert token not in stored
    assert Question.objects.get().token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert hashlib.sha256(token.encode()).hexdigest() in stored


def test_token_depends_on_the_secret_of_the_site_and_on_every_part(settings):
    token = derive_token("browser:a", "0", "text=b")

    assert derive_token("browser:a", "0", "text=b") == token
    assert derive_token("browser:a", "0", "text=c") != token
    assert derive_token("browser:a", "0text=b") != token
    settings.SECRET_KEY = "another"
    assert derive_token("browser:a", "0", "text=b") != token


def test_token_is_in_no_log_of_an_unknown_page(client, log):
    client.get("/status/abcdefghijklmnopqrstuv/")

    assert "WARNING django.request Not Found: /status/[token]/" in log.getvalue()
    assert "abcdefghijklmnopqrstuv" not in log.getvalue()


def test_token_and_words_are_in_no_log_of_a_page_that_breaks(monkeypatch, log):
    token, words = "abcdefghijklmnopqrstuv", "My secret illness"
    QuestionFactory(token=token, text=words)
    view = import_module("forum.questions.views.status")
    monkeypatch.setattr(view, "expected_wait", lambda specialty: {}[words])

    answer = Client(raise_request_exception=False).get(f"/status/{token}/")

    assert answer.status_code == 500
    assert "ERROR django.request Internal Server Error: /status/[token]/" in log.getvalue()
    assert "builtins.KeyError" in log.getvalue()
    assert (token in log.getvalue(), words in log.getvalue()) == (False, False)


def test_private_page_is_kept_by_no_cache_told_to_no_other_site_and_found_by_no_search_engine(client):
    QuestionFactory(token="abcdefghijklmnopqrstuv")

    answer = client.get("/status/abcdefghijklmnopqrstuv/")

    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_token_gets_the_same_page_as_any_wrong_address(client, method):
    QuestionFactory(token="abcdefghijklmnopqrstuv")

    unknown = getattr(client, method)("/status/abcdefghijklmnopqrstuV/", {})
    elsewhere = getattr(client, method)("/nothing/is/here/", {})

    assert (unknown.status_code, unknown.content) == (404, elsewhere.content)


def test_hash_of_a_token_opens_nothing(client):
    question = QuestionFactory(token="abcdefghijklmnopqrstuv")

    assert client.get(f"/status/{question.token_hash}/").status_code == 404
    assert "Headline" not in client.get(f"/status/{question.token_hash}/").content.decode()


def test_question_without_a_token_is_opened_by_no_token(client):
    QuestionFactory(token_hash=None)

    for token in ("None", "null", "%20"):
        assert "Your question</h1>" not in client.get(f"/status/{token}/").content.decode()


def pages_around(question: Question) -> dict[str, str]:
    """Every page on which somebody else sees the question, and what stands there."""
    doctor = DoctorFactory(specialties=[question.specialty], user__email="doctor@example.org")
    doctors, admins, anybody = Client(), Client(), Client()
    doctors.force_login(doctor.user)
    admins.force_login(UserFactory(admin=True, email="admin@example.org"))
    places = {
        doctors: ["/dashboard/", f"/dashboard/questions/{question.pk}/"],
        admins: [f"/admin/questions/question/{question.pk}/change/", "/admin/questions/question/"],
        anybody: ["/status/abcdefghijklmnopqrstuv/"],
    }
    if question.is_published:
        places[anybody] += [question.get_absolute_url(), "/", "/feeds/latest.atom", "/search/?q=eyelid"]
    return {path: who.get(path).content.decode() for who, paths in places.items() for path in paths}


@pytest.mark.parametrize("published", [False, True])
def test_email_of_the_patient_stands_on_no_page(published):
    asker = UserFactory(email=ACCOUNT)
    fields = {"token": "abcdefghijklmnopqrstuv", "email": EMAIL, "asker": asker, "headline": "Eyelid twitches"}
    question = published_thread(**fields) if published else QuestionFactory(**fields)
    question.decisions.create(act="ask", by=asker, to_state="waiting")
    if published:
        FollowUpFactory(question=question)

    for path, page in pages_around(question).items():
        # The dashboard shows a published thread by its follow-up.
        assert "Eyelid twitches" in page or question.title in page, path
        assert EMAIL not in page, path
        assert ACCOUNT not in page, path


def test_admin_site_names_the_doctor_of_a_decision_and_leaves_the_patient_unnamed(admin_client):
    asker, doctor = UserFactory(email=ACCOUNT), DoctorFactory(user__email="doctor@example.org")
    question = QuestionFactory(asker=asker)
    question.decisions.create(act="ask", by=asker, to_state="waiting")
    question.publish(by=doctor, title="Title")

    page = admin_client.get(f"/admin/questions/question/{question.pk}/change/").content.decode()

    assert ("doctor@example.org" in page, ACCOUNT in page) == (True, False)


def test_age_is_known_to_ten_years_and_no_birth_date_at_all():
    dates = [field.name for field in Question._meta.get_fields() if "Date" in type(field).__name__]
    numbers = [field.name for field in Question._meta.get_fields() if type(field).__name__.endswith("IntegerField")]

    assert dates == ["asked_on", "advice_read_at", "created_at", "published_at", "modified_at"]
    assert numbers == ["version"]
