import uuid
from datetime import date, datetime, timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor, User
from accounts.permissions import can_work_as_doctor, is_admin
from forum.history.erasing import forget_actor, forget_red_flags
from forum.history.models import Rule
from forum.questions.announcements import info_answered, question_asked, question_withdrawn
from forum.questions.language import detect_language
from forum.questions.models.choices import OPEN_STATES, AgeBand, DeclineReason, Sex, State
from forum.questions.models.decision import ASKED_FOR
from forum.questions.models.info_request import InfoRequest
from forum.questions.models.transfer import Transfer
from forum.questions.tokens import hash_token
from forum.specialties.addresses import address
from forum.specialties.models import Specialty

MOST_SEEN = 3
# So long after the answer its asker may ask further, and say what is unclear.
ASK_FURTHER = timedelta(days=90)
# What can happen to a question that no doctor has begun on.
BEFORE_A_DOCTOR = ("ask", "edit", "flag", "read_advice")
# What stands behind /questions/{id}/ as an address of its own.
RESERVED_SLUGS = ("", "report")
# All that tells of the patient, and the title that a doctor made of it.
WRITTEN = (
    *("public_title", "headline", "text", "pseudonym", "age_band", "sex"),
    *("duration", "medication", "conditions", "seen_doctor", "different_because"),
)


def new_archive_id() -> str:
    return f"consilium-{uuid.uuid4().hex}"


class WrongState(Exception):
    """The question is no longer in a state that allows this act; nothing was changed."""


def _in_utc(moment: models.expressions.Combinable) -> models.Func:
    return models.Func(models.Value("UTC"), moment, function="timezone", output_field=models.DateTimeField())


# When it would have come if it had waited all the time: what it was with the patient does not count. There and back
# by way of UTC, where a day has 24 hours whoever asks: only such a sum can stand in an index.
WAITING_SINCE = _in_utc(_in_utc(models.F("created_at")) + models.F("paused"))


def _beyond(sign: str, pk: int) -> RawSQL:
    # A row comparison, which the ORM has no words for and the index serves directly.
    row = "(questions_question.published_at, questions_question.id)"
    place = "((SELECT place.published_at FROM questions_question place WHERE place.id = %s), %s)"
    return RawSQL(f"{row} {sign} {place}", [pk, pk], output_field=models.BooleanField())


class QuestionQuerySet(models.QuerySet):
    def published(self):
        """Threads that everybody may read."""
        return self.filter(state=State.PUBLISHED)

    def waiting(self):
        """Questions that wait for a doctor, those that have waited longest first."""
        return self.filter(state=State.WAITING).longest_first()

    def with_patient(self):
        """Questions whose patient was asked for more, those that have waited longest first."""
        return self.filter(state=State.NEEDS_INFO).longest_first()

    def longest_first(self):
        """Urgent ones, then by the time they have waited for a doctor; `after_in_queue` pages through this order."""
        return self.alias(waiting_since=WAITING_SINCE).order_by("-urgent", "waiting_since", "id")

    def for_doctor(self, doctor):
        """Questions in the doctor's specialties or under them, whatever their state."""
        own = Specialty.objects.filter(doctors=doctor).values("id")
        return self.filter(models.Q(specialty__in=own) | models.Q(specialty__parent__in=own))

    def visible_to(self, user):
        """What this user may open: published threads, own questions, those of a doctor's specialties; admins all.

        A withdrawn question is its asker's alone.
        """
        if is_admin(user):
            return self.exclude(models.Q(state=State.WITHDRAWN) & ~models.Q(asker=user))
        allowed = models.Q(state=State.PUBLISHED)
        if user.is_authenticated:
            allowed |= models.Q(asker=user)
        if can_work_as_doctor(user):
            mine = self.model.objects.for_doctor(user.doctor_profile).exclude(state=State.WITHDRAWN)
            allowed |= models.Q(pk__in=mine.values("pk"))
        return self.filter(allowed)

    def newest_first(self):
        """By publication; `older_than` and `newer_than` page through this order."""
        return self.order_by("-published_at", "-id")

    def older_than(self, pk: int):
        """What comes after this thread in `newest_first`, found by the index however far down it is.

        The thread may be hidden by now; after what was never published comes nothing.
        """
        return self.filter(_beyond("<", pk)).newest_first()

    def newer_than(self, pk: int):
        """What comes before this thread, nearest first."""
        return self.filter(_beyond(">", pk)).order_by("published_at", "id")

    def after_in_queue(self, pk: int):
        """The part of `longest_first` behind this question."""
        place = self.model.objects.filter(pk=pk).values_list("urgent", WAITING_SINCE).first()
        if place is None:
            return self
        urgent, since = place
        behind = models.Q(waiting_since__gt=since) | models.Q(waiting_since=since, pk__gt=pk)
        return self.filter(models.Q(behind, urgent=urgent) | models.Q(urgent__lt=urgent))

    def asked_by(self, user):
        """The questions of a signed-in patient, newest first."""
        return self.filter(asker=user).order_by("-created_at", "-id")

    def with_token(self, token: str):
        """The question (none or one) that this status token opens."""
        return self.filter(token_hash=hash_token(token))


class Question(models.Model):
    """A patient's question and, once a doctor's reply is published, the head of a public thread."""

    archive_id = models.CharField(_("archive id"), max_length=200, unique=True, default=new_archive_id, editable=False)
    specialty = models.ForeignKey(
        Specialty, on_delete=models.PROTECT, related_name="questions", verbose_name=_("specialty")
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)

    # The patient's own words
    headline = models.CharField(_("headline"), max_length=200)
    text = models.TextField(_("question"))
    pseudonym = models.CharField(_("pseudonym"), max_length=40, blank=True)
    age_band = models.CharField(_("age"), max_length=5, choices=AgeBand, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    asked_on = models.DateField(_("asked on"), null=True, blank=True)

    # For the doctors only
    duration = models.CharField(_("since when"), max_length=200, blank=True)
    medication = models.TextField(_("medication"), blank=True)
    conditions = models.TextField(_("known conditions"), blank=True)
    seen_doctor = models.CharField(
        _("seen a doctor"), max_length=3, choices=[("yes", _("yes")), ("no", _("no"))], blank=True
    )
    different_because = models.CharField(_("different because"), max_length=300, blank=True)
    similar_seen = ArrayField(
        models.BigIntegerField(), size=MOST_SEEN, default=list, blank=True, help_text="Threads shown before sending."
    )

    # What the site's red flags (forum/safety) found in the patient's words
    red_flags = ArrayField(models.CharField(max_length=30), default=list, blank=True, editable=False)
    urgent = models.BooleanField(_("urgent"), default=False, editable=False)
    advice_read_at = models.DateTimeField(null=True, blank=True, editable=False)

    # For nobody but the site
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    paused = models.DurationField(
        default=timedelta, editable=False, help_text="How long it was with the patient, who was asked for more."
    )

    # The public thread
    public_title = models.CharField(_("public title"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    modified_at = models.DateTimeField(_("last changed"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True, editable=False)
    decline_note = models.TextField(blank=True, editable=False)
    removed = models.BooleanField(_("removed for good"), default=False, db_default=False, editable=False)
    version = models.BigIntegerField(default=1, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=State.PUBLISHED)
                | (models.Q(published_at__isnull=False) & ~models.Q(public_title="")),
                name="question_published_with_title",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.MERGED, merged_into__isnull=False)
                | (~models.Q(state=State.MERGED) & models.Q(merged_into__isnull=True)),
                name="question_merged_with_target",
            ),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="question_not_into_itself"),
            models.CheckConstraint(
                condition=models.Q(state=State.DECLINED) ^ models.Q(decline_reason=""),
                name="question_decline_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(age_band__in=["", *AgeBand.values]), name="question_age_band_known"
            ),
            models.CheckConstraint(
                condition=models.Q(urgent=False) | ~models.Q(red_flags=[]), name="question_urgent_with_red_flags"
            ),
            models.CheckConstraint(condition=models.Q(sex__in=["", *Sex.values]), name="question_sex_known"),
            models.CheckConstraint(
                condition=models.Q(removed=False) | models.Q(state=State.HIDDEN), name="question_removed_is_hidden"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], name="question_newest", condition=models.Q(state=State.PUBLISHED)
            ),
            models.Index(
                fields=["specialty", "-published_at", "-id"],
                name="question_newest_in_specialty",
                condition=models.Q(state=State.PUBLISHED),
            ),
            models.Index(
                models.F("urgent").desc(),
                WAITING_SINCE,
                models.F("id"),
                name="question_longest_first",
                condition=models.Q(state=State.WAITING),
            ),
            models.Index(fields=["id"], name="question_open", condition=models.Q(state__in=OPEN_STATES)),
            models.Index(fields=["specialty", "id"], name="question_waiting", condition=models.Q(state=State.WAITING)),
            models.Index(
                fields=["specialty", "id"], name="question_with_patient", condition=models.Q(state=State.NEEDS_INFO)
            ),
            models.Index(fields=["asker", "-created_at"], name="question_of_asker"),
            models.Index(fields=["pseudonym"], name="question_pseudonym"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="new_version",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.AnyChange(exclude=["version"]),
                func="NEW.version = OLD.version + 1; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return address("thread", self.pk, self.slug)

    @property
    def title(self) -> str:
        """The public title; before there is one, the patient's headline."""
        return self.public_title or self.headline

    @property
    def slug(self) -> str:
        slug = slugify(self.title, allow_unicode=True)[:80].strip("-")
        return "thread" if slug in RESERVED_SLUGS else slug

    @property
    def waited(self) -> timedelta:
        """How long it has waited for a doctor; the time it was with the patient does not count."""
        return timezone.now() - self.created_at - self.paused

    @property
    def published_on(self) -> date:
        """The day of publication, in the site's time zone."""
        return timezone.localdate(self.published_at)

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def ask_further_until(self) -> datetime | None:
        """When its asker can ask no further here, in the site's time zone; None where it is not public."""
        return timezone.localtime(self.published_at + ASK_FURTHER) if self.is_published else None

    @property
    def takes_further_words(self) -> bool:
        """Whether its asker may still ask further, or say what is unclear."""
        return self.is_published and timezone.now() < self.ask_further_until

    @property
    def can_be_taken_off(self) -> bool:
        """Whether something of it is or was public, so that its asker can only have it taken off by an admin."""
        public = self.state in (State.PUBLISHED, State.HIDDEN) or (self.is_merged and self.published_at is not None)
        return public and not self.removed

    @property
    def is_merged(self) -> bool:
        return self.state == State.MERGED

    def can_merge_into(self, target: "Question") -> bool:
        """What was ever public leads to what is public only; what waits may also join what waits."""
        if self.pk == target.pk or self.removed:
            return False
        if self.is_open:
            return target.is_published or target.is_open
        return self.state in (State.PUBLISHED, State.HIDDEN) and target.is_published

    @property
    def is_joined(self) -> bool:
        """Whether it waits for its answer together with another question, of which its asker learns nothing."""
        return self.is_merged and self.published_at is None and self.merged_into.is_open

    def threads_seen(self) -> list["Question"]:
        """The threads that the patient was shown before sending this, those that are still public, in that order.

        In the place of one that was merged into another stands that one.
        """
        seen = Question.objects.select_related("merged_into").in_bulk(self.similar_seen)
        threads = [seen[pk].merged_into or seen[pk] for pk in self.similar_seen if pk in seen]
        return [thread for thread in dict.fromkeys(threads) if thread.is_published]

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING

    @property
    def is_hidden(self) -> bool:
        return self.state == State.HIDDEN

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def needs_info(self) -> bool:
        return self.state == State.NEEDS_INFO

    @property
    def advice_is_due(self) -> bool:
        """Whether the patient has still to be told what to do in an emergency."""
        still_told = self.is_open or self.is_published or self.is_joined
        return bool(self.red_flags) and self.advice_read_at is None and still_told

    @transaction.atomic
    def flag(self, codes: list[str]) -> bool:
        """Mark it urgent for these red flags and have the patient told. False where it is urgent for them already."""
        known, urgent = Question.objects.select_for_update().values_list("red_flags", "urgent").get(pk=self.pk)
        new = [code for code in codes if code not in known]
        if urgent and not new:
            return False
        self.red_flags, self.urgent, self.advice_read_at = [*known, *new], True, None
        self.save(update_fields=["red_flags", "urgent", "advice_read_at"])
        self.decisions.create(act="flag", reason=", ".join(codes)[:60])
        return True

    @transaction.atomic
    def read_advice(self, *, by: User | None) -> bool:
        """The patient has read what to do in an emergency, and goes on. False where that was told before."""
        read = Question.objects.filter(pk=self.pk, advice_read_at=None).exclude(red_flags=[])
        if not read.update(advice_read_at=timezone.now()):
            return False
        self.refresh_from_db(fields=["advice_read_at"])
        self.decisions.create(act="read_advice", by=by)
        return True

    @transaction.atomic
    def mark_not_urgent(self, *, by: Doctor) -> bool:
        """A doctor has read it: it waits like others, and keeps its red flags. False where it was not urgent."""
        if not Question.objects.filter(pk=self.pk, urgent=True).update(urgent=False):
            return False
        self.urgent = False
        self.decisions.create(act="not_urgent", by=by.user, reason=", ".join(self.red_flags)[:60])
        return True

    @transaction.atomic
    def publish(self, *, by: Doctor, title: str) -> None:
        """Make it a public thread under the doctor's title. The caller publishes the reply in the same transaction."""
        if not self._lock(State.WAITING, already=State.PUBLISHED):
            return
        now = timezone.now()
        self.public_title, self.published_at, self.modified_at = title, now, now
        self._move(State.PUBLISHED, "publish", by.user, "public_title", "published_at", "modified_at")

    @transaction.atomic
    def decline(self, *, by: Doctor, reason: str, note: str = "") -> bool:
        """Tell the patient why it is not answered here; `reason` is a DeclineReason, `note` the doctor's own words.

        False where it was declined before.
        """
        if not self._lock(*OPEN_STATES, already=State.DECLINED):
            return False
        self.decline_reason, self.decline_note = DeclineReason(reason), note
        self._move(State.DECLINED, "decline", by.user, "decline_reason", "decline_note", reason=reason)
        return True

    @transaction.atomic
    def transfer(self, *, by: Doctor, to: Specialty, note: str = "") -> bool:
        """Pass it on to another specialty, with a note for the doctors there. It goes on waiting and keeps its age.

        False where it is there already.
        """
        self._lock(State.WAITING)
        return self._pass_on(to, by.user, note=note, by=by)

    @transaction.atomic
    def give_to(self, specialty: Specialty, *, by: User) -> bool:
        """An admin gives it to another specialty, wherever it waits, for a doctor or for its patient; as `transfer`."""
        self._lock(*OPEN_STATES)
        return self._pass_on(specialty, by)

    def _pass_on(self, to: Specialty, actor: User, **fields) -> bool:
        before = Question.objects.values_list("specialty_id", flat=True).get(pk=self.pk)
        if before == to.pk:
            return False
        self.specialty = to
        Transfer.objects.create(question=self, from_specialty_id=before, to_specialty=to, **fields)
        self._move(self.state, "transfer", actor, "specialty", reason=to.slug[:60])
        return True

    @transaction.atomic
    def ask_info(self, *, by: Doctor, note: str) -> InfoRequest | None:
        """Ask the patient for what is missing; until the answer it does not wait. None where that was done before."""
        if not self._lock(State.WAITING, already=State.NEEDS_INFO):
            return None
        request = InfoRequest.objects.create(question=self, note=note, asked_by=by)
        self._move(State.NEEDS_INFO, "ask_info", by.user)
        return request

    @transaction.atomic
    def answer_info(self, *, by: User | None, text: str) -> bool:
        """The patient's answer: it waits again, as long as it had waited before. False where it waits already."""
        if not self._lock(State.NEEDS_INFO, already=State.WAITING):
            return False
        request = self.info_requests.get(answered_at=None)
        request.answer, request.answered_at = text, timezone.now()
        request.save(update_fields=["answer", "answered_at"])
        paused = Question.objects.values_list("paused", flat=True).get(pk=self.pk)
        self.paused = paused + (request.answered_at - request.asked_at)
        self._move(State.WAITING, "answer_info", by, "paused")
        info_answered.send(Question, request=request)
        return True

    @property
    def can_be_edited(self) -> bool:
        """While it waits and no doctor has begun on it."""
        return self.is_waiting and not self.decisions.exclude(act__in=BEFORE_A_DOCTOR).exists()

    @transaction.atomic
    def edit(self, *, by: User | None, **words) -> None:
        """Put the asker's new words in place of the old ones, before any doctor has begun; WrongState afterwards.

        `by` is None for an asker who came by the secret link. The same words again change nothing.
        """
        self._lock(State.WAITING)
        if not self.can_be_edited:
            raise WrongState(self.state)
        current = Question.objects.filter(pk=self.pk).values(*words).get()
        if any(current[name] != getattr(value, "pk", value) for name, value in words.items()):
            for name, value in words.items():
                setattr(self, name, value)
            self.language = detect_language(f"{self.headline} {self.text}")
            self._move(State.WAITING, "edit", by, *words, "language")
            if current.get("specialty", self.specialty_id) != self.specialty_id:
                question_asked.send(Question, question=self)  # of other doctors

    @transaction.atomic
    def withdraw(self, *, by: User | None) -> None:
        """Take it back before it is answered, its images with it. `by` is None for an asker with the secret link.

        One that waits together with another parts from it; others that wait together with this one go on without it.
        """
        if not self._lock(*OPEN_STATES, State.MERGED, already=State.WITHDRAWN):
            return
        if self.is_merged:
            self.refresh_from_db(fields=["merged_into", "published_at"])
            if not self.is_joined:
                raise WrongState(self.state)
        self.merged_into = None
        self.images.all().discard()
        self._move(State.WITHDRAWN, "withdraw", by, "merged_into")
        question_withdrawn.send(Question, question=self)

    @transaction.atomic
    def hide(self, *, by: User, reason: str) -> None:
        """Take a published thread off the site at once; only its asker, its doctors and admins still see it."""
        if self._lock(State.PUBLISHED, already=State.HIDDEN):
            self._move(State.HIDDEN, "hide", by, reason=reason)

    @transaction.atomic
    def restore(self, *, by: User, reason: str) -> None:
        """Bring a hidden thread back, unless it was removed."""
        if self._lock(State.HIDDEN, already=State.PUBLISHED):
            if Question.objects.get(pk=self.pk).removed:
                raise WrongState("removed")
            self._move(State.PUBLISHED, "restore", by, reason=reason)

    @transaction.atomic
    def remove(self, *, by: User, reason: str) -> bool:
        """Hide it for good and blank all that the patient gave, which cannot be had back; False where that was done.

        A thread that was merged into another one leads there no more. Its parts are the caller's to remove, and its
        asker, whose address is forgotten, the caller's to tell before.
        """
        self._lock(State.PUBLISHED, State.HIDDEN, State.MERGED)
        current = Question.objects.get(pk=self.pk)
        if current.removed:
            return False
        if not current.can_be_taken_off:
            raise WrongState(current.state)
        self.removed, self.similar_seen, self.merged_into = True, [], None
        self.red_flags, self.urgent, self.email = [], False, ""
        for name in WRITTEN:
            setattr(self, name, "")
        self.info_requests.all().delete()
        self.images.all().discard()
        self.transfers.update(note="")
        emptied = ("removed", "similar_seen", "merged_into", "red_flags", "urgent", "email", *WRITTEN)
        self._move(State.HIDDEN, "remove", by, *emptied, reason=reason)
        forget_red_flags(self.pk)
        return True

    @transaction.atomic
    def anonymise(self, *, by: User) -> None:
        """Nothing on it leads to its asker any more, and the asker's link opens it no more; cannot be undone.

        Words that tell of a person are the caller's to replace.
        """
        self._lock(State.PUBLISHED, State.HIDDEN, State.MERGED)
        asker = Question.objects.values_list("asker", flat=True).get(pk=self.pk)
        if asker:
            forget_actor(asker, rule=Rule.ANONYMISING, question=self.pk)
        self.asker, self.email, self.token_hash = None, "", None
        self.pseudonym = self.age_band = self.sex = ""
        self.modified_at = timezone.now()
        self.images.all().discard()
        named = ("asker", "email", "token_hash", "pseudonym", "age_band", "sex", "modified_at")
        self._move(self.state, "anonymise", by, *named, reason=ASKED_FOR)

    @transaction.atomic
    def merge_into(self, target: "Question", *, by: User, reason: str = "") -> bool:
        """Make this a duplicate of another: of a public thread, to which its address redirects from now on.

        What was never public may also join a question that waits as it does. False where it was merged before.
        """
        # Both rows in one order, so that two merges the other way round wait for each other and do not lock up.
        rows = Question.objects.select_for_update().filter(pk__in=[self.pk, target.pk]).order_by("pk")
        current = {row.pk: row for row in rows}
        if not self._lock(*OPEN_STATES, State.PUBLISHED, State.HIDDEN, already=State.MERGED):
            return False
        if not current[self.pk].can_merge_into(current[target.pk]):
            raise WrongState("A question is merged into another one that is public, or waits as it does.")
        with pghistory.context(act="merge", by=by.pk):
            Question.objects.filter(merged_into=self).update(merged_into=target)
        self.merged_into = target
        self._move(State.MERGED, "merge", by, "merged_into", reason=reason)
        return True

    @transaction.atomic
    def part(self, to: State, *, by: User | None, reason: str) -> None:
        """Let it stand for itself again, in the state it was in before it was merged."""
        if self._lock(State.MERGED):
            self.merged_into = None
            self._move(to, "part", by, "merged_into", reason=reason)

    def _lock(self, *allowed: State, already: State | None = None) -> bool:
        """Lock the row and read its state anew. False where the act was done before; WrongState where it cannot be."""
        self.state = Question.objects.select_for_update().values_list("state", flat=True).get(pk=self.pk)
        if self.state == already:
            return False
        if self.state not in allowed:
            raise WrongState(self.state)
        return True

    def _move(self, to: State, act: str, by: User | None, *fields: str, reason: str = "") -> None:
        before, self.state = self.state, to
        # An asker is nobody in the row history, which outlives the account.
        actor = by.pk if by and by.pk != self.asker_id else None
        with pghistory.context(act=act, by=actor):
            self.save(update_fields=["state", *fields])
        self.decisions.create(act=act, by=by, from_state=before, to_state=to, reason=reason)
