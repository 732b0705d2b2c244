from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import Doctor, Licence, User
from accounts.permissions import can_work_as_doctor
from forum.articles.models import Article
from forum.moderation.waiting import Show, queue_of
from forum.notifications.models import Notice
from forum.questions.models import Decision, InfoRequest, Question
from forum.questions.screening import SCREENED, red_flags_in
from forum.replies.models import Agreement, FollowUp, Reply
from forum.search.models import IndexEntry, QuestionTopic, SimilarThread, Topic
from forum.specialties.models import Specialty

MODELS = (
    *(User, EmailAddress, Doctor, Licence, Specialty, Topic, QuestionTopic, SimilarThread),
    *(Question, Decision, InfoRequest, Reply, Agreement, FollowUp, Article, Notice),
)
SIGN_INS = ("patient@example.org", "doctor@example.org", "doctor2@example.org", "admin@example.org")

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(db) -> None:
    call_command("load_demo", verbosity=0)


def everything() -> dict:
    return {model: list(model.objects.order_by("pk").values()) for model in (*MODELS, IndexEntry)}


def test_demo_has_as_much_as_was_promised(demo):
    published = Question.objects.published()
    assert Specialty.objects.open().count() >= 12
    assert Doctor.objects.verified().count() >= 6
    assert published.filter(language="en").count() >= 40
    assert published.filter(language="zh-hant").count() >= 10
    assert Article.objects.exclude(sources=[]).count() >= 15
    assert Question.objects.waiting().filter(language="en").exists()
    assert Question.objects.waiting().filter(language="zh-hant").exists()


def test_every_demo_specialty_is_open_and_complete(demo):
    assert not Specialty.objects.filter(is_open=False).exists()
    assert not [s for s in Specialty.objects.all() if not (s.name_zh_hant and s.description and s.icon)]


def test_every_demo_doctor_is_verified_by_the_admin_with_a_valid_licence(demo):
    doctors = Doctor.objects.select_related("licence", "verified_by")
    assert {doctor.verified_by.email for doctor in doctors} == {"admin@example.org"}
    assert all(doctor.licence.is_valid for doctor in doctors)
    assert not Reply.objects.exclude(doctor__in=Doctor.objects.verified()).exists()
    assert not [doctor for doctor in doctors if not doctor.specialties.exists()]


@pytest.mark.parametrize("email", SIGN_INS)
def test_demo_sign_in_works(demo, client, email):
    answer = client.post(reverse("account_login"), {"login": email, "password": "consilium-demo"})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


def test_demo_roles_are_those_of_the_contract(demo):
    users = {user.email: user for user in User.objects.all()}
    assert set(users) == set(SIGN_INS)
    assert [email for email in SIGN_INS if can_work_as_doctor(users[email])] == list(SIGN_INS[1:3])
    assert [email for email in SIGN_INS if users[email].is_staff and users[email].is_superuser] == [SIGN_INS[3]]
    for email, specialty in (("doctor@example.org", "Neurology"), ("doctor2@example.org", "Family Medicine")):
        assert users[email].doctor_profile.specialties.filter(name=specialty).exists()


def test_demo_article_is_signed_by_who_replied_first_on_the_day_of_the_reply(demo):
    for article in Article.objects.select_related("question"):
        first = article.question.replies.in_order().first()
        assert article.signed_by == first.doctor
        assert timezone.localdate(article.signed_at) == article.reviewed_on == first.replied_on


def test_every_demo_thread_shows_similar_threads_at_once(demo):
    without = Question.objects.published().annotate(n=Count("similar_threads")).filter(n=0)
    assert list(without) == []


def test_demo_question_waits_since_the_hours_it_names(demo):
    first = Question.objects.get(archive_id="demo-waiting-1")
    assert timedelta(hours=3) < timezone.now() - first.created_at < timedelta(hours=4)
    assert first.asked_on == timezone.localdate(first.created_at)
    assert first.asker.email == "patient@example.org"


def test_demo_doctor_finds_work_of_every_kind(demo):
    doctor = Doctor.objects.get(user__email="doctor@example.org")
    queue = queue_of(doctor)
    assert [question.urgent for question in queue][:2] == [True, False]
    assert queue.filter(returned_to_me=True).count() == queue_of(doctor, show=Show.RETURNED).count() == 1
    assert FollowUp.objects.waiting().filter(question__in=Question.objects.for_doctor(doctor)).count() == 1
    assert Article.objects.due_for_review().filter(question__in=Question.objects.for_doctor(doctor)).count() == 1
    assert Agreement.objects.standing().filter(reply__doctor=doctor).exists()
    assert Question.objects.published().annotate(n=Count("replies")).filter(n__gt=1, replies__doctor=doctor).exists()


def test_demo_question_is_urgent_for_what_the_site_finds_in_it(demo):
    for question in Question.objects.waiting().filter(urgent=True):
        found = red_flags_in({name: getattr(question, name) for name in SCREENED})
        assert [flag.code for flag in found] == question.red_flags


def test_demo_question_that_came_back_did_not_wait_while_it_was_with_its_patient(demo):
    question = Question.objects.get(info_requests__isnull=False)
    request = question.info_requests.get()
    assert question.paused == request.answered_at - request.asked_at
    assert question.created_at < request.asked_at < request.answered_at < timezone.now()
    acts = question.decisions.values_list("act", "by", "made_at")
    assert list(acts) == [
        ("ask", None, question.created_at),
        ("ask_info", request.asked_by.user_id, request.asked_at),
        ("answer_info", None, request.answered_at),
    ]


def test_second_load_changes_nothing(demo):
    before = everything()
    call_command("load_demo", verbosity=0)
    assert everything() == before


def test_second_load_leaves_what_was_changed_here(demo):
    admin = User.objects.get(email="admin@example.org")
    admin.set_password("changed-by-hand")
    admin.save()
    Doctor.objects.get(user__email="doctor@example.org").withdraw_verification(by=admin)
    Question.objects.published().first().hide(by=admin, reason="harmful")
    Question.objects.waiting().first().withdraw(by=None)
    Specialty.objects.filter(name="Dentistry").update(is_open=False)
    Article.objects.update(signed_by=None, signed_at=None, reviewed_on=None, reviewed_by=None)
    Reply.objects.update(text="Corrected.")
    FollowUp.objects.all().delete()
    Agreement.objects.all().delete()
    before = everything()
    call_command("load_demo", verbosity=0)
    assert everything() == before


def test_demo_opens_the_specialties_that_an_import_made(archive):
    call_command(
        "import_archive",
        archive({"id": "1", "specialty": "neurology", "question": {"text": "Q"}, "replies": [{"text": "R"}]}),
    )
    call_command("load_demo", verbosity=0)
    neurology = Specialty.objects.get(name__iexact="neurology")
    assert (neurology.name, neurology.is_open, neurology.name_zh_hant) == ("Neurology", True, "神經內科")


def test_demo_is_refused_in_production_mode(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never loaded in production"):
        call_command("load_demo")
    assert not any(model.objects.exists() for model in MODELS)
