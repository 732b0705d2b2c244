"""Sign-in and what belongs to it."""

from playwright.sync_api import Page

from tests.browser.pages.opening import Window, page_of, press, visit
from tests.browser.scenes import open_clinic
from tests.factories import (
    DoctorFactory,
    UserFactory,
)


@page_of
def sign_in(window):
    return visit(window, "/accounts/login/")


@page_of
def sign_in_refused(window):
    page = visit(window, "/accounts/login/")
    page.locator("[name=login]").fill("nobody@example.org")
    page.locator("[name=password]").fill("wrong")
    return press(page, "Sign In")


@page_of
def sign_up(window):
    return visit(window, "/accounts/signup/")


def signed_up(window: Window, password: str) -> Page:
    page = visit(window, "/accounts/signup/")
    page.locator("[name=email]").fill("new.patient@example.org")
    page.locator("[name=password1]").fill(password)
    page.locator("[name=password2]").fill(password)
    return press(page, "Sign Up")


@page_of
def sign_up_refused(window):
    return signed_up(window, "12345")


@page_of
def sign_up_wants_the_address_confirmed(window):
    return signed_up(window, "a-long-password-for-tests")


@page_of
def e_mail_confirmation_that_is_no_longer_valid(window):
    return visit(window, "/accounts/confirm-email/expired/")


@page_of
def sign_out(window):
    return visit(window, "/accounts/logout/", user=UserFactory())


@page_of
def account_menu(window):
    user = open_clinic().doctor.user
    user.is_staff = True
    user.save()
    page = visit(window, "/doctors/", user=user)
    page.get_by_text("Account").click()
    return page


@page_of
def password_reset(window):
    return visit(window, "/accounts/password/reset/")


@page_of
def password_reset_sent(window):
    return visit(window, "/accounts/password/reset/done/")


@page_of
def password_reset_with_a_bad_link(window):
    return visit(window, "/accounts/password/reset/key/1-bad-key/")


@page_of
def my_data(window):
    return visit(window, "/accounts/data/", user=UserFactory())


@page_of
def delete_my_account(window):
    page = visit(window, "/accounts/delete/", user=DoctorFactory().user)
    return press(page, "Delete my account for good")


@page_of
def password_change(window):
    return visit(window, "/accounts/password/change/", user=UserFactory())


@page_of
def e_mail_addresses(window):
    return visit(window, "/accounts/email/", user=UserFactory())
