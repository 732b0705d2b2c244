"""Every page of the contract in every state it has: each function sets its scene and opens it in a window."""

from tests.browser.pages import (
    accounts,
    asking,
    colleagues,
    correcting,
    dashboard,
    errors,
    health,
    history,
    more_info,
    notices,
    reading,
    reports,
    specialties,
    status,
    work,
    workplace,
)
from tests.browser.pages.opening import PAGES

__all__ = [
    "PAGES",
    "accounts",
    "asking",
    "colleagues",
    "correcting",
    "dashboard",
    "errors",
    "health",
    "history",
    "more_info",
    "notices",
    "reading",
    "reports",
    "specialties",
    "status",
    "work",
    "workplace",
]
