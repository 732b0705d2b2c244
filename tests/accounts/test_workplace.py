import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories import ReportFactory, UserFactory

pytestmark = pytest.mark.django_db


def first_page(user) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/admin/").content.decode()


def test_the_first_page_tells_what_waits():
    ReportFactory()

    page = first_page(UserFactory(admin=True))

    assert '<a href="/admin/moderation/report/">Reports</a><span class="number">1 waiting</span>' in page


def test_a_task_stands_only_before_those_who_may_do_it():
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_removalrequest"))

    page = first_page(user)

    assert '<a href="/admin/questions/removalrequest/">Removal requests</a>' in page
    assert "Reports" not in page
