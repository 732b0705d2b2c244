"""Every page of the contract in every state it has: each function sets its scene and opens it in a window."""

from tests.browser.pages import accounts, asking, correcting, dashboard, errors, notices, reading, reports, status, work
from tests.browser.pages.opening import PAGES

__all__ = [
    "PAGES",
    "accounts",
    "asking",
    "correcting",
    "dashboard",
    "errors",
    "notices",
    "reading",
    "reports",
    "status",
    "work",
]
