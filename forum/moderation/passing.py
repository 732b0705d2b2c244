"""What a doctor fills in to pass a question on, or to ask its patient for more."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.questions.fields import PlainText
from forum.questions.forms import SpecialtyChoice
from forum.questions.models import Question
from forum.specialties.models import Specialty


class TransferForm(forms.Form):
    """To which specialty a question is passed on; its own is not offered."""

    to = SpecialtyChoice(label=_("Pass it on to"))
    note = PlainText(
        label=_("A note for the next doctor"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Optional. The patient is told where it went, and does not see the note."),
    )

    def __init__(self, *args, question: Question, **kwargs):
        super().__init__(*args, auto_id="transfer_%s", **kwargs)
        others = Specialty.objects.open().exclude(pk=question.specialty_id)
        self.fields["to"].queryset = others.select_related("parent").in_tree_order()


class AskInfoForm(forms.Form):
    note = PlainText(
        label=_("What do you need to know?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The patient reads this and answers on the private page. Until then the clock stands still."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="ask_info_%s", **kwargs)
