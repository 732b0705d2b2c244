import io
import sys
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Doctor, User
from forum.archive import importing, storing
from forum.archive.own_data import forget_account
from forum.articles.models import Article
from forum.moderation.colleagues import add_reply
from forum.questions.models import Question, State
from forum.replies.models import Reply
from forum.search.models import IndexEntry, QuestionTopic, Topic
from forum.search.queries import search_questions
from forum.specialties.models import Specialty, SpecialtyRedirect
from tests.archive.lines import least, reply, thread
from tests.factories import DoctorFactory

pytestmark = pytest.mark.django_db


def everything() -> dict:
    """All rows an import writes, versions included."""
    models = (Question, Reply, Article, QuestionTopic, Topic, Doctor, Specialty, IndexEntry)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def test_thread_with_every_key_is_made_whole(archive, run_import):
    assert run_import(archive(thread())) == "read 1, new 1, updated 0, unchanged 0, rejected 0"
    assert run_import.error == ""
    made = Question.objects.get(archive_id="sample-1")
    midnight = datetime(2024, 2, 28, 16, tzinfo=UTC)  # of 29 February in Taipei
    assert (made.state, made.language, made.version) == (State.PUBLISHED, "en", 1)
    assert (made.public_title, made.headline) == ("Tingling toes after long walks", "My toes tingle")
    assert made.text == "My toes tingle after an hour of walking. Should I worry?"
    assert (made.pseudonym, made.age_band, made.sex) == ("Walker", "30-39", "female")
    assert (made.asked_on, made.published_at, made.modified_at) == (date(2024, 2, 28), midnight, midnight)
    assert list(made.replies.in_order().values_list("doctor__name", "specialty__name", "text", "replied_on")) == [
        ("Ada Sample", "Neurology", "Try wider shoes first.", date(2024, 2, 29)),
        (None, "Family Medicine", "I agree.", None),
    ]
    assert made.article.html.startswith("<h2>Causes</h2>")
    assert made.article.sources == [{"title": "Feet", "url": "https://example.org/feet"}]
    assert (made.article.signed_by, made.article.signed_at) == (None, None)
    topics = made.question_topics.order_by("pk").values_list("topic__name", "topic__specialty__name")
    assert list(topics) == [("Tingling", "Neurology"), ("Feet", "Neurology")]


def test_thread_without_dates_is_published_now(archive, run_import):
    before = timezone.now()
    run_import(archive(least()))
    made = Question.objects.get()
    assert before <= made.published_at <= timezone.now()
    assert (made.asked_on, made.replies.get().replied_on) == (None, None)


def test_thread_from_the_future_is_published_now(archive, run_import):
    run_import(archive(least(replies=[{"text": "Soon.", "date": "2099-01-01"}])))
    assert Question.objects.get().published_at <= timezone.now()


def test_many_replies_keep_their_order(archive, run_import):
    texts = [f"Reply {number}" for number in range(30)]
    run_import(archive(least(replies=[{"text": text} for text in texts])))
    assert list(Reply.objects.in_order().values_list("text", flat=True)) == texts


def test_thread_can_be_found_at_once(archive, run_import):
    run_import(archive(thread(), least()))
    assert [found.archive_id for found in search_questions("wider shoes")] == ["sample-1"]


def test_similar_threads_are_left_to_the_worker_once_a_run(archive, run_import, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    run_import(archive(thread(), least()))
    assert DBTaskResult.objects.filter(task_path="forum.search.tasks.catch_up").count() == 1
    run_import(archive(thread(), least()))
    assert DBTaskResult.objects.count() == 1


def test_second_import_changes_nothing(archive, run_import):
    path = archive(thread(), least())
    run_import(path)
    before = everything()
    assert run_import(path) == "read 2, new 0, updated 0, unchanged 2, rejected 0"
    assert everything() == before


def test_line_written_in_another_way_changes_nothing(archive, run_import):
    run_import(archive(thread()))
    before = everything()
    backwards = dict(reversed(thread().items()))
    assert run_import(archive(backwards)) == "read 1, new 0, updated 0, unchanged 1, rejected 0"
    assert everything() == before


def test_second_opinions_that_were_given_here_stay_through_every_import(archive, run_import):
    run_import(archive(thread()))
    question = Question.objects.get()
    doctor = DoctorFactory(name="Ada Here", specialties=[question.specialty])
    add_reply(question=question, doctor=doctor, text="I would look at the thyroid.")
    agreed = question.replies.in_order().first()
    agreed.agree(by=doctor)

    forget_account(doctor.user)
    said = run_import(archive(dict(reversed(thread().items()))))
    run_import(archive(thread(topics=["Feet"])))
    kept = question.replies.filter(doctor=doctor).exists(), agreed.agreements.count()
    run_import(archive(thread(replies=[reply(text="Other words.")])))

    assert said == "read 1, new 0, updated 0, unchanged 1, rejected 0"
    assert kept == (True, 1)
    assert [each.text for each in question.replies.in_order()] == ["Other words.", "I would look at the thyroid."]
    assert agreed.agreements.count() == 0  # with other words nobody agreed


def test_changed_line_updates_its_thread(archive, run_import):
    run_import(archive(thread(), least()))
    kept, untouched = Question.objects.get(archive_id="sample-1"), Question.objects.get(archive_id="least-1")
    first = kept.replies.in_order().first()
    changed = thread(
        title="Numb toes",
        replies=[reply(text="Try other shoes.", date="2024-03-01"), reply(doctor="Bo Sample"), reply(text="Third.")],
        more_info=None,
        topics=["Feet", "Shoes"],
    )
    assert run_import(archive(changed, least())) == "read 2, new 0, updated 1, unchanged 1, rejected 0"
    now = Question.objects.get(archive_id="sample-1")
    assert (now.pk, now.public_title, now.published_on) == (kept.pk, "Numb toes", date(2024, 3, 1))
    assert now.version > kept.version
    assert now.modified_at > kept.modified_at
    assert list(now.replies.as_written().values_list("doctor__name", "text")) == [
        ("Ada Sample", "Try other shoes."),
        ("Bo Sample", "Try wider shoes first."),
        ("Ada Sample", "Third."),
    ]
    assert now.replies.as_written().first().pk == first.pk
    assert not Article.objects.exists()
    assert list(now.question_topics.order_by("pk").values_list("topic__name", flat=True)) == ["Feet", "Shoes"]
    assert [found.pk for found in search_questions("numb")] == [now.pk]
    assert Question.objects.get(archive_id="least-1").version == untouched.version


def test_reply_that_is_gone_from_the_line_goes(archive, run_import):
    run_import(archive(thread()))
    run_import(archive(thread(replies=[reply()])))
    assert Reply.objects.get().text == "Try wider shoes first."


def test_changed_article_loses_its_signature(archive, run_import):
    run_import(archive(thread()))
    article = Article.objects.get()
    article.sign(by=Doctor.objects.get(name="Ada Sample"))
    article.save()
    run_import(archive(thread(title="Another title")))
    assert Article.objects.get().signed_by.name == "Ada Sample"
    run_import(archive(thread(more_info={"text": "Another text"})))
    assert (Article.objects.get().text, Article.objects.get().signed_by) == ("Another text", None)


def test_correction_made_here_outlives_the_same_line(archive, run_import):
    path = archive(thread())
    run_import(path)
    Reply.objects.filter(text="I agree.").update(text="I agree, but see a doctor.")
    assert run_import(path) == "read 1, new 0, updated 0, unchanged 1, rejected 0"
    assert Reply.objects.filter(text="I agree, but see a doctor.").exists()


@pytest.mark.parametrize("state", [State.HIDDEN, State.MERGED])
def test_thread_taken_off_the_site_stays_so_whatever_its_line_says(archive, run_import, state):
    run_import(archive(thread(), least()))
    target = Question.objects.get(archive_id="least-1") if state == State.MERGED else None
    Question.objects.filter(archive_id="sample-1").update(state=state, merged_into=target)
    before = everything()
    assert run_import(archive(thread(title="Changed"))) == "read 1, new 0, updated 0, unchanged 1, rejected 0"
    assert everything() == before


def test_id_of_a_question_that_waits_is_rejected(archive, run_import):
    specialty = Specialty.objects.create(name="Neurology", slug="neurology")
    Question.objects.create(archive_id="sample-1", specialty=specialty, headline="Mine", text="Mine")
    run_import(archive(thread(), least()))
    assert [row["reason"] for row in run_import.rejects] == [storing.NOT_ANSWERED]
    assert set(Question.objects.values_list("archive_id", "text")) >= {("sample-1", "Mine")}


def test_unknown_specialty_is_made_closed_and_known_ones_are_found_by_either_name(archive, run_import):
    known = Specialty.objects.create(name="Neurology", name_zh_hant="神經內科", slug="neuro")
    run_import(
        archive(
            least(id="1", specialty="NEUROLOGY"),
            least(id="2", specialty="神經內科"),
            least(id="3", specialty="Sleep"),
            least(id="4", specialty="SLEEP"),
        )
    )
    assert known.questions.count() == 2
    assert Specialty.objects.filter(is_open=True).get() == known
    made = Specialty.objects.exclude(pk=known.pk).get()
    assert (made.name, made.is_open, made.questions.count()) == ("Sleep", False, 2)


def test_specialty_that_was_merged_is_not_made_anew(archive, run_import):
    known = Specialty.objects.create(name="Neurology", slug="neurology")
    SpecialtyRedirect.objects.create(old_slug="nerve-clinic", specialty=known)
    run_import(archive(least(specialty="Nerve clinic")))
    assert Question.objects.get().specialty == known
    assert Specialty.objects.count() == 1


def test_doctor_of_an_archive_is_a_profile_without_sign_in(archive, run_import):
    run_import(archive(thread(), least(replies=[reply()])))
    doctor = Doctor.objects.get()
    assert (doctor.name, doctor.slug, doctor.user, doctor.verified_at) == ("Ada Sample", "ada-sample", None, None)
    assert doctor.replies.count() == 2


def test_doctor_who_signs_in_gets_the_replies_under_the_same_name(archive, run_import):
    here = Doctor.objects.create(name="Ada Sample", slug="ada", user=User.objects.create_user("ada@example.org"))
    run_import(archive(thread()))
    assert [answer.doctor for answer in Reply.objects.in_order()] == [here, None]
    assert Doctor.objects.count() == 1


def test_name_of_two_doctors_who_sign_in_stands_for_neither(archive, run_import):
    for number in (1, 2):
        user = User.objects.create_user(f"ada{number}@example.org")
        Doctor.objects.create(name="Ada Sample", slug=f"ada-{number}", user=user)
    run_import(archive(thread()))
    assert Reply.objects.in_order().first().doctor.user is None


def test_topic_is_one_for_all_spellings_in_its_specialty(archive, run_import):
    run_import(
        archive(
            least(id="1", topics=["Feet"]),
            least(id="2", topics=["FEET", "feet"]),
            least(id="3", topics=["Feet"], specialty="Sleep"),
        )
    )
    assert set(Topic.objects.values_list("name", "slug", "specialty__name")) == {
        ("Feet", "feet", "Neurology"),
        ("Feet", "feet-2", "Sleep"),
    }
    assert QuestionTopic.objects.count() == 3


def test_gzip_and_standard_input_are_read(archive, run_import, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(open(archive(least(id="2")), "rb").read()))  # noqa: SIM115
    monkeypatch.setattr(sys, "stdin", stdin)
    summary = run_import(archive(least(id="1"), name="a.jsonl.gz"), "-")
    assert summary == "read 2, new 2, updated 0, unchanged 0, rejected 0"


def test_byte_order_mark_blank_lines_and_windows_line_ends_are_accepted(archive, run_import):
    content = open(archive(least(id="1"), b"", least(id="2")), "rb").read()  # noqa: SIM115
    path = archive(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    assert run_import(path) == "read 2, new 2, updated 0, unchanged 0, rejected 0"


def test_dry_run_counts_the_same_and_writes_nothing(archive, run_import):
    run_import(archive(thread(), least()))
    before, tasks = everything(), DBTaskResult.objects.count()
    path = archive(thread(), least(title="Changed", topics=["New"]), least(id="new", specialty="New"), b"{")
    counts = "read 4, new 1, updated 1, unchanged 1, rejected 1"
    assert run_import(path, dry_run=True) == f"dry run, nothing written: {counts}"
    assert (everything(), DBTaskResult.objects.count()) == (before, tasks)
    assert run_import(path) == counts


def test_batches_are_of_bounded_size(archive, run_import, monkeypatch):
    sizes = []
    monkeypatch.setattr(importing, "BATCH", 3)
    store = importing.store
    monkeypatch.setattr(importing, "store", lambda batch, *a, **k: sizes.append(len(batch)) or store(batch, *a, **k))
    run_import(archive(*(least(id=str(number)) for number in range(8))))
    assert sizes == [3, 3, 2]
