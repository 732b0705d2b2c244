"""What doctors fill in for a second reply, and to have a colleague look."""

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor, DoctorSpecialty
from forum.moderation.forms import DraftedForm
from forum.questions.fields import PlainText
from forum.questions.models import Question
from forum.replies.models import Draft

MOST_LISTED = 100  # colleagues to choose from; the others are found by name


class SecondReplyForm(DraftedForm):
    text = PlainText(
        label=_("Your reply"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("It stands under the replies that are there, with your name and specialty."),
    )

    @classmethod
    def of(cls, draft: Draft | None) -> "SecondReplyForm":
        return cls(initial={"text": draft.text, "version": draft.version} if draft else {"version": 0})

    def typed(self) -> dict:
        """What a draft keeps of a valid form."""
        return {"text": self.cleaned_data["text"]}

    def check_publishable(self) -> bool:
        """Whether this may be published; adds the error that stands in the way."""
        if "text" in self.cleaned_data and not self.cleaned_data["text"]:
            self.add_error("text", _("Please write a reply."))
        return not self.errors


class AskLookForm(forms.Form):
    """Which colleague is to look. Its fields belong to the work form, so that the draft is saved with the request."""

    colleague = forms.ModelChoiceField(label=_("Colleague"), queryset=Doctor.objects.none(), required=False)
    colleague_name = forms.CharField(
        label=_("Or find one by name"),
        max_length=100,
        required=False,
        help_text=_("Where the list does not have the colleague: the name, or a part of it."),
    )
    look_note = PlainText(
        label=_("What shall the colleague look at?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Optional. The colleague sees the question, your draft as it is by then, and this."),
    )

    def __init__(self, *args, question: Question, doctor: Doctor, **kwargs) -> None:
        super().__init__(*args, auto_id="look_%s", **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = "work-form"
        self.question = question
        self.fields["colleague"].queryset = Doctor.objects.working().exclude(pk=doctor.pk)
        name = (self["colleague_name"].data or "").replace("\0", "").strip()[:100] if self.is_bound else ""
        self._list(self.fields["colleague"].queryset.filter(name__icontains=name) if name else None)

    def _list(self, found: QuerySet | None) -> None:
        """What can be chosen: those `found` by name, or all, the doctors of the question's specialty first."""
        field = self.fields["colleague"]
        specialty = self.question.specialty
        here = DoctorSpecialty.objects.filter(
            doctor=OuterRef("pk"), specialty__in=[specialty.pk, specialty.parent_id or specialty.pk]
        )
        listed = (field.queryset if found is None else found).annotate(here=Exists(here))
        doctors = listed.order_by("-here", "name", "id").prefetch_related("specialties")[:MOST_LISTED]
        groups = {specialty.label: [], _("Other specialties"): []}
        near, far = groups.values()
        for each in doctors:
            (near if each.here else far).append((each.pk, _label(each)))
        self.found = near + far
        field.widget.choices = [("", "---------"), *((name, rows) for name, rows in groups.items() if rows)]

    def clean(self) -> dict:
        data = super().clean()
        chosen, name = data.get("colleague"), data.get("colleague_name", "")
        if chosen and name.lower() not in chosen.name.lower():
            self.add_error("colleague_name", _("The name is that of another than you chose: please empty one of them."))
        elif not chosen and not self.errors:
            data["colleague"] = self._found_by_name(name)
        return data

    def _found_by_name(self, name: str) -> Doctor | None:
        if not name:
            self.add_error("colleague", _("Please choose a colleague, or type a name."))
        elif not self.found:
            self.add_error("colleague_name", _("No doctor who may work here today is called so."))
        elif len(self.found) > 1:
            self.add_error("colleague", _("Several doctors are called so: please choose one of these."))
        else:
            return self.fields["colleague"].queryset.get(pk=self.found[0][0])
        return None


def _label(doctor: Doctor) -> str:
    specialties = ", ".join(specialty.label for specialty in doctor.specialties.all())
    return f"{doctor.name} ({specialties})" if specialties else doctor.name


class LookAnswerForm(forms.Form):
    answer = PlainText(
        label=_("Your comment"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For your colleague alone; neither the patient nor readers see it."),
    )
