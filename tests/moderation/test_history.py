"""What happened: admins search it, page through it, compare versions and take it along."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from accounts.models import Doctor, User
from forum.history.models import Export, Rule
from forum.moderation.history import timeline
from forum.moderation.history.source import Wanted
from forum.moderation.people import deactivate_account
from forum.moderation.standing import change_standing
from forum.questions.models import Decision, Question
from forum.questions.services import purge_history
from forum.specialties.models import Specialty
from forum.specialties.services import add_specialty, edit_specialty
from forum.texts.models import TextRevision
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    QuestionFactory,
    SpecialtyFactory,
    TopicFactory,
    UserFactory,
    published_thread,
)
from tests.html import parse

pytestmark = pytest.mark.django_db
PAGE = "/admin/history/"
NOW = timezone.make_aware(datetime(2026, 3, 10, 12))


@pytest.fixture
def admin() -> User:
    return UserFactory(admin=True, email="chief@example.org")


@pytest.fixture
def browser(admin) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def decided(question: Question | None = None, **fields) -> Decision:
    return Decision.objects.create(question=question or QuestionFactory(), **{"act": "claim", **fields})


def listed(page) -> list[list[str]]:
    """The cells of each row."""
    tables = parse(page).all("table", class_="history__list")
    return [row.texts("td") for row in tables[0].all("tr")[1:]] if tables else []


def acts(browser, query: str = "") -> list[str]:
    """What was done, newest first: the first line of each row's second cell."""
    tables = parse(browser.get(PAGE + query)).all("table", class_="history__list")
    return tables[0].texts("strong") if tables else []


# What a row says


def test_a_decision_tells_who_what_when_from_where_to_where_and_why(browser):
    doctor, question = DoctorFactory(name="Wu Mukhan"), QuestionFactory()
    decided(
        question,
        act="decline",
        by=doctor.user,
        from_state="waiting",
        to_state="declined",
        reason="examination",
        made_at=NOW,
    )

    (row,) = listed(browser.get(PAGE))

    assert row == [
        "2026/03/10 12:00",
        "Declined Decision",
        "Dr. Wu Mukhan",
        f"Question #{question.pk}",
        "Waiting for a doctor → Declined It needs an examination",
    ]


def test_a_changed_row_tells_each_field_before_and_after(browser, admin):
    specialty = SpecialtyFactory(name="Nerves", target_hours=24)
    Specialty.objects.filter(pk=specialty.pk).update(target_hours=12, is_open=False)
    Specialty.objects.filter(pk=specialty.pk).update(name="Neurology")

    rows = listed(browser.get(f"{PAGE}?kind=specialtyevent"))

    assert [row[4] for row in rows] == [
        "name (English): Nerves → Neurology",
        "open for asking: True → False answer within (hours): 24 → 12",
    ]
    assert [row[3] for row in rows] == [f"specialty #{specialty.pk}"] * 2


def test_what_admins_do_to_specialties_is_not_mistaken_for_what_is_done_to_questions(browser, admin):
    specialty = add_specialty(by=admin, name="Nerves")
    edit_specialty(specialty=specialty, by=admin, target_hours=3)

    rows = sorted(row[1:3] for row in listed(browser.get(f"{PAGE}?kind=specialtyevent")))

    assert rows == [
        ["Added specialty", "chief@example.org"],
        ["Changed on the admin site specialty", "chief@example.org"],
    ]
    assert acts(browser, "?kind=specialtyevent&act=admin") == ["Changed on the admin site"]
    assert acts(browser, "?act=edit") == []


def test_what_a_field_refers_to_is_told_by_name(browser):
    old, new = SpecialtyFactory(name="Nerves"), SpecialtyFactory(name="Neurology")
    question = QuestionFactory(specialty=old)
    question.transfer(by=DoctorFactory(name="Wu"), to=new)

    (row,) = listed(browser.get(f"{PAGE}?kind=questionevent"))

    assert row[1:] == [
        "Transferred to another specialty question",
        "Dr. Wu",
        f"Question #{question.pk}",
        "specialty: Nerves → Neurology",
    ]


def test_an_asker_is_named_nowhere_even_a_doctor(browser):
    asker = DoctorFactory(name="Wu Mukhan").user
    question = QuestionFactory(asker=asker)
    question.withdraw(by=asker)
    decided(question, act="ask")

    page = browser.get(PAGE)

    assert {row[2] for row in listed(page) if "Decision" in row[1]} == {"Patient"}
    assert "Wu Mukhan" not in page.text
    assert asker.email not in page.text


@pytest.mark.parametrize("made", ["update", "delete"])
def test_no_text_stands_in_the_list(browser, made):
    question = published_thread(headline="My zebra", text="It is a zebra.", reply__text="A zebra.")
    ArticleFactory(question=question, text="On zebras.")
    Question.objects.update(headline="New.", text="New.")
    for each in (*question.replies.all(), question.article):
        type(each).objects.filter(pk=each.pk).update(text="New.")
        if made == "delete":
            each.delete()

    page = browser.get(PAGE)

    assert "zebra" not in page.text
    assert "New." not in page.text


def test_django_log_tells_of_what_nothing_else_does_and_names_no_account(browser, admin):
    patient = UserFactory(email="patient@example.net")
    for about, name in ((TopicFactory(name="Sleep"), "Sleep"), (patient, patient.email)):
        LogEntry.objects.create(
            user=admin,
            content_type=ContentType.objects.get_for_model(type(about)),
            object_id=about.pk,
            object_repr=name,
            action_flag=2,
        )

    page = browser.get(f"{PAGE}?kind=adminlog")

    assert [row[3] for row in listed(page)] == [f"user #{patient.pk}", "topic Sleep"]
    assert "patient@example.net" not in page.text


def test_what_was_done_with_an_account_or_a_site_text_is_told_and_found(browser, admin):
    doctor = DoctorFactory(name="Wu Mukhan")
    deactivate_account(user=doctor.user, by=admin, reason="Left the hospital.")
    TextRevision.objects.create(
        code="mail.news", language="en", number=1, words={"text": "News."}, reason="Shorter.", by=admin
    )

    (text,), (account,) = (listed(browser.get(f"{PAGE}?{query}")) for query in ("words=Shorter", "act=deactivate"))
    assert text[1:] == ["Site text changed Site text", admin.email, "News of a question (English, 1)", "Shorter."]
    assert account[1:] == ["Account switched off Account", admin.email, f"#{doctor.user_id}", "Left the hospital."]


def test_a_doctors_standing_is_told_with_its_reason(browser, admin):
    doctor = DoctorFactory(name="Wu Mukhan")
    change_standing(doctor=doctor, act="suspend", by=admin, reason="A complaint is looked into.")

    (row,) = listed(browser.get(f"{PAGE}?act=suspend"))

    assert "A complaint is looked into." in " ".join(row)


def test_what_was_erased_is_told(browser):
    question = published_thread()
    Question.objects.update(public_title="New.")
    purge_history([question.pk], rule=Rule.REMOVAL)

    ((_when, what, who, about, why),) = listed(browser.get(f"{PAGE}?kind=erasure"))

    assert (what, who, why) == ("Erased from history Erasure", "–", "Removed for good")
    assert about == f"Question #{question.pk} question: 1"


# Filters


def scene(admin: User) -> dict:
    nerves, skin = SpecialtyFactory(name="Nerves"), SpecialtyFactory(name="Skin")
    doctor = DoctorFactory(name="Wu Mukhan", user__email="wu@example.org", specialties=[nerves])
    first, second = QuestionFactory(specialty=nerves), QuestionFactory(specialty=skin, asker=doctor.user)
    decided(first, act="claim", by=doctor.user, made_at=NOW)
    decided(first, act="decline", by=doctor.user, reason="examination", made_at=NOW + timedelta(days=1))
    decided(second, act="ask", by=doctor.user, made_at=NOW + timedelta(days=2))
    decided(second, act="hide", by=admin, reason="admin", made_at=NOW + timedelta(days=3))
    return {"first": first.pk, "second": second.pk, "nerves": nerves.pk, "doctor": doctor.user.pk, "admin": admin.pk}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Hidden", "Asked", "Declined", "Claimed"]),
        ("?act=decline", ["Declined"]),
        ("?question={first}", ["Declined", "Claimed"]),
        ("?specialty={nerves}", ["Declined", "Claimed"]),
        ("?person={admin}", ["Hidden"]),
        ("?person={doctor}", ["Declined", "Claimed"]),
        ("?since=2026-03-12", ["Hidden", "Asked"]),
        ("?until=2026-03-11", ["Declined", "Claimed"]),
        ("?since=2026-03-11&until=2026-03-11", ["Declined"]),
        ("?words=needs an exam", ["Declined"]),
        ("?words=admin", ["Hidden"]),
        ("?words=claimed", ["Claimed"]),
        ("?words=no such thing", []),
        ("?kind=questionevent", []),
        ("?kind=decision&act=hide&question={first}", []),
    ],
)
def test_filters_narrow_it_down(browser, admin, query, found):
    assert acts(browser, query.format(**scene(admin))) == found


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("question={question}", {"question", "patient's words", "reply", "article"}),
        ("specialty={specialty}", {"question", "patient's words", "reply", "article", "specialty"}),
        ("act=verify", {"doctor"}),
        ("words=Doctor verified", {"doctor"}),
        ("person={admin}", {"doctor"}),
    ],
)
def test_filters_reach_into_row_history(browser, admin, query, kinds):
    question = published_thread()
    ArticleFactory(question=question)
    other = published_thread()
    for each in (question, other):
        Question.objects.filter(pk=each.pk).update(headline="New.", public_title="New.")
        each.replies.update(text="New.")
        Specialty.objects.filter(pk=each.specialty_id).update(name=f"New {each.pk}")
    type(question.article).objects.update(text="New.")
    DoctorFactory(unverified=True).verify(by=admin)  # last: in one transaction, what comes later is told of it, too
    ids = {"question": question.pk, "specialty": question.specialty_id, "admin": admin.pk}

    rows = listed(browser.get(f"{PAGE}?{query.format(**ids)}"))

    names = {"question", "patient's words", "reply", "article", "specialty", "doctor"}
    found = [name for row in rows for name in names if row[1].endswith(f" {name}")]
    assert (sorted(found), len(rows)) == (sorted(kinds), len(kinds))


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("since=2026-03-12&until=2026-03-11", "This is before the first day."),
        ("since=yesterday", "Enter a valid date."),
        ("question=one", "Enter a whole number."),
        ("act=fly", "Select a valid choice. fly is not one of the available choices."),
    ],
)
def test_what_cannot_be_understood_is_told_beside_its_field(browser, query, complaint):
    page = parse(browser.get(f"{PAGE}?{query}"))

    assert complaint in page.texts(class_="errornote")


@pytest.mark.parametrize(
    "place", ["x", "2026-03-10~decision~1", "~~", "2026-03-10T00:00:00+00:00~decision~9" + "9" * 30]
)
def test_a_place_that_is_none_leads_to_the_first_page(browser, place):
    decided()

    assert acts(browser, f"?after={place}") == ["Claimed"]


# People


@pytest.mark.parametrize("typed", ["Mukhan", "wu@example", "WU@EXAMPLE.ORG"])
def test_a_doctor_is_found_by_name_or_address_which_stands_in_no_address(browser, admin, typed):
    ids = scene(admin)

    response = browser.post(f"{PAGE}person/", {"name": typed, "query": "act=claim"})
    page = browser.get(response["Location"])

    assert response["Location"] == f"{PAGE}?act=claim&person={ids['doctor']}"
    assert "Only what was done by Dr. Wu Mukhan" in parse(page).one("div", class_="history").text
    assert [row[1] for row in listed(page)] == ["Claimed Decision"]


def test_several_people_are_a_choice_and_a_patient_is_never_found(browser):
    for name in ("Wu One", "Wu Two"):
        DoctorFactory(name=name)
    UserFactory(email="wu.patient@example.net")

    page = parse(browser.post(f"{PAGE}person/", {"name": "Wu"}))
    nobody = parse(browser.post(f"{PAGE}person/", {"name": "wu.patient"}))

    names = [text.split(" · ")[0] for text, url in page.links() if "person=" in url]
    assert names == ["Dr. Wu One", "Dr. Wu Two"]
    assert "No doctor or admin is called that." in nobody.one("div", class_="history").text


def test_no_number_of_a_patient_leads_to_what_they_asked(browser):
    patient = UserFactory()
    decided(QuestionFactory(asker=patient), act="ask", by=patient)

    page = browser.get(f"{PAGE}?person={patient.pk}")

    assert listed(page) == []
    assert patient.email not in page.text


# Pages


def test_pages_go_on_where_the_last_one_ended_through_all_sources(browser, monkeypatch):
    monkeypatch.setattr(timeline, "PAGE", 3)
    question = QuestionFactory()
    for minute in range(4):
        decided(question, made_at=NOW)  # all of one moment
        Question.objects.filter(pk=question.pk).update(public_title=f"Title {minute}")
    seen, url = [], PAGE
    while url:
        page = browser.get(url)
        seen += [tuple(row) for row in listed(page)]
        following = [link for text, link in parse(page).links() if text == "Older"]
        url = PAGE + following[0] if following else ""

    whole = [entry.place for entry in timeline.stream(Wanted())]
    assert len(seen) == 8 == len(set(whole))
    assert whole == sorted(whole)
    assert [row[1].split()[-1] for row in seen] == ["question"] * 4 + ["Decision"] * 4


def test_it_asks_the_same_however_much_there_is(browser, admin, django_assert_max_num_queries):
    for number in range(8):
        question = published_thread()
        question.decisions.create(act="publish", by=UserFactory(admin=True))
        Question.objects.filter(pk=question.pk).update(public_title=f"Title {number}", headline="New.")
        question.replies.update(text="New.")
    Doctor.objects.update(biography="New.")
    Specialty.objects.update(target_hours=3)

    with django_assert_max_num_queries(32):
        browser.get(PAGE)


# Versions


def test_any_two_versions_of_a_reply_are_compared(browser):
    doctor = DoctorFactory()
    reply = published_thread(reply__doctor=doctor, reply__text="Sleep more.").replies.get()
    for text in ("Sleep a lot more.", "Sleep less."):
        reply.correct(by=doctor, text=text, reason="wrong")

    links = parse(browser.get(f"{PAGE}?kind=replyevent")).links()
    (url,) = {link for text, link in links if text.startswith("Compare the versions")}
    last = parse(browser.get(url))
    first = parse(browser.get(f"{url}?from=1&to=3"))

    assert url == f"{PAGE}replyevent/{reply.pk}/"
    today = timezone.localdate().strftime("%Y/%m/%d")
    assert last.texts("option")[:3] == ["1", f"2 · {today} · Dr. {doctor}", f"3 · {today} · Dr. {doctor}"]
    assert "From version 2 to version 3" in last.texts("h2")
    assert [first.texts("del"), first.texts("ins")] == [["[removed: more]"], ["[added: less]"]]


def test_an_article_is_compared_with_its_sources(browser):
    article = ArticleFactory(text="Old.", sources=[{"title": "A book", "url": "https://example.org/a"}])
    type(article).objects.filter(pk=article.pk).update(text="New.", sources=[])

    text = parse(browser.get(f"{PAGE}articleevent/{article.pk}/")).one(class_="difference").text

    assert all(each in text for each in ("Old", "New", "https://example.org/a"))


def test_a_specialty_is_compared_field_by_field(browser):
    specialty = SpecialtyFactory(description="Old.")
    Specialty.objects.filter(pk=specialty.pk).update(description="New.")

    page = parse(browser.get(f"{PAGE}specialtyevent/{specialty.pk}/"))

    assert [page.texts("del"), page.texts("ins")] == [["[removed: Old]"], ["[added: New]"]]


@pytest.mark.parametrize(("state", "status"), [("published", 200), ("waiting", 200), ("withdrawn", 404)])
def test_a_patients_earlier_words_are_seen_where_the_question_is(browser, state, status):
    question = QuestionFactory(text="Old.")
    fields = {"published_at": NOW, "public_title": "Title"} if state == "published" else {}
    Question.objects.filter(pk=question.pk).update(text="New.", state=state, **fields)

    assert browser.get(f"{PAGE}questionwordsevent/{question.pk}/").status_code == status


@pytest.mark.parametrize("path", ["replyevent/987654321/", "questionevent/1/", "user/1/", "decision/1/"])
def test_there_are_no_versions_of_anything_else(browser, path):
    assert browser.get(PAGE + path).status_code == 404


# Taking it along


def exported(browser, kind: str, query: str = "") -> str:
    response = browser.post(f"{PAGE}export/", {"format": kind, "query": query})
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def test_as_json_lines_it_holds_all_that_the_filters_find(browser, admin):
    ids = scene(admin)

    lines = [json.loads(line) for line in exported(browser, "jsonl", f"question={ids['first']}").splitlines()]

    assert lines[0] == {
        "at": "2026-03-11T04:00:00+00:00",
        "kind": "Decision",
        "act": "decline",
        "act_in_words": "Declined",
        "role": "doctor",
        "account": ids["doctor"],
        "name": "Wu Mukhan",
        "question": ids["first"],
        "thing": "",
        "from": "",
        "to": "",
        "reason": "It needs an examination",
        "changes": [],
    }
    assert [line["act"] for line in lines] == ["decline", "claim"]


def test_as_csv_it_says_the_same(browser, admin):
    scene(admin)
    Specialty.objects.filter(name="Skin").update(target_hours=3)

    rows = list(csv.DictReader(io.StringIO(exported(browser, "csv").removeprefix("\ufeff"))))

    assert [row["act"] for row in rows if row["kind"] == "Decision"] == ["hide", "ask", "decline", "claim"]
    assert [row["changes"] for row in rows if row["kind"] == "specialty"] == ["answer within (hours): 24 → 3"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_no_cell_becomes_a_formula(browser, start):
    question, old = QuestionFactory(), f"{start}HYPERLINK(1)"
    decided(question, reason=old)

    (row,) = csv.DictReader(io.StringIO(exported(browser, "csv", "kind=decision").removeprefix("\ufeff"), newline=""))

    assert row["reason"] == f"'{old}"


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_no_words_of_a_patient_and_no_address_are_taken_along(browser, admin, kind):
    patient = UserFactory(email="patient@example.net")
    question = published_thread(asker=patient, headline="My zebra", text="A zebra.", email="left@example.net")
    question.decisions.create(act="ask", by=patient)
    question.decisions.create(act="hide", by=admin)
    Question.objects.update(headline="Other zebra", text="New zebra.")
    DoctorFactory(unverified=True).verify(by=admin)

    text = exported(browser, kind)

    assert "patient's words" in text
    assert [word for word in ("zebra", "example.net", "example.org") if word in text] == []


def test_an_export_is_recorded_without_the_words_that_were_looked_for(browser, admin):
    exported(browser, "csv", "act=claim&since=2026-03-01&words=Mary")

    (row,) = Export.objects.all()
    (shown,) = listed(browser.get(f"{PAGE}?kind=export"))
    assert (row.format, row.by, row.filters) == ("csv", admin, {"act": "claim", "since": "2026-03-01", "words": "…"})
    assert shown[1:4] == ["History exported Export", "chief@example.org", "CSV"]


@pytest.mark.parametrize("typed", [{"format": "xls"}, {"format": "csv", "query": "since=yesterday"}, {}])
def test_what_cannot_be_exported_is_not_recorded(browser, typed):
    assert browser.post(f"{PAGE}export/", typed).status_code == 302
    assert Export.objects.count() == 0


def test_a_long_history_is_streamed_a_piece_at_a_time(browser, monkeypatch):
    monkeypatch.setattr(timeline, "PIECE", 2)
    question = QuestionFactory()
    for minute in range(7):
        decided(question, made_at=NOW + timedelta(minutes=minute), reason=f"r{minute}")

    lines = [json.loads(line) for line in exported(browser, "jsonl", "kind=decision").splitlines()]

    assert [line["reason"] for line in lines] == [f"r{minute}" for minute in reversed(range(7))]


# Who may


@pytest.mark.parametrize(
    ("given", "sees", "takes"),
    [
        ([], 403, 403),
        (["view_decision"], 200, 403),
        (["view_decision", "add_export"], 200, 200),
        (["add_export"], 403, 403),
    ],
)
def test_staff_need_the_permission(given, sees, takes):
    user, client = UserFactory(is_staff=True), Client()
    user.user_permissions.set(Permission.objects.filter(codename__in=given))
    client.force_login(user)
    specialty = SpecialtyFactory()
    Specialty.objects.update(name="New")

    paths = ["", f"specialtyevent/{specialty.pk}/"]
    answers = [client.get(PAGE + path).status_code for path in paths]
    answers.append(client.post(f"{PAGE}person/", {"name": "Wu"}).status_code)

    assert answers == [sees] * 3
    assert client.post(f"{PAGE}export/", {"format": "csv"}).status_code == takes
