import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from config.database import discard_cluster
from tests.factories import QuestionFactory, image_of


@pytest.fixture(scope="package")
def made(django_db_setup, django_db_blocker, tmp_path_factory) -> Path:
    """A backup of a question with an image, and its file; the database is empty afterwards."""
    directory = tmp_path_factory.mktemp("made")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=directory / "uploads"):
        image_of(QuestionFactory())
        call_command("backup", str(directory / "a.tar"), stdout=io.StringIO())
        call_command("flush", interactive=False, verbosity=0)
        connection.close()
    return directory / "a.tar"


@pytest.fixture
def backup(made, tmp_path) -> Path:
    return Path(shutil.copy(made, tmp_path))


@pytest.fixture
def there() -> Iterator[Path]:
    """A directory for a site. Not pytest's: below those the user whom PostgreSQL runs as is not let in."""
    path = Path(tempfile.mkdtemp(prefix="consilium-there-"))
    yield path
    discard_cluster(path / "postgres")
    shutil.rmtree(path)
