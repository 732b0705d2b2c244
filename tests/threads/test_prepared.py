"""The one statement of the thread page is planned once a connection, whatever becomes of the connection."""

import pytest
from django.db import connection
from django.test import Client

from forum.threads.reading import READ
from tests.factories import published_thread
from tests.html import parse


def read(question) -> list[str]:
    return parse(Client().get(question.get_absolute_url())).texts("h1")


def prepared_statements() -> int:
    """How many this connection has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'read_thread%'")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_has_forgotten_the_statement_learns_it_again():
    """So it is behind a pooler, which hands the next statement to another connection of the server."""
    question = published_thread(public_title="Here")
    first = read(question)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    assert (first, read(question), read(question)) == (["Here"], ["Here"], ["Here"])


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_knows_the_statement_from_another_process_uses_it():
    question = published_thread(public_title="Here")
    first = read(question)
    READ._known_to.clear()

    assert (first, read(question), prepared_statements()) == (["Here"], ["Here"], 1)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_learns_the_statement():
    question = published_thread(public_title="Here")
    read(question)
    connection.close()

    assert read(question) == ["Here"]
