"""The images that a patient sends with a question, or with an answer to a doctor."""

import base64
import re
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from forum.questions.models import MOST_IMAGES, QuestionImage
from forum.uploads.pictures import Picture, PictureRefused, read_picture

NAME = re.compile(r"[0-9a-f]{32}")
# HEIC is left out: a phone that has such an image then sends it as JPEG.
ACCEPTED = "image/jpeg,image/png,image/webp"


class PictureField(forms.FileField):
    """A file made into a Picture; None where none was chosen."""

    widget = forms.FileInput(attrs={"accept": ACCEPTED})
    default_error_messages = {"empty": _("This file is empty. Please choose another one.")}

    def to_python(self, data) -> Picture | None:
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return read_picture(file)
        except PictureRefused as refusal:
            raise forms.ValidationError(refusal.args[0]) from refusal


@dataclass
class Slot:
    """The fields of one image, and the image itself where an earlier sending has left it here."""

    number: int
    file: BoundField
    description: BoundField
    public: BoundField
    without: BoundField
    kept_name: str
    kept: QuestionImage | None = None

    @property
    def waiting(self) -> QuestionImage | None:
        """The kept image, unless a question has it already: then it is no longer this form's to show."""
        return self.kept if self.kept and self.kept.question_id is None else None

    @property
    def fields(self) -> list[BoundField]:
        return [*([self.without] if self.waiting else []), self.file, self.description, self.public]

    @property
    def is_begun(self) -> bool:
        """Whether something was chosen or typed here, or is wrong."""
        return bool(self.waiting or self.description.value() or self.file.errors)

    @property
    def preview(self) -> str:
        """The kept image, small, as an address that holds it: it has no other before the form is taken."""
        return "data:image/jpeg;base64," + base64.b64encode(self.kept.read(thumbnail=True)).decode()


class ImagesForm(forms.Form):
    """As many images as there is room for, each with a description; none is required.

    A browser forgets its files when a form comes back with errors. `keep` stores the good ones, and the next sending
    names them. An `unfinished` form was not sent for good: what is missing is not asked for yet.
    """

    def __init__(self, *args, room: int = MOST_IMAGES, too_many: bool = False, unfinished: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.too_many, self.unfinished = too_many, unfinished
        if too_many:
            self.files = {}
        self.slots = [self._slot(number) for number in range(1, room + 1)]

    def _slot(self, number: int) -> Slot:
        name, values = f"image_{number}", {"number": number}
        self.fields[name] = PictureField(
            label=_("Image %(number)d") % values, required=False, help_text=_("JPEG, PNG or WebP, 10 MB at most.")
        )
        self.fields[f"{name}_description"] = forms.CharField(
            label=_("Image %(number)d: what it shows") % values,
            max_length=300,
            required=False,
            help_text=_("In a few words, for the doctor and for readers who cannot see it."),
        )
        self.fields[f"{name}_public"] = forms.BooleanField(
            label=_("It may be shown on the public page too, if the doctor agrees. Nobody can be recognised on it."),
            required=False,
        )
        self.fields[f"{name}_without"] = forms.BooleanField(label=_("Leave this image out"), required=False)
        parts = [self[each] for each in (name, f"{name}_description", f"{name}_public", f"{name}_without")]
        return Slot(number, *parts, kept_name=f"{name}_kept")

    @property
    def is_begun(self) -> bool:
        return bool(self.errors) or any(slot.is_begun for slot in self.slots)

    def clean(self) -> dict:
        if self.too_many:
            raise forms.ValidationError(
                _("Many images have come from here in a short time. Please send it without new ones, or wait an hour.")
            )
        for slot in self.slots:
            self._clean_slot(slot)
        return self.cleaned_data

    def _clean_slot(self, slot: Slot) -> None:
        data = self.cleaned_data
        new, description = data.get(slot.file.name), data.get(slot.description.name)
        kept_name = self.data.get(slot.kept_name, "")
        if not new and kept_name and not data[slot.without.name]:
            slot.kept = QuestionImage.objects.filter(name=kept_name).first() if NAME.fullmatch(kept_name) else None
            if slot.kept is None:
                self.add_error(slot.file.name, _("This image was kept for a day and is gone. Please choose it again."))
        if self.unfinished or slot.file.name in self.errors:
            return
        if (new or slot.kept) and description == "":
            self.add_error(slot.description.name, _("Please say in a few words what this image shows."))
        if not (new or slot.kept) and description and not data[slot.without.name]:
            self.add_error(slot.file.name, _("Please choose the image, or empty its description."))

    def keep(self) -> None:
        """Store the images that came with this sending and are good, whatever is wrong with the rest."""
        self.full_clean()
        for slot in self.slots:
            if picture := self.cleaned_data.get(slot.file.name):
                slot.kept = QuestionImage.objects.keep(picture)
            if slot.kept and slot.kept.question_id is None:
                slot.kept.description = self.cleaned_data.get(slot.description.name, "")
                slot.kept.public_wanted = self.cleaned_data[slot.public.name]

    @property
    def chosen(self) -> list[QuestionImage]:
        """What the question is to get: the kept images with their descriptions, not saved yet."""
        return [slot.kept for slot in self.slots if slot.kept]
