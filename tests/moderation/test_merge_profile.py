"""An archive's profile becomes part of the doctor's own: all that leads to it moves, or nothing does."""

from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.test import Client

from accounts.models import AccountDecision, Doctor, DoctorEvent, DoctorRedirect, DoctorSpecialty
from forum.articles.models import Article
from forum.moderation.profile_merging import merge_profile, what_moves
from forum.questions.models import WrongState
from forum.replies.models import Agreement, Reply
from tests.archive.lines import least, line
from tests.factories import (
    AgreementFactory,
    ArticleFactory,
    DoctorFactory,
    DraftFactory,
    FollowUpFactory,
    ReplyFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(admin=True)


@pytest.fixture
def source():
    return DoctorFactory(archived=True, name="Wu Mu-Khan", slug="wu-mu-khan", specialties=[SpecialtyFactory()])


@pytest.fixture
def target():
    return DoctorFactory(name="Wu Mukhan", slug="wu-mukhan", specialties=[SpecialtyFactory()])


def merge(source: Doctor, target: Doctor, by) -> None:
    merge_profile(source=source, target=target, by=by, reason="Shown on the licence.")


def test_merge_moves_all_that_leads_to_the_profile(source, target, boss):
    thread = published_thread(reply__doctor=source)
    FollowUpFactory(question=thread, answered=True, answered_by=source)
    ArticleFactory(question=thread, signed=True, signed_by=source)
    Reply.objects.update(corrected_at=thread.published_at, corrected_by=source)
    assert what_moves(source) == {"replies": 1, "follow-ups": 1, "More Info articles": 1}

    merge(source, target, boss)

    reply, article, follow_up = thread.replies.get(), Article.objects.get(), thread.follow_ups.get()
    moved = [reply.doctor, reply.corrected_by, article.signed_by, article.reviewed_by, follow_up.answered_by]
    assert moved == [target] * 5
    assert not Doctor.objects.filter(pk=source.pk).exists()


def test_merge_leaves_what_the_doctor_is_as_it_was(source, target, boss):
    own = list(DoctorSpecialty.objects.filter(doctor=target).values())

    merge(source, target, boss)

    target.refresh_from_db()
    assert (target.name, target.slug, target.is_verified) == ("Wu Mukhan", "wu-mukhan", True)
    assert list(DoctorSpecialty.objects.values()) == own


def test_merge_keeps_the_doctors_own_where_there_may_be_one(source, target, boss):
    draft = DraftFactory(doctor=target, text="Mine.")
    DraftFactory(doctor=source, question=draft.question, text="The other.")
    both = ReplyFactory()
    for doctor in (source, target):
        AgreementFactory(reply=both, doctor=doctor)

    merge(source, target, boss)

    assert list(target.drafts.values_list("text", flat=True)) == ["Mine."]
    assert list(Agreement.objects.values_list("reply", "doctor")) == [(both.pk, target.pk)]


def test_nobody_agrees_with_a_reply_that_became_their_own(source, target, boss):
    AgreementFactory(reply=ReplyFactory(doctor=source), doctor=target)

    merge(source, target, boss)

    assert not Agreement.objects.exists()


def test_merge_is_recorded_with_its_reason_and_the_profile_as_it_stood(source, target, boss):
    merge(source, target, boss)

    assert list(AccountDecision.objects.values_list("user", "act", "about", "reason", "by")) == [
        (target.user_id, "merge_profile", "Wu Mu-Khan", "Shown on the licence.", boss.pk)
    ]
    event = DoctorEvent.objects.get(slug="wu-mu-khan")
    assert (event.pgh_label, event.pgh_context) == ("delete", {"act": "merge_profile", "by": boss.pk})


def test_the_old_address_leads_to_the_doctor_and_pages_name_the_doctor(client, source, target, boss):
    thread = published_thread(reply__doctor=source)
    assert "Wu Mu-Khan" in client.get(thread.get_absolute_url()).content.decode()

    merge(source, target, boss)

    moved = client.get("/doctors/wu-mu-khan/")
    assert (moved.status_code, moved.url) == (301, "/doctors/wu-mukhan/")
    page = client.get(thread.get_absolute_url()).content.decode()
    assert ("Wu Mu-Khan" in page, "Wu Mukhan" in page) == (False, True)


def test_an_archive_that_names_the_profile_again_means_the_doctor(tmp_path, source, target, boss):
    merge(source, target, boss)

    file = tmp_path / "archive.jsonl"
    file.write_bytes(line(least(replies=[{"doctor": "Wu Mu-Khan", "text": "Rest."}])))
    call_command("import_archive", file)

    assert list(Reply.objects.values_list("doctor", flat=True)) == [target.pk]
    assert not Doctor.objects.filter(name="Wu Mu-Khan").exists()


@pytest.mark.parametrize(
    "pair",
    [
        lambda source, target: (target, DoctorFactory()),
        lambda source, target: (source, DoctorFactory(archived=True)),
        lambda source, target: (source, DoctorFactory(unverified=True)),
        lambda source, target: (source, source),
    ],
    ids=["of an account", "into an archive's", "into an unverified one", "into itself"],
)
def test_merge_refuses_others(source, target, boss, pair):
    one, other = pair(source, target)
    before = Doctor.objects.count()

    with pytest.raises(WrongState):
        merge(one, other, boss)

    assert (Doctor.objects.count(), DoctorRedirect.objects.count()) == (before, 0)


def test_a_second_merge_of_the_same_is_refused(source, target, boss):
    merge(source, target, boss)

    with pytest.raises(WrongState):
        merge(Doctor(pk=source.pk), target, boss)


@pytest.mark.django_db(transaction=True)
def test_merged_into_two_doctors_at_once_it_goes_to_one(source, boss):
    thread = published_thread(reply__doctor=source)
    doctors = [DoctorFactory(), DoctorFactory()]

    outcomes = at_once(*(partial(merge, Doctor.objects.get(pk=source.pk), doctor, boss) for doctor in doctors))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "WrongState"]
    assert thread.replies.get().doctor in doctors
    assert AccountDecision.objects.count() == 1


def state() -> dict[str, list]:
    """All rows that a merge may touch."""
    tables: list[type[models.Model]] = [Doctor, DoctorRedirect, Reply, Agreement, AccountDecision]
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


class Killed(BaseException):
    """What a kill between two statements is to the database: the transaction ends without a commit."""


@pytest.mark.parametrize("statement", range(1, 40))
def test_broken_off_at_any_statement_it_leaves_the_old_state_or_the_new_one(source, target, boss, statement):
    published_thread(reply__doctor=source)
    AgreementFactory(doctor=source)
    before, count = state(), 0

    def die(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == statement:
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(die):
            merge(source, target, boss)
        merged = True
    except Killed:
        merged = False

    assert (state() == before) is not merged
    assert Reply.objects.filter(doctor=target).exists() is merged


def test_the_screen_shows_what_moves_and_merges_into_the_doctor_of_the_same_name(client, boss):
    source = DoctorFactory(archived=True, name="Ada Same", slug="ada-archive")
    doctor = DoctorFactory(name="Ada Same", user__email="ada@example.org")
    DoctorFactory(name="Bob Other")
    published_thread(reply__doctor=source)
    client.force_login(boss)

    page = parse(client.get(f"/admin/people/profiles/{source.pk}/merge/"))
    assert page.one("div", class_="people").texts("li") == ["replies: 1"]
    assert [each.attrs["value"] for each in page.all("input", type="radio")] == [str(doctor.pk)]
    answer = client.post(
        f"/admin/people/profiles/{source.pk}/merge/",
        {"act": "merge", "words": "Ada Same", "doctor": doctor.pk, "reason": "Known in person."},
    )

    assert answer.url == f"/admin/people/{doctor.user_id}/"
    assert Reply.objects.get().doctor == doctor


def test_the_screen_finds_a_doctor_of_another_name(client, boss, source, target):
    client.force_login(boss)

    page = parse(client.post(f"/admin/people/profiles/{source.pk}/merge/", {"act": "find", "words": "mukhan"}))

    assert [each.attrs["value"] for each in page.all("input", type="radio")] == [str(target.pk)]


@pytest.mark.parametrize("typed", [{"reason": "Known."}, {"doctor": True}, {"doctor": 987654321, "reason": "Known."}])
def test_the_screen_wants_a_doctor_and_a_reason(client, boss, source, target, typed):
    client.force_login(boss)
    typed = {**typed, "doctor": target.pk} if typed.get("doctor") is True else typed

    answer = client.post(f"/admin/people/profiles/{source.pk}/merge/", {"act": "merge", "words": "wu", **typed})

    assert answer.status_code == 422
    assert Doctor.objects.filter(pk=source.pk).exists()


def test_a_profile_with_an_account_is_not_merged(client, boss, target):
    client.force_login(boss)

    assert client.get(f"/admin/people/profiles/{target.pk}/merge/").status_code == 404


def test_merging_is_for_admins_who_may_delete_a_profile(source):
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    assert client.get(f"/admin/people/profiles/{source.pk}/merge/").status_code == 403
