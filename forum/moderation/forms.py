from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.articles.rendering import linked_addresses
from forum.moderation.fields import SubQuestionsField
from forum.moderation.subquestions import SubQuestion
from forum.questions.fields import PlainText
from forum.questions.models import DeclineReason
from forum.replies.models import Draft, Edition, SavedReply
from forum.search.forms import read_topics
from forum.search.services import default_topics
from forum.specialties.models import Specialty


def _hidden(field: type[forms.Field], **options) -> forms.Field:
    # Some browsers fill in what stood there before a reload.
    return field(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}), **options)


class DraftedForm(forms.Form):
    """A form whose words are kept as a draft: with it comes what its window knows of that draft."""

    version = _hidden(forms.IntegerField, min_value=0, max_value=2**31 - 1)
    window = _hidden(forms.CharField, max_length=40)
    window_count = _hidden(forms.IntegerField, min_value=0, max_value=2**53)

    def since(self) -> Edition | None:
        """What the window knows of the draft; None where it did not say."""
        data = self.cleaned_data
        if data["version"] is None:
            return None
        return Edition(data["version"], data["window"], data["window_count"] or 0)


class WorkForm(DraftedForm):
    """A doctor's work on one question. A draft may be as unfinished as it likes; `check_publishable` may not."""

    public_title = forms.CharField(
        label=_("Public title"),
        max_length=200,
        required=False,
        help_text=_("Editorial: what it is about and what the reader learns. The patient's headline stays as it is."),
    )
    text = PlainText(
        label=_("Your reply"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 14})
    )
    more_info = PlainText(
        label=_("More Info"),
        max_length=50_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Optional. An article for all readers, in Markdown: “## Heading”, “1. **Item**: explanation”."),
    )
    sources = PlainText(
        label=_("Sources"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Of the More Info, one at least; one a line: title, then its address."),
    )
    topics = forms.CharField(
        label=_("Topics"),
        max_length=1000,
        required=False,
        help_text=_("Separated by commas; readers find related threads by them."),
    )
    signed = forms.BooleanField(
        label=_("I have read the More Info as it stands here and sign it with my name."), required=False
    )
    sub_questions = SubQuestionsField(label=_("What the patient asks"), required=False)
    open_shown = _hidden(forms.IntegerField)

    @classmethod
    def of(cls, draft: Draft | None, specialty: Specialty) -> "WorkForm":
        """As the doctor left it; where nothing was saved, empty but for the specialty's default topics."""
        if draft is None:
            return cls(initial={"version": 0, "topics": ", ".join(default_topics(specialty))})
        return cls(initial={name: getattr(draft, name) for name in (*Draft.TYPED, "version")})

    @property
    def reply_fields(self) -> list[forms.BoundField]:
        return [self["public_title"], self["text"]]

    @property
    def article_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("more_info", "sources", "topics", "signed")]

    def typed(self) -> dict:
        """What a draft keeps of a valid form, each as it was typed; the checklist only where the page had one."""
        words = {name: self.fields[name].clean(self[name].data) for name in Draft.WORDS}
        checklist = self.cleaned_data["sub_questions"]
        return words if checklist is None else words | {"sub_questions": [each.as_json() for each in checklist]}

    def unconfirmed(self) -> list[SubQuestion]:
        """The patient's questions that are open, unless the doctor was shown as many and published anyway."""
        still_open = [each for each in self.cleaned_data["sub_questions"] or [] if each.is_open]
        return still_open if len(still_open) > (self.cleaned_data["open_shown"] or 0) else []

    def _sources(self, text: str) -> list[dict]:
        lines = enumerate(text.splitlines(), 1)
        return [self._source(number, line) for number, line in lines if line.strip()]

    def _source(self, number: int, line: str) -> dict:
        title, _space, url = line.strip().rpartition(" ")
        try:
            parts = urlsplit(url)
        except ValueError:  # such as "https://[bad"
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise forms.ValidationError(
                gettext("Line %(number)d does not end with an address that begins with https://.") % {"number": number}
            )
        return {"title": title.strip(" |-–") or parts.netloc, "url": url}

    def _tells_sources(self) -> bool:
        """Whether the More Info gives one as a link, or the form has no field for them, or one that has an error."""
        has_link = bool(linked_addresses(self.cleaned_data["more_info"]))
        return has_link or "sources" in self.errors or "sources" not in self.data

    def check_publishable(self) -> bool:
        """Whether this may be published; adds the errors that stand in the way, and reads topics and sources."""
        data = self.cleaned_data
        for name, read in (("topics", read_topics), ("sources", self._sources)):
            try:
                data[name] = read(data.get(name, ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
        if data.get("more_info") and not data.get("sources") and not self._tells_sources():
            self.add_error("sources", _("Readers want to know where it is from: please give one source at least."))
        if "public_title" in data and not data["public_title"]:
            self.add_error("public_title", _("Readers find the thread by its title: please write one."))
        if "text" in data and not data["text"]:
            self.add_error("text", _("Please write a reply."))
        if data.get("more_info") and not data.get("signed"):
            self.add_error("signed", _("More Info is published only with your signature."))
        return not self.errors


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=DeclineReason.choices)
    note = PlainText(
        label=_("A word to the patient"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Optional. The reason brings a next step with it, which the patient sees too."),
    )


class FollowUpAnswerForm(forms.Form):
    answer = PlainText(
        label=_("Your answer"), max_length=10_000, error_messages={"required": _("Please write an answer first.")}
    )


class SavedReplyForm(forms.ModelForm):
    text = PlainText(label=_("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))

    class Meta:
        model = SavedReply
        fields = ["title", "language", "text"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = SavedReply._meta.get_field("text").help_text
