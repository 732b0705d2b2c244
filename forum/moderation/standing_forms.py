"""What admins fill in to decide on an application, or on whether a doctor may work."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Application, Doctor, User
from forum.moderation.applications import ask_applicant, refuse_application, verify_application
from forum.moderation.standing import StandingAct, possible_acts
from forum.questions.fields import PlainText


class Outcome(models.TextChoices):
    VERIFY = "verify", _("Verify: the licence is checked, the doctor may work")
    ASK = "ask", _("Ask for more: the applicant reads the note and answers")
    REFUSE = "refuse", _("Refuse, for the reason in the note")


class ApplicationDecisionForm(forms.Form):
    """One decision; `version` is what the admin has read."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome, widget=forms.RadioSelect)
    note = PlainText(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("To ask or refuse: the applicant reads this."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("outcome") in (Outcome.ASK, Outcome.REFUSE) and not cleaned.get("note"):
            self.add_error("note", _("Please tell the applicant what is missing, or why."))
        return cleaned

    def decide(self, application: Application, *, by: User) -> None:
        """Do what was chosen. Raises as `verify_application`."""
        data = self.cleaned_data
        known = {"application": application, "by": by, "version": data["version"]}
        if data["outcome"] == Outcome.VERIFY:
            verify_application(**known)
        elif data["outcome"] == Outcome.ASK:
            ask_applicant(**known, note=data["note"])
        else:
            refuse_application(**known, note=data["note"])


class StandingForm(forms.Form):
    """What is to change, of what can, and why."""

    act = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    reason = PlainText(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the history. Of a suspension the doctor reads it."),
    )

    def __init__(self, *args, doctor: Doctor, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [(act.value, StandingAct(act).label) for act in possible_acts(doctor)]
