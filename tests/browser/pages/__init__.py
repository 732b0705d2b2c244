"""Every page of the contract in every state it has: each function sets its scene and opens it in a window."""

from tests.browser.pages import (
    accounts,
    asking,
    colleagues,
    correcting,
    dashboard,
    duplicates,
    errors,
    health,
    more_info,
    notices,
    queue,
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
    "duplicates",
    "errors",
    "health",
    "more_info",
    "notices",
    "queue",
    "reading",
    "reports",
    "specialties",
    "status",
    "work",
    "workplace",
]
