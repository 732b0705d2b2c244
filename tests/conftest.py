import pytest
from django.conf import settings
from django.core.cache import caches


def pytest_configure() -> None:
    """Tests need no collected static files, no mail server, and passwords that are cheap to check."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture(autouse=True)
def no_kept_pages() -> None:
    caches["pages"].clear()
