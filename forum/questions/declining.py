"""What the patient of a declined question is told to do next."""

from django.utils.translation import gettext_lazy as _

from forum.questions.models import DeclineReason

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


def code_of(reason: str) -> str:
    """Of the text in which admins may say it in other words."""
    return f"decline.{reason}"
