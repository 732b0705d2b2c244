import pytest

from forum.specialties.models import Specialty
from forum.specialties.slugs import unique_slug
from tests.factories import SpecialtyFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Ear, Nose & Throat", "ear-nose-throat"),
        ("神經科", "神經科"),
        ("!?", "specialty"),
        ("", "specialty"),
        ("x" * 100, "x" * 72),
    ],
)
def test_unique_slug_is_made_of_the_words(text, slug):
    assert unique_slug(Specialty, text) == slug


def test_unique_slug_counts_up_where_the_address_is_taken():
    SpecialtyFactory(slug="neurology")
    SpecialtyFactory(slug="neurology-2")

    assert unique_slug(Specialty, "Neurology") == "neurology-3"
    assert unique_slug(Specialty, "Neurology", taken={"neurology-3"}) == "neurology-4"


def test_unique_slug_of_a_long_text_that_is_taken_still_fits():
    for _time in range(3):
        SpecialtyFactory(slug=unique_slug(Specialty, "x" * 100))

    assert set(Specialty.objects.values_list("slug", flat=True)) == {"x" * 72, f"{'x' * 72}-2", f"{'x' * 72}-3"}


@pytest.mark.parametrize("path", ["/specialties/%00/", "/specialties/nothing/", "/topics/%00/", "/doctors/%00/"])
def test_address_that_nothing_has_is_a_page_that_does_not_exist(client, path):
    answer = client.get(path)

    assert (answer.status_code, "There is no page here" in answer.content.decode()) == (404, True)
