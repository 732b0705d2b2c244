"""The profile that an archive made of a doctor's name becomes part of the profile with which that doctor signs in."""

from collections.abc import Iterator

import pghistory
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from pghistory.models import Event

from accounts.models import AccountAct, AccountDecision, Doctor, DoctorRedirect, DoctorSpecialty, Licence, User
from forum.questions.models import Question, WrongState
from forum.replies.models import Agreement

# What a profile says of itself goes with it: the doctor's own specialties open the queue, and the licence is checked.
STAYS = (DoctorSpecialty, Licence)


def what_moves(source: Doctor) -> dict[str, int]:
    """How many rows of which kind lead to this profile."""
    counted = {}
    for model, names in _relations().items():
        if number := model._base_manager.filter(_any(names, source)).count():
            counted[str(model._meta.verbose_name_plural)] = number
    return counted


@transaction.atomic
def merge_profile(*, source: Doctor, target: Doctor, by: User, reason: str) -> None:
    """Move all that leads to an archive's profile to a verified doctor's, then delete it; its address redirects.

    The relations are read from the models, so an app that adds one need not be named here. Of two rows that may only
    exist once, the doctor's own stays. Raises WrongState where either is not, or no longer, what is merged.
    """
    questions = Question.objects.filter(pk__in=_questions(source)).order_by("pk")
    list(questions.select_for_update().values("pk"))  # before their parts, as everywhere
    locked = Doctor.objects.select_for_update().order_by("pk").in_bulk([source.pk, target.pk])
    if len(locked) != 2:
        raise WrongState
    source, target = locked[source.pk], locked[target.pk]
    if not source.is_from_archive or not target.is_verified or target.user_id is None:
        raise WrongState
    with pghistory.context(act="merge_profile", by=by.pk):
        # Nobody agrees with a reply of their own.
        Agreement.objects.filter(doctor=target, reply__doctor=source).delete()
        for model, names in _relations().items():
            for name in names:
                _move(model, name, source, target)
        DoctorRedirect.objects.create(old_slug=source.slug, old_name=source.name, doctor=target)
        source.delete()
    AccountDecision.objects.create(
        user=target.user, act=AccountAct.MERGE_PROFILE, about=source.name, reason=reason, by=by
    )


def _relations() -> dict[type[models.Model], list[str]]:
    """The models with rows that lead to a doctor, and by which of their fields; the row history is left as it was."""
    found: dict[type[models.Model], list[str]] = {}
    for relation in Doctor._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if relation.auto_created and not relation.concrete and not issubclass(model, (Event, *STAYS)):
            found.setdefault(model, []).append(relation.field.name)
    return found


def _any(names: list[str], doctor: Doctor) -> Q:
    return Q(*((name, doctor) for name in names), _connector=Q.OR)


def _questions(source: Doctor) -> set[int]:
    """The questions whose parts move."""
    found: set[int] = set()
    for model, names in _relations().items():
        fields = {each.name for each in model._meta.get_fields()}
        path = next((path for path in ("question", "reply__question") if path.partition("__")[0] in fields), None)
        if path:
            found.update(model._base_manager.filter(_any(names, source)).values_list(path, flat=True))
    return found


def _move(model: type[models.Model], name: str, source: Doctor, target: Doctor) -> None:
    rows = model._base_manager.filter(**{name: source})
    for others in _only_once_with(model, name):
        twin = model._base_manager.filter(**{name: target}, **{other: OuterRef(other) for other in others})
        rows.filter(Exists(twin)).delete()
    rows.update(**{name: target})


def _only_once_with(model: type[models.Model], name: str) -> Iterator[list[str]]:
    """The other fields of each rule that lets a row exist once for a doctor; none where it is one a doctor."""
    if model._meta.get_field(name).unique:
        yield []
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and name in rule.fields and rule.condition is None:
            yield [each for each in rule.fields if each != name]
