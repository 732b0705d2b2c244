import inspect
from importlib import import_module

import pytest
from django.apps import apps
from django.utils.module_loading import module_has_submodule
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from forum.operations.models import Upkeep
from forum.operations.queue import NAMES, failed_kinds, failed_tasks, numbers_of, one_kind, place_of, retry_failed
from tests.factories import TaskFactory, UserFactory
from tests.races import at_once

CHECK_LINKS = "forum.articles.tasks.check_links"


def tasks_of_the_project() -> list[Task]:
    modules = [
        import_module(f"{config.name}.tasks")
        for config in apps.get_app_configs()
        if config.name.startswith(("forum.", "accounts")) and module_has_submodule(config.module, "tasks")
    ]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Task)]


def test_tasks_are_given_numbers_only():
    given = {
        (task.name, parameter.name)
        for task in tasks_of_the_project()
        for parameter in inspect.signature(task.func).parameters.values()
        if parameter.annotation is not int
    }

    assert given == set()


def test_every_task_has_a_name_in_an_admins_words():
    assert NAMES.keys() == {task.module_path for task in tasks_of_the_project()}


@pytest.mark.parametrize(
    ("args", "kwargs", "shown"),
    [([], {}, ""), ([7], {"after": 12}, "7, 12"), (["I have a headache"], {"question_id": 3}, "3, …")],
)
def test_of_what_a_task_was_given_only_numbers_are_shown(args, kwargs, shown):
    assert numbers_of({"args": args, "kwargs": kwargs}) == shown


def test_place_is_the_last_line_of_our_own_code(settings):
    traceback = (
        f'  File "{settings.BASE_DIR}/forum/search/tasks.py", line 46, in renew_similar_around\n    renew()\n'
        f'  File "{settings.BASE_DIR}/forum/search/services.py", line 9, in renew\n    cursor.execute(x)\n'
        '  File "/usr/lib/python3/site-packages/django/db/utils.py", line 91, in __exit__\n    raise\n'
        "ValueError: I have a headache\n"
    )

    assert place_of(traceback) == "forum/search/services.py:9 (renew)"


@pytest.mark.parametrize("traceback", ["", '  File "/home/my diagnosis", line 1, in me\n', "no traceback at all"])
def test_place_is_empty_where_our_code_is_not_named(traceback):
    assert place_of(traceback) == ""


@pytest.mark.django_db
def test_failed_kinds_tell_numbers_and_the_newest_of_each():
    TaskFactory.create_batch(6, failed=True)
    other = TaskFactory(failed=True, task_path=CHECK_LINKS, args_kwargs={"args": [], "kwargs": {}})
    TaskFactory()

    kinds = failed_kinds()

    assert [(kind.name, kind.number, len(kind.newest)) for kind in kinds] == [
        ("Check the links of More Info", 1, 1),
        ("Find threads like one that changed", 6, 5),
    ]
    (shown,) = kinds[0].newest
    assert (shown.pk, shown.error, shown.place, shown.numbers) == (
        str(other.pk),
        "builtins.ValueError",
        "forum/search/tasks.py:46 (renew_similar_around)",
        "",
    )
    assert "wrote" not in str(kinds)


@pytest.mark.django_db
def test_one_kind_is_none_where_nothing_failed():
    TaskFactory()

    assert one_kind(failed_tasks(path="forum.search.tasks.renew_similar_around")) is None


@pytest.mark.django_db
def test_retry_puts_one_task_back_into_the_queue_as_if_new():
    admin = UserFactory(admin=True)
    task, other = TaskFactory.create_batch(2, failed=True)

    assert retry_failed(pk=str(task.pk), by=admin) == 1

    task.refresh_from_db()
    assert task in DBTaskResult.objects.ready()
    assert (task.worker_ids, task.traceback, task.exception_class_path, task.finished_at) == ([], "", "", None)
    other.refresh_from_db()
    assert other.status == TaskResultStatus.FAILED
    assert list(Upkeep.objects.values_list("kind", "what", "number", "by")) == [
        ("retry", task.task_path, 1, admin.pk),
    ]


@pytest.mark.django_db
def test_retry_of_a_kind_leaves_other_kinds_alone():
    TaskFactory.create_batch(3, failed=True)
    other = TaskFactory(failed=True, task_path=CHECK_LINKS)

    assert retry_failed(path="forum.search.tasks.renew_similar_around", by=UserFactory(admin=True)) == 3

    assert list(DBTaskResult.objects.failed()) == [other]
    assert Upkeep.objects.get().number == 3


@pytest.mark.django_db
def test_retry_pressed_twice_does_nothing_more():
    admin = UserFactory(admin=True)
    task = TaskFactory(failed=True)
    retry_failed(pk=str(task.pk), by=admin)

    assert retry_failed(pk=str(task.pk), by=admin) == 0
    assert Upkeep.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_retry_at_once_retry_each_task_once():
    admin = UserFactory(admin=True)
    tasks = TaskFactory.create_batch(4, failed=True)

    def retry():
        return retry_failed(path=tasks[0].task_path, by=admin)

    assert sum(at_once(retry, retry)) == 4
    assert DBTaskResult.objects.ready().count() == 4
