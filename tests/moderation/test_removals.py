"""What admins decide on askers' requests, and what comes of it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from forum.moderation import removals, services
from forum.moderation.models import Correction
from forum.moderation.removals import decide_removal
from forum.moderation.services import remove_thread
from forum.notifications.models import MutedQuestion, Notice
from forum.notifications.services import notify_of
from forum.questions.models import Question, QuestionEvent, QuestionWordsEvent, RemovalRequest
from forum.search.models import IndexEntry
from tests.archive.test_own_data import references_to, rows_with
from tests.factories import (
    DoctorFactory,
    FollowUpFactory,
    InfoRequestFactory,
    RemovalRequestFactory,
    UnclearFactory,
    UserFactory,
    image_of,
    published_thread,
)
from tests.html import parse
from tests.moderation.desk import decisions, tasks, told
from tests.notifications.post import worker_comes
from tests.questions.private_page import PAGE, TOKEN
from tests.races import at_once

pytestmark = pytest.mark.django_db
LIST = "/admin/questions/removalrequest/"
LEFT = "left.here@example.net"


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def browser(admin):
    client = Client()
    client.force_login(admin)
    return client


def personal_thread(**fields) -> Question:
    """A thread in which much tells whose it is."""
    doctor = DoctorFactory(name="Wu Mukhan")
    question = published_thread(
        **{
            "token": TOKEN,
            "email": LEFT,
            "pseudonym": "Quiet Heron",
            "headline": "My name is Mary Jones",
            "text": "I am 34. Call me on 0912 345 678. Yours, Quiet Heron",
            "medication": "Ask mary@example.org",
            "reply__doctor": doctor,
            "reply__text": "Dear Quiet Heron, sleep more.",
            **fields,
        }
    )
    FollowUpFactory(question=question, text="Mail me: mary@example.org", answered=True, answer="No.")
    InfoRequestFactory(question=question, answered=True, answer="My number is 0912 345 678.")
    UnclearFactory(reply=question.replies.get(), text="Signed: Quiet Heron")
    return question


def decide(question: Question, by, *, kind="anonymise", outcome="granted", note="") -> RemovalRequest:
    removal = RemovalRequestFactory(question=question, kind=kind, words="Mary Jones wants it.")
    decide_removal(removal=removal, by=by, outcome=outcome, note=note)
    removal.refresh_from_db()
    return removal


# Made anonymous


def test_made_anonymous_the_thread_tells_nobody_who_asked(admin):
    question = personal_thread()

    decide(question, admin)

    page = parse(Client().get(question.get_absolute_url()))
    quote = page.one("section", id="question").text
    assert [word for word in ("Mary", "0912", "Heron", "female", "20~29", "I am 34") if word in quote] == []
    assert "My name is [name]" in quote
    assert "I am 30-39" in quote or "30~39" in quote or "30s" in quote
    question.refresh_from_db()
    assert (question.pseudonym, question.age_band, question.sex, question.state) == ("", "", "", "published")
    assert question.medication == "Ask [e-mail address]"
    assert question.follow_ups.get().text == "Mail me: [e-mail address]"
    assert "0912" not in question.info_requests.get().answer
    assert question.replies.get().unclear.get().text == "Signed: [name]"


def test_nothing_stored_leads_to_the_asker_any_more(admin, mailoutbox):
    patient = UserFactory(email="account@example.net")
    question = personal_thread(asker=patient)
    question.decisions.create(act="ask", by=patient)
    notify_of(question, "answered")
    RemovalRequest.objects.ask(question=question, kind="anonymise", words="I am Mary Jones.")

    decide_removal(removal=RemovalRequest.objects.get(), by=admin, outcome="granted")
    worker_comes()

    assert [mail.to for mail in mailoutbox] == [[LEFT]]
    assert "nothing on the site leads to you any more" in mailoutbox[0].body
    assert list(rows_with(LEFT)) == []
    assert {table for table, _column in references_to(patient.pk)} == {"account_emailaddress"}
    assert [row for word in ("Mary Jones", "0912 345") for row in rows_with(word)] == []
    assert Client().get(PAGE).status_code == 404
    assert list(Notice.objects.filter(question=question)) == []


def test_whoever_left_no_address_is_told_at_that_of_the_account(admin, mailoutbox):
    decide(personal_thread(email="", asker=UserFactory(email="account@example.net")), admin)

    worker_comes()

    assert [mail.to for mail in mailoutbox] == [["account@example.net"]]


def test_whoever_wants_no_mails_about_it_gets_none(admin, mailoutbox):
    question = personal_thread()
    MutedQuestion.objects.create(question=question)

    decide(question, admin)
    worker_comes()

    assert mailoutbox == []


def test_row_history_keeps_nothing_of_the_words(admin):
    question = personal_thread()
    Question.objects.filter(pk=question.pk).update(text="I am Mary Jones.", public_title="Mary Jones twitches")

    decide(question, admin)

    assert (QuestionWordsEvent.objects.count(), QuestionEvent.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_its_images_are_deleted_files_and_all(admin):
    question = personal_thread()
    files = [image_of(question, public=True).path(), image_of(question, picture="blue").path()]

    decide(question, admin)

    assert (question.images.count(), [path.exists() for path in files]) == (0, [False, False])


def test_the_index_forgets_the_words_and_similar_threads_are_looked_for_anew(admin):
    question = personal_thread()

    decide(question, admin)

    assert "0912" not in IndexEntry.objects.get(question=question).vector
    assert ("renew_similar_around", [question.pk]) in tasks()


def test_doctors_who_name_the_patient_are_asked_to_correct_it_themselves(admin):
    question = personal_thread()
    reply = question.replies.get()

    decide(question, admin)

    correction = Correction.objects.get()
    assert (correction.what, correction.doctor) == (f"reply-{reply.pk}", reply.doctor)
    reply.refresh_from_db()
    assert reply.text == "Dear Quiet Heron, sleep more."


def test_what_was_decided_is_recorded_without_words(admin):
    question = personal_thread()

    removal = decide(question, admin)

    acts = [(act, by, reason) for act, by, _from, _to, reason in decisions(question)]
    assert acts[0] == ("anonymise", admin.pk, "asked_for")
    assert {act for act, _by, _reason in acts} == {"anonymise", "personal_data_removed", "ask_correction"}
    assert (removal.outcome, removal.decided_by, removal.words) == ("granted", admin, "")


@pytest.mark.parametrize("state", ["hidden", "merged"])
def test_off_the_site_it_is_made_anonymous_as_well(admin, state):
    target = published_thread()
    question = personal_thread()
    fields = {"merged_into": target} if state == "merged" else {}
    Question.objects.filter(pk=question.pk).update(state=state, **fields)

    decide(question, admin)

    question.refresh_from_db()
    assert (question.state, question.email, question.pseudonym) == (state, "", "")


# Removed


@pytest.mark.parametrize("state", ["published", "hidden", "merged"])
def test_removed_it_is_gone_with_all_that_stood_on_it_and_the_asker_is_told(admin, state, mailoutbox):
    question, target = personal_thread(), published_thread()
    fields = {"merged_into": target} if state == "merged" else {}
    Question.objects.filter(pk=question.pk).update(state=state, **fields)

    removal = decide(question, admin, kind="remove")

    question.refresh_from_db()
    assert (question.state, question.removed, question.text, removal.words) == ("hidden", True, "", "")
    assert question.replies.get().unclear.count() == 0
    assert Client().get(f"/questions/{question.pk}/thread/").status_code == 404
    assert "removed this thread for good" in parse(Client().get(PAGE)).one("main").text
    assert decisions(question)[0] == ("remove", admin.pk, state, "hidden", "asked_for")
    worker_comes()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([LEFT], "There is news for you")
    assert "Nothing of what you wrote in it is kept." in mail.body
    assert list(rows_with(LEFT)) == []


@pytest.mark.parametrize("reason", ["asked_for", "danger"])
def test_whoever_asked_in_an_account_hears_of_the_removal_there(admin, mailoutbox, reason):
    patient = UserFactory(email="account@example.net")
    question = personal_thread(asker=patient, email="")

    remove_thread(question=question, by=admin, reason=reason)
    worker_comes()

    assert told(question) == [{"asked_for": "removed", "danger": "taken_off"}[reason]]
    assert [mail.to for mail in mailoutbox] == [["account@example.net"]]


def test_with_an_account_and_an_address_one_mail_goes_to_the_address(admin, mailoutbox):
    question = personal_thread(asker=UserFactory())

    remove_thread(question=question, by=admin, reason="danger")
    worker_comes()

    assert [mail.to for mail in mailoutbox] == [[LEFT]]
    assert told(question) == ["taken_off"]


def test_whoever_wants_no_mails_about_it_gets_none_of_its_removal(admin, mailoutbox):
    question = personal_thread(asker=UserFactory())
    MutedQuestion.objects.create(question=question)

    remove_thread(question=question, by=admin, reason="danger")
    worker_comes()

    assert mailoutbox == []
    assert told(question) == ["taken_off"]


# Refused


def test_refused_it_stays_as_it_was_and_the_asker_reads_why(admin):
    question = personal_thread()
    before = Question.objects.values().get(pk=question.pk)

    decide(question, admin, outcome="refused", note="Nothing in it tells who you are.")

    assert Question.objects.values().get(pk=question.pk) == before
    assert "Nothing in it tells who you are." in parse(Client().get(PAGE)).one("section", id="removal").text
    assert told(question) == ["request_refused"]
    assert decisions(question) == [("refuse_removal", admin.pk, "", "", "anonymise")]


def test_only_the_first_decision_counts(admin):
    question = personal_thread()
    removal = decide(question, admin, outcome="refused", note="No.")

    assert decide_removal(removal=removal, by=admin, outcome="granted") is False
    assert Question.objects.get(pk=question.pk).pseudonym == "Quiet Heron"


def test_what_was_taken_back_is_not_decided(admin):
    removal = RemovalRequestFactory()
    RemovalRequest.objects.take_back(question=removal.question)

    assert decide_removal(removal=removal, by=admin, outcome="granted") is False
    assert Question.objects.get().state == "published"


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_who_decide_at_once_one_does():
    removal = RemovalRequestFactory(question=personal_thread())
    admins = [UserFactory(admin=True) for _ in range(2)]

    def deciding(by, outcome):
        row = RemovalRequest.objects.get(pk=removal.pk)
        return lambda: decide_removal(removal=row, by=by, outcome=outcome, note="No.")

    assert sorted(at_once(deciding(admins[0], "granted"), deciding(admins[1], "refused"))) == [False, True]
    removal.refresh_from_db()
    assert (removal.outcome == "granted") == Question.objects.get().removed


@pytest.mark.parametrize("kind", ["remove", "anonymise"])
def test_what_fails_on_the_way_leaves_everything_as_it_was(admin, kind, monkeypatch):
    question = personal_thread()
    before = Question.objects.values().get()
    removal = RemovalRequestFactory(question=question, kind=kind)
    module, last = {"remove": (services, "notify_removed"), "anonymise": (removals, "index_questions")}[kind]
    monkeypatch.setattr(module, last, lambda *_args, **_kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        decide_removal(removal=removal, by=admin, outcome="granted")

    assert (Question.objects.values().get(), RemovalRequest.objects.open().count()) == (before, 1)
    assert (decisions(question), Notice.objects.count()) == ([], 0)


# The admin site


def test_the_queue_has_the_open_ones_oldest_first(browser):
    now = timezone.now()
    old, new = (RemovalRequestFactory(requested_at=now - timedelta(days=days)) for days in (5, 1))
    refused = RemovalRequestFactory(refused=True)

    def listed(query: str = "") -> list[str]:
        table = parse(browser.get(f"{LIST}{query}")).all(id="result_list")
        return [address for _text, address in table[0].links()] if table else []

    # The headings of the columns are links as well.
    assert [each for each in listed() if "change" in each] == [f"{old.pk}/change/", f"{new.pk}/change/"]
    assert [each for each in listed("?outcome=refused") if "change" in each] == [f"{refused.pk}/change/"]


def test_list_and_screen_ask_the_same_however_much_there_is(browser, django_assert_max_num_queries):
    for _number in range(12):
        RemovalRequestFactory(question=published_thread(), anonymise=True)
    removal = RemovalRequestFactory(question=personal_thread(), anonymise=True)

    with django_assert_max_num_queries(6):
        browser.get(LIST)
    with django_assert_max_num_queries(9):
        browser.get(f"{LIST}{removal.pk}/change/")


def test_the_screen_shows_the_thread_and_what_would_be_replaced(browser):
    removal = RemovalRequestFactory(question=personal_thread(), anonymise=True, words="My boss reads this.")

    response = browser.get(f"{LIST}{removal.pk}/change/")

    text = parse(response).one(id="content").text
    for words in ("My boss reads this.", "Dear Quiet Heron", "→ [phone number]", "→ 30-39"):
        assert words in text
    assert LEFT not in response.content.decode()


def test_an_admin_refuses_with_a_reason_and_not_without(browser):
    removal = RemovalRequestFactory(question=personal_thread())
    address = f"{LIST}{removal.pk}/change/"

    without = parse(browser.post(address, {"outcome": "refused"}))
    done = parse(browser.post(address, {"outcome": "refused", "note": "It helps others."}, follow=True))
    again = parse(browser.post(address, {"outcome": "granted"}, follow=True))

    assert "Please tell the asker why." in without.texts("li")
    assert done.texts("li", class_="success") == ["Decided. The asker is told."]
    assert again.texts("li", class_="warning") == ["It was decided before; that stays as it is."]
    assert RemovalRequest.objects.get().note == "It helps others."


def test_a_member_of_the_staff_who_may_only_look_decides_nothing():
    removal = RemovalRequestFactory()
    looker, client = UserFactory(is_staff=True), Client()
    looker.user_permissions.add(Permission.objects.get(codename="view_removalrequest"))
    client.force_login(looker)
    address = f"{LIST}{removal.pk}/change/"

    answers = [client.get(address), client.post(address, {"outcome": "granted"})]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert RemovalRequest.objects.open().count() == 1


def test_nobody_adds_or_deletes_one_there(browser):
    removal = RemovalRequestFactory()

    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{removal.pk}/delete/", {"post": "yes"}).status_code == 403
