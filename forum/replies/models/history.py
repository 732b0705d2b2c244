"""What stood in a reply before it was changed or deleted: its revisions. Never public."""

import pghistory
import pgtrigger
from django.db import models

from forum.history.guards import kept
from forum.replies.models.reply import Reply


class ReplyEvent(
    pghistory.create_event_model(
        Reply,
        # Not of the specialty: merging two would copy every reply.
        pghistory.UpdateEvent(
            row=pghistory.Old,
            condition=pgtrigger.AnyChange("text", "doctor", "replied_on", "corrected_at", "corrected_by"),
        ),
        pghistory.DeleteEvent(),
        fields=["question", "doctor", "specialty", "text", "replied_on", "created_at", "corrected_at", "corrected_by"],
        meta=kept(erasable=True, indexes=(models.Index(fields=["question"], name="reply_history_of_thread"),)),
    )
):
    """One revision of a reply."""
