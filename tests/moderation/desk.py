"""A doctor's browser at the dashboard."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Doctor
from forum.moderation.models import Claim
from forum.questions.models import Question

WORK = {
    "public_title": "Twitching eyelids: causes",
    "text": "It is harmless.\nSleep more.",
    "more_info": "## Causes\n\n1. **Tiredness**",
    "sources": "MedlinePlus https://medlineplus.gov/eyelid",
    "topics": "Eyelids, Twitching",
    "signed": "on",
}
# The errand of whoever tells somebody something.
SEND = ("send_due_notices", [])


def browser(doctor: Doctor) -> Client:
    client = Client()
    client.force_login(doctor.user)
    return client


def address(question: Question) -> str:
    return f"/dashboard/questions/{question.pk}/"


def send(client: Client, question: Question, act: str, **changes: str):
    """Press a button on the work page. Of the fields those of WORK are filled in, but for what is changed."""
    return client.post(address(question), {**WORK, **changes, "act": act})


def tasks() -> list[tuple[str, list]]:
    """What waits for the worker, oldest first: name and arguments."""
    rows = DBTaskResult.objects.order_by("enqueued_at").values_list("task_path", "args_kwargs")
    return [(path.rpartition(".")[2], arguments["args"]) for path, arguments in rows]


def told(question: Question) -> list[str]:
    """What people are told about it, in the order in which it was made."""
    return list(question.notices.order_by("pk").values_list("kind", flat=True))


def decisions(question: Question) -> list[tuple]:
    return list(question.decisions.values_list("act", "by", "from_state", "to_state", "reason"))


def expire(question: Question) -> None:
    """Half an hour passes without a word from whoever holds it."""
    Claim.objects.filter(question=question).update(
        claimed_at=timezone.now() - timedelta(minutes=31), expires_at=timezone.now() - timedelta(minutes=1)
    )
