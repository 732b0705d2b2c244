"""What a mail says, and above all what it does not."""

import re

import pytest
from django.conf import settings as site

from accounts.models import Doctor
from forum.notifications.mail import compose
from forum.notifications.models import (
    ACCOUNT_KINDS,
    ASKER_KINDS,
    DOCTOR_KINDS,
    FOLLOWER_KINDS,
    LETTER_KINDS,
    Kind,
    Notice,
)
from forum.search.models import QuestionTopic
from tests.factories import (
    DoctorFactory,
    NoticeFactory,
    QuestionFactory,
    ReplyFactory,
    SpecialtyFactory,
    SubscriptionFactory,
    TopicFactory,
    UserFactory,
)
from tests.html import parse
from tests.notifications.post import links_in, worker_comes

pytestmark = pytest.mark.django_db

TO = "somebody@example.net"
SITE = "https://consilium.example.org"
NEWS = "There is news about a question you asked."
MISSING = "A doctor cannot answer a question of yours yet: something is missing that only you know."
SECRETS = (
    "Twitching eyelid",
    "Myokymia",
    "myokymia",
    "Blepharospasm",
    "Kkkk",
    "Neurology",
    "neurology",
    "abcdefghijklmnopqrstuv",
    "Wu Mukhan",
    "Magnesium",
    "Eyelids",
    "eyelids",
    TO,
    "account@example.net",
)


@pytest.fixture(autouse=True)
def here(settings):
    settings.SITE_URL = SITE


def secret_question(**fields):
    doctor = DoctorFactory(name="Wu Mukhan", slug="wu-mukhan")
    question = QuestionFactory(
        **{
            "published": True,
            "headline": "Twitching eyelid",
            "public_title": "Myokymia: causes",
            "text": "Blepharospasm since March",
            "pseudonym": "Kkkk",
            "specialty": SpecialtyFactory(name="Neurology", slug="neurology"),
            "token": "abcdefghijklmnopqrstuv",
            "email": TO,
            "asker": UserFactory(email="account@example.net"),
            **fields,
        }
    )
    ReplyFactory(question=question, doctor=doctor, text="Magnesium may help")
    topic = TopicFactory(name="Eyelids", slug="eyelids", specialty=question.specialty)
    QuestionTopic.objects.create(question=question, topic=topic)
    return question


def notice_of(kind: str, **fields) -> Notice:
    question = secret_question(**fields)
    of = {"kind": kind, "question": question}
    if kind in LETTER_KINDS:
        return NoticeFactory(kind=kind, question=None, user=None, email=TO, language="en")
    if kind in DOCTOR_KINDS:
        return NoticeFactory(**of, user=Doctor.objects.get().user)
    if kind == Kind.TOPIC_NEWS:
        follower = SubscriptionFactory(of_topic=True, topic=question.topics.get())
        return NoticeFactory(kind=kind, question=None, user=None, subscription=follower)
    if kind in FOLLOWER_KINDS:
        return NoticeFactory(**of, user=None, subscription=SubscriptionFactory(question=question))
    return NoticeFactory(**of)


@pytest.mark.parametrize("kind", Kind.values)
def test_a_mail_says_nothing_of_what_it_is_about(kind):
    mail = compose(notice_of(kind), TO)

    (html, kind_of_text) = mail.alternatives[0]
    said = f"{mail.subject}\n{mail.body}\n{html}\n{mail.extra_headers}"
    assert ([word for word in SECRETS if word in said], kind_of_text, mail.attachments) == ([], "text/html", [])


@pytest.mark.parametrize("kind", Kind.values)
def test_a_mail_leads_to_the_site_alone_and_tells_nobody_that_it_was_opened(kind):
    mail = compose(notice_of(kind), TO)

    html = mail.alternatives[0][0]
    page = parse(html)
    hosts = set() if kind in LETTER_KINDS else {"consilium.example.org"}
    assert {link.split("/", 3)[2] for link in links_in(mail)} == hosts
    assert {address.split("/", 3)[2] for _text, address in page.links()} == hosts
    assert [page.all(tag) for tag in ("img", "link", "script", "style", "iframe")] == [[], [], [], [], []]
    assert not re.search(r"url\(|background|src=|style=", html)
    assert sorted(address for _text, address in page.links()) == sorted(links_in(mail))


@pytest.mark.parametrize("kind", sorted(LETTER_KINDS))
def test_a_letter_asks_not_to_be_answered_and_leads_nowhere(kind):
    mail = compose(notice_of(kind), TO)

    sent = mail.message()
    assert (sent["Auto-Submitted"], sent["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert (sent["List-Unsubscribe"], sent["List-Unsubscribe-Post"], links_in(mail)) == (None, None, [])
    why = {Kind.FACTORS_REMOVED: "it concerns the safety of your account on Consilium."}
    assert mail.body.rstrip().endswith(why.get(kind, "we have forgotten that you left this address for it."))


@pytest.mark.parametrize("kind", sorted(ACCOUNT_KINDS))
def test_a_mail_about_the_own_work_here_cannot_be_ended(kind):
    mail = compose(notice_of(kind), TO)

    sent = mail.message()
    assert (sent["Auto-Submitted"], sent["List-Unsubscribe"]) == ("auto-generated", None)
    assert links_in(mail) == [f"{SITE}/accounts/doctor/"]
    assert mail.body.rstrip().endswith("because it concerns your work as a doctor on Consilium.")


@pytest.mark.parametrize("kind", sorted(set(Kind.values) - LETTER_KINDS - ACCOUNT_KINDS))
def test_a_mail_asks_not_to_be_answered_and_can_be_ended_with_one_click(kind):
    mail = compose(notice_of(kind), TO)

    sent = mail.message()
    assert (sent["Auto-Submitted"], sent["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert sent["List-Unsubscribe"] == f"<{links_in(mail)[-1]}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert links_in(mail)[-1].startswith(f"{SITE}/notices/")
    assert sent["Message-ID"].endswith("@consilium.example.org>")
    assert [part.get_content_type() for part in sent.get_payload()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("kind", sorted(ASKER_KINDS))
def test_an_asker_is_told_that_there_is_news_or_that_a_doctor_waits(kind):
    mail = compose(notice_of(kind), TO)

    waits = kind in ("asked_for_more", "reminder")
    assert mail.subject == ("A doctor is waiting to hear from you" if waits else "There is news for you")
    assert mail.body.splitlines()[0] == (MISSING if waits else NEWS)


def test_an_asker_with_an_account_is_led_to_the_question():
    notice = notice_of("answered")

    mail = compose(notice, TO)

    assert links_in(mail)[0] == f"{SITE}/my/questions/{notice.question_id}/"
    assert "private link" not in mail.body


@pytest.mark.parametrize("asker", [None, {"is_active": False}])
def test_an_asker_without_one_is_reminded_of_the_private_link(asker):
    notice = notice_of("answered", asker=asker and UserFactory(**asker))

    mail = compose(notice, TO)

    assert len(links_in(mail)) == 1
    assert mail.body.splitlines()[2] == (
        "Please open your private link (it is in our first e-mail and was shown to you after asking), or sign in and "
        "look under “My questions”."
    )


@pytest.mark.parametrize(
    ("kind", "subject", "path"),
    [
        ("new_question", "A new question waits", "/dashboard/questions/{id}/"),
        ("urgent", "An urgent question waits", "/dashboard/questions/{id}/"),
        ("follow_up_asked", "A follow-up question", "/dashboard/questions/{id}/"),
        ("look", "A colleague asks you", "/dashboard/"),
        ("info_answered", "A patient has answered", "/dashboard/questions/{id}/"),
        ("digest", "New questions today", "/dashboard/"),
        ("thread_news", "There is news for you", "/questions/{id}/-/"),
        ("topic_news", "There is news for you", "/questions/{id}/-/"),
    ],
)
def test_a_mail_leads_to_where_there_is_something_to_do(kind, subject, path):
    notice = notice_of(kind)
    question = notice.question or notice.subscription.topic.questions.get()

    mail = compose(notice, TO)

    assert (mail.subject, links_in(mail)[0]) == (subject, SITE + path.format(id=question.pk))


@pytest.mark.parametrize(("number", "words"), [(1, "1 new question waits"), (7, "7 new questions wait")])
def test_the_daily_mail_to_a_doctor_counts(number, words):
    notice = notice_of("digest")
    notice.number = number

    assert compose(notice, TO).body.splitlines()[0] == f"{words} in your specialties."


@pytest.mark.parametrize(
    ("kind", "question", "follower", "expected"),
    [
        ("answered", "zh-hant", "en", "zh-hant"),
        ("answered", "en", "zh-hant", "en"),
        ("answered", "fr", "en", "en"),
        ("thread_news", "en", "zh-hant", "zh-hant"),
        ("confirm", "zh-hant", "en", "en"),
        ("look", "zh-hant", "en", "en"),
    ],
)
def test_a_mail_is_in_the_language_of_its_reader(settings, kind, question, follower, expected):
    settings.LANGUAGES = [*site.LANGUAGES, ("zh-hant", "Chinese")]
    notice = notice_of(kind, language=question)
    if notice.subscription:
        notice.subscription.language = follower

    html = compose(notice, TO).alternatives[0][0]

    assert parse(html).one("html").attrs["lang"] == expected


def test_the_link_without_a_title_leads_on_to_the_thread(client, mailoutbox):
    notice = notice_of("thread_news")

    worker_comes()

    path = links_in(mailoutbox[0])[0].removeprefix(SITE)
    assert client.get(path)["Location"] == notice.question.get_absolute_url()
