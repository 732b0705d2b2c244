from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone

from forum.operations.health import newest_migrations
from forum.operations.models import WELL_SECONDS, WorkerBeat


def test_healthz_answers_without_the_database(client):
    response = client.get("/healthz")  # no database mark: a query would be an error

    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_ready_with_a_fresh_beat(client):
    WorkerBeat.objects.beat("worker")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"database": True, "migrations": True, "worker": True})
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("age", [None, WELL_SECONDS + 1])
def test_readyz_is_not_ready_without_a_fresh_beat(client, age):
    if age is not None:
        WorkerBeat.objects.create(worker_id="worker", beat_at=timezone.now() - timedelta(seconds=age))

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": True, "migrations": True, "worker": False})


@pytest.mark.django_db
def test_readyz_is_not_ready_when_a_migration_is_missing(client):
    WorkerBeat.objects.beat("worker")
    MigrationRecorder(connection).record_unapplied(*min(newest_migrations()))

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": True, "migrations": False, "worker": True})


def test_readyz_is_not_ready_when_the_database_is_away(client, monkeypatch):
    def refuse():
        raise OperationalError

    monkeypatch.setattr(connection, "ensure_connection", refuse)

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": False, "migrations": False, "worker": False})


@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_health_pages_only_answer_questions(client, name):
    assert client.post(reverse(name)).status_code == 405
