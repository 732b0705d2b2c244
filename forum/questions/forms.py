from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from forum.questions.fields import PlainText
from forum.questions.image_forms import ImagesForm
from forum.questions.models import MOST_SEEN, AgeBand, Question, RemovalKind, Sex
from forum.specialties.models import Specialty

NOT_SAID = ("", _("I would rather not say"))
QUESTION_PART = ("specialty", "headline", "text")
DIFFERENCE_PART = ("different_because", "similar_seen")


class SpecialtyChoice(forms.ModelChoiceField):
    """One of the specialties that the form puts into its `queryset`, sent as its slug."""

    default_error_messages = {"invalid_choice": _("Please choose one of the specialties in the list.")}

    def __init__(self, **options) -> None:
        none = Specialty.objects.none()
        super().__init__(queryset=none, to_field_name="slug", empty_label=_("Please choose"), **options)

    def label_from_instance(self, specialty: Specialty) -> str:
        return f"{specialty.parent.label} › {specialty.label}" if specialty.parent_id else specialty.label


class AskForm(forms.Form):
    """A patient's question. The names of the fields are part of the public contract."""

    specialty = SpecialtyChoice(
        label=_("Specialty"),
        help_text=_("So that the right doctor sees it. Not sure? Choose Family Medicine; a doctor can pass it on."),
    )
    headline = forms.CharField(
        label=_("Your question in one sentence"),
        max_length=200,
        help_text=_("It is shown above your question. Please leave out names."),
    )
    text = PlainText(
        label=_("What troubles you"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_(
            "What you notice, where, how it began, what makes it better or worse, and what you would like to know. "
            "It becomes public with the answer: please leave out names, addresses and numbers."
        ),
    )
    different_because = forms.CharField(
        label=_("Mine is different because…"),
        max_length=300,
        required=False,
        help_text=_("What those answers leave open: then the doctor can begin there. For the doctors only."),
    )
    # The threads that were shown while it was typed; the page fills it in.
    similar_seen = forms.Field(required=False, widget=forms.HiddenInput)
    pseudonym = forms.CharField(
        label=_("Name to show"),
        max_length=40,
        required=False,
        help_text=_("Not your real name. It is used for this question only; keep the one offered if you like."),
    )
    age_band = forms.ChoiceField(
        label=_("Age of the person it is about"),
        choices=[NOT_SAID, *AgeBand.choices],
        required=False,
        help_text=_("Many illnesses are likelier at some ages. Only the ten years are asked and shown."),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[NOT_SAID, *Sex.choices],
        required=False,
        help_text=_("Some illnesses and medicines differ between the sexes."),
    )
    duration = forms.CharField(
        label=_("Since when"),
        max_length=200,
        required=False,
        help_text=_("For example “three weeks” or “since childhood”. For the doctors only."),
    )
    medication = PlainText(
        label=_("Medication"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What is taken regularly, herbs too: it can cause or hide symptoms. For the doctors only."),
    )
    conditions = PlainText(
        label=_("Known illnesses and allergies"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They change what is likely and what is safe. For the doctors only."),
    )
    seen_doctor = forms.ChoiceField(
        label=_("Has a doctor seen this already?"),
        choices=[NOT_SAID, ("yes", _("Yes")), ("no", _("No"))],
        required=False,
        help_text=_("So that we do not repeat what you know. For the doctors only."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("Only to tell you that there is news. Nobody sees it, doctors included."),
    )
    consent = forms.BooleanField(
        label=_(
            "I have read that answers here are general information and do not replace a visit to a doctor, and I agree "
            "that my question is published with the answer, under the name above."
        ),
        error_messages={"required": _("Please tick this box: without it we may not take your question.")},
    )
    # People do not see this field; programs that fill in every field do.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["specialty"].queryset = Specialty.objects.open().select_related("parent").in_tree_order()

    @property
    def question_part(self) -> list[BoundField]:
        """What is asked; the page looks for answers to it."""
        return [self[name] for name in QUESTION_PART]

    @property
    def difference_part(self) -> list[BoundField]:
        """What stands below the answers that were found."""
        return [self[name] for name in DIFFERENCE_PART]

    @property
    def person_part(self) -> list[BoundField]:
        """All the rest."""
        return [field for field in self if field.name not in (*QUESTION_PART, *DIFFERENCE_PART)]

    def clean_similar_seen(self) -> list[int]:
        """Ids of published threads, comma separated, three at most. No person types it: what is wrong is left out."""
        parts = (self.cleaned_data["similar_seen"] or "").split(",", MOST_SEEN)[:MOST_SEEN]
        ids = dict.fromkeys(int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 19)
        published = set(Question.objects.published().filter(pk__in=ids).values_list("pk", flat=True)) if ids else ()
        return [pk for pk in ids if pk in published]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This field is a trap for programs. Please empty it and send again."))
        return ""


class EditForm(AskForm):
    """The same of a question that was sent, as far as its asker may still change it."""

    LEFT = ("similar_seen", "pseudonym", "email", "consent", "website")

    def __init__(self, *args, question: Question, **kwargs):
        initial = {name: getattr(question, name) for name in self.base_fields if hasattr(question, name)}
        super().__init__(*args, initial=initial | {"specialty": question.specialty.slug}, **kwargs)
        for name in self.LEFT + (() if question.different_because else ("different_because",)):
            del self.fields[name]
        # It may have been closed since.
        open_or_own = self.fields["specialty"].queryset | Specialty.objects.filter(pk=question.specialty_id)
        self.fields["specialty"].queryset = open_or_own.select_related("parent").in_tree_order()


class StatusForm(forms.Form):
    """What an asker writes on the status page: a follow-up question."""

    text = PlainText(
        label=_("Your follow-up question"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Please leave out names and numbers: it becomes public with the doctor's answer."),
    )


class UnclearForm(forms.Form):
    """What an asker tells a doctor about a reply."""

    unclear = PlainText(
        label=_("What is unclear in this reply?"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the doctors see it. They may put it more clearly; for a new question ask a follow-up."),
    )

    def __init__(self, *args, reply, **kwargs) -> None:
        super().__init__(*args, auto_id=f"reply-{reply.pk}-%s", **kwargs)
        self.reply = reply


class RemovalForm(forms.Form):
    """What an asker wants to become of a public thread."""

    kind = forms.ChoiceField(label=_("What would you like us to do?"), choices=RemovalKind, widget=forms.RadioSelect)
    words = PlainText(
        label=_("Why, or what matters to you"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You need not give a reason. Only the site's admins read this."),
    )


class InfoAnswerForm(forms.Form):
    """What an asker writes there when a doctor has asked for more, with further images."""

    def __init__(self, *args, images: ImagesForm, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.images = images

    def is_valid(self) -> bool:
        return super().is_valid() and self.images.is_valid()

    text = PlainText(
        label=_("Your answer to the doctor"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Only the doctors see it; it is not published."),
    )
