import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from forum.operations.models import Upkeep, WorkerBeat
from tests.factories import TaskFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client):
    client.force_login(UserFactory(admin=True))
    return client


def staff(client, *permissions: str):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def test_health_page_tells_of_every_part(browser):
    WorkerBeat.objects.beat("worker")

    page = browser.get("/admin/health/").content.decode()

    for part in ("Database", "Migrations", "Background worker", "Tasks", "Mail", "Search index", "Disk", "Backup"):
        assert f"<h2>{part} <span" in page
    assert "1 worker is at work." in page


def test_health_page_shows_where_a_task_failed_and_not_what_was_said(browser):
    task = TaskFactory(failed=True, args_kwargs={"args": [4711, "my headache"], "kwargs": {}})

    page = browser.get("/admin/health/").content.decode()

    assert "forum/search/tasks.py:46 (renew_similar_around)" in page
    assert "for number 4711, …" in page
    assert f"?task={task.pk}" in page
    assert "wrote<" not in page
    assert "my headache" not in page


def test_raw_tracebacks_have_no_page_of_their_own():
    assert not admin.site.is_registered(DBTaskResult)


@pytest.mark.parametrize("choice", ["task", "kind"])
def test_failed_tasks_are_tried_again_after_a_page_that_lists_them(browser, choice):
    task = TaskFactory(failed=True)
    chosen = {choice: str(task.pk) if choice == "task" else task.task_path}

    asked = browser.get("/admin/health/retry/", chosen)
    assert "1 failed task goes back into the queue: Find threads like one that changed." in asked.content.decode()
    assert DBTaskResult.objects.failed().count() == 1

    done = browser.post("/admin/health/retry/", chosen, follow=True)
    assert "1 task is tried again." in done.content.decode()
    assert DBTaskResult.objects.ready().count() == 1

    again = browser.post("/admin/health/retry/", chosen, follow=True)
    assert "It is no longer among the failed tasks." in again.content.decode()
    assert Upkeep.objects.count() == 1


@pytest.mark.parametrize("given", [{}, {"task": "1"}, {"task": "x' OR 1=1"}])
def test_retry_of_nothing_is_not_found(browser, given):
    assert browser.get("/admin/health/retry/", given).status_code == 404
    assert browser.post("/admin/health/retry/", given).status_code == 404


def test_what_was_done_is_shown_with_who_did_it(browser):
    task = TaskFactory(failed=True)
    browser.post("/admin/health/retry/", {"task": str(task.pk)})

    page = browser.get("/admin/health/").content.decode()

    assert f"Failed tasks tried again: {task.task_path} (1), {UserFactory._meta.model.objects.get()}" in page


@pytest.mark.parametrize(
    ("permissions", "health", "retry"),
    [([], 403, 403), (["view_upkeep"], 200, 403), (["view_upkeep", "add_upkeep"], 200, 302)],
)
def test_staff_needs_the_permission(client, permissions, health, retry):
    task = TaskFactory(failed=True)
    person = staff(client, *permissions)

    answers = [
        person.get(reverse("admin:health")).status_code,
        person.post(reverse("admin:health_retry"), {"task": str(task.pk)}).status_code,
    ]

    assert answers == [health, retry]
    assert DBTaskResult.objects.failed().count() == (retry == 403)


def test_staff_that_may_only_look_is_offered_no_retry(client):
    TaskFactory.create_batch(2, failed=True)

    page = staff(client, "view_upkeep").get("/admin/health/").content.decode()

    assert "Find threads like one that changed" in page
    assert "Try " not in page
