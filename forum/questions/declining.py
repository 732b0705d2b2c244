"""What the patient of a declined question is told to do next."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from forum.questions.models import DeclineReason, DeclineText

NEXT_STEP = {
    DeclineReason.EMERGENCY: _(
        "What you describe may need help at once. Please call the emergency number or go to the nearest emergency "
        "department now; do not wait for an answer on the internet."
    ),
    DeclineReason.EXAMINATION: _(
        "A doctor has to see or examine you to say anything reliable. Please make an appointment, within days rather "
        "than weeks, and take your question along; it is kept on this page."
    ),
    DeclineReason.OUTSIDE: _(
        "This is not a medical question, so our doctors cannot answer it. A pharmacy, your health insurance or a "
        "social service may be the right place to ask."
    ),
    DeclineReason.NO_QUESTION: _(
        "We could not find a question that we can answer. You are welcome to ask again: say what troubles you, since "
        "when, and what you would like to know."
    ),
    DeclineReason.DUPLICATE: _(
        "The same question has been answered here already. Please look for it with the search; if your case is "
        "different, ask again and say in what way."
    ),
    DeclineReason.ABUSIVE: _("We answer questions that are put with respect. You are welcome to ask again."),
}


def next_step(reason: str) -> str:
    """What the patient is told in the language of the page: an admin's words, where there are none the site's own.

    Nothing for a question that is not declined.
    """
    if not reason:
        return ""
    words = DeclineText.objects.filter(reason=reason, language=get_language()).values_list("next_step", flat=True)
    return words.first() or str(NEXT_STEP[reason])
