"""What a doctor fills in to correct a published reply, or to review or correct More Info."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.articles.models import Article
from forum.moderation.forms import WorkForm
from forum.questions.fields import PlainText
from forum.questions.models import CorrectionReason

SINCE = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
REASON = forms.ChoiceField(
    label=_("What was the matter?"),
    choices=CorrectionReason.choices,
    help_text=_("Kept in the history for doctors and admins. Readers see the day of the correction."),
)


class CorrectReplyForm(forms.Form):
    """Other words for a reply; `since` tells which ones stood there when the page was opened."""

    text = PlainText(
        label=_("The reply"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _("A reply cannot be empty. To take it off the site, ask an admin.")},
    )
    reason = REASON
    since = SINCE


class CorrectArticleForm(WorkForm):
    """More Info, its sources and a new signature: the fields of the work on a question, without the others."""

    public_title = text = topics = sub_questions = open_shown = version = window = window_count = None
    reason = REASON
    since = SINCE

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["more_info"].help_text = _("In Markdown: “## Heading”, “1. **Item**: explanation”.")

    @classmethod
    def of(cls, article: Article) -> "CorrectArticleForm":
        """As it stands."""
        return cls(initial={"more_info": article.text, "sources": as_lines(article.sources), "since": article.edition})

    @property
    def article_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("more_info", "sources", "reason", "signed")]

    def check_publishable(self) -> bool:
        if "more_info" in self.cleaned_data and not self.cleaned_data["more_info"]:
            self.add_error("more_info", _("More Info cannot be empty. To take it off the page, ask an admin."))
        return super().check_publishable()


class ReviewForm(forms.Form):
    """That an article is still right. One without a signature is signed by that, so the box is asked for."""

    since = SINCE
    signed = forms.BooleanField(
        label=_("I have read the More Info as it stands here and sign it with my name."),
        error_messages={"required": _("It has no signature yet: please give yours.")},
    )

    def __init__(self, *args, article: Article, **kwargs) -> None:
        super().__init__(*args, auto_id="review_%s", initial={"since": article.edition}, **kwargs)
        if article.is_signed:
            del self.fields["signed"]


def as_lines(sources: list[dict]) -> str:
    """Sources as they are typed: one a line, title and address."""
    return "\n".join(f"{source.get('title', '')} {source['url']}".strip() for source in sources)
