"""What a wrong environment tells the operator: one line, no traceback."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "CONSILIUM_MODE": "production",
    "SECRET_KEY": "a-key-of-fifty-characters-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgresql://localhost/none",
    "EMAIL_URL": "smtp://localhost",
}


def check(environment: dict[str, str]) -> tuple[int, str]:
    """The exit status and the words of `manage.py check` in this environment."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "CONSILIUM_DATA_DIR": str(settings.DATA_DIR), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.strip()


@pytest.mark.parametrize("first", ["a", "$", "#"])
def test_production_with_all_it_needs_is_in_order(first):
    assert check(PRODUCTION | {"SECRET_KEY": first + PRODUCTION["SECRET_KEY"]}) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL"])
def test_production_without_one_of_its_settings_is_refused_by_name(name):
    assert check({**PRODUCTION, name: ""}) == (
        1,
        f"Consilium is not set up right. Production mode needs these settings in the environment: {name}.",
    )


def test_another_database_than_postgresql_is_refused():
    assert check({"DATABASE_URL": "sqlite:///x.sqlite3"}) == (
        1,
        "Consilium is not set up right. DATABASE_URL must begin with postgresql://",
    )
