import uuid
from datetime import date, datetime, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import Doctor, User
from forum.questions.announcements import info_answered, question_asked, question_withdrawn
from forum.questions.language import detect_language
from forum.questions.models.choices import OPEN_STATES, AgeBand, DeclineReason, Sex, State
from forum.questions.models.info_request import InfoRequest
from forum.questions.models.merged import Merged
from forum.questions.models.moving import WrongState
from forum.questions.models.queries import WAITING_SINCE, QuestionQuerySet
from forum.questions.models.taken_off import TakenOff
from forum.questions.models.transfer import Transfer
from forum.specialties.addresses import address
from forum.specialties.models import Specialty

MOST_SEEN = 3
# So long after the answer its asker may ask further, and say what is unclear.
ASK_FURTHER = timedelta(days=90)
# What can happen to a question that no doctor has begun on.
BEFORE_A_DOCTOR = ("ask", "edit", "flag", "read_advice")
# What stands behind /questions/{id}/ as an address of its own.
RESERVED_SLUGS = ("", "report")


def new_archive_id() -> str:
    return f"consilium-{uuid.uuid4().hex}"


class Question(TakenOff, Merged):
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
