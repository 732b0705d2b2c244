import logging
import smtplib

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from forum.questions.models import Question
from tests.asking import WORDS, browser, send_question
from tests.factories import SpecialtyFactory

pytestmark = pytest.mark.django_db

EMAIL = "left-for-news@example.net"


class BrokenMail(BaseEmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected(f"{messages[0].to[0]} {messages[0].body}")


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology")


def test_link_is_mailed_to_the_address_that_was_left(mailoutbox, neurology):
    link = send_question(browser(), neurology, email=EMAIL).url

    (mail,) = mailoutbox
    assert (mail.to, mail.cc, mail.bcc, mail.subject) == ([EMAIL], [], [], "Your private link")
    assert f"\nhttp://testserver{link}\n" in mail.body


def test_mail_with_the_link_says_nothing_of_the_question(mailoutbox, neurology):
    send_question(browser(), neurology, email=EMAIL, pseudonym="Marigold")

    text = f"{mailoutbox[0].subject} {mailoutbox[0].body}"
    for word in (*WORDS["headline"].split(), *WORDS["text"].split(), "Neurology", "Marigold"):
        if len(word) > 4:
            assert word not in text


def test_link_is_mailed_once_however_often_the_question_is_sent(mailoutbox, neurology):
    patient = browser()

    send_question(patient, neurology, email=EMAIL)
    send_question(patient, neurology, email=EMAIL)

    assert len(mailoutbox) == 1


def test_no_mail_is_sent_where_no_address_was_left(mailoutbox, neurology):
    send_question(browser(), neurology)

    assert mailoutbox == []


def test_no_mail_is_sent_where_the_question_was_not_taken(mailoutbox, neurology):
    send_question(browser(), neurology, email=EMAIL, consent=None)

    assert mailoutbox == []


def test_question_is_taken_though_the_mail_server_fails(settings, caplog, neurology):
    settings.EMAIL_BACKEND = "tests.questions.test_asking_mail.BrokenMail"
    patient = browser()
    logging.getLogger("consilium").addHandler(caplog.handler)

    link = send_question(patient, neurology, email=EMAIL).url

    logging.getLogger("consilium").removeHandler(caplog.handler)
    question = Question.objects.get()
    assert WORDS["headline"] in patient.get(link).content.decode()
    assert question.email == EMAIL
    assert caplog.messages == [f"The status link of question {question.pk} could not be mailed"]
