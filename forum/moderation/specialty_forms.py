"""What admins fill in about specialties."""

import re
from functools import lru_cache

from django import forms
from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from forum.moderation.specialties import EDITED, edition_of, values_of
from forum.questions.fields import PlainText
from forum.search.forms import read_topics
from forum.specialties.models import Specialty
from forum.specialties.ordering import Way


@lru_cache(maxsize=1)
def _icons() -> list[tuple[str, str]]:
    drawn = (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text()
    return [("", "–"), *((name, name) for name in sorted(re.findall(r'<symbol id="([a-z-]+)"', drawn)))]


class TreeChoice(forms.ModelChoiceField):
    """A specialty, those under another one set in."""

    def label_from_instance(self, specialty: Specialty) -> str:
        return f"– {specialty.name}" if specialty.parent_id else specialty.name


class SpecialtyForm(forms.ModelForm):
    """All that is set of one specialty but its place, whether it is open, and what it is merged into."""

    description = PlainText(label=_("What belongs here (English)"), required=False, widget=forms.Textarea({"rows": 3}))
    description_zh_hant = PlainText(
        label=_("What belongs here (Traditional Chinese)"), required=False, widget=forms.Textarea({"rows": 3})
    )
    icon = forms.ChoiceField(label=_("Icon"), choices=_icons, required=False)
    topics = forms.CharField(
        label=_("Default topics"),
        max_length=1000,
        required=False,
        help_text=_("Separated by commas. Filled in for doctors who answer here, and first on the specialty's page."),
    )
    edition = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Specialty
        fields = EDITED
        error_messages = {"slug": {"unique": _("Another specialty has this address.")}}
        help_texts = {"slug": _("Part of the address of its page. The one it had before goes on leading there.")}

    def __init__(self, *args, instance: Specialty, data=None, **kwargs) -> None:
        # As it stands before the form puts what was typed into the instance.
        self.stored = values_of(instance)
        initial = {"topics": ", ".join(self.stored["topics"]), "edition": edition_of(self.stored)}
        super().__init__(data, *args, instance=instance, initial=initial, **kwargs)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Specialty.objects.exclude(pk=self.instance.pk).alias(lower=Lower("name"))
        if others.filter(lower=Lower(Value(name))).exists():
            raise forms.ValidationError(_("There is a specialty of this name already."))
        return name

    def clean_topics(self) -> list[str]:
        return read_topics(self.cleaned_data["topics"])

    def differences(self) -> list[tuple[str, str]]:
        """Label and stored value of each field in which a valid form differs from what is stored."""
        stored = self.stored
        names = [name for name in stored if self.cleaned_data[name] != stored[name]]
        shown = stored | {"topics": ", ".join(stored["topics"])}
        return [(self.fields[name].label, shown[name]) for name in names]

    def over(self) -> "SpecialtyForm":
        """The same words on top of what is stored now: saved again, they replace it."""
        data = self.data.copy()
        data["edition"] = edition_of(self.stored)
        return SpecialtyForm(instance=Specialty.objects.get(pk=self.instance.pk), data=data)


class NewSpecialtyForm(SpecialtyForm):
    """It is made closed for asking, as the last beside those under the same parent."""

    parent = TreeChoice(label=_("Under"), queryset=Specialty.objects.none(), required=False, empty_label=_("nothing"))
    field_order = ["parent"]

    class Meta(SpecialtyForm.Meta):
        help_texts = {"slug": _("Part of the address of its page. Left empty, it is made of the name.")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["parent"].queryset = Specialty.objects.filter(parent=None)


class PlaceForm(forms.Form):
    """Where a specialty was dropped: under which one, in front of which one."""

    specialty = forms.ModelChoiceField(Specialty.objects.all())
    parent = forms.ModelChoiceField(Specialty.objects.all(), required=False)
    before = forms.ModelChoiceField(Specialty.objects.all(), required=False)


class StepForm(forms.Form):
    way = forms.ChoiceField(choices=Way.choices)


class CloseForm(forms.Form):
    """Whether the waiting questions of a specialty stay, or where they go."""

    STAY, MOVE = "stay", "move"

    waiting = forms.ChoiceField(
        label=_("The questions that wait in it"),
        choices=[(STAY, _("stay here until they are answered")), (MOVE, _("go to another specialty"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say what becomes of the questions that wait.")},
    )
    to = TreeChoice(label=_("Which one"), queryset=Specialty.objects.none(), required=False)

    def __init__(self, *args, specialty: Specialty, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Specialty.objects.open().exclude(pk=specialty.pk).in_tree_order()

    def clean(self) -> dict:
        data = super().clean()
        if data.get("waiting") == self.STAY:
            data["to"] = None
        elif data.get("waiting") == self.MOVE and not data.get("to") and "to" not in self.errors:
            self.add_error("to", _("Please choose an open specialty that takes them."))
        return data


class MergeForm(forms.Form):
    """Which specialty takes over `source`."""

    target = TreeChoice(label=_("Merge into"), queryset=Specialty.objects.none())

    def __init__(self, *args, source: Specialty, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        possible = Specialty.objects.exclude(pk=source.pk).exclude(parent=source)
        if source.children.exists():
            # Its sub-specialties come along and may not end up on a third level.
            possible = possible.filter(parent=None)
        self.fields["target"].queryset = possible.in_tree_order()
