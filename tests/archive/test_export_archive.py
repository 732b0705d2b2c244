import gzip
import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Doctor, User
from forum.archive.management.commands import export_archive
from forum.articles.models import Article
from forum.questions.models import Question, State
from forum.replies.models import FollowUp, Reply
from forum.search.models import Topic
from forum.search.services import set_topics
from forum.specialties.models import Specialty
from tests.archive.lines import least, thread

pytestmark = pytest.mark.django_db

TRICKY = 'She said: "it\'s 50% \\ \\u0000"\r\n\r\n\ttab — 👩‍⚕️ é \u202bשלום\u202c \u2028 頭痛 </script>\n'


@pytest.fixture
def export(tmp_path):
    """Exports and gives the bytes."""

    def run(name: str = "out.jsonl") -> bytes:
        call_command("export_archive", str(tmp_path / name))
        return (tmp_path / name).read_bytes()

    return run


def empty_the_database() -> None:
    Question.objects.filter(state=State.MERGED).delete()
    for model in (Question, Topic, Doctor, Specialty, User):
        model.objects.all().delete()


def ask(headline: str, state: State = State.PUBLISHED, **fields) -> Question:
    """A question of this site, published now if it is a thread."""
    specialty = Specialty.objects.get_or_create(name="Neurology", defaults={"slug": "neurology"})[0]
    if state not in (State.WAITING, State.WITHDRAWN):
        fields |= {"public_title": headline, "published_at": timezone.now()}
    values = {"specialty": specialty, "headline": headline, "text": TRICKY, "state": state} | fields
    return Question.objects.create(**values)


def answer(question: Question, name: str = "", text: str = "Rest.") -> Reply:
    doctor = None
    if name:
        user = User.objects.get_or_create(email=f"{name.lower()}@example.org")[0]
        doctor = Doctor.objects.get_or_create(name=name, defaults={"slug": name.lower(), "user": user})[0]
    return Reply.objects.create(
        question=question, doctor=doctor, specialty=question.specialty, text=text, replied_on=question.published_on
    )


def test_export_has_every_key_in_the_order_of_the_format(archive, run_import, export):
    run_import(archive(thread()))
    value = json.loads(export())
    assert value == thread()
    assert list(value) == ["id", "lang", "specialty", "title", "question", "replies", "more_info", "topics"]


def test_what_is_not_known_is_null(archive, run_import, export):
    run_import(archive(least()))
    title = "Is a twitching eyelid harmless?"
    assert json.loads(export()) == {
        "id": "least-1",
        "lang": "en",
        "specialty": "Neurology",
        "title": title,
        "question": {"title": title, "text": least()["question"]["text"], "date": None, "asker": None},
        "replies": [{"doctor": None, "specialty": "Neurology", "text": "Nearly always.", "date": None}],
        "more_info": None,
        "topics": [],
    }


def test_threads_are_ordered_by_the_bytes_of_their_id(archive, run_import, export):
    run_import(archive(*(least(id=archive_id) for archive_id in ("b", "é", "a-2", "A", "a10", "字", "a"))))
    ids = [json.loads(row)["id"] for row in export().splitlines()]
    assert ids == ["A", "a", "a-2", "a10", "b", "é", "字"]


def test_export_of_an_import_of_an_export_is_the_same_bytes(archive, run_import, export):
    site = ask("頭痛三天", language="zh-hant", pseudonym='O\'Brien "X"', age_band="90+", sex="other")
    for name in ("Bo", "Ada", ""):
        answer(site, name, text=f"{TRICKY}{name}")
    FollowUp.objects.create(question=site, text="And now?")
    Article.written(
        question=site, text=f"## {TRICKY}", sources=[{"url": "https://example.org/?a=1&b=%22", "title": "T “1”"}]
    ).save()
    set_topics(site, ["Zebra", "apple", "頭痛"])
    answer(ask("No date", asked_on=None, age_band="0-9"))
    Specialty.objects.update(is_open=False)
    run_import(archive(thread(), least()))
    exported = export("first.jsonl")
    assert len(exported.splitlines()) == 4
    empty_the_database()
    run_import(archive(exported[:-1]))
    assert (run_import.error, run_import.out) == ("", ["read 4, new 4, updated 0, unchanged 0, rejected 0"])
    assert export("second.jsonl") == exported


def test_import_of_an_export_on_the_same_site_changes_nothing(archive, run_import, export):
    site = ask("Numb", asked_on=date(2024, 1, 2))
    answer(site, "Ada")
    set_topics(site, ["Numbness"])
    version = Question.objects.get().version
    assert run_import(archive(export()[:-1])) == "read 1, new 0, updated 0, unchanged 1, rejected 0"
    assert Question.objects.get().version == version


def test_only_published_threads_are_exported(export):
    published = ask("Published")
    answer(published)
    for state in (State.HIDDEN, State.WAITING, State.WITHDRAWN):
        Reply.objects.create(question=ask(state, state), specialty=published.specialty, text="Reply")
    Reply.objects.create(
        question=ask("Merged", State.MERGED, merged_into=published), specialty=published.specialty, text="Reply"
    )
    ask("Declined", State.DECLINED, decline_reason="abusive")
    assert [json.loads(row)["title"] for row in export().splitlines()] == ["Published"]


def test_what_the_asker_told_the_doctors_alone_is_not_exported(export):
    secrets = {"duration": "S-1", "medication": "S-2", "conditions": "S-3", "email": "s-4@example.org"}
    answer(ask("Published", **secrets))
    exported = export()
    assert not [secret for secret in secrets.values() if secret.encode() in exported]


def test_topics_of_one_name_are_exported_once(export):
    question = ask("Published")
    answer(question)
    other = Specialty.objects.create(name="Sleep", slug="sleep")
    set_topics(question, ["Rest", "Feet"])
    question.question_topics.create(topic=Topic.objects.create(name="rest", slug="rest-2", specialty=other))
    assert json.loads(export())["topics"] == ["Rest", "Feet"]


def test_compressed_export_is_the_same_bytes_each_time(archive, run_import, export):
    run_import(archive(thread()))
    first = export("1.jsonl.gz")
    assert gzip.decompress(first) == export()
    assert export("2.jsonl.gz") == first


def test_export_goes_to_standard_output_by_default(archive, run_import, export, capsys):
    run_import(archive(thread(), least()))
    expected = export().decode()
    capsys.readouterr()
    call_command("export_archive")
    assert capsys.readouterr().out == expected
    call_command("export_archive", stdout=(text := io.StringIO()))
    assert text.getvalue() == expected


def test_export_that_breaks_leaves_the_old_file_and_no_other(archive, run_import, export, tmp_path, monkeypatch):
    run_import(archive(thread()))
    before = export()

    def broken():
        yield b"half\n"
        raise RuntimeError

    monkeypatch.setattr(export_archive, "export_lines", broken)
    with pytest.raises(RuntimeError):
        export()
    assert (tmp_path / "out.jsonl").read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_export_into_a_folder_that_is_missing_fails_in_words(tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("export_archive", str(tmp_path / "none" / "out.jsonl"))
