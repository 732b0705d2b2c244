"""What admins do with what was reported: keep, correct, hide, remove, restore."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.claims import HeldByAnotherAdmin
from forum.archive.exporting import export_lines
from forum.articles.models import ArticleEvent
from forum.moderation import reporting
from forum.moderation.models import Correction, Report
from forum.moderation.reporting import NobodyToAsk, claim_report, decide_report, restore_thing
from forum.moderation.services import restore_thread
from forum.moderation.things import thing_named
from forum.questions.models import Question, QuestionWordsEvent, WrongState
from forum.replies.models import Reply, ReplyEvent
from forum.search.models import Embedding, IndexEntry
from tests.archive.test_own_data import rows_with
from tests.factories import (
    ArticleFactory,
    CorrectionFactory,
    DoctorFactory,
    FollowUpFactory,
    LookRequestFactory,
    ReplyFactory,
    ReportFactory,
    UserFactory,
    image_of,
    published_thread,
)
from tests.html import parse
from tests.moderation.desk import browser, decisions, tasks
from tests.races import at_once

pytestmark = pytest.mark.django_db
WORDS = {"reply": "zebraone", "follow_up": "zebratwo", "article": "zebrathree", "thread": "zebrafour"}


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def thread():
    """A thread with a second reply, so that the first may go alone; each part has a word of its own."""
    question = published_thread(
        text=f"My eyelid twitches, {WORDS['thread']}.", reply__text=f"Drink lead, {WORDS['reply']}.", token="the-token"
    )
    ReplyFactory(question=question, text="Please do not.")
    FollowUpFactory(question=question, answered=True, text="Really?", answer=f"Really, {WORDS['follow_up']}.")
    html = f"<p>{WORDS['article']}</p>"
    ArticleFactory(question=question, signed=True, text=WORDS["article"], html=html)
    return question


def what_of(question: Question, part: str) -> str:
    first = question.replies.order_by("pk").first()
    return {"reply": f"reply-{first.pk}", "follow_up": "follow-up-1", "article": "more-info", "thread": "thread"}[part]


def part_of(question: Question, part: str):
    return thing_named(Question.objects.get(pk=question.pk), what_of(question, part)).part


def decide(question, part: str, outcome: str, admin, *, ground="danger", note="Ten times too much.") -> Report:
    report = ReportFactory(question=question, what=what_of(question, part))
    decide_report(report=report, by=admin, outcome=outcome, ground=ground, note=note)
    report.refresh_from_db()
    return report


def everywhere(question: Question) -> str:
    """All that a visitor and the asker get to read of a thread, and what search knows of it."""
    doctor = question.replies.order_by("pk").first().doctor
    specialty = question.specialty.get_absolute_url()
    paths = ["/", question.get_absolute_url(), specialty, f"{specialty}feed.atom", "/feeds/latest.atom"]
    paths += [doctor.get_absolute_url(), "/status/the-token/", "/search/?q=eyelid", "/search/?q=lead"]
    pages = [Client().get(path).content.decode() for path in paths]
    pages += [line.decode() for line in export_lines()]
    index = IndexEntry.objects.filter(question=question, question__state="published").values_list("vector", flat=True)
    return "\n".join([*pages, *map(str, index)])


@pytest.mark.parametrize("part", WORDS)
def test_kept_is_kept_as_it_was(thread, admin, part):
    before = list(Question.objects.values()), list(Reply.objects.values())

    report = decide(thread, part, "keep", admin, ground="other", note="It is right.")

    assert (list(Question.objects.values()), list(Reply.objects.values())) == before
    assert (report.outcome, report.ground, report.note, report.decided_by) == ("keep", "other", "It is right.", admin)
    assert decisions(thread) == [("keep", admin.pk, "", "", "other")]
    assert list(thread.decisions.for_those_concerned()) == []


@pytest.mark.parametrize("part", ["reply", "follow_up", "article"])
def test_a_hidden_part_is_read_nowhere_and_the_rest_stays(thread, admin, part):
    assert WORDS[part] in everywhere(thread)

    decide(thread, part, "hide", admin)

    left = everywhere(thread)
    assert {name: word in left for name, word in WORDS.items()} == {name: name != part for name in WORDS}
    assert decisions(thread) == [(f"hide_{part}", admin.pk, "", "", "danger")]
    assert part_of(thread, part).hidden_by == admin
    assert ("renew_similar_around", [thread.pk]) in tasks()


@pytest.mark.parametrize("part", ["reply", "follow_up", "article"])
def test_restored_it_is_as_before(thread, admin, part):
    decide(thread, part, "hide", admin)
    thing = thing_named(Question.objects.get(pk=thread.pk), what_of(thread, part))

    for _time in range(2):
        restore_thing(thing=thing, by=admin, reason="other")

    assert [word for word in WORDS.values() if word not in everywhere(thread)] == []
    assert decisions(thread)[1:] == [(f"restore_{part}", admin.pk, "", "", "other")]


def test_a_hidden_thread_is_gone_and_comes_back(thread, admin):
    decide(thread, "thread", "hide", admin)
    gone = Client().get(thread.get_absolute_url()).status_code
    thing = thing_named(Question.objects.get(pk=thread.pk), "thread")

    restore_thing(thing=thing, by=admin, reason="other")

    assert (gone, Client().get(thread.get_absolute_url()).status_code) == (404, 200)
    assert [row[0] for row in decisions(thread)] == ["hide", "restore"]


def test_with_its_last_reply_the_thread_goes_and_comes_back(thread, admin):
    thread.replies.last().delete()
    decide(thread, "reply", "hide", admin)
    thing = thing_named(Question.objects.get(pk=thread.pk), what_of(thread, "reply"))
    gone = Client().get(thread.get_absolute_url()).status_code

    with pytest.raises(WrongState):
        restore_thread(question=thread, by=admin, reason="admin")
    restore_thing(thing=thing, by=admin, reason="other")

    assert (gone, Client().get(thread.get_absolute_url()).status_code) == (404, 200)
    assert [row[0] for row in decisions(thread)] == ["hide_reply", "hide", "restore_reply", "restore"]


def test_a_thread_that_was_hidden_for_itself_does_not_come_back_with_its_reply(thread, admin):
    decide(thread, "thread", "hide", admin)
    decide(thread, "reply", "hide", admin)
    thing = thing_named(Question.objects.get(pk=thread.pk), what_of(thread, "reply"))

    restore_thing(thing=thing, by=admin, reason="other")

    assert Question.objects.get(pk=thread.pk).state == "hidden"


@pytest.mark.parametrize("part", ["reply", "follow_up", "article"])
def test_of_a_removed_part_no_word_is_left_and_nothing_brings_it_back(thread, admin, part):
    decide(thread, part, "remove", admin)

    kept = json.dumps([list(model.objects.values()) for model in (Question, Reply)], default=str)
    row = part_of(thread, part)
    assert WORDS[part] not in everywhere(thread) + kept
    assert (row.removed, row.hidden_by, [getattr(row, name) for name in row.BLANK]) == (
        True,
        admin,
        [*row.BLANK.values()],
    )
    with pytest.raises(WrongState):
        row.restore(by=admin, reason="other")
    assert decisions(thread) == [(f"remove_{part}", admin.pk, "", "", "danger")]


def test_of_a_removed_thread_nothing_is_left_but_that_it_was_there(thread, admin):
    Question.objects.filter(pk=thread.pk).update(medication="zebrapill", different_because="zebrawhy")
    thread.drafts.create(doctor=DoctorFactory(), text="zebradraft")
    image_of(thread, public=True)
    LookRequestFactory(question=thread, note="Is it zebra?", answered=True, answer="It is zebra.")
    CorrectionFactory(question=thread, note="Take zebra out.")
    ReportFactory(question=thread, what="more-info", words="I know zebra.")
    ReportFactory(question=thread, decided=True, words="This is zebra.", note="Zebra is meant.")
    thread.flag(["stroke"])
    thread.mark_not_urgent(by=DoctorFactory())

    decide(thread, "thread", "remove", admin)

    question = Question.objects.get(pk=thread.pk)
    assert [row for word in ("zebra", "stroke") for row in rows_with(word)] == []
    assert (question.email, question.red_flags, question.urgent) == ("", [], False)
    assert (question.state, question.removed, question.drafts.count()) == ("hidden", True, 0)
    assert question.images.count() == 0
    assert [model.objects.filter(question=thread.pk).count() for model in (IndexEntry, Embedding)] == [0, 0]
    assert Client().get(f"/questions/{thread.pk}/thread/").status_code == 404
    assert "removed this thread for good" in parse(Client().get("/status/the-token/")).one("main").text
    with pytest.raises(WrongState):
        restore_thread(question=question, by=admin, reason="admin")


def test_what_is_asked_to_be_corrected_stands_on_the_doctors_dashboard_until_it_is_done(thread, admin):
    doctor = thread.replies.order_by("pk").first().doctor
    doctor.specialties.set([thread.specialty])
    decide(thread, "reply", "correct", admin, note="It is ten times too much.")

    shown = parse(browser(doctor).get("/dashboard/")).one(class_="corrections")
    done = browser(doctor).post(f"/dashboard/corrections/{Correction.objects.get().pk}/done/")
    browser(doctor).post(f"/dashboard/corrections/{Correction.objects.get().pk}/done/")

    assert shown.one(class_="queue__meta").text == "It is ten times too much."
    assert ("See the place", f"{thread.get_absolute_url()}#{what_of(thread, 'reply')}") in shown.links()
    assert done["Location"] == "/dashboard/"
    assert parse(browser(doctor).get("/dashboard/")).all(class_="corrections") == []
    assert Correction.objects.get().done_by == doctor
    assert [row[:2] for row in decisions(thread)] == [("ask_correction", admin.pk), ("corrected", doctor.user.pk)]
    assert Client().get(thread.get_absolute_url()).status_code == 200


def test_no_other_doctor_is_asked(thread, admin):
    decide(thread, "reply", "correct", admin)
    colleague = DoctorFactory(specialties=[thread.specialty])

    page = parse(browser(colleague).get("/dashboard/"))

    assert page.all(class_="corrections") == []


def test_where_nobody_answers_for_it_nobody_can_be_asked(admin):
    question = published_thread(reply__doctor=DoctorFactory(archived=True))
    report = ReportFactory(question=question)

    with pytest.raises(NobodyToAsk):
        decide_report(report=report, by=admin, outcome="correct", ground="danger", note="Wrong.")

    assert (Report.objects.open().count(), Correction.objects.count(), decisions(question)) == (1, 0, [])


def test_one_decision_settles_all_that_is_open_on_the_same_thing(thread, admin):
    others = [ReportFactory(question=thread, what="thread") for _ in range(2)]
    elsewhere = ReportFactory(question=thread, what="more-info")

    decide(thread, "thread", "keep", admin)

    assert [Report.objects.get(pk=other.pk).outcome for other in others] == ["keep", "keep"]
    assert list(Report.objects.open()) == [elsewhere]
    assert len(decisions(thread)) == 1


def test_only_the_first_decision_counts(thread, admin):
    report = decide(thread, "reply", "keep", admin)
    before = Report.objects.values().get()

    again = decide_report(report=report, by=UserFactory(admin=True), outcome="remove", ground="other")

    assert (again, Report.objects.values().get()) == (False, before)
    assert WORDS["reply"] in part_of(thread, "reply").text


def test_each_reporter_is_told_once(thread, admin, monkeypatch):
    told = []
    monkeypatch.setattr(reporting, "tell_reporter", lambda report: told.append((report.email, report.outcome)))
    ReportFactory(question=thread, what="thread", email="eve@example.org")

    report = decide(thread, "thread", "hide", admin)
    decide_report(report=report, by=admin, outcome="keep", ground="other")

    assert sorted(told) == [("", "hide"), ("eve@example.org", "hide")]


def test_what_a_colleague_is_at_waits_for_her_or_for_half_an_hour(thread, admin):
    report, colleague = ReportFactory(question=thread), UserFactory(admin=True)
    claim_report(report=report, by=colleague)

    for act in (claim_report, lambda **held: decide_report(**held, outcome="keep", ground="other")):
        with pytest.raises(HeldByAnotherAdmin):
            act(report=report, by=admin)
    Report.objects.update(claimed_at=timezone.now() - timedelta(minutes=31))

    claim_report(report=report, by=admin)
    assert Report.objects.get().claimed_by == admin


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_decide_at_once_one_does(thread):
    report = ReportFactory(question=thread)
    admins = [UserFactory(admin=True) for _ in range(2)]

    def deciding(by, outcome):
        return lambda: decide_report(report=report, by=by, outcome=outcome, ground="other", note="Why.")

    done = at_once(deciding(admins[0], "keep"), deciding(admins[1], "hide"))

    report.refresh_from_db()
    assert sorted(done) == [False, True]
    assert (report.outcome == "hide") == (Question.objects.get(pk=thread.pk).state == "hidden")
    assert len(decisions(thread)) == 1


@pytest.mark.parametrize("outcome", ["keep", "correct", "hide", "remove"])
def test_what_fails_on_the_way_leaves_nothing_behind(thread, admin, outcome, monkeypatch):
    report = ReportFactory(question=thread, what=what_of(thread, "reply"))
    before = list(Reply.objects.values())
    monkeypatch.setattr(reporting, "tell_reporter", lambda report: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        decide_report(report=report, by=admin, outcome=outcome, ground="danger", note="Why.")

    assert (list(Reply.objects.values()), decisions(thread), Correction.objects.count()) == (before, [], 0)
    assert Report.objects.open().count() == 1


@pytest.mark.parametrize("outcome", ["correct", "hide", "remove"])
def test_what_is_no_longer_there_can_only_be_kept(thread, admin, outcome):
    report = ReportFactory(question=thread, what="reply-987654321")

    with pytest.raises(WrongState):
        decide_report(report=report, by=admin, outcome=outcome, ground="danger", note="Why.")
    assert decide_report(report=report, by=admin, outcome="keep", ground="other") is True


@pytest.mark.parametrize("part", ["reply", "article", "thread"])
def test_no_revision_keeps_what_was_removed(thread, admin, part):
    doctor = DoctorFactory()
    reply, article = part_of(thread, "reply"), part_of(thread, "article")
    reply.correct(by=doctor, text=f"Corrected, {WORDS['reply']}.", reason="wrong")
    article.correct(by=doctor, text=f"Corrected, {WORDS['article']}.", sources=[], reason="wrong")

    decide(thread, part, "remove", admin)

    events = [ReplyEvent.objects.values(), ArticleEvent.objects.values(), QuestionWordsEvent.objects.values()]
    left = json.dumps([list(rows) for rows in events], default=str)
    assert (WORDS[part] in left, "zebra" in left) == (False, part != "thread")


def test_no_revision_keeps_an_article_that_an_import_has_replaced(thread, admin):
    part_of(thread, "article").delete()
    ArticleFactory(question=thread, text=f"Imported, {WORDS['article']}.")

    decide(thread, "article", "remove", admin)

    assert list(ArticleEvent.objects.all()) == []


@pytest.mark.parametrize("part", ["reply", "article"])
def test_what_is_removed_is_corrected_by_nobody(thread, admin, part):
    decide(thread, part, "remove", admin)
    words = {"text": "Words again.", "reason": "wrong"} | ({"sources": []} if part == "article" else {})

    with pytest.raises(WrongState):
        part_of(thread, part).correct(by=DoctorFactory(), **words)

    assert part_of(thread, part).text == ""


def test_the_history_names_the_ground(thread, admin):
    decide(thread, "reply", "hide", admin, ground="danger")

    assert str(thread.decisions.get().why) == "Wrong or dangerous advice"
