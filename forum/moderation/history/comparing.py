"""The versions of whatever has a row history: the words of each event, and those that stand there now."""

from django.db.models import Model
from pghistory.core import event_models

from accounts.models import Doctor, User
from forum.articles.models import ArticleEvent
from forum.moderation.history.changes import tracked_fields
from forum.moderation.revisions import Revision, article_words
from forum.questions.models import Question, QuestionEvent, QuestionWordsEvent
from forum.replies.models import ReplyEvent

WORDS = {
    ReplyEvent: lambda row: row.text,
    ArticleEvent: lambda row: article_words(row.text, row.sources),
    QuestionWordsEvent: lambda row: f"{row.headline}\n\n{row.text}",
}
MOST = 200  # versions that are offered, the latest


def comparable(key: str) -> type[Model] | None:
    """The event model of that name whose versions can be compared. Of a question's state the list says it all."""
    models = {model._meta.model_name: model for model in event_models() if model is not QuestionEvent}
    return models.get(key)


def may_compare(user: User, model: type[Model], pk: int) -> bool:
    """Patients' words only of questions that the admin may see as they are now."""
    return model is not QuestionWordsEvent or Question.objects.visible_to(user).filter(pk=pk).exists()


def versions_of(model: type[Model], pk: int) -> list[Revision]:
    """Oldest first, each text once; `since` when and `by` which doctor it came to stand there, where history knows."""
    events = list(model.objects.filter(pgh_obj=pk).order_by("-pgh_id")[:MOST])[::-1]
    doctors = Doctor.objects.in_bulk({_actor(event) for event in events} - {None}, field_name="user_id")
    current = model.pgh_tracked_model._base_manager.filter(pk=pk).first()
    found: list[Revision] = []
    since, by = None, None
    for row in [*events, *([current] if current else [])]:
        text = WORDS.get(model, lambda row: _listed(model, row))(row)
        if not found or found[-1].text != text:
            found.append(Revision(len(found) + 1, since, by, text))
        if row is not current:
            since, by = row.pgh_created_at, doctors.get(_actor(row))
    return found


def _actor(event: Model) -> int | None:
    """The account of whoever put something else in the place of what it says."""
    return (event.pgh_context or {}).get("by")


def _listed(model: type[Model], row: Model) -> str:
    """Each field on a line of its own."""
    return "\n".join(f"{field.verbose_name}: {_value(row, field)}" for field in tracked_fields(model))


def _value(row: Model, field) -> object:
    value = getattr(row, field.attname)
    return "" if value is None else value
