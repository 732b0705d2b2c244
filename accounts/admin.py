from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor, DoctorSpecialty, Licence, Standing, User
from forum.specialties.recording import RecordedAdmin

# Admins sign in like everybody else: with the same rate limits and, once it is asked for, the same second factor.
admin.site.login = secure_admin_login(admin.site.login)
# Somebody's second factors are taken away with a reason, and the owner is told.
admin.site.unregister(Authenticator)

admin.site.add_desk(
    title=_("Doctors"),
    about=_("Their profiles and licences; suspend one, or let one work again."),
    screen="accounts_doctor_changelist",
    permission="accounts.view_doctor",
    position=40,
)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Without the password: only its owner can set it, by e-mail."""

    fields = ["email", "is_active", "person", "is_staff", "is_superuser", "groups", "joined_at", "last_login"]
    list_display = ["email", "is_active", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email"]
    ordering = ["-joined_at"]
    # Switching an account off has a reason and a row: it is done among the people.
    readonly_fields = ["is_active", "person", "joined_at", "last_login"]

    @admin.display(description=_("switch off or on"))
    def person(self, user: User) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:person", args=[user.pk]), user) if user.pk else ""

    def get_readonly_fields(self, request: HttpRequest, user: User | None = None) -> list[str]:
        """Rights are given by superusers, and nobody changes their own: so one who has them all always stays."""
        if request.user.is_superuser and user != request.user:
            return self.readonly_fields
        return [*self.readonly_fields, "is_staff", "is_superuser", "groups"]

    def has_change_permission(self, request: HttpRequest, user: User | None = None) -> bool:
        """With the e-mail goes the password: of an account with more rights than one's own it is not changed."""
        allowed = super().has_change_permission(request, user)
        return allowed and (user is None or request.user.is_superuser or not user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, user: User | None = None) -> bool:
        """Its owner deletes an account, with all that leads to it; admins switch it off."""
        return False

    def save_model(self, request: HttpRequest, user: User, form, change: bool) -> None:
        if not change:
            user.set_unusable_password()
        super().save_model(request, user, form, change)


class SpecialtyInline(admin.TabularInline):
    model = DoctorSpecialty
    extra = 1


class LicenceInline(admin.StackedInline):
    model = Licence


@admin.register(Doctor)
class DoctorAdmin(RecordedAdmin):
    list_display = ["name", "hospital", "standing", "user", "licence_expires"]
    list_filter = [("verified_at", admin.EmptyFieldListFilter), "specialties"]
    list_select_related = ["user", "licence"]
    search_fields = ["name", "user__email", "licence__number"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["user"]
    readonly_fields = ["standing", "verified_at", "verified_by"]
    inlines = [SpecialtyInline, LicenceInline]

    @admin.display(description=_("standing"))
    def standing(self, doctor: Doctor) -> str:
        """How the doctor stands today, with the way to change it: that takes a reason."""
        if doctor.pk is None:
            return Standing.UNVERIFIED.label
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:doctor_standing", args=[doctor.pk]), doctor.standing.label
        )

    @admin.display(description=_("licence valid to"))
    def licence_expires(self, doctor: Doctor):
        return doctor.licence.expires_on if hasattr(doctor, "licence") else None
