from django import forms
from django.utils.translation import gettext_lazy as _

from forum.specialties.models import Specialty


class MergeForm(forms.Form):
    """Which specialty takes over `source`."""

    target = forms.ModelChoiceField(label=_("Merge into"), queryset=Specialty.objects.none())

    def __init__(self, *args, source: Specialty, **kwargs):
        super().__init__(*args, **kwargs)
        possible = Specialty.objects.exclude(pk=source.pk).exclude(parent=source)
        if source.children.exists():
            # Its sub-specialties come along and may not end up on a third level.
            possible = possible.filter(parent=None)
        self.fields["target"].queryset = possible.in_tree_order()
