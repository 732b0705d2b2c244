import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from forum.history.guards import kept
from forum.specialties.addresses import address
from forum.specialties.models import Specialty, renew_directory_version


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with a sign-in: a patient, a doctor (has a doctor profile) or an admin (`is_staff`)."""

    email = models.EmailField(_("e-mail"), unique=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("admin"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.email

    @cached_property
    def doctor_profile(self) -> "Doctor | None":
        """The doctor profile with its licence, or None for a patient or admin."""
        return Doctor.objects.select_related("licence").filter(user=self).first()

    @property
    def is_doctor(self) -> bool:
        return self.doctor_profile is not None


class DoctorQuerySet(models.QuerySet):
    def verified(self):
        """Doctors whom an admin has verified: those with a place in the public list."""
        return self.filter(verified_at__isnull=False)

    def working(self):
        """Those who may work today, as `can_work_as_doctor` has it: verified, signing in, the licence valid."""
        return self.verified().filter(user__is_active=True, licence__expires_on__gte=timezone.localdate())


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
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(user__isnull=True, verified_at__isnull=True),
                name="doctor_archive_name_unique",
            ),
        ]
        triggers = [renew_directory_version()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("doctor", self.slug)

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    def verify(self, *, by: User) -> None:
        """Let the doctor work, from now on and while the licence lasts. Harmless when repeated."""
        if not self.is_verified:
            self.verified_at, self.verified_by = timezone.now(), by
            with pghistory.context(act="verify", by=by.pk):
                self.save(update_fields=["verified_at", "verified_by"])

    def withdraw_verification(self, *, by: User) -> None:
        """Take the dashboard away at once; published replies stay. Harmless when repeated."""
        self.verified_at = self.verified_by = None
        with pghistory.context(act="withdraw_verification", by=by.pk):
            self.save(update_fields=["verified_at", "verified_by"])


class DoctorEvent(
    pghistory.create_event_model(
        Doctor,
        fields=["name", "slug", "hospital", "credentials", "biography", "verified_at"],
        meta=kept(),
    )
):
    """What stood in a public profile before it was changed or deleted; nothing of whoever signs in with it."""


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
    def is_valid(self) -> bool:
        """Whether it covers today."""
        return self.expires_on >= timezone.localdate()
