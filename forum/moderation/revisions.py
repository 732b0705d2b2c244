"""The versions of a reply or an article: what the row history kept, and what stands there now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Doctor
from forum.articles.models import Article, ArticleEvent
from forum.moderation.correcting import as_lines
from forum.replies.models import Reply, ReplyEvent


@dataclass(frozen=True)
class Revision:
    """One version, numbered from 1; `since` when it stood there, `by` whoever wrote it, both where known."""

    number: int
    since: date | datetime | None
    by: Doctor | None
    text: str


def revisions_of_reply(reply: Reply) -> list[Revision]:
    """Oldest first, the published words last."""
    events = ReplyEvent.objects.filter(pgh_obj=reply, pgh_label="update").select_related("doctor", "corrected_by")
    rows = [*events.order_by("pgh_id"), reply]
    # A profile that was merged since is no more: its replies are those of the doctor whom they went to.
    return _numbered(
        (
            row,
            row.text,
            (row.corrected_by if row.corrected_at else row.doctor) or reply.doctor,
            row.corrected_at or row.replied_on,
        )
        for row in rows
    )


def revisions_of_article(article: Article) -> list[Revision]:
    """Oldest first, text and sources; an import that brought another text made a new row of the same thread."""
    events = ArticleEvent.objects.filter(question=article.question_id).select_related("signed_by")
    rows = [*events.order_by("pgh_id"), article]
    return _numbered((row, article_words(row.text, row.sources), row.signed_by, row.signed_at) for row in rows)


def article_words(text: str, sources: list[dict]) -> str:
    """An article as it is compared: its sources under its text."""
    return f"{text}\n\n{as_lines(sources)}".rstrip()


def _numbered(rows: Iterable[tuple]) -> list[Revision]:
    """Each text once, from when on it stood there, if need be from the end of the one before."""
    found: list[Revision] = []
    ended, told = None, None
    for row, text, by, since in rows:
        if not found or found[-1].text != text:
            # A row that was changed by other hands (an import) says the same of itself as before.
            known = not found or since != told
            found.append(Revision(len(found) + 1, since if known else ended, by if known else None, text))
        ended, told = getattr(row, "pgh_created_at", None), since
    return found
