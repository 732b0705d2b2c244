"""What an admin asks of history."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from forum.moderation.history.acts import choices
from forum.moderation.history.source import Wanted
from forum.moderation.history.sources import sources
from forum.specialties.models import Specialty

MOST_FOUND = 20


def kinds() -> list[tuple[str, str]]:
    return [("", _("Everything")), *((key, str(source.name).capitalize()) for key, source in sources().items())]


class HistoryForm(forms.Form):
    """All of it stands in the address, so nothing in it names anybody: a person is a number."""

    kind = forms.ChoiceField(label=_("Kind"), choices=kinds, required=False)
    act = forms.ChoiceField(label=_("What was done"), choices=lambda: [("", _("Anything")), *choices()], required=False)
    question = forms.IntegerField(label=_("Question number"), min_value=1, max_value=2**63 - 1, required=False)
    specialty = forms.ModelChoiceField(
        label=_("Specialty"), queryset=Specialty.objects.all(), empty_label=_("All"), required=False
    )
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    until = forms.DateField(label=_("Up to"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    words = forms.CharField(label=_("Words in acts and reasons"), max_length=60, required=False)
    person = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput, required=False, label=_("Person")
    )

    def clean(self) -> dict:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day."))
        return self.cleaned_data

    @property
    def wanted(self) -> Wanted:
        """What is asked for, of a valid form; days are those of the site's time zone, both whole."""
        typed = self.cleaned_data
        return Wanted(
            kind=typed["kind"],
            act=typed["act"],
            person=typed["person"],
            question=typed["question"],
            specialty=typed["specialty"] and typed["specialty"].pk,
            since=typed["since"] and _midnight(typed["since"]),
            until=typed["until"] and _midnight(typed["until"] + timedelta(days=1)),
            words=typed["words"],
        )

    @property
    def remembered(self) -> dict[str, str]:
        """What is noted of an export: all but the words, which may name somebody."""
        typed = {name: value for name, value in self.cleaned_data.items() if value}
        typed["specialty"] = typed["specialty"].slug if "specialty" in typed else None
        typed["words"] = "…" if "words" in typed else None
        return {name: str(value) for name, value in typed.items() if value}


class PersonForm(forms.Form):
    """A doctor or admin by name or address; sent by POST, so that neither stands in an address or a log."""

    name = forms.CharField(label=_("Name or e-mail of a doctor or admin"), max_length=200)

    def found(self) -> list[User]:
        """Never patients: what one of them has asked is nobody's to put together."""
        name = self.cleaned_data["name"]
        staff = User.objects.filter(is_staff=True, email__icontains=name)
        doctors = User.objects.filter(doctor__isnull=False)
        doctors = doctors.filter(doctor__name__icontains=name) | doctors.filter(email__icontains=name)
        ids = [*staff.values_list("pk", flat=True)[:MOST_FOUND], *doctors.values_list("pk", flat=True)[:MOST_FOUND]]
        return list(
            User.objects.filter(pk__in=ids).select_related("doctor").order_by("doctor__name", "email")[:MOST_FOUND]
        )


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
