"""What all drafters have in common."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Failure(TextChoices):
    """Why there is no draft, as the doctor is told."""

    UNREACHABLE = "unreachable", _("The drafting server cannot be reached.")
    SLOW = "slow", _("The drafting server did not answer in time.")
    BUSY = "busy", _("The drafting server is busy or has a fault of its own.")
    REFUSED = "refused", _("The drafting server refused. An admin should look at the site's settings.")
    UNFIT = "unfit", _("The drafting server answered with something that is no draft.")
    NO_MATERIAL = "no_material", _("The articles it was to be made of are no longer public.")


@dataclass(frozen=True)
class Material:
    """A signed article that a draft is made of."""

    title: str
    text: str
    signed_by: str
    reviewed_on: date | None
    sources: Sequence[dict]
    thread_id: int = 0


@dataclass(frozen=True)
class Asked:
    """What a draft is to answer: the patient's words without what could tell who it is."""

    text: str
    specialty: str
    language: str
    material: Sequence[Material]

    @property
    def is_chinese(self) -> bool:
        return self.language.lower().startswith("zh")


class DrafterFailed(Exception):
    """There is no draft. Neither this nor what is logged of it holds the patient's words or a key."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class Drafter(Protocol):
    name: str
    is_quick: bool  # so quick that nobody has to wait for a worker

    def draft(self, asked: Asked) -> Iterator[str]:
        """The Markdown text, piece by piece. Raises DrafterFailed."""
