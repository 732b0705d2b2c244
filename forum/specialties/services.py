from django.db import models, transaction

from forum.specialties.models import Specialty, SpecialtyRedirect


@transaction.atomic
def merge_specialty(*, source: Specialty, target: Specialty) -> None:
    """Move all that points at `source` to `target`, then delete `source`; its address redirects to `target`.

    The relations are read from the models, so an app that adds one need not be named here. A related model whose rows
    may clash (unique together with the specialty) offers `move_to_specialty(source, target)` on its queryset.

    Raises ValueError where the two are the same, or where children would end up on a third level.
    """
    locked = Specialty.objects.select_for_update().order_by("pk").in_bulk([source.pk, target.pk])
    if len(locked) != 2:
        raise ValueError("A specialty is merged into another one that exists.")
    source, target = locked[source.pk], locked[target.pk]
    if target.parent_id == source.pk or (target.parent_id and source.children.exists()):
        raise ValueError("Its sub-specialties would end up on a third level.")
    for relation in Specialty._meta.related_objects:
        _move(relation, source, target)
    SpecialtyRedirect.objects.update_or_create(old_slug=source.slug, defaults={"specialty": target})
    source.delete()


def _move(relation: models.ForeignObjectRel, source: Specialty, target: Specialty) -> None:
    if relation.many_to_many:
        through, near = relation.through, relation.field.m2m_reverse_field_name()
        far = relation.field.m2m_field_name()
        already = through._base_manager.filter(**{near: target}).values(f"{far}_id")
        rows = through._base_manager.filter(**{near: source})
        rows.filter(**{f"{far}_id__in": already}).delete()
        rows.update(**{near: target})
        return
    rows = relation.related_model._default_manager.filter(**{relation.field.name: source})
    if hasattr(rows, "move_to_specialty"):
        rows.move_to_specialty(source, target)
    else:
        rows.update(**{relation.field.name: target})
