from django import forms
from django.utils.translation import gettext_lazy as _

from forum.search.models import MOST_TOPICS, Topic, TopicProposal

LONGEST_NAME = Topic._meta.get_field("name").max_length


def read_topics(text: str) -> list[str]:
    """The names in a list with commas, each once; ValidationError where there are too many or one is too long."""
    names = [" ".join(name.split()) for name in text.replace("，", ",").split(",")]
    names = list({name.lower(): name for name in names if name}.values())
    if len(names) > MOST_TOPICS:
        raise forms.ValidationError(_("Twelve topics at most, please."))
    if any(len(name) > LONGEST_NAME for name in names):
        raise forms.ValidationError(_("A topic has 80 characters at most."))
    return names


class ProposalNameForm(forms.Form):
    """Under which name a proposal is accepted: its own where nothing is typed. One form a row, named by the row."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, required=False)

    def __init__(self, *args, proposal: TopicProposal, **kwargs):
        super().__init__(*args, prefix=str(proposal.pk), initial={"name": proposal.name}, **kwargs)
        label = _("Name of “%(name)s”") % {"name": proposal.name}
        attrs = {"aria-label": label, "list": f"topics-{proposal.specialty_id}", "autocomplete": "off"}
        self.fields["name"].widget.attrs |= attrs


class ProposalDecisionForm(forms.Form):
    """One decision on a topic that is proposed."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"list": "topics", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the admins only."),
    )
