"""Doctors set up a second factor and sign in with it: by mouse, by keyboard, without scripts, with a passkey."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import Hand, Keyboard, Pointer
from tests.browser.scenes import open_clinic
from tests.factories import PASSWORD
from tests.second_factors import code_of, recovery_code, with_app

NOT_YET = re.compile(r"/accounts/second-factor/\?next=/dashboard/articles/$")


@pytest.fixture
def doctor(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    return open_clinic().doctor.user


def sign_in(hand: Hand, user, page: str = "/dashboard/articles/") -> None:
    hand.page.goto(page)
    hand.write("login", user.email)
    hand.write("password", PASSWORD)
    hand.press("Sign In")


def set_up_app(hand: Hand) -> str:
    """From the page that asks for a second factor to where the doctor was going; the app's key."""
    expect(hand.page).to_have_url(NOT_YET)
    hand.follow("Use an app")
    hand.write("password", PASSWORD)
    hand.press("Confirm")
    secret = hand.page.locator("code.code").inner_text()
    hand.write("code", code_of(secret))
    hand.press("Set up")
    expect(hand.page.locator("h1")).to_have_text("Recovery codes")
    hand.follow("I have kept them: go on")
    return secret


@pytest.mark.parametrize(
    ("hands", "options"),
    [(Pointer, {}), (Keyboard, {}), (Pointer, {"javascript": False}), (Pointer, {"width": 360, "phone": True})],
    ids=["mouse", "keyboard", "without scripts", "phone"],
)
def test_an_app_is_set_up_and_signs_in(open_window, doctor, hands, options):
    first = hands(open_window(**options))
    sign_in(first, doctor)
    secret = set_up_app(first)
    expect(first.page.locator("h1")).to_have_text("More Info to review")

    second = hands(open_window(**options))
    sign_in(second, doctor)
    expect(second.page.locator("h1")).to_have_text("Your second factor")
    second.write("code", code_of(secret, steps=1))  # the code before is used up
    second.press("Sign in")

    expect(second.page).to_have_url(re.compile(r"/dashboard/articles/$"))


def test_a_recovery_code_signs_in_without_the_device(open_window, doctor):
    hand = Pointer(open_window(javascript=False))
    code = recovery_code(with_app(doctor))
    sign_in(hand, doctor)

    hand.write("code", code)
    hand.press("Sign in")

    expect(hand.page.locator("h1")).to_have_text("More Info to review")


def virtual_key(page: Page) -> None:
    """A device that confirms whatever it is asked, as Chromium's own tests have it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    options |= {"hasResidentKey": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_set_up_and_signs_in(open_window, doctor):
    hand = Pointer(open_window())
    virtual_key(hand.page)
    sign_in(hand, doctor)
    hand.follow("Use a passkey or key")
    hand.write("password", PASSWORD)
    hand.press("Confirm")
    hand.press("Add it")
    hand.follow("I have kept them: go on")
    expect(hand.page.locator("h1")).to_have_text("More Info to review")

    hand.page.context.clear_cookies()
    sign_in(hand, doctor)
    hand.press("Use a passkey or key")

    expect(hand.page.locator("h1")).to_have_text("More Info to review")


def test_a_passkey_that_is_refused_says_so_and_may_be_tried_again(open_window, doctor):
    hand = Pointer(open_window())
    sign_in(hand, doctor)
    hand.follow("Use a passkey or key")
    hand.write("password", PASSWORD)
    hand.press("Confirm")
    hand.page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('refused')); }")

    hand.page.get_by_role("button", name="Add it").click()

    expect(hand.page.get_by_role("alert")).to_contain_text("That did not work.")


def test_without_scripts_a_passkey_is_not_offered(open_window, doctor):
    hand = Pointer(open_window(javascript=False))
    sign_in(hand, doctor)
    hand.follow("Use a passkey or key")
    hand.write("password", PASSWORD)
    hand.press("Confirm")

    expect(hand.page.get_by_role("button", name="Add it")).to_have_count(0)
    expect(hand.page.get_by_text("A passkey or key needs JavaScript")).to_be_visible()
