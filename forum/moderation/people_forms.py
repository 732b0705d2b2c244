"""What admins fill in to find people and to act on their accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from accounts.people import SHORTEST
from forum.questions.fields import PlainText


class FindForm(forms.Form):
    words = forms.CharField(
        label=_("E-mail, licence number or name"),
        min_length=SHORTEST,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "A part of it is enough; of an e-mail address, three characters. Patients are found by e-mail only."
        ),
    )


class ReasonForm(forms.Form):
    reason = PlainText(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the history of the account, for admins. Nothing of what a patient has told."),
    )


class ProfileMergeForm(ReasonForm):
    """`doctors` are those to choose from."""

    doctor = forms.ModelChoiceField(
        label=_("The doctor's own profile"), queryset=Doctor.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    field_order = ["doctor", "reason"]

    def __init__(self, *args, doctors: list[Doctor], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doctor"].queryset = Doctor.objects.filter(pk__in=[doctor.pk for doctor in doctors])
        self.fields["doctor"].label_from_instance = self._label

    @staticmethod
    def _label(doctor: Doctor) -> str:
        return " · ".join(filter(None, [doctor.name, doctor.hospital, doctor.user.email if doctor.user else ""]))
