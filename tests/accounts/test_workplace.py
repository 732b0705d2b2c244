import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from tests.factories import ReportFactory, UserFactory

pytestmark = pytest.mark.django_db


def first_page(user) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/admin/").content.decode()


def test_the_first_page_tells_what_waits():
    ReportFactory()

    page = first_page(UserFactory(admin=True))

    assert '<a href="/admin/queue/">Reports and requests</a><span class="number">1 waiting</span>' in page


def test_a_task_stands_only_before_those_who_may_do_it():
    user = UserFactory(is_staff=True)
    nobody = first_page(user)
    user.user_permissions.add(Permission.objects.get(codename="view_removalrequest"))

    page = first_page(User.objects.get(pk=user.pk))

    assert ["Reports and requests" in each for each in (nobody, page)] == [False, True]
