"""`evaluate_similarity`: figures on judged pairs, and nothing left behind."""

import json

import pytest
from django.core.management import CommandError, call_command

from forum.questions.models import Question
from forum.search.models import EmbeddingModel, IndexEntry
from tests.factories import published_thread

pytestmark = pytest.mark.django_db
PAIRS = [
    {"query": "my tooth hurts", "candidate": "a hurting tooth", "label": 1},
    {"query": "my tooth hurts", "candidate": "my dog hurts", "label": 0},
    {"query": "the pulse is fast", "candidate": "fast pulse", "label": 1},
    {"query": "the pulse is fast", "candidate": "the train is fast", "label": 0},
    {"candidate": "a text that stands alone"},
]
KEYS = ["recall_at_1", "recall_at_5", "mrr_at_10", "auc", "queries", "candidates", "texts_per_second"]


@pytest.fixture
def measured(tmp_path, capsys):
    def measure(lines: list, *options: str) -> dict:
        path = tmp_path / "pairs.jsonl"
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
        call_command("evaluate_similarity", str(path), "--json", *options)
        return json.loads(capsys.readouterr().out)

    return measure


@pytest.mark.usefixtures("word_embedder")
@pytest.mark.parametrize("mode", ["both", "text", "meaning"])
def test_the_figures_of_pairs_that_are_told_apart(measured, mode):
    quality = measured(PAIRS, "--mode", mode)

    assert list(quality) == KEYS
    assert (quality["recall_at_1"], quality["recall_at_5"], quality["mrr_at_10"]) == (1, 1, 1)
    assert (quality["queries"], quality["candidates"]) == (2, 7)


@pytest.mark.usefixtures("word_embedder")
def test_a_right_one_that_comes_second_counts_half(measured):
    quality = measured(
        [
            {"query": "tooth one", "candidate": "gum tooth", "label": 1},
            {"query": "tooth one", "candidate": "tooth one two", "label": 0},
        ]
    )

    assert (quality["recall_at_1"], quality["recall_at_5"], quality["mrr_at_10"]) == (0, 1, 0.5)
    assert quality["auc"] == 0


def test_with_candidates_only_the_other_queries_are_not_found(measured):
    pairs = [
        {"query": "tooth one", "candidate": "tooth", "label": 1},
        {"query": "tooth one again", "candidate": "tooth", "label": 1},
    ]

    assert measured(pairs)["recall_at_1"] == 0
    assert measured(pairs, "--pool", "candidates")["recall_at_1"] == 1


def test_the_sites_own_threads_are_neither_found_nor_touched(measured):
    question = published_thread(text="my tooth hurts a lot", reply__text="X.")

    quality = measured(PAIRS)

    assert quality["recall_at_1"] == 1
    assert list(Question.objects.all()) == [question]
    assert list(IndexEntry.objects.values_list("pk", flat=True)) == [question.pk]
    assert EmbeddingModel.objects.count() == 0


def test_without_wrong_pairs_there_is_no_auc(measured):
    assert measured(PAIRS[:1])["auc"] is None


def test_a_bad_line_is_told_with_its_number_and_left_out(measured, tmp_path, capsys):
    path = tmp_path / "bad.jsonl"
    lines = ["{", "[]", '{"query": "a", "candidate": 1}', '{"query": "a", "candidate": "b", "label": 2}', "{}"]
    path.write_text("\n".join([*lines, json.dumps(PAIRS[0])]))

    call_command("evaluate_similarity", str(path), "--json")

    shown = capsys.readouterr()
    assert [line.split(", ", 1)[1] for line in shown.err.splitlines() if "line" in line] == [
        "line 1: it is not JSON",
        "line 2: it is not an object",
        "line 3: query and candidate must be texts",
        "line 4: the label must be 0 or 1",
        "line 5: query and candidate must be texts",
    ]
    assert json.loads(shown.out)["queries"] == 1


def test_a_file_that_is_not_there_is_one_clear_line():
    with pytest.raises(CommandError, match=r"nothing\.jsonl: No such file"):
        call_command("evaluate_similarity", "nothing.jsonl")
