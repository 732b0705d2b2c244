"""How proposals of topics come about, from threads that have none."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from forum.questions.models import Question
from forum.search.models import QuestionTopic, SimilarThread, TopicProposal
from forum.search.services import accept_proposal, set_topics
from forum.specialties.models import Specialty
from tests.factories import SpecialtyFactory, TopicFactory, TopicProposalFactory, UserFactory, published_thread
from tests.search.subjects import threads_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def neurology() -> Specialty:
    return SpecialtyFactory(name="Neurology")


def propose(**options) -> str:
    out = StringIO()
    call_command("propose_topics", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def proposals() -> list[tuple]:
    rows = TopicProposal.objects.order_by("name").prefetch_related("questions")
    return [(row.name, row.state, sorted(thread.pk for thread in row.questions.all())) for row in rows]


def ids(questions) -> list[int]:
    return sorted(question.pk for question in questions)


def test_threads_without_topics_that_share_a_subject_are_proposed_one(neurology):
    about = threads_about("tinnitus", neurology)
    published_thread(specialty=neurology, public_title="Something else")

    said = propose()

    assert proposals() == [("tinnitus", "open", ids(about))]
    proposal = TopicProposal.objects.get()
    assert (proposal.specialty, proposal.language, proposal.score > 0) == (neurology, "en", True)
    assert said == "en: 4 threads without topics, 1 proposals open\n"


def test_threads_that_have_topics_or_are_not_public_are_left_alone(neurology):
    first, second, *_others = threads_about("tinnitus", neurology, 4)
    set_topics(first, ["Ears"])
    Question.objects.filter(pk=second.pk).update(state="hidden")

    propose()

    assert proposals() == []


def test_proposing_again_changes_nothing(neurology):
    threads_about("tinnitus", neurology)
    propose()
    before = (proposals(), list(TopicProposal.objects.values()))

    propose()

    assert (proposals(), list(TopicProposal.objects.values())) == before


def test_an_open_proposal_is_brought_up_to_date_and_one_without_threads_goes(neurology):
    about = threads_about("tinnitus", neurology, 3)
    threads_about("vertigo", neurology, 3)
    propose()
    kept = TopicProposal.objects.get(name="tinnitus")
    more = published_thread(specialty=neurology, public_title="Tinnitus and noise", reply__text="Tinnitus.")
    Question.objects.filter(public_title__contains="vertigo").update(state="hidden")

    propose()

    assert proposals() == [("tinnitus", "open", ids([*about, more]))]
    assert TopicProposal.objects.get().pk == kept.pk


def test_an_open_proposal_whose_threads_all_have_topics_by_now_goes(neurology):
    about = threads_about("tinnitus", neurology)
    propose()
    for question in about:
        set_topics(question, ["Ears"])

    propose()

    assert proposals() == []


def test_a_rejected_name_is_not_proposed_again_in_that_specialty(neurology):
    other = SpecialtyFactory()
    threads_about("migraines", neurology)
    elsewhere = threads_about("migraines", other)
    for specialty in (neurology, other) * 3:
        published_thread(specialty=specialty)
    rejected = TopicProposalFactory(name="Migraine", specialty=neurology, rejected=True)

    propose()

    assert [row for row in proposals() if row[0] != rejected.name] == [("migraines", "open", ids(elsewhere))]


def test_new_threads_of_a_renamed_proposal_get_the_topic_it_became(neurology):
    threads_about("tinnitus", neurology)
    propose()
    accept_proposal(proposal=TopicProposal.objects.get(), by=UserFactory(admin=True), name="Ringing ears")
    later = threads_about("tinnitus", neurology, 4)

    propose()

    assert ("Ringing ears", "open", ids(later)) in proposals()


def test_the_topics_that_several_neighbours_share_are_proposed(neurology):
    topic = TopicFactory(name="Balance", specialty=neurology)
    with_topic = [published_thread(specialty=neurology) for _ in range(2)]
    for question in with_topic:
        QuestionTopic.objects.create(question=question, topic=topic)
    dizzy, unsteady, other = (published_thread(specialty=neurology) for _ in range(3))
    for question, neighbours in ((dizzy, with_topic), (unsteady, with_topic), (other, with_topic[:1])):
        for rank, neighbour in enumerate(neighbours):
            SimilarThread.objects.create(question=question, similar=neighbour, rank=rank)

    propose()

    # With the two that have it, the topic comes to more than three threads.
    assert proposals() == [("Balance", "open", [dizzy.pk, unsteady.pk])]


def test_a_thread_is_in_three_proposals_at_most(neurology):
    words = ("tinnitus", "vertigo", "migraine", "epilepsy")
    for n in range(3):
        title = f"{words[n % 4]}, {words[(n + 1) % 4]}, {words[(n + 2) % 4]}, {words[(n + 3) % 4]}"
        published_thread(specialty=neurology, public_title=title, headline=title, reply__text=title)

    propose()

    assert [len(row[2]) for row in proposals()] == [3, 3, 3]


def test_the_limit_keeps_the_best_of_each_specialty(neurology):
    threads_about("tinnitus", neurology, 4)
    threads_about("vertigo", neurology, 3)

    propose(limit=1)

    assert [row[0] for row in proposals()] == ["tinnitus"]


def test_only_the_language_that_is_asked_for(neurology):
    threads_about("tinnitus", neurology)
    titles = ("偏头痛怎么办？", "请问偏头痛吃什么药", "偏头痛会遗传吗")
    chinese = [
        published_thread(
            specialty=neurology, language="zh-hans", public_title=title, headline=title, reply__text="偏头痛常见。"
        )
        for title in titles
    ]

    assert propose(language="zh") == "zh: 3 threads without topics, 1 proposals open\n"

    assert proposals() == [("偏头痛", "open", ids(chinese))]


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_a_limit_that_is_no_number_is_refused(limit):
    with pytest.raises(CommandError, match="is not a number above 0"):
        call_command("propose_topics", f"--limit={limit}")
