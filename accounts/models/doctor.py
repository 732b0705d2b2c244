import pghistory
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from forum.history.guards import kept
from forum.specialties.addresses import address
from forum.specialties.models import Specialty, renew_directory_version


class Standing(models.TextChoices):
    """What a doctor is to the site today; only a verified one may work."""

    VERIFIED = "verified", _("verified")
    UNVERIFIED = "unverified", _("not verified")
    SUSPENDED = "suspended", _("suspended")
    RETIRED = "retired", _("retired")
    NO_LICENCE = "no_licence", _("without a licence")
    EXPIRED = "expired", _("licence expired")


class CannotWork(Exception):
    """The doctor may not work (any more); nothing was changed."""


class DoctorQuerySet(models.QuerySet):
    def verified(self):
        """Doctors whom an admin has verified, whatever became of them since."""
        return self.filter(verified_at__isnull=False)

    def active(self):
        """Those with a place in the public list: verified, and not known to have stopped."""
        return self.verified().filter(suspended_at=None, retired_at=None, expired_noted_at=None)

    def working(self):
        """Those who may work today, as `can_work_as_doctor` has it: verified, signing in, the licence valid."""
        standing = self.verified().filter(suspended_at=None, retired_at=None)
        return standing.filter(user__is_active=True, licence__expires_on__gte=timezone.localdate())

    @transaction.atomic
    def note_expiry(self) -> list["Doctor"]:
        """Note on each verified doctor without a valid licence that it is so, once; and take back what holds no more.

        A day goes by without changing a row: what is kept of a page learns of it by this note. The doctors newly noted.
        """
        covered = models.Exists(
            Licence.objects.filter(doctor=models.OuterRef("pk"), expires_on__gte=timezone.localdate())
        )
        verified = self.verified().select_for_update(no_key=True, of=["self"]).order_by("pk")
        ended = list(verified.filter(~covered, expired_noted_at=None))
        if ended:
            self.filter(pk__in=[doctor.pk for doctor in ended]).update(expired_noted_at=timezone.now())
        renewed = [doctor.pk for doctor in verified.filter(covered, expired_noted_at__isnull=False)]
        if renewed:
            self.filter(pk__in=renewed).update(expired_noted_at=None)
        return ended


class Doctor(models.Model):
    """A doctor's public profile. An archive's doctors are profiles without a user, shown by name, unverified."""

    user = models.OneToOneField(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="doctor", verbose_name=_("sign-in")
    )
    name = models.CharField(_("name"), max_length=300)
    slug = models.SlugField(_("address"), max_length=140, unique=True, allow_unicode=True)
    specialties = models.ManyToManyField(
        Specialty, through="DoctorSpecialty", related_name="doctors", verbose_name=_("specialties")
    )
    hospital = models.CharField(_("hospital"), max_length=200, blank=True)
    credentials = models.CharField(_("credentials"), max_length=300, blank=True)
    biography = models.TextField(_("biography"), blank=True)
    photo = models.ImageField(_("photo"), upload_to="doctors/", blank=True)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True, editable=False)
    suspended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    suspended_because = models.TextField(_("reason of the suspension"), blank=True, editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    # Nobody where the doctor did so: the sign-in may be deleted later.
    retired_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    expired_noted_at = models.DateTimeField(_("seen to have no valid licence"), null=True, blank=True, editable=False)

    objects = DoctorQuerySet.as_manager()

    class Meta:
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True, verified_by__isnull=True)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False),
                name="doctor_verified_at_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(suspended_at__isnull=True, suspended_by__isnull=True, suspended_because="")
                | models.Q(suspended_at__isnull=False, suspended_by__isnull=False),
                name="doctor_suspended_at_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_by__isnull=True) | models.Q(retired_at__isnull=False),
                name="doctor_retired_by_with_at",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(user__isnull=True, verified_at__isnull=True),
                name="doctor_archive_name_unique",
            ),
        ]
        indexes = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="doctor_name_trigrams")]
        triggers = [renew_directory_version()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("doctor", self.slug)

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def is_from_archive(self) -> bool:
        """A name that came with an archive: nobody signs in with it, nobody has verified it."""
        return self.user_id is None and not self.is_verified

    @property
    def is_active(self) -> bool:
        """Whether readers are told that the site vouches for the doctor now, as `active` has it."""
        return self.is_verified and not self.is_former

    @property
    def is_former(self) -> bool:
        """Verified once, and no longer working here: suspended, retired, or the licence was seen to have ended."""
        stopped = self.suspended_at or self.retired_at or self.expired_noted_at
        return self.is_verified and stopped is not None

    @property
    def standing(self) -> Standing:
        """What the doctor is today, to the day; of several things in the way the first."""
        if not self.is_verified:
            return Standing.UNVERIFIED
        if self.suspended_at:
            return Standing.SUSPENDED
        if self.retired_at:
            return Standing.RETIRED
        if not hasattr(self, "licence"):
            return Standing.NO_LICENCE
        return Standing.VERIFIED if self.licence.is_valid else Standing.EXPIRED

    @property
    def can_work(self) -> bool:
        """Verified today, and with a sign-in that is open."""
        return self.standing == Standing.VERIFIED and self.user is not None and self.user.is_active

    def hold_working(self) -> None:
        """Nobody can take this doctor's right to work away before the transaction ends. Raises CannotWork.

        Before any question is locked, as those do who take it away: so that no two wait for each other.
        """
        current = Doctor.objects.select_for_update(no_key=True, of=["self"]).select_related("user", "licence")
        if not current.get(pk=self.pk).can_work:
            raise CannotWork

    def verify(self, *, by: User, reason: str = "") -> None:
        """Let the doctor work, from now on and while the licence lasts. Harmless when repeated."""
        if not self.is_verified:
            self.verified_at, self.verified_by = timezone.now(), by
            self._save("verify", by, "verified_at", "verified_by", reason=reason)

    def withdraw_verification(self, *, by: User, reason: str = "") -> None:
        """It was a mistake: readers are told no more that there ever was one. Harmless when repeated."""
        if self.is_verified:
            self.verified_at = self.verified_by = None
            self._save("withdraw_verification", by, "verified_at", "verified_by", reason=reason)

    def suspend(self, *, by: User, reason: str) -> bool:
        """Take the dashboard away at once; published replies stay. False where that was done before."""
        if self.suspended_at:
            return False
        self.suspended_at, self.suspended_by, self.suspended_because = timezone.now(), by, reason
        self._save("suspend", by, "suspended_at", "suspended_by", "suspended_because", reason=reason)
        return True

    def retire(self, *, by: User | None, reason: str = "") -> bool:
        """The same for good, on the doctor's own wish or an admin's word. False where that was done before."""
        if self.retired_at:
            return False
        self.retired_at = timezone.now()
        self.retired_by = by if by and by.pk != self.user_id else None
        self._save("retire", by, "retired_at", "retired_by", reason=reason)
        return True

    def reinstate(self, *, by: User, reason: str = "") -> bool:
        """Neither suspended nor retired any more; the licence is a matter of its own. False where it was neither."""
        if not (self.suspended_at or self.retired_at):
            return False
        self.suspended_at = self.suspended_by = self.retired_at = self.retired_by = None
        self.suspended_because = ""
        names = ("suspended_at", "suspended_by", "suspended_because", "retired_at", "retired_by")
        self._save("reinstate", by, *names, reason=reason)
        return True

    def take_up_work(self, *, by: User) -> None:
        """An admin has checked the licence: verified, not retired any more, nothing noted of an end. Harmless again."""
        if not self.is_verified:
            self.verified_at, self.verified_by = timezone.now(), by
        self.retired_at = self.retired_by = self.expired_noted_at = None
        self._save("verify", by, "verified_at", "verified_by", "retired_at", "retired_by", "expired_noted_at")

    def forget_reasons(self) -> None:
        """The account goes: nobody works here under this name any more, and of a suspension no word is kept."""
        self.retired_at = self.retired_at or timezone.now()
        self.suspended_because = ""
        self.save(update_fields=["retired_at", "suspended_because"])

    def rename(self, *, name: str, hospital: str) -> None:
        """As the licence has it; the address stays."""
        self.name, self.hospital = name, hospital
        self.save(update_fields=["name", "hospital"])

    def _save(self, act: str, by: User | None, *names: str, reason: str = "") -> None:
        with pghistory.context(act=act, by=by.pk if by else None, **({"reason": reason} if reason else {})):
            self.save(update_fields=names)


class DoctorEvent(
    pghistory.create_event_model(
        Doctor,
        fields=[
            *("name", "slug", "hospital", "credentials", "biography"),
            *("verified_at", "suspended_at", "retired_at", "expired_noted_at"),
        ],
        meta=kept(erasable=True),
    )
):
    """What stood in a public profile before it was changed or deleted; nothing of whoever signs in with it."""


class DoctorRedirect(models.Model):
    """The address and name of an archive's profile that was found to be a doctor's of this site."""

    old_slug = models.SlugField(max_length=140, unique=True, allow_unicode=True)
    old_name = models.CharField(max_length=300, db_index=True, help_text="An archive names the doctor so again.")
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="redirects")

    def __str__(self) -> str:
        return self.old_slug


class DoctorSpecialty(models.Model):
    """One specialty of one doctor; keeps a specialty with doctors from being deleted."""

    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE)
    specialty = models.ForeignKey(Specialty, on_delete=models.PROTECT, verbose_name=_("specialty"))

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        constraints = [models.UniqueConstraint(fields=["doctor", "specialty"], name="doctor_specialty_once")]

    def __str__(self) -> str:
        return f"{self.doctor}: {self.specialty}"


class Licence(models.Model):
    """A doctor's licence to practise. Private: for admins only."""

    doctor = models.OneToOneField(Doctor, on_delete=models.CASCADE, related_name="licence")
    number = models.CharField(_("licence number"), max_length=80)
    issuing_body = models.CharField(_("issued by"), max_length=200)
    expires_on = models.DateField(_("valid to"), help_text=_("The last day on which it is valid."))

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [models.UniqueConstraint(fields=["issuing_body", "number"], name="licence_number_unique")]

    def __str__(self) -> str:
        return f"{self.doctor}"

    @property
    def days_left(self) -> int:
        """How many days it lasts after today, in the site's time zone; less than none once it has ended."""
        return (self.expires_on - timezone.localdate()).days

    @property
    def is_valid(self) -> bool:
        """Whether it covers today."""
        return self.days_left >= 0


class LicenceEvent(
    pghistory.create_event_model(Licence, fields=["doctor", "issuing_body", "expires_on"], meta=kept(erasable=True))
):
    """Until when a licence was valid before it was renewed. Without its number, and gone with the account."""
