"""What is written in history stays: whoever tries to change it, the site's own database role among them."""

import os
from collections.abc import Callable

import pgtrigger
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, ProtectedError
from pghistory.core import event_models

from accounts.models import AccountDecision, Application, Doctor, Licence, User
from forum.archive.own_data import forget_account
from forum.articles.models import Article
from forum.history.erasing import erase_rows, forget_actor, forget_red_flags
from forum.history.management.commands.restrict_history import tables_of_history
from forum.history.models import Erasure, Export, Rule
from forum.moderation.services import remove_thread
from forum.questions.models import Decision, Question, QuestionWordsEvent
from forum.questions.personal import settle_personal_data
from forum.questions.services import purge_history
from forum.replies.models import Reply, ReplyEvent
from forum.search.models import DefaultTopic
from forum.specialties.models import Specialty
from forum.texts.models import TextRevision
from tests.factories import (
    ApplicationFactory,
    ArticleFactory,
    DoctorFactory,
    QuestionFactory,
    TopicFactory,
    UserFactory,
    published_thread,
)

pytestmark = pytest.mark.django_db

HISTORY = [*event_models(), Decision, AccountDecision, TextRevision, LogEntry, Erasure, Export]
ROLE = f"consilium_app_{os.getpid()}"  # roles are of the whole cluster, in which tests may run side by side


@pytest.fixture
def full_history() -> Question:
    """A thread about which every table of history has a row."""
    admin = UserFactory(admin=True)
    question = published_thread()
    ArticleFactory(question=question)
    question.decisions.create(act="publish", by=admin)
    Question.objects.update(headline="Other.", public_title="Other.")
    purge_history([question.pk])
    Question.objects.update(headline="New.", public_title="New.")
    ApplicationFactory()
    for model, field in (
        *((Reply, "text"), (Article, "text"), (Specialty, "description")),
        *((Doctor, "biography"), (Licence, "issuing_body"), (Application, "hospital")),
    ):
        model.objects.update(**{field: "New."})
    DefaultTopic.objects.create(topic=TopicFactory(), position=0)
    DefaultTopic.objects.update(position=7)
    AccountDecision.objects.create(user=UserFactory(), act="deactivate", by=admin, reason="Asked to.")
    TextRevision.objects.create(code="notice.footer", language="en", number=1, words={}, by=admin, reason="Short.")
    Export.objects.create(format="csv", by=admin)
    LogEntry.objects.create(
        user=admin, content_type=ContentType.objects.get_for_model(Doctor), object_id=1, object_repr="Wu", action_flag=2
    )
    run("SET CONSTRAINTS ALL IMMEDIATE")
    return question


@pytest.fixture
def as_application(full_history) -> Callable:
    """From here on we are the site's own role, as an operator who follows docs/operating.md makes it."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        call_command("restrict_history", ROLE, verbosity=0)
        cursor.execute(f"SET ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refused(act: Callable) -> str:
    """What the database says to it."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value).splitlines()[0]


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


WAYS = {
    "the ORM's update": lambda model: model.objects.update(**{model._meta.pk.name: 1}),
    "the ORM's delete": lambda model: model.objects.all()._raw_delete("default"),
    "SQL's update": lambda model: run(f"UPDATE {model._meta.db_table} SET {model._meta.pk.name} = 1"),
    "SQL's delete": lambda model: run(f"DELETE FROM {model._meta.db_table}"),
    "truncate": lambda model: run(f"TRUNCATE {model._meta.db_table} CASCADE"),
    "pgtrigger's ignore": lambda model: ignoring_triggers(model),
}


def ignoring_triggers(model: type[Model]) -> None:
    names = [f"{each._meta.label}:{trigger.name}" for each, trigger in pgtrigger.registered()]
    with pgtrigger.ignore(*names), transaction.atomic():
        run(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model.__name__)
def test_nobody_changes_history(full_history, model, way):
    before = list(model.objects.order_by("pk").values())

    said = refused(lambda: WAYS[way](model))

    assert said.startswith("history is append-only")
    assert before
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model.__name__)
def test_the_sites_own_role_has_no_right_to_change_history(as_application, model, way):
    before = list(model.objects.order_by("pk").values())

    said = refused(lambda: WAYS[way](model))

    assert said.startswith((f"permission denied for table {model._meta.db_table}", "history is append-only"))
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("table", tables_of_history())
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} DISABLE TRIGGER USER",
        "ALTER TABLE {table} OWNER TO CURRENT_USER",
        "DROP TABLE {table} CASCADE",
        "CREATE TRIGGER other BEFORE UPDATE ON {table} EXECUTE FUNCTION history_guard()",
    ],
)
def test_the_sites_own_role_cannot_switch_the_guards_off(as_application, table, statement):
    assert refused(lambda: run(statement.format(table=table))).startswith(("must be owner of", "permission denied for"))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE OR REPLACE FUNCTION history_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "SET session_replication_role = replica",
        "GRANT DELETE ON questions_decision TO CURRENT_USER; DELETE FROM questions_decision",
        "INSERT INTO history_erasure (rule, source, rows) VALUES ('operator', 'made up', 1)",
        "SELECT history_note('operator', 'questions_decision', 1, NULL)",
        "SELECT history_erase('operator', 'accounts_user', 'pgh_obj_id', '{1}', NULL)",
        "SELECT history_erase('operator', 'specialties_specialtyevent', 'pgh_obj_id', '{1}', NULL)",
        "SELECT history_erase('operator', 'replies_replyevent', 'pgh_id', '{1}', NULL)",
        "SELECT history_erase('no rule', 'replies_replyevent', 'question_id', array_agg(id), NULL)"
        " FROM questions_question",
    ],
)
def test_the_sites_own_role_finds_no_way_around(as_application, statement):
    assert refused(lambda: run(statement))


def test_rights_given_by_mistake_open_nothing_either(as_application):
    run("RESET ROLE")
    run(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")
    run(f"SET ROLE {ROLE}")
    run("SET LOCAL consilium.erasing = 'on'")

    said = refused(lambda: run("DELETE FROM questions_decision"))

    assert said.startswith("history is append-only")


def test_the_site_starts_under_its_own_role(as_application):
    call_command("migrate", interactive=False, verbosity=0)


def test_the_site_runs_under_its_own_role(as_application, full_history):
    """What issue 5 demands still happens: words are forgotten, and that they were is told."""
    asker, doctor = UserFactory(), DoctorFactory()
    waiting, thread = QuestionFactory(asker=asker), published_thread(asker=asker)
    waiting.decisions.create(act="ask", by=asker)
    thread.decisions.create(act="ask", by=asker)
    waiting.edit(by=asker, text="New.")

    remove_thread(question=full_history, by=User.objects.filter(is_staff=True).first(), reason="danger")
    forget_account(asker)
    forget_account(doctor.user)

    assert not Question.objects.filter(pk=waiting.pk).exists()
    assert [(each.act, each.by) for each in thread.decisions.all()] == [("ask", None)]
    assert ReplyEvent.objects.filter(question=full_history).count() == 0
    assert {"removal", "account"} <= set(Erasure.objects.values_list("rule", flat=True))


@pytest.mark.parametrize("model", event_models(), ids=lambda model: model.__name__)
def test_every_table_of_row_history_has_the_guards(model):
    """Whoever adds one gives it `meta=kept()` of forum/history/guards.py."""
    assert model._meta.db_table in tables_of_history()


# What the command refuses


def test_the_command_wants_a_role_that_there_is():
    with pytest.raises(CommandError, match="There is no role nobody_here"):
        call_command("restrict_history", "nobody_here")


def test_the_command_takes_no_owner_for_restricted():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()

    with pytest.raises(CommandError, match="can do anything"):
        call_command("restrict_history", owner)


# What may be erased, and what is told of it


def test_what_is_purged_leaves_a_row_that_says_so(full_history):
    before = Erasure.objects.count()

    purge_history([full_history.pk], rule=Rule.REMOVAL)
    purge_history([full_history.pk], rule=Rule.REMOVAL)

    told = Erasure.objects.order_by("pk")[before:].values_list("rule", "source", "rows", "question_number")
    sources = ("questions_questionevent", "questions_questionwordsevent", "replies_replyevent", "articles_articleevent")
    assert sorted(told) == sorted(("removal", source, 1, full_history.pk) for source in sources)


def test_a_deleted_account_leaves_nothing_that_ties_its_questions_together():
    asker = UserFactory()
    for thread in (published_thread(asker=asker), published_thread(asker=asker)):
        thread.decisions.create(act="ask", by=asker)
        Question.objects.filter(pk=thread.pk).update(text="New.")

    forget_account(asker)

    told = Erasure.objects.values_list("source", "rows", "question_number")
    assert sorted(told) == [("questions_decision", 2, None), ("questions_questionwordsevent", 2, None)]


def test_a_deleted_account_is_nobody_in_the_row_history():
    doctor = DoctorFactory()
    reply = published_thread(reply__doctor=doctor).replies.get()
    reply.correct(by=doctor, text="New.", reason="wrong")

    forget_account(doctor.user)

    (event,) = ReplyEvent.objects.all()
    assert (event.pgh_context, event.text != "New.") == ({"act": "correct"}, True)


def test_what_was_decided_on_a_deleted_account_goes_with_it_and_the_texts_of_a_former_admin_stay():
    admin, former = UserFactory(admin=True), UserFactory()
    AccountDecision.objects.create(user=former, act="deactivate", by=admin, reason="Asked to.")
    text = TextRevision.objects.create(
        code="notice.footer", language="en", number=1, words={"text": "Old."}, by=former, reason="Short."
    )

    forget_account(former)

    text.refresh_from_db()
    assert (text.by, text.words, AccountDecision.objects.count()) == (None, {"text": "Old."}, 0)
    assert list(Erasure.objects.values_list("rule", "source", "rows")) == [("account", "accounts_accountdecision", 1)]


def test_decisions_on_what_was_public_are_not_erased():
    thread = published_thread()
    thread.decisions.create(act="publish")

    gone = erase_rows(Decision, rule=Rule.ACCOUNT, pointer="question", ids=[thread.pk], question=None)

    assert (gone, thread.decisions.count(), Erasure.objects.count()) == (0, 1, 0)


def test_who_decided_is_forgotten_of_no_admin_and_of_nobody_elses_question():
    admin, doctor, thread = UserFactory(admin=True), DoctorFactory(), published_thread(asker=UserFactory())

    assert "does not forget" in refused(lambda: forget_actor(admin.pk, rule=Rule.ACCOUNT))
    assert "does not forget" in refused(lambda: forget_actor(doctor.user_id, rule=Rule.ANONYMISING, question=thread.pk))


def test_red_flags_are_forgotten_of_removed_threads_alone():
    thread = published_thread()
    thread.flag(["stroke"])

    assert "it was not removed" in refused(lambda: forget_red_flags(thread.pk))


def test_what_has_decisions_is_not_deleted():
    thread, admin = published_thread(), UserFactory(admin=True)
    thread.decisions.create(act="publish", by=admin)

    for row in (thread, admin):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()


def test_replaced_personal_data_is_in_no_history():
    thread, doctor = published_thread(headline="Call 0912 345 678", text="I am Mary."), DoctorFactory()
    Question.objects.filter(pk=thread.pk).update(headline="Why? Call 0912 345 678")
    thread.refresh_from_db()

    settle_personal_data(question=thread, row=thread, names=["headline", "text"], by=doctor.user, keep=False)

    assert "0912" not in thread.headline
    assert QuestionWordsEvent.objects.count() == 0
    assert list(Erasure.objects.values_list("rule", "rows", "question_number")) == [("personal_data", 2, thread.pk)]
