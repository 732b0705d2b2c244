import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import translation

from forum.specialties.models import Specialty
from tests.factories import DoctorFactory, QuestionFactory, ReplyFactory, SpecialtyFactory, TopicFactory

pytestmark = pytest.mark.django_db

TOO_DEEP = "specialties have two levels at most"


def test_child_of_a_child_is_refused_by_the_database():
    child = SpecialtyFactory(parent=SpecialtyFactory())

    with pytest.raises(IntegrityError, match=TOO_DEEP):
        SpecialtyFactory(parent=child)


def test_specialty_with_children_does_not_become_a_child_in_the_database():
    top, other = SpecialtyFactory(), SpecialtyFactory()
    SpecialtyFactory(parent=top)

    with pytest.raises(IntegrityError, match=TOO_DEEP), transaction.atomic():
        Specialty.objects.filter(pk=top.pk).update(parent=other)

    assert Specialty.objects.get(pk=top.pk).parent is None


def test_specialty_under_itself_is_refused_by_the_database():
    specialty = SpecialtyFactory()

    with pytest.raises(IntegrityError, match="specialty_not_its_own_parent"):
        Specialty.objects.filter(pk=specialty.pk).update(parent=specialty)


def test_childless_specialty_moves_under_another_and_back():
    top, moved = SpecialtyFactory(), SpecialtyFactory()

    moved.parent = top
    moved.full_clean()
    moved.save()
    assert list(top.children.all()) == [moved]

    moved.parent = None
    moved.full_clean()
    moved.save()
    assert list(top.children.all()) == []


def test_clean_refuses_a_third_level_from_below():
    child = SpecialtyFactory(parent=SpecialtyFactory())

    with pytest.raises(ValidationError) as refused:
        SpecialtyFactory.build(parent=child).full_clean()

    assert refused.value.message_dict == {"parent": ["Specialties have two levels at most."]}


def test_clean_refuses_a_third_level_from_above():
    top = SpecialtyFactory()
    SpecialtyFactory(parent=top)
    top.parent = SpecialtyFactory()

    with pytest.raises(ValidationError) as refused:
        top.full_clean()

    assert refused.value.message_dict == {"parent": ["Specialties have two levels at most."]}


def test_tree_order_puts_each_child_behind_its_parent_by_position_then_name():
    surgery = SpecialtyFactory(name="Surgery", position=2)
    medicine = SpecialtyFactory(name="Medicine", position=1)
    SpecialtyFactory(name="Dentistry", position=2)
    SpecialtyFactory(name="Neurology", parent=medicine, position=5)
    SpecialtyFactory(name="Cardiology", parent=medicine, position=5)
    SpecialtyFactory(name="Zoonoses", parent=medicine, position=0)
    SpecialtyFactory(name="Abdominal surgery", parent=surgery, position=0)

    assert [str(specialty) for specialty in Specialty.objects.in_tree_order()] == [
        *("Medicine", "Zoonoses", "Cardiology", "Neurology"),
        "Dentistry",
        *("Surgery", "Abdominal surgery"),
    ]


def test_name_is_unique_in_any_letters():
    SpecialtyFactory(name="Neurology")

    with pytest.raises(IntegrityError, match="specialty_name_unique"):
        SpecialtyFactory(name="NEUROLOGY")


def test_open_holds_those_a_patient_may_ask_in():
    specialty = SpecialtyFactory()
    SpecialtyFactory(is_open=False)

    assert list(Specialty.objects.open()) == [specialty]


@pytest.mark.parametrize(
    ("language", "label", "about"),
    [
        ("en", "Neurology", "Brain and nerves"),
        ("zh-hant", "神經科", "腦與神經"),
        ("de", "Neurology", "Brain and nerves"),
    ],
)
def test_label_and_about_speak_the_language_of_the_reader(language, label, about):
    specialty = SpecialtyFactory.build(
        name="Neurology", name_zh_hant="神經科", description="Brain and nerves", description_zh_hant="腦與神經"
    )

    with translation.override(language):
        assert (specialty.label, specialty.about) == (label, about)


def test_label_and_about_are_english_where_nobody_has_translated_them():
    specialty = SpecialtyFactory.build(name="Neurology", description="Brain and nerves")

    with translation.override("zh-hant"):
        assert (specialty.label, specialty.about) == ("Neurology", "Brain and nerves")


def test_with_children_is_itself_and_those_under_it():
    top = SpecialtyFactory(position=0)
    second, first = SpecialtyFactory(parent=top, position=2), SpecialtyFactory(parent=top, position=1)
    SpecialtyFactory()

    assert top.with_children() == [top, first, second]
    assert first.with_children() == [first]


USES = {
    "question": lambda specialty: QuestionFactory(specialty=specialty),
    "reply": lambda specialty: ReplyFactory(specialty=specialty),
    "topic": lambda specialty: TopicFactory(specialty=specialty),
    "doctor": lambda specialty: DoctorFactory(specialties=[specialty]),
    "child": lambda specialty: SpecialtyFactory(parent=specialty),
}


@pytest.mark.parametrize("use", USES)
def test_specialty_in_use_cannot_be_deleted(use):
    specialty = SpecialtyFactory()
    USES[use](specialty)

    with pytest.raises(ProtectedError):
        specialty.delete()

    assert Specialty.objects.filter(pk=specialty.pk).exists()


@pytest.mark.parametrize("use", USES)
def test_specialty_in_use_cannot_be_deleted_in_the_admin_site(admin_client, use):
    specialty = SpecialtyFactory()
    USES[use](specialty)

    admin_client.post(f"/admin/specialties/{specialty.pk}/delete/")

    assert Specialty.objects.filter(pk=specialty.pk).exists()


def test_unused_specialty_can_be_deleted():
    specialty = SpecialtyFactory()

    specialty.delete()

    assert not Specialty.objects.exists()
