"""`reindex`: the index made whole while the site serves."""

import pytest
from django.core.management import CommandError, call_command

from forum.search.management.commands import reindex
from forum.search.models import Embedding, IndexEntry, Lexeme
from forum.search.queries import search_questions
from tests.factories import published_thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("word_embedder")]


def threads(number: int) -> list[int]:
    return [published_thread(public_title=f"Tooth {n}", text=f"Gum {n}", reply__text="X.").pk for n in range(number)]


def test_what_is_missing_is_done():
    ids = threads(3)
    IndexEntry.objects.filter(pk=ids[0]).delete()

    call_command("reindex")

    assert set(IndexEntry.objects.exclude(similar_at=None).values_list("pk", flat=True)) == set(ids)
    assert set(Embedding.objects.values_list("pk", flat=True)) == set(ids)
    assert Lexeme.objects.get(language="en", lexeme="tooth").documents == 3


def test_what_is_there_is_left_as_it_is(word_embedder):
    threads(2)
    call_command("reindex")
    before = (word_embedder.calls, list(IndexEntry.objects.order_by("pk").values_list("similar_at", flat=True)))

    call_command("reindex")

    after = (word_embedder.calls, list(IndexEntry.objects.order_by("pk").values_list("similar_at", flat=True)))
    assert after[1] == before[1]


def test_all_is_done_anew():
    (pk,) = threads(1)
    call_command("reindex")
    IndexEntry.objects.update(vector="'something':1 'else':2")

    call_command("reindex", "--all")

    assert [question.pk for question in search_questions("gum")] == [pk]
    assert IndexEntry.objects.get().similar_at is not None


def test_stopped_it_tells_how_to_go_on(monkeypatch):
    first, *_rest = threads(3)
    monkeypatch.setattr(reindex, "EMBEDDED_AT_ONCE", 1)
    done = []

    def stopped_at_the_second(ids):
        if done:
            raise KeyboardInterrupt
        done.extend(ids)

    monkeypatch.setattr(reindex, "write_and_embed", stopped_at_the_second)

    with pytest.raises(CommandError, match=f"--after {first}"):
        call_command("reindex", "--all")


def test_from_where_it_was_stopped_it_goes_on():
    first, second = threads(2)

    call_command("reindex", "--all", "--after", str(first))

    assert list(Embedding.objects.values_list("pk", flat=True)) == [second]


def test_an_embedder_that_is_out_is_told(word_embedder):
    threads(1)
    word_embedder.is_out = True

    with pytest.raises(CommandError, match="found by their words"):
        call_command("reindex")

    assert IndexEntry.objects.count() == 1
