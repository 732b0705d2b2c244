"""What stood in a question before it was changed or deleted. Never public; nothing in it leads to the asker.

The patient's words are kept apart from the rest, so that a change of the state makes no copy of them.
"""

import pghistory

from forum.history.guards import kept
from forum.questions.models.question import Question


class QuestionEvent(
    pghistory.create_event_model(
        Question,
        fields=["specialty", "language", "state", "public_title", "decline_reason", "merged_into"],
        meta=kept(erasable=True),
    )
):
    """All that the site made of the question."""


class QuestionWordsEvent(
    pghistory.create_event_model(
        Question,
        pghistory.UpdateEvent("words_update", row=pghistory.Old),
        pghistory.DeleteEvent("words_delete"),
        fields=["headline", "text"],
        meta=kept(erasable=True),
    )
):
    """The patient's words."""
