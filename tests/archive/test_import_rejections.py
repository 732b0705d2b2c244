import pytest
from django.core.management import CommandError, call_command

from forum.archive import storing
from forum.questions.models import Question
from tests.archive.lines import least, question

pytestmark = pytest.mark.django_db


def test_bad_lines_are_reported_with_line_and_reason_and_stop_nothing(archive, run_import):
    path = archive(
        least(id="1"), b'{"id": "2", "sp', least(id="3", question=question(date="2023-02-30")), least(id="4")
    )
    assert run_import(path) == "read 4, new 2, updated 0, unchanged 0, rejected 2"
    assert run_import.error == "2 rejected."
    reasons = (
        "the line breaks off in the middle (truncated JSON)",
        "question.date is a day that does not exist: 2023-02-30",
    )
    assert [(row["file"], row["line"], row["reason"]) for row in run_import.rejects] == [
        (path, 2, reasons[0]),
        (path, 3, reasons[1]),
    ]
    assert run_import.rejects[0]["text"] == '{"id": "2", "sp'
    assert len(run_import.rejects[1]["text"]) == 200
    assert run_import.err == [f"{path}, line 2: {reasons[0]}", f"{path}, line 3: {reasons[1]}"]


def test_only_the_first_ten_rejections_are_shown(archive, run_import):
    run_import(archive(*[b"{"] * 25))
    assert len(run_import.rejects) == 25
    assert len(run_import.err) == 11
    assert run_import.err[-1] == "… and 15 more rejected lines."


def test_second_line_of_the_same_id_is_rejected(archive, run_import, tmp_path):
    first = archive(least(), least(question={"text": "Another text."}), name="1.jsonl")
    second = archive(least(), name="2.jsonl")
    assert run_import(first, second) == "read 3, new 1, updated 0, unchanged 0, rejected 2"
    assert {row["reason"] for row in run_import.rejects} == {"its id stands on an earlier line of this import"}
    assert [(row["file"], row["line"]) for row in run_import.rejects] == [(first, 2), (second, 1)]


def test_good_line_may_follow_a_bad_one_of_the_same_id(archive, run_import):
    assert run_import(archive(least(title=5), least())) == "read 2, new 1, updated 0, unchanged 0, rejected 1"


def test_line_that_only_the_database_refuses_is_rejected_alone(archive, run_import, monkeypatch):
    values = storing.reply_values

    def without_text(new, record, names):
        return values(new, record, names) | ({"text": ""} if record.id == "2" else {})

    monkeypatch.setattr(storing, "reply_values", without_text)
    summary = run_import(archive(least(id="1"), least(id="2"), least(id="3")))
    assert summary == "read 3, new 2, updated 0, unchanged 0, rejected 1"
    assert run_import.rejects[0]["line"] == 2
    assert run_import.rejects[0]["reason"].startswith("the database does not take it: ")


def test_unknown_keys_are_said_once_each(archive, run_import):
    run_import(archive(least(id="1", colour=1), least(id="2", colour=2, mood="\x1b[31m")))
    assert run_import.out == [
        "unknown key, left out: colour",
        "unknown key, left out: mood",
        "read 2, new 2, updated 0, unchanged 0, rejected 0",
    ]
    assert run_import.error == ""


def test_files_that_cannot_be_opened_or_read_do_not_stop_the_others(archive, run_import, tmp_path):
    missing = str(tmp_path / "none.jsonl")
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(open(archive(least(id="1"), name="b.jsonl.gz"), "rb").read()[:-9])  # noqa: SIM115
    fake = tmp_path / "fake.jsonl.gz"
    fake.write_bytes(b"plain")
    good = archive(least(id="2"))
    assert run_import(missing, str(broken), str(fake), good).endswith("rejected 2")
    assert run_import.error == f"{missing}: No such file or directory.\n2 rejected."
    assert [row["line"] for row in run_import.rejects][1:] == [1]
    assert Question.objects.filter(archive_id="2").exists()


def test_missing_file_alone_fails(run_import, tmp_path):
    run_import(str(tmp_path / "none.jsonl"))
    assert run_import.error == f"{tmp_path}/none.jsonl: No such file or directory."


def test_rejects_never_overwrite_what_is_imported(archive):
    path = archive(least())
    with pytest.raises(CommandError, match="which is to be imported"):
        call_command("import_archive", path, rejects=path)
