from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import TYPED, Application, ProofFile
from forum.specialties.models import Specialty
from forum.uploads.documents import read_document
from forum.uploads.pictures import PictureRefused


class ProofField(forms.FileField):
    """A file made into a ProofFile; None where none was chosen."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"})
    default_error_messages = {"empty": _("This file is empty. Please choose another one.")}

    def to_python(self, data) -> ProofFile | None:
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return ProofFile(*read_document(file))
        except PictureRefused as refusal:
            raise forms.ValidationError(refusal.args[0]) from refusal


class SpecialtiesChoice(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, specialty: Specialty) -> str:
        return f"{specialty.parent.label}: {specialty.label}" if specialty.parent else specialty.label


class ApplicationForm(forms.ModelForm):
    """What a doctor sends in to be verified. `kept` is whether the file of an earlier sending is here already."""

    specialties = SpecialtiesChoice(
        label=_("Your specialties"),
        queryset=None,
        help_text=_("You see and answer the questions of these, and of those under them."),
    )
    proof = ProofField(
        label=_("Proof"),
        error_messages={"required": _("Please choose a photo or PDF of the licence.")},
        help_text=_(
            "A photo or PDF of the licence, 10 MB at most. Only the admins see it; it is deleted 90 days after they "
            "have decided."
        ),
    )

    class Meta:
        model = Application
        fields = [*TYPED, "specialties"]
        widgets = {"expires_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    field_order = ["name", "number", "issuing_body", "expires_on", "proof", "specialties", "hospital"]

    def __init__(self, *args, kept: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].required = not (kept or self.instance.pk)
        self.fields["specialties"].queryset = Specialty.objects.open().select_related("parent").in_tree_order()

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Please send the licence that is valid now."))
        return day

    def typed(self) -> dict:
        """What is stored, but for the file."""
        return {name: value for name, value in self.cleaned_data.items() if name != "proof"}


class AnswerForm(ApplicationForm):
    """What an admin has asked for: an answer, and whatever is to be changed in the application."""

    answer = forms.CharField(
        label=_("Your answer"), max_length=2000, strip=True, widget=forms.Textarea(attrs={"rows": 4})
    )

    field_order = ["answer", *ApplicationForm.field_order]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].label = _("Another proof")
        self.fields["proof"].help_text = _("Only if it is to replace the one that you sent.")
