from datetime import timedelta

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor
from forum.moderation.figures.reading import Choice
from forum.moderation.figures.weeks import A_WEEK, this_week, week_of
from forum.moderation.models import WeekCount
from forum.questions.forms import SpecialtyChoice
from forum.specialties.models import Specialty

# What is shown unless other weeks are chosen; and the most, so that the screen stays quick.
WEEKS_SHOWN = 26
MOST_WEEKS = 105


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class FiguresForm(forms.Form):
    """Which figures to show. Any day stands for its week; where none is given, half a year up to today."""

    since = DayField(label=_("From the week of"))
    until = DayField(label=_("To the week of"))
    specialty = SpecialtyChoice(label=_("Specialty"), required=False)
    doctor = forms.ModelChoiceField(
        label=_("Doctor"),
        queryset=Doctor.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("All doctors"),
        error_messages={"invalid_choice": _("Please choose one of the doctors in the list.")},
    )

    def __init__(self, chosen: dict[str, str], **options) -> None:
        days = {"since": str(this_week() - (WEEKS_SHOWN - 1) * A_WEEK), "until": str(localdate())}
        super().__init__(days | {name: value for name, value in chosen.items() if value}, **options)
        self.fields["specialty"].queryset = Specialty.objects.select_related("parent").in_tree_order()
        self.fields["specialty"].empty_label = _("All specialties")
        counted = WeekCount.objects.filter(doctor=OuterRef("pk"))
        # Of an archive's many doctors only those about whom there is something to tell.
        self.fields["doctor"].queryset = Doctor.objects.filter(Q(user__isnull=False) | Exists(counted))

    def clean_since(self):
        return week_of(self.cleaned_data["since"])

    def clean_until(self):
        return min(week_of(self.cleaned_data["until"]), this_week())

    def clean(self) -> None:
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if first and last and first > last:
            self.add_error("since", _("This is after the last week."))
        elif first and last and last - first >= timedelta(weeks=MOST_WEEKS):
            self.add_error("since", _("Two years at most: choose a later week, or an earlier last one."))

    @property
    def choice(self) -> Choice:
        """What was chosen, where it is valid."""
        chosen = self.cleaned_data
        return Choice(chosen["since"], chosen["until"], chosen["specialty"], chosen["doctor"])
