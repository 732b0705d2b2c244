import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from forum.history.guards import kept
from forum.specialties.addresses import address
from forum.specialties.models.directory import renew_directory_version


class SpecialtyQuerySet(models.QuerySet):
    def open(self):
        """Those a patient may ask in."""
        return self.filter(is_open=True)

    def in_tree_order(self):
        """Each top specialty followed by its children, both by position, then name."""
        return self.alias(
            top_position=models.functions.Coalesce("parent__position", "position"),
            top_name=models.functions.Coalesce("parent__name", "name"),
            depth=models.Case(models.When(parent=None, then=0), default=1),
        ).order_by("top_position", "top_name", "depth", "position", "name")


class Specialty(models.Model):
    """A field of medicine under which questions are asked. Two levels at most: a top specialty and its children."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("under")
    )
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh_hant = models.CharField(_("name (Traditional Chinese)"), max_length=80, blank=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True, allow_unicode=True)
    description = models.TextField(_("what belongs here (English)"), blank=True)
    description_zh_hant = models.TextField(_("what belongs here (Traditional Chinese)"), blank=True)
    icon = models.SlugField(_("icon"), max_length=30, blank=True, help_text=_("A name from static/img/icons.svg."))
    position = models.PositiveIntegerField(_("position"), default=0)
    is_open = models.BooleanField(_("open for asking"), default=True)
    target_hours = models.PositiveSmallIntegerField(
        _("answer within (hours)"),
        default=24,
        validators=[MinValueValidator(1)],
        help_text=_("How long a question should wait for a doctor at most."),
    )
    review_months = models.PositiveSmallIntegerField(
        _("review More Info after (months)"),
        default=24,
        validators=[MinValueValidator(1)],
        help_text=_("When a signed article is due to be read again by a doctor."),
    )

    objects = SpecialtyQuerySet.as_manager()

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="specialty_name_unique"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="specialty_not_its_own_parent"),
            models.CheckConstraint(condition=models.Q(target_hours__gte=1), name="specialty_target_an_hour_at_least"),
            models.CheckConstraint(condition=models.Q(review_months__gte=1), name="specialty_review_a_month_at_least"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="two_levels",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__parent__isnull=False),
                func="""
                    PERFORM 1 FROM specialties_specialty WHERE id = NEW.parent_id FOR UPDATE;
                    IF EXISTS (SELECT FROM specialties_specialty WHERE id = NEW.parent_id AND parent_id IS NOT NULL)
                       OR EXISTS (SELECT FROM specialties_specialty WHERE parent_id = NEW.id) THEN
                        RAISE EXCEPTION 'specialties have two levels at most' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            renew_directory_version(),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("specialty", self.slug)

    def get_feed_url(self) -> str:
        return address("specialty_feed", self.slug)

    def clean(self) -> None:
        if self.parent and (self.parent.parent_id or (self.pk and self.children.exists())):
            raise ValidationError({"parent": _("Specialties have two levels at most.")})

    def open(self, *, by: models.Model) -> bool:
        """Let patients ask in it. False where they may."""
        return self._set_open(True, "open", by)

    def close(self, *, by: models.Model) -> bool:
        """Take no more questions; what becomes of those that wait is the caller's to say. False where it is closed."""
        return self._set_open(False, "close", by)

    @transaction.atomic
    def _set_open(self, is_open: bool, act: str, by: models.Model) -> bool:
        with pghistory.context(act=act, by=by.pk):
            changed = Specialty.objects.filter(pk=self.pk).exclude(is_open=is_open).update(is_open=is_open)
        self.is_open = is_open
        return bool(changed)

    @property
    def label(self) -> str:
        """The name in the reader's language, English where there is no translation."""
        return self.name_zh_hant if get_language() == "zh-hant" and self.name_zh_hant else self.name

    @property
    def about(self) -> str:
        """The description in the reader's language."""
        if get_language() == "zh-hant" and self.description_zh_hant:
            return self.description_zh_hant
        return self.description

    def with_children(self) -> list["Specialty"]:
        """Itself and, for a top specialty, its children."""
        return [self, *self.children.all()] if self.parent_id is None else [self]


class SpecialtyEvent(
    pghistory.create_event_model(
        Specialty,
        pghistory.ManualEvent("add"),
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        fields=[
            "parent",
            "name",
            "name_zh_hant",
            "slug",
            "description",
            "description_zh_hant",
            "position",
            "is_open",
            "target_hours",
            "review_months",
        ],
        meta=kept(),
    )
):
    """A specialty as it was made, and what stood in it before it was changed or deleted. Never public."""


class SpecialtyRedirect(models.Model):
    """The address that a specialty had before it was given another one, or was merged into another specialty."""

    old_slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    specialty = models.ForeignKey(Specialty, on_delete=models.CASCADE, related_name="redirects")

    def __str__(self) -> str:
        return self.old_slug
