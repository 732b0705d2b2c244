from django import forms
from django.utils.translation import gettext_lazy as _

from forum.moderation.admin.queue.kinds import Kind
from forum.questions.fields import PlainText
from forum.questions.models import ReportReason


class TasksForm(forms.Form):
    """What is done with many tasks at once: of the acts of their kinds those that fit all."""

    act = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[("", "---------"), *ReportReason.choices],
        required=False,
        help_text=_("It stands in the history of each thread, which its doctors see unless it is kept."),
    )
    note = PlainText(label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, kinds: list[Kind], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        first, *others = {kind.name: kind for kind in kinds}.values()
        fitting = [act for name, act in first.acts.items() if all(name in kind.acts for kind in others)]
        self.acts = {act.name: act for act in fitting}
        self.fields["act"].choices = [(act.name, act.label) for act in fitting]
        if not any(act.wants_ground for act in fitting):
            del self.fields["ground"]
        if not any(act.is_decision for act in fitting):
            del self.fields["note"]
        elif any(act.wants_note for act in fitting):
            self.fields["note"].help_text = _("To refuse: the askers read this.")
        else:
            self.fields["note"].help_text = _("For the admins only.")

    def clean(self) -> dict:
        cleaned = {"ground": "", "note": "", **super().clean()}
        act = self.acts.get(cleaned.get("act", ""))
        if act and act.wants_ground and not cleaned["ground"]:
            self.add_error("ground", _("Please say on what ground."))
        if act and act.wants_note and not cleaned["note"]:
            self.add_error("note", _("Please tell the askers why."))
        return cleaned
