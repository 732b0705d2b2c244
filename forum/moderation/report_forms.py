"""What readers fill in to report something, and admins to decide a report or an asker's request."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.moderation.models import Outcome
from forum.questions.fields import PlainText
from forum.questions.models import RemovalOutcome, ReportReason


class ReportForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong with it?"), choices=ReportReason, widget=forms.RadioSelect)
    words = PlainText(
        label=_("In your own words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Which words you mean, and what is wrong with them. Only the site's admins read this."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_(
            "Only to tell you what was decided. Nobody sees it, and it is forgotten after that. Whoever has signed in "
            "and leaves it empty finds the decision under News."
        ),
    )
    # People do not see this field; programs that fill in every field do.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This field is a trap for programs. Please empty it and send again."))
        return ""


class GroundForm(forms.Form):
    """Why an admin decides so, where it goes without a note."""

    ground = forms.ChoiceField(
        label=_("Ground"), choices=ReportReason, help_text=_("It stands in the history of each, which its doctors see.")
    )


class DecisionForm(forms.Form):
    """One decision, with its ground."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome, widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=ReportReason,
        help_text=_("It stands in the history of the thread, which its doctors see unless it is kept."),
    )
    note = PlainText(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("To correct: what the doctor reads. Else for the admins only."),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("outcome") == Outcome.CORRECT and not cleaned.get("note"):
            self.add_error("note", _("Please tell the doctor what to correct."))
        return cleaned


class ManyDecisionsForm(DecisionForm):
    """One decision on many reports, chosen before."""

    outcome = forms.ChoiceField(choices=[(each.value, each.label) for each in (Outcome.KEEP, Outcome.HIDE)])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].widget = forms.HiddenInput()
        self.fields["note"].help_text = _("For the admins only.")


class RemovalDecisionForm(forms.Form):
    """One decision on what an asker asks for."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=RemovalOutcome, widget=forms.RadioSelect)
    note = PlainText(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("To refuse it: the asker reads this."),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("outcome") == RemovalOutcome.REFUSED and not cleaned.get("note"):
            self.add_error("note", _("Please tell the asker why."))
        return cleaned
