from django import forms
from django.utils.translation import gettext_lazy as _

from forum.questions.fields import PlainText
from forum.questions.models import MergeReason, PartReason


class MergeForm(forms.Form):
    """Why a question is merged into another."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=MergeReason,
        widget=forms.RadioSelect,
        help_text=_("It stands in the history of the question that is merged."),
    )
    note = PlainText(
        label=_("Note"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the admins only."),
    )


class UndoForm(forms.Form):
    """Why a merge is undone."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(each.value, each.label) for each in (PartReason.MISTAKE, PartReason.DIFFERENT)],
        widget=forms.RadioSelect,
    )
