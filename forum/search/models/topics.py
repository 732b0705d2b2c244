import pghistory
from django.db import models, transaction
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from forum.history.guards import kept
from forum.questions.models import Question, State, touch_thread
from forum.specialties.addresses import address
from forum.specialties.journal import Journal
from forum.specialties.models import Specialty, renew_directory_version

# The order of a topic's threads, as its index holds it.
BY_FIT = Coalesce("score", 0.0)
# So many a thread may have.
MOST_TOPICS = 12


class TopicQuerySet(models.QuerySet):
    def named(self, name: str):
        """Those of this name, small or capital letters, told alike by the rule of the unique constraint: lower()."""
        return self.alias(lower=Lower("name")).filter(lower=Lower(models.Value(name)))

    def in_use(self):
        """Those of at least one published thread: the others would tell what a hidden one was about."""
        links = QuestionTopic.objects.filter(topic=models.OuterRef("pk"), question__state=State.PUBLISHED)
        return self.filter(models.Exists(links))

    def beside(self, question_ids: list[int], specialty: Specialty):
        """Those of these threads, by name; in front of them the specialty's default topics that are in use."""
        default = DefaultTopic.objects.of(specialty).order_by()
        used = QuestionTopic.objects.filter(topic=models.OuterRef("pk"), question__state=State.PUBLISHED)
        shown = QuestionTopic.objects.filter(question__in=question_ids).values("topic")
        first = default.filter(models.Exists(used)).values("pk")
        own = models.Case(models.When(specialty=specialty, then="default__position"))
        return self.filter(pk__in=shown.union(first)).order_by(own.asc(nulls_last=True), "name")

    def move_to_specialty(self, source: Specialty, target: Specialty, journal: Journal) -> None:
        """Part of a merge of specialties: topics of the same name become one; the target's default topics stay."""
        journal.drop(DefaultTopic.objects.filter(topic__specialty=source))
        twins = {topic.name.lower(): topic for topic in target.topics.all()}
        for topic in source.topics.all():
            twin = twins.get(topic.name.lower())
            if twin is None:
                journal.move(self.model.objects.filter(pk=topic.pk), specialty=target)
            else:
                topic.absorb_into(twin, journal)


class Topic(models.Model):
    """A subject that several threads share: one entry of "Related FAQ"."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=100, unique=True, allow_unicode=True)
    specialty = models.ForeignKey(
        Specialty, on_delete=models.PROTECT, related_name="topics", verbose_name=_("specialty")
    )
    questions = models.ManyToManyField(Question, through="QuestionTopic", related_name="topics")

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), "specialty", name="topic_name_unique_in_specialty")]
        triggers = [renew_directory_version()]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("topic", self.slug)

    @transaction.atomic
    def absorb_into(self, twin: "Topic", journal: Journal | None = None) -> None:
        """Hand all threads to `twin` and vanish; the old address redirects. Part of a merge, the journal is its own."""
        journal = journal or Journal()
        rows = QuestionTopic.objects.filter(topic=self)
        journal.drop_twins(rows, QuestionTopic.objects.filter(topic=twin), "question_id")
        journal.move(rows, topic=twin)
        journal.move(self.proposals.all(), topic=twin)
        for relation in self._meta.related_objects:  # of apps further up: they say themselves what becomes of theirs
            theirs = relation.related_model._default_manager.filter(**{relation.field.name: self})
            if hasattr(theirs, "move_to_topic"):
                theirs.move_to_topic(self, twin, journal)
        journal.move(TopicRedirect.objects.filter(models.Q(topic=self) | models.Q(old_slug=self.slug)), topic=twin)
        if not TopicRedirect.objects.filter(old_slug=self.slug).exists():
            journal.make(TopicRedirect(old_slug=self.slug, topic=twin))
        journal.drop(Topic.objects.filter(pk=self.pk))


class DefaultTopicQuerySet(models.QuerySet):
    def of(self, specialty: Specialty):
        """Those of a specialty, in the order that the admins gave them."""
        return self.filter(topic__specialty=specialty).order_by("position", "topic__name")


class DefaultTopic(models.Model):
    """A topic to begin with in its specialty: filled in for doctors, and first on the page of the specialty."""

    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, primary_key=True, related_name="default")
    position = models.PositiveSmallIntegerField()

    objects = DefaultTopicQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.topic}"


class DefaultTopicEvent(
    pghistory.create_event_model(
        DefaultTopic,
        pghistory.ManualEvent("add"),
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        fields=["topic", "position"],
        meta=kept(),
    )
):
    """A default topic as it was made, moved or taken away."""


class TopicRedirect(models.Model):
    """The address of a topic that became part of another."""

    old_slug = models.SlugField(max_length=100, unique=True, allow_unicode=True)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="redirects")

    def __str__(self) -> str:
        return self.old_slug


class QuestionTopicQuerySet(models.QuerySet):
    def best_first(self):
        """By how well the thread fits the topic; those that fit alike, or are not scored yet, newest first."""
        return self.alias(fit=BY_FIT).order_by("-fit", "-question_id")

    def after(self, fit: float, question_id: int):
        """What comes after this place in `best_first`, found by the index however far down it is."""
        # A row comparison, which the ORM has no words for and the index serves directly.
        row = "(COALESCE(search_questiontopic.score, 0.0), search_questiontopic.question_id)"
        place = RawSQL(f"{row} < (%s::float8, %s)", [fit, question_id], output_field=models.BooleanField())
        return self.filter(place).best_first()


class QuestionTopic(models.Model):
    """One topic of one thread, in the order the doctor gave."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="question_topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="question_topics")
    score = models.FloatField(null=True, help_text="How well the thread fits the topic, 0 to 1; none: not known yet.")

    objects = QuestionTopicQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "topic"], name="question_topic_once")]
        indexes = [
            models.Index("topic", BY_FIT.desc(), models.F("question").desc(), name="question_topic_best"),
            models.Index("id", condition=models.Q(score=None), name="question_topic_unscored"),
        ]
        triggers = [touch_thread("question_id", "topic_id")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.topic_id}"
