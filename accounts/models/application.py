import pghistory
import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.claims import Claimable, claimed_by_somebody
from accounts.models.doctor import Doctor
from accounts.models.user import User
from forum.history.guards import kept
from forum.specialties.models import Specialty


class ApplicationKind(models.TextChoices):
    FIRST = "first", _("First application")
    RENEWAL = "renewal", _("Renewed licence")


class ApplicationState(models.TextChoices):
    WAITING = "waiting", _("Waits for an admin")
    ASKED = "asked", _("Waits for the applicant")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (ApplicationState.WAITING, ApplicationState.ASKED)
# What an applicant fills in; `specialties` beside it.
TYPED = ("name", "hospital", "number", "issuing_body", "expires_on")


class ApplicationClosed(Exception):
    """It was decided or withdrawn meanwhile; nothing was changed."""


class ApplicationChanged(Exception):
    """It says something else than what the admin had read; nothing was changed."""


class ApplicationQuerySet(models.QuerySet):
    def open(self):
        """Those that are not decided, whoever has the next word."""
        return self.filter(state__in=OPEN)

    def waiting(self):
        """Those an admin is to look at."""
        return self.filter(state=ApplicationState.WAITING)

    @transaction.atomic
    def apply(self, *, user: User, proof: str, specialties, **typed) -> "Application | None":
        """Send one in, one open application a user; None where there is one. `proof` names a kept file (proof.py)."""
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if self.filter(user=user).open().exists():
            return None
        verified = Doctor.objects.verified().filter(user=user).exists()
        kind = ApplicationKind.RENEWAL if verified else ApplicationKind.FIRST
        application = self.create(user=user, kind=kind, proof=proof, **typed)
        application.specialties.set(specialties)
        return application


class Application(Claimable):
    """A doctor wants to be verified, or has a renewed licence; an admin decides. Private: for the two of them only.

    The file of its proof lies in the uploads under the name `proof`, as proof.py has it, and goes when that goes.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        editable=False,
        related_name="applications",
        verbose_name=_("applicant"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ApplicationKind, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ApplicationState, default=ApplicationState.WAITING, editable=False
    )
    name = models.CharField(_("Your name"), max_length=200, help_text=_("As it stands on the licence, without title."))
    hospital = models.CharField(_("Hospital or practice"), max_length=200, blank=True)
    number = models.CharField(_("Licence number"), max_length=80)
    issuing_body = models.CharField(_("Issued by"), max_length=200)
    expires_on = models.DateField(_("Valid to"), help_text=_("The last day on which the licence is valid."))
    specialties = models.ManyToManyField(Specialty, related_name="applications", verbose_name=_("Your specialties"))
    proof = models.CharField(max_length=40, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    note = models.TextField(_("word of the admin"), blank=True, editable=False)
    answer = models.TextField(_("answer of the applicant"), blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state__in=OPEN), name="application_one_open_a_user"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            claimed_by_somebody("application_claimed_at_with_by"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[ApplicationState.VERIFIED, ApplicationState.REFUSED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | models.Q(state=ApplicationState.WITHDRAWN, decided_at__isnull=False, decided_by__isnull=True)
                | models.Q(state__in=OPEN, decided_at__isnull=True, decided_by__isnull=True),
                name="application_decided_with_state",
            ),
        ]
        indexes = [
            models.Index(fields=["sent_at", "id"], name="application_open", condition=models.Q(state__in=OPEN)),
            models.Index(fields=["state", "-decided_at"], name="application_decided"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="note_discarded_proof",
                operation=pgtrigger.Delete | pgtrigger.UpdateOf("proof"),
                when=pgtrigger.After,
                func="""
                    IF OLD.proof <> '' AND (TG_OP = 'DELETE' OR NEW.proof <> OLD.proof) THEN
                        INSERT INTO accounts_looseproof (name, delete_at) VALUES (OLD.proof, now())
                        ON CONFLICT DO NOTHING;
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_asked(self) -> bool:
        return self.state == ApplicationState.ASKED

    def lock(self, *, version: int | None = None) -> "Application":
        """As it stands, nobody else changing it before the transaction ends; an admin has read the `version`.

        Raises ApplicationClosed, ApplicationChanged.
        """
        current = Application.objects.select_for_update(of=["self"]).select_related("user").get(pk=self.pk)
        if not current.is_open:
            raise ApplicationClosed
        if version is not None and version != current.version:
            raise ApplicationChanged
        return current

    @transaction.atomic
    def give_answer(self, *, answer: str, specialties, proof: str = "", **typed) -> None:
        """What the admin has asked for: it waits for an admin again, with another proof where one is given.

        Raises ApplicationClosed.
        """
        current = self.lock()
        changed = {"answer": answer, "state": ApplicationState.WAITING, "sent_at": timezone.now(), **typed}
        changed |= {"version": current.version + 1} | ({"proof": proof} if proof else {})
        current._save("answer", None, **changed)
        current.specialties.set(specialties)

    @transaction.atomic
    def withdraw(self) -> bool:
        """The applicant has changed their mind; the proof goes at once. False where it was no longer open."""
        try:
            current = self.lock()
        except ApplicationClosed:
            return False
        withdrawn = {"state": ApplicationState.WITHDRAWN, "decided_at": timezone.now(), "proof": ""}
        current._save("withdraw", None, **withdrawn)
        return True

    def ask(self, *, by: User, note: str) -> None:
        """Ask the applicant for more. The caller holds it (`lock`)."""
        self._save("ask", by, state=ApplicationState.ASKED, note=note, version=self.version + 1)

    def decide(self, state: ApplicationState, *, by: User, note: str = "") -> None:
        """Verified, or refused for the reason in `note`. The caller holds it (`lock`)."""
        self._save(state.value, by, state=state, note=note, decided_at=timezone.now(), decided_by=by)

    def _save(self, act: str, by: User | None, **values) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        with pghistory.context(act=act, by=by.pk if by else None):
            self.save(update_fields=list(values))


class ApplicationEvent(
    pghistory.create_event_model(
        Application,
        fields=["kind", "state", "hospital", "issuing_body", "expires_on", "version", "note", "answer"],
        meta=kept(erasable=True),
    )
):
    """What stood in an application before: what was asked, answered and decided. Gone with the account."""
