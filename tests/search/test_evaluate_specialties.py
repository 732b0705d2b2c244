"""`evaluate_specialties`: how often the suggestion is right, on a site of its own that leaves nothing behind."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from forum.questions.models import Question
from forum.search.embedding import embed_questions
from forum.search.models import Embedding, EmbeddingModel, IndexEntry, SpecialtyModel
from forum.search.suggesting.learning import learn_specialties
from forum.specialties.models import Specialty
from tests.factories import QuestionFactory, SpecialtyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("word_embedder")]

TEXTS = {"Dentistry": ("tooth", "gum"), "Cardiology": ("heart", "pulse"), "Dermatology": ("skin", "rash")}
LABELLED = [
    {"text": f"Question {number}\nMy {one} and my {other} hurt.", "specialty": specialty}
    for specialty, (one, other) in TEXTS.items()
    for number in range(10)
]


@pytest.fixture
def file(tmp_path):
    """Writes these rows, as JSON where they are not text, and gives the path."""

    def write(rows, name: str = "train.jsonl") -> str:
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return str(tmp_path / name)

    return write


@pytest.fixture
def evaluate(capsys):
    def run(*arguments: str, **options) -> dict:
        call_command("evaluate_specialties", *arguments, json=True, **options)
        return json.loads(capsys.readouterr().out)

    return run


def test_without_a_test_it_is_asked_about_each_fifth_knowing_the_others(evaluate, file):
    assert evaluate(file(LABELLED)) == {"accuracy": 1.0, "top_3": 1.0, "n": 30}


def test_with_a_test_it_is_asked_about_that(evaluate, file):
    test = [
        {"text": "My tooth and my gum ache.", "specialty": "Dentistry"},
        {"text": "My heart and my pulse race.", "specialty": "Dentistry"},
        {"text": "My rash and my skin itch.", "specialty": "Dermatology"},
    ]

    assert evaluate(file(LABELLED), file(test, "test.jsonl")) == {"accuracy": 0.6667, "top_3": 1.0, "n": 3}


def test_a_specialty_of_the_test_alone_is_there_without_threads(evaluate, file):
    test = [{"text": "My eye and the eye of my son", "specialty": "Eye"}]

    assert evaluate(file(LABELLED), file(test, "test.jsonl")) == {"accuracy": 1.0, "top_3": 1.0, "n": 1}


def test_what_tells_nothing_is_right_by_chance(evaluate, file):
    rows = [{"text": f"Question {number}", "specialty": f"Specialty {number % 5}"} for number in range(50)]

    figures = evaluate(file(rows))

    assert figures["accuracy"] < 0.5
    assert figures["top_3"] < 1


def test_figures_do_not_depend_on_the_order_of_the_lines(evaluate, file):
    mixed = [*LABELLED, *({"text": f"My tooth, my heart {number}", "specialty": "Cardiology"} for number in range(9))]

    assert evaluate(file(mixed)) == evaluate(file(reversed(mixed)))


def test_a_text_that_occurs_again_counts_once(evaluate, file):
    assert evaluate(file([*LABELLED, *LABELLED]))["n"] == 30


def test_specialties_that_differ_in_capitals_are_one(evaluate, file):
    rows = [row | {"specialty": row["specialty"].upper()} for row in LABELLED[::2]]

    assert evaluate(file([*LABELLED[1::2], *rows]))["accuracy"] == 1


def test_long_texts_and_those_of_one_line_are_taken(evaluate, file):
    rows = [row | {"text": row["text"].replace("\n", " ") + " It does not go away." * 300} for row in LABELLED]

    assert evaluate(file(rows)) == {"accuracy": 1.0, "top_3": 1.0, "n": 30}


def test_the_language_is_that_of_the_texts(evaluate, file):
    rows = [
        {"text": f"我的{word}不舒服 {number}", "specialty": name}
        for name, word in (("牙科", "牙"), ("心脏科", "心"))
        for number in range(10)
    ]

    assert evaluate(file(rows)) == evaluate(file(rows), lang="zh") == {"accuracy": 1.0, "top_3": 1.0, "n": 20}


def test_figures_are_a_table_without_json(capsys, file):
    call_command("evaluate_specialties", file(LABELLED))

    assert capsys.readouterr().out == "accuracy: 1.0000\n   top_3: 1.0000\n       n: 30\n"


def test_the_site_is_neither_seen_nor_changed(evaluate, file):
    specialty = SpecialtyFactory(name="Dentistry")
    threads = [QuestionFactory(published=True, specialty=specialty, text="heart pulse") for _ in range(12)]
    embed_questions([thread.pk for thread in threads])
    learn_specialties()
    tables = (Specialty, Question, IndexEntry, Embedding, EmbeddingModel, SpecialtyModel)
    before = [list(table.objects.order_by("pk").values()) for table in tables]

    figures = evaluate(file(LABELLED))

    assert figures == {"accuracy": 1.0, "top_3": 1.0, "n": 30}
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_it_does_not_matter_which_embedder_the_site_had_before(evaluate, file):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    EmbeddingModel.objects.create(pk=1, name="another", version="1", dimensions=768).make_index()

    assert evaluate(file(LABELLED))["accuracy"] == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "it is not JSON"),
        ("", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is not an object"),
        ({"text": "My tooth"}, "text and specialty must be texts"),
        ({"text": None, "specialty": "Dentistry"}, "text and specialty must be texts"),
        ({"text": " \0", "specialty": "Dentistry"}, "text and specialty must not be empty"),
        ({"text": "My tooth", "specialty": "x" * 81}, "the specialty is longer than 80 characters"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bad_lines_are_told_with_number_and_reason_and_left_out(capsys, file, line, reason):
    path = file([LABELLED[0], line, *LABELLED[1:]])

    call_command("evaluate_specialties", path, json=True)

    told = capsys.readouterr()
    assert told.err == f"{path}, line 2: {reason}\n"
    assert json.loads(told.out)["n"] == 30


def test_signs_that_the_database_cannot_hold_are_left_out(evaluate, file):
    rows = [row | {"text": row["text"] + "\0 \ud800"} for row in LABELLED]

    assert evaluate(file(rows))["accuracy"] == 1


@pytest.mark.parametrize("arguments", [("missing.jsonl",), ("train.jsonl", "missing.jsonl")])
def test_a_missing_file_is_named_in_one_line(file, arguments, tmp_path):
    file(LABELLED)

    with pytest.raises(CommandError, match=re.escape("missing.jsonl: No such file or directory.")):
        call_command("evaluate_specialties", *(str(Path(tmp_path, name)) for name in arguments))


def test_a_file_without_a_good_line_is_refused(file):
    with pytest.raises(CommandError, match="has no line with a text and its specialty"):
        call_command("evaluate_specialties", file([]))


def test_a_language_without_an_embedder_is_refused(settings, file):
    settings.EMBEDDERS = "*=none"

    with pytest.raises(CommandError, match="No embedder serves the language 'en'"):
        call_command("evaluate_specialties", file(LABELLED))


def test_an_embedder_that_is_out_is_told_in_one_line(word_embedder, file):
    word_embedder.is_out = True

    with pytest.raises(CommandError, match="It is out"):
        call_command("evaluate_specialties", file(LABELLED))
    assert not Question.objects.exists()
