"""Who somebody is to the site. The same predicates serve views, templates and tests."""

from accounts.models import Standing, User


def is_admin(user) -> bool:
    return user.is_authenticated and user.is_active and user.is_staff


def can_work_as_doctor(user) -> bool:
    """A doctor whom an admin has verified and whose licence covers today: sees the queue and replies."""
    if not (user.is_authenticated and user.is_active):
        return False
    doctor = user.doctor_profile
    return doctor is not None and doctor.standing == Standing.VERIFIED


def why_not_working(user: User) -> str:
    """What keeps this user from the dashboard: `not_a_doctor`, a Standing such as `expired`, or nothing."""
    doctor = user.doctor_profile
    if doctor is None:
        return "not_a_doctor"
    return "" if doctor.standing == Standing.VERIFIED else doctor.standing.value
