from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.doctor import Doctor


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
    sessions_ended = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often all sessions were ended; one that was begun before is none."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]
        indexes = [GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="user_email_trigrams")]

    def __str__(self) -> str:
        return self.email

    @cached_property
    def doctor_profile(self) -> "Doctor | None":
        """The doctor profile with its licence, or None for a patient or admin."""
        return apps.get_model("accounts", "Doctor").objects.select_related("licence").filter(user=self).first()

    @property
    def is_doctor(self) -> bool:
        return self.doctor_profile is not None

    def end_sessions(self) -> None:
        """Sign out in all browsers at once, for good: whoever goes on there has to sign in again."""
        self.sessions_ended = models.F("sessions_ended") + 1
        self.save(update_fields=["sessions_ended"])
        self.refresh_from_db(fields=["sessions_ended"])

    def _get_session_auth_hash(self, secret=None) -> str:
        # Django compares it at each request, and ends a session whose own differs.
        known = super()._get_session_auth_hash(secret)
        return f"{known}:{self.sessions_ended}" if self.sessions_ended else known
