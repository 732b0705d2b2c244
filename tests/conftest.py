import math

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db.backends.postgresql.operations import DatabaseOperations

from forum.texts import current


def pytest_configure() -> None:
    """Tests need no collected static files, no mail server, no models, and passwords that are cheap to check."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.EMBEDDERS = "*=none"  # tests of what texts mean choose one
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    let_tests_empty_history()


def let_tests_empty_history() -> None:
    """What is written in a test without a transaction around it is truncated afterwards, which history would refuse."""
    sql_flush = DatabaseOperations.sql_flush

    def flush(*args, **kwargs) -> list[str]:
        return ["SET LOCAL consilium.erasing = 'on'", *sql_flush(*args, **kwargs)]

    DatabaseOperations.sql_flush = flush


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture(autouse=True)
def no_kept_pages() -> None:
    caches["pages"].clear()


@pytest.fixture(autouse=True)
def no_kept_texts(monkeypatch) -> None:
    """Each test begins with the site's own words, known to be current until somebody changes a text."""
    monkeypatch.setattr(current, "_copy", current.Copy(0, {}, math.inf))


@pytest.fixture(autouse=True)
def no_kept_limits(request):
    """What a test without a transaction around it leaves in the shared cache, whose table no flush empties."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    caches["default"].clear()
