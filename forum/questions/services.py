"""Taking a patient's question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Aggregate, DurationField, F, Model
from django.utils import timezone
from pghistory.core import event_models

from accounts.models import User
from forum.history.erasing import erase_rows
from forum.history.models import Rule
from forum.questions.announcements import question_asked
from forum.questions.language import detect_language
from forum.questions.models import (
    MOST_IMAGES,
    OPEN_STATES,
    WAITING_SINCE,
    Question,
    QuestionImage,
    QuestionWordsEvent,
    State,
)
from forum.questions.numbers import take_number
from forum.questions.pseudonyms import suggest_pseudonym
from forum.questions.screening import red_flags_in, screen_changed
from forum.questions.tokens import derive_token, hash_token
from forum.specialties.models import Specialty

# What the page offers or fills in; the same question sent again may come with another of them.
NOT_TYPED = ("pseudonym", "similar_seen")


@dataclass(frozen=True)
class Asked:
    """A question that was taken, with the token that only its asker gets to see."""

    question: Question
    token: str
    is_new: bool


def token_for(*, browser: str, asker: User | None, answers: dict) -> str:
    """The status token that these answers from this browser or account lead to, however often they are sent.

    Where they were sent before and came to nothing (withdrawn, declined), the next free one: asking again is allowed.
    """
    sender = f"account:{asker.pk}" if asker else f"browser:{browser}"
    typed = [f"{name}={answers[name]}" for name in sorted(answers) if name not in NOT_TYPED]
    for attempt in range(100):
        token = derive_token(sender, str(attempt), *typed)
        state = Question.objects.with_token(token).values_list("state", flat=True).first()
        if state not in (State.WITHDRAWN, State.DECLINED):
            return token
    return token


def ask_question(*, token: str, asker: User | None, answers: dict) -> Asked:
    """Take the question once: whoever comes second with the same token gets the one that is there."""
    fields = {name: value for name, value in answers.items() if name not in ("consent", "website")}
    fields["pseudonym"] = fields["pseudonym"] or suggest_pseudonym()
    question = Question(
        **fields,
        asker=asker,
        token_hash=hash_token(token),
        asked_on=timezone.localdate(),
        language=detect_language(f"{fields['headline']} {fields['text']}"),
    )
    try:
        with transaction.atomic():
            question.pk = take_number()
            question.save(force_insert=True)
            question.decisions.create(act="ask", by=asker, to_state=State.WAITING)
            if flags := red_flags_in(fields):
                question.flag([flag.code for flag in flags])
            question_asked.send(Question, question=question)
    except IntegrityError:
        return Asked(Question.objects.with_token(token).get(), token, is_new=False)
    return Asked(question, token, is_new=True)


@transaction.atomic
def add_images(*, question: Question, images: list[QuestionImage]) -> None:
    """Give it these uploaded images with their descriptions, as far as it is open, has room and lacks them.

    The others are deleted. Harmless when repeated: an image counts as the same where its pixels are.
    """
    state = Question.objects.select_for_update().values_list("state", flat=True).get(pk=question.pk)
    there = dict(question.images.values_list("place", "digest"))
    free = [place for place in range(1, MOST_IMAGES + 1) if place not in there] if state in OPEN_STATES else []
    unused = QuestionImage.objects.unused()
    for image in images:
        if free and image.digest not in there.values():
            given = {"description": image.description, "public_wanted": image.public_wanted}
            if unused.filter(pk=image.pk).update(question=question, place=free[0], **given):
                there[free.pop(0)] = image.digest
    left_over = unused.filter(pk__in=[image.pk for image in images])
    if left_over:
        left_over.discard()


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def expected_wait(specialty: Specialty) -> timedelta | None:
    """The median wait for an answer in this specialty over the last 90 days; None where nothing was asked."""
    recent = Question.objects.published().filter(
        specialty=specialty, token_hash__isnull=False, published_at__gte=timezone.now() - timedelta(days=90)
    )
    return recent.aggregate(wait=Median(F("published_at") - WAITING_SINCE))["wait"]


@transaction.atomic
def edit_question(*, question: Question, by: User | None, words: dict) -> None:
    """The asker's new words, read for red flags, and no memory of the old ones; WrongState once a doctor has begun."""
    question.edit(by=by, **words)
    purge_history([question.pk], rule=Rule.EDIT, words_only=True)
    screen_changed(question)


@transaction.atomic
def purge_history_of(part: Model, *, rule: Rule) -> None:
    """Forget what stood in it before it was changed; of an article, in all that its thread ever had."""
    link = getattr(type(part), "question", None)
    one_a_thread = link is not None and link.field.one_to_one
    pointer, pk = ("question", part.question_id) if one_a_thread else ("pgh_obj", part.pk)
    number = part.pk if isinstance(part, Question) else getattr(part, "question_id", None)
    for model in event_models(tracks_model=type(part)):
        erase_rows(model, rule=rule, pointer=pointer, ids=[pk], question=number)


@transaction.atomic
def purge_history(question_ids: Iterable[int], *, rule: Rule = Rule.OPERATOR, words_only: bool = False) -> None:
    """Forget what stood in these questions, their replies and articles before they were changed or deleted.

    Or of the questions alone what their patients had written. It empties every event model that points at its question,
    those of apps above this one among them. What is left is that it was done, and for which question if for one alone.
    """
    ids = list(question_ids)
    number = ids[0] if len(ids) == 1 and rule != Rule.ACCOUNT else None
    for model in [QuestionWordsEvent] if words_only else event_models(references_model=Question):
        pointer = "pgh_obj" if model.pgh_tracked_model is Question else "question"
        erase_rows(model, rule=rule, pointer=pointer, ids=ids, question=number)
