"""Second factors, and the admins' screens of people and of other eyes."""

from playwright.sync_api import Page

from accounts.models import AccountDecision
from tests.browser.pages.opening import ENDLESS, Window, page_of, press, visit
from tests.browser.pages.workplace import admins
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import PASSWORD, DoctorFactory, UserFactory, published_thread
from tests.second_factors import with_app


def confirmed(window: Window, path: str, user) -> Page:
    """A page that asks for the password first."""
    page = visit(window, path, user=user)
    page.locator("[name=password]").fill(PASSWORD)
    return press(page, "Confirm")


@page_of
def second_factor_needed(window):
    return visit(window, "/accounts/second-factor/?next=/dashboard/", user=DoctorFactory().user)


@page_of
def second_factors_none(window):
    return visit(window, "/accounts/2fa/", user=UserFactory())


@page_of
def second_factors(window):
    return visit(window, "/accounts/2fa/", user=with_app(UserFactory()))


@page_of
def second_factor_password_again(window):
    return visit(window, "/accounts/2fa/totp/activate/", user=UserFactory())


@page_of
def second_factor_app(window):
    return confirmed(window, "/accounts/2fa/totp/activate/", UserFactory())


@page_of
def second_factor_app_refused(window):
    page = confirmed(window, "/accounts/2fa/totp/activate/", UserFactory())
    page.locator("[name=code]").fill("000000")
    return press(page, "Set up")


@page_of
def second_factor_app_taken_away(window):
    return confirmed(window, "/accounts/2fa/totp/deactivate/", with_app(UserFactory()))


@page_of
def second_factor_recovery_codes(window):
    return confirmed(window, "/accounts/2fa/recovery-codes/", with_app(UserFactory()))


@page_of
def second_factor_new_recovery_codes(window):
    return confirmed(window, "/accounts/2fa/recovery-codes/generate/", with_app(UserFactory()))


@page_of
def second_factor_key(window):
    return confirmed(window, "/accounts/2fa/webauthn/add/", UserFactory())


@page_of
def second_factor_keys_none(window):
    return visit(window, "/accounts/2fa/webauthn/", user=UserFactory())


@page_of
def second_factor_at_sign_in_refused(window):
    user = with_app(UserFactory())
    page = visit(window, "/accounts/login/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    press(page, "Sign In")
    page.locator("[name=code]").fill("000000")
    return press(page, "Sign in")


@page_of
def people(window):
    DoctorFactory(name="Ada Same", user__email="ada.same@example.org", user__admin=True)
    DoctorFactory(name="Bo Same", archived=True)
    UserFactory(email=f"{ENDLESS[:60]}same@example.org", is_active=False)
    page = admins(window, "/admin/people/")
    page.locator("[name=words]").fill("same")
    return press(page, "Find")


@page_of
def people_refused(window):
    return press(admins(window, "/admin/people/"), "Find")


@page_of
def person(window):
    user = with_app(DoctorFactory(name=ENDLESS).user)
    boss = UserFactory(admin=True)
    AccountDecision.objects.create(user=user, act="deactivate", by=boss, reason=ENDLESS)
    return press(admins(window, f"/admin/people/{user.pk}/"), "Switch the account off")


@page_of
def merge_profile(window):
    source = DoctorFactory(name="Ada Same", slug="ada-archive", archived=True)
    DoctorFactory(name="Ada Same", hospital="General Hospital")
    published_thread(reply__doctor=source)
    return press(admins(window, f"/admin/people/profiles/{source.pk}/merge/"), "Merge")


@page_of
def view_as(window):
    open_clinic()
    return admins(window, "/admin/view-as/")


@page_of
def view_as_a_visitor(window):
    return admins(window, f"/admin/view-as/visitor{full_thread(open_clinic()).get_absolute_url()}")


@page_of
def view_as_a_doctor(window):
    clinic = open_clinic()
    full_thread(clinic)
    return admins(window, f"/admin/view-as/doctor-{clinic.specialty.slug}/dashboard/")
