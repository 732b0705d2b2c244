"""Test objects; a trait a state. Numbers have four digits, so that no name is part of another."""

from datetime import date, timedelta
from io import BytesIO

import factory
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, TaskResultStatus, get_date_max

from accounts.models import Application, ApplicationState, Doctor, Licence, LooseProof, ProofFile, User
from forum.articles.models import Article, DraftState, MachineDraft, Outcome, SourceLink
from forum.moderation.models import Correction, LookRequest, Report
from forum.moderation.models import Outcome as ReportOutcome
from forum.notifications.models import Kind, Notice, NoticeState, Subscription
from forum.questions.models import (
    DeclineReason,
    InfoRequest,
    Question,
    QuestionImage,
    RemovalKind,
    RemovalOutcome,
    RemovalRequest,
    ReportReason,
    State,
)
from forum.questions.tokens import hash_token
from forum.replies.models import Agreement, Draft, FollowUp, Reply, SavedReply, Unclear
from forum.search.models import ProposalState, Topic, TopicProposal
from forum.search.services import index_questions
from forum.specialties.models import Specialty
from forum.uploads.pictures import read_picture
from tests.pictures import jpeg

PASSWORD = "a-long-password-for-tests"


class SpecialtyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Specialty

    name = factory.Sequence(lambda n: f"Specialty {n:04}")
    slug = factory.Sequence(lambda n: f"specialty-{n:04}")


class UserFactory(factory.django.DjangoModelFactory):
    """A patient with a verified e-mail."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        admin = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"person{n:04}@example.org")

    @factory.post_generation
    def sign_in(self, create, extracted, **kwargs) -> None:
        self.set_password(PASSWORD)
        self.save(update_fields=["password"])
        EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class DoctorFactory(factory.django.DjangoModelFactory):
    """A working doctor; traits take away what makes one: `unverified`, `expired`, `suspended`, `retired`, `archived`.

    An `archived` one has no sign-in.
    """

    class Meta:
        model = Doctor
        skip_postgeneration_save = True

    class Params:
        unverified = factory.Trait(verified_at=None, verified_by=None)
        expired = factory.Trait(
            licence=factory.RelatedFactory(
                "tests.factories.LicenceFactory",
                factory_related_name="doctor",
                expires_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(1)),
            )
        )
        suspended = factory.Trait(
            suspended_at=factory.LazyFunction(timezone.now),
            suspended_by=factory.SubFactory(UserFactory, admin=True),
            suspended_because="A complaint is looked into.",
        )
        retired = factory.Trait(retired_at=factory.LazyFunction(timezone.now))
        archived = factory.Trait(user=None, verified_at=None, verified_by=None, licence=None)

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Ada Example{n:04}")
    slug = factory.Sequence(lambda n: f"ada-example{n:04}")
    verified_at = factory.LazyFunction(timezone.now)
    verified_by = factory.SubFactory(UserFactory, admin=True)
    licence = factory.RelatedFactory("tests.factories.LicenceFactory", factory_related_name="doctor")

    @factory.post_generation
    def specialties(self, create, extracted, **kwargs) -> None:
        self.specialties.set(extracted or [])


class LicenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Licence

    doctor = factory.SubFactory(DoctorFactory, licence=None)
    number = factory.Sequence(lambda n: f"TEST-{n:04}")
    issuing_body = "Test Medical Council"
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(365))


class ApplicationFactory(factory.django.DjangoModelFactory):
    """One that waits for an admin, without a file; `proof_of` gives it one. A trait a state."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    class Params:
        asked = factory.Trait(state=ApplicationState.ASKED, note="Please send the back as well.")
        refused = factory.Trait(
            state=ApplicationState.REFUSED,
            note="The number is not in the register.",
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory, admin=True),
        )
        withdrawn = factory.Trait(state=ApplicationState.WITHDRAWN, decided_at=factory.LazyFunction(timezone.now))

    user = factory.SubFactory(UserFactory)
    kind = "first"
    name = "Ada Applicant"
    hospital = "Test Hospital"
    number = factory.Sequence(lambda n: f"APPLIED-{n:04}")
    issuing_body = "Test Medical Council"
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(700))

    @factory.post_generation
    def specialties(self, create, extracted, **kwargs) -> None:
        self.specialties.set(extracted or [])


def proof_of(application: Application, content: bytes = b"%PDF-1.7 a licence %%EOF", kind: str = "pdf") -> str:
    """Give it a file; the name."""
    application.proof = LooseProof.objects.keep(ProofFile(content, kind))
    LooseProof.objects.take(application.proof)
    application.save(update_fields=["proof"])
    return application.proof


class QuestionFactory(factory.django.DjangoModelFactory):
    """A waiting question, asked with the secret link of `token`."""

    class Meta:
        model = Question
        exclude = ["token"]
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(
            state=State.PUBLISHED,
            public_title=factory.Sequence(lambda n: f"Public title {n:04}"),
            published_at=factory.LazyFunction(timezone.now),
            modified_at=factory.LazyFunction(timezone.now),
        )
        needs_info = factory.Trait(
            state=State.NEEDS_INFO,
            request=factory.RelatedFactory("tests.factories.InfoRequestFactory", factory_related_name="question"),
        )
        hidden = factory.Trait(published=True, state=State.HIDDEN)
        declined = factory.Trait(state=State.DECLINED, decline_reason=DeclineReason.EXAMINATION)
        withdrawn = factory.Trait(state=State.WITHDRAWN)
        merged = factory.Trait(
            state=State.MERGED, merged_into=factory.SubFactory("tests.factories.QuestionFactory", published=True)
        )

    token = factory.Sequence(lambda n: f"test-token-{n:011d}")
    token_hash = factory.LazyAttribute(lambda question: hash_token(question.token))
    specialty = factory.SubFactory(SpecialtyFactory)
    headline = factory.Sequence(lambda n: f"Headline {n:04}")
    text = "My eyelid has been twitching for a week. Should I worry?"
    pseudonym = "Kk"
    age_band = "20-29"
    sex = "female"
    asked_on = date(2023, 12, 15)


class InfoRequestFactory(factory.django.DjangoModelFactory):
    """What a doctor has asked the patient to add."""

    class Meta:
        model = InfoRequest

    class Params:
        answered = factory.Trait(answer="Since March.", answered_at=factory.LazyFunction(timezone.now))

    question = factory.SubFactory(QuestionFactory, state=State.NEEDS_INFO)
    note = "Since when does it twitch?"
    asked_by = factory.SubFactory(DoctorFactory)


def image_of(question: Question | None, *, picture: str = "red", **fields) -> QuestionImage:
    """An uploaded image with its files; of a question it is the next in place. `public=True`: both agreed."""
    image = QuestionImage.objects.keep(read_picture(BytesIO(jpeg(picture))))
    if question:
        fields = {"description": "A rash on the left arm", "place": question.images.count() + 1} | fields
    if fields.pop("public", False):
        fields |= {"public_wanted": True, "public_at": timezone.now(), "public_by": DoctorFactory()}
    for name, value in {"question": question, **fields}.items():
        setattr(image, name, value)
    image.save()
    return image


class ReplyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Reply

    question = factory.SubFactory(QuestionFactory, published=True)
    doctor = factory.SubFactory(DoctorFactory)
    specialty = factory.SelfAttribute("question.specialty")
    text = "It is most likely harmless and comes from tiredness."
    replied_on = date(2023, 12, 16)


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agreement

    reply = factory.SubFactory(ReplyFactory)
    doctor = factory.SubFactory(DoctorFactory)


class LookRequestFactory(factory.django.DjangoModelFactory):
    """A doctor asks a colleague to look at a waiting question."""

    class Meta:
        model = LookRequest

    class Params:
        answered = factory.Trait(answer="Mention coffee.", answered_at=factory.LazyFunction(timezone.now))
        fine = factory.Trait(is_fine=True, answered_at=factory.LazyFunction(timezone.now))

    question = factory.SubFactory(QuestionFactory)
    asked_by = factory.SubFactory(DoctorFactory)
    colleague = factory.SubFactory(DoctorFactory)
    note = "Is the dose right?"


class FollowUpFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FollowUp

    class Params:
        answered = factory.Trait(
            answer="Yes, you can.",
            answered_by=factory.SubFactory(DoctorFactory),
            answered_at=factory.LazyFunction(timezone.now),
        )

    question = factory.SubFactory(QuestionFactory, published=True)
    text = "May I go on drinking coffee?"


class SavedReplyFactory(factory.django.DjangoModelFactory):
    """A doctor's own; `shared` has no owner."""

    class Meta:
        model = SavedReply

    class Params:
        shared = factory.Trait(owner=None)

    owner = factory.SubFactory(DoctorFactory)
    title = factory.Sequence(lambda n: f"Saved reply {n:04}")
    text = "Hello {name}, at {age} this is common in {specialty}."


class ArticleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Article

    class Params:
        signed = factory.Trait(
            signed_by=factory.SubFactory(DoctorFactory),
            signed_at=factory.LazyFunction(timezone.now),
            reviewed_on=date(2023, 12, 16),
            reviewed_by=factory.SelfAttribute("signed_by"),
        )

    question = factory.SubFactory(QuestionFactory, published=True)
    text = "## Causes\n\n1. **Tiredness**: sleep more."
    html = "<h2>Causes</h2>\n<ol>\n<li><strong>Tiredness</strong>: sleep more.</li>\n</ol>\n"
    sources = factory.LazyFunction(lambda: [{"title": "MedlinePlus", "url": "https://medlineplus.gov/"}])


class DraftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Draft

    question = factory.SubFactory(QuestionFactory)
    doctor = factory.SubFactory(DoctorFactory)


class MachineDraftFactory(factory.django.DjangoModelFactory):
    """One that waits for the worker."""

    class Meta:
        model = MachineDraft

    class Params:
        writing = factory.Trait(state=DraftState.WRITING, text="## Causes\n\nTired")
        ready = factory.Trait(
            state=DraftState.READY,
            text="## Causes\n\nTired muscles.",
            sources=[{"title": "MedlinePlus", "url": "https://medlineplus.gov/"}],
        )
        failed = factory.Trait(state=DraftState.FAILED, failure="busy")

    draft = factory.SubFactory(DraftFactory)
    drafter = "careful-7b"
    material = factory.LazyFunction(list)


class SourceLinkFactory(factory.django.DjangoModelFactory):
    """One that was not asked yet."""

    class Meta:
        model = SourceLink

    class Params:
        broken = factory.Trait(
            outcome=Outcome.GONE, status=404, is_broken=True, checked_at=factory.LazyFunction(timezone.now)
        )

    url = factory.Sequence(lambda n: f"https://source{n:04}.example/")


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n:04}")
    slug = factory.Sequence(lambda n: f"topic-{n:04}")
    specialty = factory.SubFactory(SpecialtyFactory)


class TopicProposalFactory(factory.django.DjangoModelFactory):
    """An open proposal; `threads=` are those it would be given to."""

    class Meta:
        model = TopicProposal
        skip_postgeneration_save = True

    class Params:
        decided = factory.Trait(
            decided_at=factory.LazyFunction(timezone.now), decided_by=factory.SubFactory(UserFactory, admin=True)
        )
        accepted = factory.Trait(decided=True, state=ProposalState.ACCEPTED)
        rejected = factory.Trait(decided=True, state=ProposalState.REJECTED)

    name = factory.Sequence(lambda n: f"Proposed {n:04}")
    specialty = factory.SubFactory(SpecialtyFactory)
    language = "en"
    score = 50

    @factory.post_generation
    def threads(self, create, extracted, **kwargs) -> None:
        self.questions.set(extracted or [])


class SubscriptionFactory(factory.django.DjangoModelFactory):
    """An address that follows a thread; traits: `unconfirmed`, `of_account`, `of_topic`."""

    class Meta:
        model = Subscription

    class Params:
        unconfirmed = factory.Trait(confirmed_at=None)
        of_account = factory.Trait(user=factory.SubFactory(UserFactory), email="")
        of_topic = factory.Trait(question=None, topic=factory.SubFactory(TopicFactory))

    email = factory.Sequence(lambda n: f"follower{n:04}@example.net")
    question = factory.SubFactory(QuestionFactory, published=True)
    confirmed_at = factory.LazyFunction(timezone.now)


class NoticeFactory(factory.django.DjangoModelFactory):
    """What an account is told of its question, still to be mailed; a trait a state."""

    class Meta:
        model = Notice

    class Params:
        sent = factory.Trait(state=NoticeState.SENT, sent_at=factory.LazyFunction(timezone.now))
        given_up = factory.Trait(state=NoticeState.GIVEN_UP, tries=4, last_error="SMTPServerDisconnected")
        read = factory.Trait(read_at=factory.LazyFunction(timezone.now))

    kind = Kind.ANSWERED
    question = factory.SubFactory(QuestionFactory, published=True, asker=factory.SubFactory(UserFactory))
    user = factory.SelfAttribute("question.asker")
    once = factory.Sequence(lambda n: f"test:{n:04}")


class TaskFactory(factory.django.DjangoModelFactory):
    """A background task that waits in the queue."""

    class Meta:
        model = DBTaskResult

    class Params:
        failed = factory.Trait(
            status=TaskResultStatus.FAILED,
            run_after=factory.LazyFunction(timezone.now),
            finished_at=factory.LazyFunction(timezone.now),
            worker_ids=["worker"],
            exception_class_path="builtins.ValueError",
            traceback="Traceback (most recent call last):\n"
            f'  File "{settings.BASE_DIR}/forum/search/tasks.py", line 46, in renew_similar_around\n'
            "    renew_similar(question)\nValueError: what the patient wrote\n",
        )

    task_path = "forum.search.tasks.renew_similar_around"
    backend_name = "default"
    run_after = factory.LazyFunction(get_date_max)
    args_kwargs = factory.Sequence(lambda n: {"args": [n], "kwargs": {}})

    @classmethod
    def _create(cls, model_class, *args, **fields):
        """`enqueued_at` cannot be given to a new row."""
        at = fields.pop("enqueued_at", None)
        task = super()._create(model_class, *args, **fields)
        if at:
            task.enqueued_at = at
            task.save(update_fields=["enqueued_at"])
        return task


class ReportFactory(factory.django.DjangoModelFactory):
    """An open report on a whole thread; `decided` ones are kept as they were."""

    class Meta:
        model = Report

    class Params:
        decided = factory.Trait(
            outcome=ReportOutcome.KEEP,
            ground=ReportReason.OTHER,
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory, admin=True),
        )
        claimed = factory.Trait(
            claimed_at=factory.LazyFunction(timezone.now), claimed_by=factory.SubFactory(UserFactory, admin=True)
        )

    question = factory.SubFactory(QuestionFactory, published=True)
    what = "thread"
    reason = ReportReason.OTHER
    sender = factory.Sequence(lambda n: f"{n:064d}")


class RemovalRequestFactory(factory.django.DjangoModelFactory):
    """An asker wants a thread gone, or made anonymous; nobody has decided, unless it is `refused`."""

    class Meta:
        model = RemovalRequest

    class Params:
        anonymise = factory.Trait(kind=RemovalKind.ANONYMISE)
        refused = factory.Trait(
            outcome=RemovalOutcome.REFUSED,
            note="It tells nobody who you are.",
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory, admin=True),
        )

    question = factory.SubFactory(QuestionFactory, published=True)
    kind = RemovalKind.REMOVE


class UnclearFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unclear

    reply = factory.SubFactory(ReplyFactory)
    text = "What does benign mean?"


class CorrectionFactory(factory.django.DjangoModelFactory):
    """What an admin asks a doctor to correct."""

    class Meta:
        model = Correction

    question = factory.SubFactory(QuestionFactory, published=True)
    what = "thread"
    doctor = factory.SubFactory(DoctorFactory)
    note = "The dose is ten times too high."
    asked_by = factory.SubFactory(UserFactory, admin=True)


def published_thread(**fields) -> Question:
    """A published question with one reply, in the index as publishing leaves it. `reply__…` go to the reply."""
    reply = {name[7:]: fields.pop(name) for name in list(fields) if name.startswith("reply__")}
    question = QuestionFactory(published=True, **fields)
    ReplyFactory(question=question, **reply)
    index_questions([question.pk])
    return question
