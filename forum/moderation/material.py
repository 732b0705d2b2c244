"""What a More Info may be begun with: other signed articles, or a machine's draft made of them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts.models import Doctor
from forum.articles.drafters import configured_drafter
from forum.articles.models import Article, MachineDraft
from forum.articles.services import write_draft
from forum.articles.tasks import write_machine_draft
from forum.moderation.services import save_draft
from forum.questions.models import Question
from forum.replies.models import Draft, Edition
from forum.search.models import QuestionTopic, Topic

MOST_OFFERED = 6
MOST_DRAFTED_FROM = 4
# So many threads like the question are looked at for articles, and of the first few of them the topics.
LIKE_LOOKED_AT = 12
TOPICS_OF = 4


def articles_for(question: Question, *, topics: Iterable[str], like: list[Question]) -> list[Article]:
    """Signed articles to begin with, best first: of the topics typed, of threads like it, of topics of those."""
    wanted = Article.objects.to_start_from().filter(question__language__istartswith=question.language[:2])
    typed = Topic.objects.alias(lower=Lower("name")).filter(lower__in=[name.strip().lower() for name in topics])
    theirs = QuestionTopic.objects.filter(question__in=[thread.pk for thread in like[:TOPICS_OF]]).values("topic")
    places = {thread.pk: place for place, thread in enumerate(like)}
    of_like = sorted(_read(wanted.filter(question__in=places)), key=lambda article: places[article.question_id])
    by_topic = (_of_topics(wanted, chosen) for chosen in (typed.values("pk"), theirs))
    first, last = (list(_read(found)[:MOST_OFFERED]) for found in by_topic)
    return list({article.pk: article for article in (*first, *of_like, *last)}.values())[:MOST_OFFERED]


def _read(articles: QuerySet) -> QuerySet:
    return articles.select_related("question__specialty", "signed_by")


def _of_topics(articles: QuerySet, topics: QuerySet) -> QuerySet:
    threads = QuestionTopic.objects.filter(topic__in=topics).values("question")
    return articles.filter(question__in=threads).order_by("-reviewed_on", "-pk")


@transaction.atomic
def start_from(*, question: Question, doctor: Doctor, article: Article, typed: dict, since: Edition | None) -> Draft:
    """Save the draft `typed`, into which the article went, and note that: where it is from, and whether a machine's."""
    draft = save_draft(question=question, doctor=doctor, since=since, **typed)
    if article.question_id not in draft.based_on:
        question.decisions.create(act="start_from", by=doctor.user, reason=f"#{article.question_id}")
    draft.note_material(based_on=[article.question_id], by_machine=article.machine_drafted)
    return draft


@transaction.atomic
def begin_machine_draft(*, draft: Draft, articles: list[Article]) -> MachineDraft:
    """Have a More Info drafted from these articles. While one is written there is no second one."""
    Draft.objects.select_for_update().get(pk=draft.pk)
    live = draft.machine_drafts.live().first()
    if live and not live.is_stalled:
        return live
    for old in draft.machine_drafts.open():
        old.cancel()
    drafter = configured_drafter()
    threads = [article.question_id for article in articles[:MOST_DRAFTED_FROM]]
    begun = draft.machine_drafts.create(drafter=drafter.name, material=threads)
    if drafter.is_quick:
        write_draft(begun)
    else:
        write_machine_draft.enqueue(begun.pk)
    return begun


@transaction.atomic
def take_machine_draft(
    *, question: Question, doctor: Doctor, machine: MachineDraft, typed: dict, since: Edition | None
) -> Draft:
    """Save the draft `typed`, into which the machine's text went, and mark it as a machine's for good."""
    draft = save_draft(question=question, doctor=doctor, since=since, **typed)
    if machine.is_ready:
        question.decisions.create(act="machine_draft", by=doctor.user, reason=machine.drafter[:60])
    machine.take()
    draft.note_material(based_on=machine.material, by_machine=True)
    return draft
