"""`evaluate_red_flags`: how well the screen that serves the site tells judged texts apart."""

import json

import pytest
from django.core.management import CommandError, call_command

CASES = [
    {"id": "a", "text": "Her face is drooping and her speech is slurred.", "urgency": "emergency"},
    {"id": "b", "text": "My nose itches.", "urgency": "emergency"},
    {"id": "c", "text": "My nose itches.", "urgency": "self_care"},
    {"id": "d", "text": "I want to end my life.", "urgency": "non_emergency"},
    {"text": "I sneeze.", "urgency": "non_emergency"},
]


def run(capsys, tmp_path, rows, *options) -> tuple[str, str]:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    call_command("evaluate_red_flags", str(file), *options)
    return capsys.readouterr()


def test_figures_name_what_was_missed_and_what_alarmed_for_nothing(capsys, tmp_path):
    out, _ = run(capsys, tmp_path, CASES, "--json")

    assert json.loads(out) == {
        "sensitivity": 0.5,
        "specificity": 0.6667,
        "n": 5,
        "missed": ["b"],
        "false_alarms": ["d"],
    }


def test_without_json_it_is_a_table(capsys, tmp_path):
    out, _ = run(capsys, tmp_path, CASES[:1])

    assert "sensitivity: 1.0000" in out
    assert "specificity: None" in out


def test_lines_that_are_no_good_are_told_and_left_out(capsys, tmp_path):
    out, complaints = run(capsys, tmp_path, [CASES[0], "{", {"text": "", "urgency": "x"}, {"text": "x"}], "--json")

    assert json.loads(out)["n"] == 1
    assert [line.rpartition("line ")[2] for line in complaints.strip().splitlines()] == [
        "2: it is not JSON",
        "3: the text must not be empty",
        "4: text and urgency must be texts",
    ]


def test_a_file_of_nothing_is_refused(capsys, tmp_path):
    with pytest.raises(CommandError, match="has no line with a text and its urgency"):
        run(capsys, tmp_path, ["{}"])
