from django import forms
from django.utils.translation import gettext_lazy as _

from forum.notifications.models import DoctorPreferences


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("For these mails and nothing else. Nobody sees it, and it is deleted when you stop."),
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class DoctorPreferencesForm(forms.ModelForm):
    class Meta:
        model = DoctorPreferences
        fields = ["new_questions", "urgent", "follow_ups", "looks", "info_answers"]
        widgets = {"new_questions": forms.RadioSelect}
