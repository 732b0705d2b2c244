"""A machine's draft while the worker writes it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from forum.articles.models import DraftState, MachineDraft
from forum.articles.services import asked_of
from forum.articles.tasks import write_machine_draft
from forum.questions.models import Question, State
from tests.chat import stream
from tests.factories import ArticleFactory, DraftFactory, MachineDraftFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return ArticleFactory(signed=True, signed_by__name="Ada Lin", question__public_title="Twitching eyelids")


@pytest.fixture
def machine(article):
    return MachineDraftFactory(material=[article.question_id])


def stored(machine: MachineDraft) -> tuple:
    machine.refresh_from_db()
    return machine.state, machine.text, machine.failure


def test_worker_writes_the_draft_with_the_articles_sources(chat, machine):
    write_machine_draft.call(machine.pk)

    assert stored(machine) == ("ready", "## Causes\n\nTired muscles.", "")
    assert machine.sources == [{"title": "MedlinePlus", "url": "https://medlineplus.gov/"}]


def test_draft_grows_while_it_is_written(chat, machine, monkeypatch):
    monkeypatch.setattr("forum.articles.services.SECONDS_BETWEEN_SAVES", 0)
    grown, append = [], MachineDraft.append

    def watched(self, piece):
        taken = append(self, piece)
        grown.append(stored(self)[:2])
        return taken

    monkeypatch.setattr(MachineDraft, "append", watched)
    write_machine_draft.call(machine.pk)

    assert grown == [("writing", "## Causes\n\n"), ("writing", "## Causes\n\nTired muscles.")]


def test_written_twice_it_is_written_once(chat, machine):
    write_machine_draft.call(machine.pk)
    write_machine_draft.call(machine.pk)

    assert (stored(machine)[0], len(chat.asked)) == ("ready", 1)


def test_draft_whose_worker_died_is_written_anew_from_the_start(chat, machine):
    machine.begin()
    machine.append("half a sen")

    write_machine_draft.call(machine.pk)

    assert stored(machine) == ("ready", "## Causes\n\nTired muscles.", "")


def test_worker_that_was_taken_for_dead_writes_no_more(machine):
    late = MachineDraft.objects.get(pk=machine.pk)
    late.begin()
    machine.begin()

    answers = [late.append("late"), late.finish("late", [], []), late.fail("slow"), machine.append("in time")]

    assert (answers, stored(machine)) == ([False, False, False, True], ("writing", "in time", ""))


def test_cancelled_draft_is_not_written(chat, machine):
    machine.cancel()

    write_machine_draft.call(machine.pk)

    assert (stored(machine), chat.asked) == (("cancelled", "", ""), [])


def test_draft_that_is_cancelled_while_it_is_written_stays_cancelled(chat, machine, monkeypatch):
    monkeypatch.setattr("forum.articles.services.SECONDS_BETWEEN_SAVES", 0)

    append = MachineDraft.append

    def cancelled_after_one(self, piece):
        taken = append(self, piece)
        MachineDraft.objects.get(pk=machine.pk).cancel()
        return taken

    monkeypatch.setattr(MachineDraft, "append", cancelled_after_one)
    chat.answer = stream(*(["More."] * 50))

    write_machine_draft.call(machine.pk)

    assert stored(machine) == ("cancelled", "", "")


def test_servers_failure_is_told_and_nothing_of_the_text_stays(chat, machine):
    chat.answer = stream("half")[:1]

    write_machine_draft.call(machine.pk)

    assert stored(machine) == ("failed", "", "unfit")


@pytest.mark.parametrize("change", [{"state": State.HIDDEN}, {}])
def test_article_that_left_meanwhile_is_no_material(chat, machine, article, change):
    if change:
        Question.objects.filter(pk=article.question_id).update(**change)
    else:
        article.delete()

    write_machine_draft.call(machine.pk)

    assert (stored(machine), chat.asked) == (("failed", "", "no_material"), [])


def test_draft_that_went_with_its_question_is_no_fault(machine):
    number = machine.pk
    machine.draft.delete()

    write_machine_draft.call(number)

    assert not MachineDraft.objects.exists()


@pytest.mark.parametrize(
    ("words", "used"),
    [
        ("See [2].", [1]),
        ("As the other says: a knee that hurts at night wants rest.", [1]),
        ("Of no article at all.", [0, 1]),
    ],
)
def test_draft_names_only_the_articles_that_went_into_it(chat, article, words, used):
    knee = ArticleFactory(signed=True, text="A knee that hurts at night wants rest.", sources=[])
    both = [article.question_id, knee.question_id]
    machine = MachineDraftFactory(material=both)
    chat.answer = stream(words)

    write_machine_draft.call(machine.pk)

    machine.refresh_from_db()
    assert machine.material == [both[place] for place in used]
    assert len(machine.sources) == (0 in used)


def test_links_a_machine_made_up_are_left_out(chat, machine):
    chat.answer = stream(
        'See [MedlinePlus](https://medlineplus.gov/), [this](https://made.up/x "t"), ',
        "<https://made.up/y> and [that][x].",
        "\n\n[x]: https://made.up/z\n",
    )

    write_machine_draft.call(machine.pk)

    assert stored(machine)[1] == "See [MedlinePlus](https://medlineplus.gov/), this, https://made.up/y and [that][x]."


def test_what_a_model_says_to_itself_is_no_part_of_the_draft(chat, machine):
    chat.answer = stream("<think>The patient", " asks...</think>\n\n", "Sleep more.")

    write_machine_draft.call(machine.pk)

    assert stored(machine)[1] == "Sleep more."


def test_what_is_sent_of_a_question_does_not_tell_who_asked(article):
    question = QuestionFactory(
        headline="I am Kk, call me",
        text="Call kk on 0912 345 678 or write to Kk.Lin@example.org. I met Mrs. Chen. My kkeyboard is fine.",
        pseudonym="Kk",
        email="hidden@example.net",
    )

    asked = asked_of(question, [])

    assert asked.text == ("I am […], call me\nCall […] on […] or write to […]. I met […]. My kkeyboard is fine.")


def test_draft_without_a_word_for_two_minutes_has_lost_its_worker(machine):
    machine.begin()
    MachineDraft.objects.update(heard_at=timezone.now() - timedelta(minutes=3))
    machine.refresh_from_db()

    assert (machine.is_live, machine.is_stalled) == (True, True)


def test_draft_that_waits_for_a_worker_has_not_lost_one(machine):
    MachineDraft.objects.update(heard_at=timezone.now() - timedelta(minutes=3))
    machine.refresh_from_db()

    assert machine.is_stalled is False


def test_taken_draft_keeps_its_text_and_a_cancelled_one_does_not(machine):
    ready = MachineDraftFactory(ready=True)
    ready.take()
    ready.take()
    assert stored(ready) == ("taken", ready.text, "")

    ready.cancel()
    ready.cancel()

    assert stored(ready) == ("cancelled", "", "")


def test_draft_that_is_not_ready_cannot_be_taken(machine):
    machine.take()

    assert stored(machine)[0] == "waiting"


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("machine_draft_ready_has_text", {"state": DraftState.READY}),
        ("machine_draft_ready_has_text", {"state": DraftState.TAKEN}),
        ("machine_draft_failure", {"state": DraftState.FAILED}),
        ("machine_draft_failure", {"failure": "slow"}),
        ("machine_draft_state_known", {"state": "thinking"}),
    ],
)
def test_draft_that_cannot_be_is_refused_by_the_database(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        MachineDraftFactory(**fields)


def test_there_is_one_live_draft_at_a_time():
    draft = DraftFactory()
    MachineDraftFactory(draft=draft, ready=True)
    MachineDraftFactory(draft=draft)

    with pytest.raises(IntegrityError, match="machine_draft_one_at_a_time"):
        MachineDraftFactory(draft=draft)
