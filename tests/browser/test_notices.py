"""Following by mail and reading the news, on a phone and without scripts as well."""

from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import expect

from forum.notifications.models import Subscription
from tests.browser.pages import PAGES
from tests.browser.pages.opening import press
from tests.browser.scenes import full_thread, open_clinic
from tests.notifications.post import links_in, worker_comes


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reader_follows_a_thread_and_stops_again(open_window, javascript):
    thread = full_thread(open_clinic())
    reader = open_window(width=360, phone=True, javascript=javascript)

    reader.goto(thread.get_absolute_url())
    with reader.expect_navigation():
        reader.get_by_role("link", name="Follow this thread by e-mail").click()
    reader.get_by_label("Your e-mail").fill("reader@example.net")
    press(reader, "Follow")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Please look into your mail")
    worker_comes()
    confirm, stop = (urlsplit(link).path for link in links_in(mail.outbox[-1]))
    reader.goto(confirm)
    press(reader, "Yes, send me mails")
    expect(reader.get_by_role("heading", level=1)).to_have_text("You follow this page")
    assert Subscription.objects.confirmed().count() == 1

    reader.goto(stop)
    press(reader, "Stop these mails")

    expect(reader.get_by_role("heading", level=1)).to_have_text("You get no more of these mails")
    assert Subscription.objects.count() == 0


@pytest.mark.parametrize(("width", "unread"), [(360, "3 unread news"), (1280, "3 unread")])
def test_the_header_says_how_many_news_there_are_until_they_are_read(open_window, width, unread):
    doctor = PAGES["news_of_a_doctor"](open_window)
    doctor.set_viewport_size({"width": width, "height": 800})
    header = doctor.locator("header")

    expect(header.locator(".site-nav__count:visible")).to_have_text(unread)
    press(doctor, "Mark all as read")

    expect(header.get_by_text("unread")).to_have_count(0)
    expect(doctor.locator(".news__item--unread")).to_have_count(0)


def test_a_doctor_chooses_by_keyboard_which_mails_come(open_window):
    doctor = PAGES["notices_of_a_doctor"](open_window)

    doctor.get_by_label("Never: I look at the dashboard").press("Space")
    doctor.get_by_label("Follow-up questions on my threads").press("Space")
    press(doctor, "Save")

    expect(doctor.get_by_role("status")).to_have_text("Saved.")
    expect(doctor.get_by_label("Never: I look at the dashboard")).to_be_checked()
    expect(doctor.get_by_label("Follow-up questions on my threads")).not_to_be_checked()
