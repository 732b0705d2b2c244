from django import forms
from django.utils.translation import gettext_lazy as _

from forum.search.models import Topic, TopicProposal

LONGEST_NAME = Topic._meta.get_field("name").max_length


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
