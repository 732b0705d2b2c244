"""Topics proposed for the threads that have none: from the topics of their neighbours, and from what they say.

The threads of a language are read once, a specialty at a time, and only the phrases of several threads are kept. A
specialty's proposals are written in one transaction; running again finds the same ones.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet

from forum.questions.models import Question, State
from forum.replies.models import Reply
from forum.search.models import ProposalState, Topic, TopicProposal
from forum.search.phrases import FEWEST_THREADS, Found, PhraseCount, ThreadText, key_of, score
from forum.specialties.models import Specialty

MOST_A_THREAD = 3
MOST_A_SPECIALTY = 200
LOWEST_SCORE = 5.0
READ_AT_ONCE = 500
# So many of the four neighbours have to have a topic. It counts as if half of the replies took it up.
NEIGHBOURS_AGREE = 2

WITHOUT_TOPICS = """
SELECT left(lower(language), 2), specialty_id, count(*) FROM questions_question question
WHERE state = 'published' AND NOT EXISTS (SELECT FROM search_questiontopic link WHERE link.question_id = question.id)
GROUP BY 1, 2 ORDER BY 1, 2
"""
TOPICS_OF_NEIGHBOURS = """
SELECT question.id, min(topic.name)
FROM questions_question question
JOIN search_similarthread similar_thread ON similar_thread.question_id = question.id
JOIN questions_question other ON other.id = similar_thread.similar_id AND other.state = 'published'
JOIN search_questiontopic link ON link.question_id = other.id
JOIN search_topic topic ON topic.id = link.topic_id
WHERE question.state = 'published' AND question.specialty_id = %s AND left(lower(question.language), 2) = %s
  AND NOT EXISTS (SELECT FROM search_questiontopic own WHERE own.question_id = question.id)
GROUP BY question.id, lower(topic.name) HAVING count(DISTINCT other.id) >= %s
ORDER BY question.id, lower(topic.name)
"""


@dataclass
class Candidate:
    """A name with the threads it would be given to. `has`: how many threads of the specialty have it already."""

    name: str
    score: float
    threads: set[int]
    has: int = 0


@dataclass
class Reading:
    """What was found in the threads without topics of one specialty."""

    specialty: Specialty
    threads: int
    found: list[Found] = field(default_factory=list)


def count_threads() -> dict[str, dict[int, int]]:
    """How many published threads have no topics: by language, two letters, and by the id of their specialty.

    A specialty with open proposals is among them even where that is 0, so that those are looked through too.
    """
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_TOPICS)
        for language, specialty_id, number in cursor.fetchall():
            counts[language][specialty_id] = number
    for language, specialty_id in TopicProposal.objects.open().values_list("language", "specialty_id"):
        counts[language].setdefault(specialty_id, 0)
    return counts


def propose_topics(language: str, *, limit: int = MOST_A_SPECIALTY, progress: Callable[[int], None]) -> int:
    """Propose up to `limit` topics for each specialty, for its threads of the language; how many are open then.

    What was proposed before and is still open is brought up to date; what an admin rejected stays so. `progress` is
    told how many more threads were read.
    """
    counts = count_threads().get(language, {})
    specialties = Specialty.objects.in_bulk(counts)
    readings = [_read(specialties[pk], language, progress) for pk in counts]
    known = {key_of(name, language) for name in Topic.objects.values_list("name", flat=True).iterator()}
    everywhere: dict[str, int] = defaultdict(int)
    for reading in readings:
        for one in reading.found:
            everywhere[key_of(one.name, language)] += len(one.threads)
    total = sum(counts.values())
    return sum(_propose(reading, language, everywhere, total, known, limit) for reading in readings)


def _without_topics(specialty: Specialty, language: str) -> QuerySet[Question]:
    published = Question.objects.published().filter(specialty=specialty, question_topics=None)
    return published.filter(language__istartswith=language)


def _read(specialty: Specialty, language: str, progress: Callable[[int], None]) -> Reading:
    count = PhraseCount(language)
    for batch in _batches(_without_topics(specialty, language)):
        for thread in batch:
            count.add(thread)
        progress(len(batch))
    return Reading(specialty, count.threads, count.found())


def _batches(questions: QuerySet[Question]) -> Iterator[list[ThreadText]]:
    last = 0
    while rows := list(questions.filter(pk__gt=last).order_by("pk")[:READ_AT_ONCE]):
        replies: dict[int, list[str]] = defaultdict(list)
        for question_id, text in Reply.objects.shown().filter(question__in=rows).values_list("question_id", "text"):
            replies[question_id].append(text)
        yield [ThreadText(q.pk, _titles(q), q.text, "\n".join(replies[q.pk])) for q in rows]
        last = rows[-1].pk


def _titles(question: Question) -> str:
    return "\n".join(dict.fromkeys((question.public_title, question.headline)))


def _propose(
    reading: Reading, language: str, everywhere: dict[str, int], total: int, known: set[str], limit: int
) -> int:
    specialty, elsewhere = reading.specialty, max(total - reading.threads, 1)
    candidates = _of_neighbours(specialty, language, reading.threads)
    for one in reading.found:
        key = key_of(one.name, language)
        others = (everywhere[key] - len(one.threads)) / elsewhere
        points = score(one, reading.threads, others, language, known=key in known)
        candidates.append(Candidate(one.name, points, one.threads))
    merged = _merged(candidates, specialty, language)
    return _write(specialty, language, _chosen(merged, limit))


def _of_neighbours(specialty: Specialty, language: str, threads: int) -> list[Candidate]:
    """The topics that several of a thread's stored similar threads have."""
    found: dict[str, Candidate] = {}
    with connection.cursor() as cursor:
        cursor.execute(TOPICS_OF_NEIGHBOURS, [specialty.pk, language, NEIGHBOURS_AGREE])
        for question_id, name in cursor.fetchall():
            found.setdefault(key_of(name, language), Candidate(name, 0, set())).threads.add(question_id)
    for candidate in found.values():
        as_found = Found((candidate.name,), threads=candidate.threads, agreed=len(candidate.threads) // 2)
        candidate.score = score(as_found, threads, 0, language, known=True)
    return list(found.values())


def _merged(candidates: list[Candidate], specialty: Specialty, language: str) -> list[Candidate]:
    """Each name once, as a topic of the specialty has it or an admin renamed it; without those that were rejected."""
    counted = specialty.topics.annotate(threads=Count("questions", filter=Q(questions__state=State.PUBLISHED)))
    topics = {key_of(name, language): (name, threads) for name, threads in counted.values_list("name", "threads")}
    decided = TopicProposal.objects.filter(specialty=specialty).exclude(state=ProposalState.OPEN)
    renamed = {key_of(name, language): topic for name, topic in decided.values_list("name", "topic__name") if topic}
    rejected = decided.filter(state=ProposalState.REJECTED).values_list("name", flat=True)
    unwanted = {key_of(name, language) for name in rejected}
    merged: dict[str, Candidate] = {}
    for candidate in candidates:
        key = key_of(candidate.name, language)
        if key in unwanted:
            continue
        name, has = topics.get(key_of(renamed.get(key, candidate.name), language), (candidate.name, 0))
        one = merged.setdefault(key_of(name, language), Candidate(name, 0, set(), has))
        one.threads |= candidate.threads
        one.score = max(one.score, candidate.score)
    return list(merged.values())


def _chosen(candidates: list[Candidate], limit: int) -> list[Candidate]:
    """The best, so that no thread is in more than three and each is, or becomes, a topic of at least three threads."""
    taken: dict[int, int] = defaultdict(int)
    chosen = []
    for candidate in sorted(candidates, key=lambda one: (-one.score, one.name)):
        if len(chosen) == limit or candidate.score < LOWEST_SCORE:
            break
        free = {pk for pk in candidate.threads if taken[pk] < MOST_A_THREAD}
        if not free or len(free) + candidate.has < FEWEST_THREADS or len(candidate.name) > 80:
            continue
        for pk in free:
            taken[pk] += 1
        chosen.append(Candidate(candidate.name, candidate.score, free, candidate.has))
    return chosen


@transaction.atomic
def _write(specialty: Specialty, language: str, chosen: list[Candidate]) -> int:
    """Bring the open proposals of a specialty to these; rows of the same name stay the same rows."""
    open_ones = TopicProposal.objects.open().filter(specialty=specialty, language=language).select_for_update()
    stored = {proposal.name.lower(): proposal for proposal in open_ones.order_by("pk")}
    others = TopicProposal.objects.filter(specialty=specialty).exclude(state=ProposalState.ACCEPTED)
    others = others.exclude(state=ProposalState.OPEN, language=language)
    taken = {name.lower() for name in others.values_list("name", flat=True)}
    for candidate in chosen:
        if candidate.name.lower() in taken:
            continue
        proposal = stored.pop(candidate.name.lower(), None) or TopicProposal(specialty=specialty, language=language)
        proposal.name, proposal.score = candidate.name, candidate.score
        proposal.save()
        proposal.questions.set(candidate.threads)
    TopicProposal.objects.filter(pk__in=[proposal.pk for proposal in stored.values()]).delete()
    return TopicProposal.objects.open().filter(specialty=specialty, language=language).count()
