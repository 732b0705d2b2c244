import fcntl

import pytest
from django.core.management import CommandError, call_command

from forum.operations.backups import drilling
from forum.operations.backups.making import make_backup
from forum.operations.backups.progress import Progress
from forum.operations.models import Upkeep
from forum.questions.models import Question
from tests.factories import QuestionFactory, image_of
from tests.operations.backups.sites import committed, rewritten
from tests.races import at_once


@committed
def test_backup_and_drill_agree_while_the_site_serves(tmp_path, there):
    """What comes in between is in neither the counts, the dump nor the uploads."""
    image_of(QuestionFactory())

    class Busy(Progress):
        def tables(self, names):
            at_once(lambda: image_of(QuestionFactory()))
            return super().tables(names)

    path, manifest, missing = make_backup(tmp_path / "a.tar", Busy())
    drilling.drill(path, within=there)

    assert (manifest.proof.tables["public.questions_question"][0], Question.objects.count()) == (1, 2)
    assert (len(manifest.uploads), missing) == (2, [])
    assert [(row.kind, row.went_well) for row in Upkeep.objects.order_by("pk")] == [("backup", True), ("drill", True)]
    assert list(there.iterdir()) == []


@committed
def test_drill_that_fails_is_recorded_and_leaves_nothing(backup, there, capfd):
    """Of a backup that a row is missing from, which its checksums cannot tell."""

    def count_one_more(fields):
        fields["proof"]["tables"]["public.questions_question"][0] += 1

    with pytest.raises(CommandError, match=r"^The drill failed: this backup does not bring the site back\."):
        call_command("restore", str(rewritten(backup, count_one_more)), drill=True, scratch=there)

    assert "public.questions_question has 1 rows instead of 2." in capfd.readouterr().err
    assert [row.went_well for row in Upkeep.objects.filter(kind="drill")] == [False]
    assert list(there.iterdir()) == []


def test_drill_clears_up_after_one_that_was_killed_and_leaves_one_that_runs(tmp_path):
    for name in ("drill-dead", "drill-alive"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "drill.lock").touch()

    with (tmp_path / "drill-alive" / "drill.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with drilling.scratch_directory(tmp_path) as scratch:
            there = {path.name for path in tmp_path.glob("drill-*")}

    assert there == {"drill-alive", scratch.name}
