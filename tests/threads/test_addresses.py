"""One address a thread; every other one leads there for good."""

from urllib.parse import unquote

import pytest
from django.urls import reverse

from forum.moderation.services import hide_thread, merge_thread
from tests.factories import UserFactory, published_thread

pytestmark = pytest.mark.django_db


def test_the_address_is_id_and_title(client):
    question = published_thread(public_title="Twitching eyelids: what helps?")

    assert question.get_absolute_url() == f"/questions/{question.pk}/twitching-eyelids-what-helps/"


@pytest.mark.parametrize("slug", ["an-old-title", "TWITCHING", "twitching-", "x" * 500, "肌肉", "%00", "a%2Fb"])
def test_any_other_slug_is_moved_permanently_to_the_address(client, slug):
    question = published_thread(public_title="Twitching")

    response = client.get(f"/questions/{question.pk}/{slug}/?utm=1")

    if slug == "a%2Fb":
        assert response.status_code == 404  # a slash names another address
    else:
        assert (response.status_code, response["Location"]) == (301, f"/questions/{question.pk}/twitching/")


def test_a_new_title_moves_the_old_address(client):
    question = published_thread(public_title="Old title")
    before = question.get_absolute_url()
    client.get(before)
    type(question).objects.filter(pk=question.pk).update(public_title="New title")

    response = client.get(before)

    assert (response.status_code, response["Location"]) == (301, f"/questions/{question.pk}/new-title/")


def test_chinese_titles_make_chinese_addresses(client):
    question = published_thread(public_title="不自主肌肉跳動:原因與解決方法", language="zh-hant")

    response = client.get(question.get_absolute_url())

    assert unquote(question.get_absolute_url()) == f"/questions/{question.pk}/不自主肌肉跳動原因與解決方法/"
    assert response.status_code == 200
    assert client.get(reverse("thread", args=[question.pk, "別的"]))["Location"] == question.get_absolute_url()


@pytest.mark.parametrize("title", ["???", "🤒", "---"])
def test_a_title_without_letters_still_makes_an_address(client, title):
    question = published_thread(public_title=title)

    assert question.get_absolute_url() == f"/questions/{question.pk}/thread/"
    assert client.get(question.get_absolute_url()).status_code == 200


def test_a_merged_duplicate_is_moved_permanently_to_its_target(client):
    target, duplicate = published_thread(public_title="Target"), published_thread(public_title="Duplicate")
    address = duplicate.get_absolute_url()

    merge_thread(question=duplicate, target=target, by=UserFactory(admin=True))

    for path in (address, reverse("thread", args=[duplicate.pk, "any-slug"])):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (301, f"/questions/{target.pk}/target/")


def test_a_chain_of_merges_leads_to_its_end_in_one_step(client):
    admin = UserFactory(admin=True)
    first, second, third = (published_thread(public_title=title) for title in ("First", "Second", "Third"))
    merge_thread(question=first, target=second, by=admin)

    merge_thread(question=second, target=third, by=admin)

    assert client.get(first.get_absolute_url())["Location"] == f"/questions/{third.pk}/third/"


def test_a_merged_duplicate_of_a_hidden_thread_is_not_found(client):
    admin = UserFactory(admin=True)
    target, duplicate = published_thread(), published_thread()
    merge_thread(question=duplicate, target=target, by=admin)

    hide_thread(question=target, by=admin, reason="admin")

    response = client.get(duplicate.get_absolute_url())
    assert (response.status_code, response.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("pk", ["0", "9" * 30, "9" * 5000, "-1", "1e3", "１２"])
def test_an_id_of_no_thread_is_not_found(client, pk):
    response = client.get(f"/questions/{pk}/x/")

    assert response.status_code == 404
    assert b"There is no page here" in response.content
