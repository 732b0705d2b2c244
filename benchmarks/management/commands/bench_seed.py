"""Fill the scratch database, and write beside it the addresses to measure, a file a page."""

import gzip
import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from accounts.models import Doctor, Licence, User
from forum.articles.models import Article
from forum.questions.models import Question
from forum.replies.models import Reply
from forum.search.models import IndexEntry, SimilarThread
from forum.search.services import set_topics
from forum.specialties.models import Specialty
from forum.threads.paging import PAGE

HERE = Path(__file__).resolve().parents[2]
REAL = settings.BASE_DIR.parent / "shared" / "data" / "threads"
DEMO = settings.BASE_DIR / "forum" / "archive" / "demo"
THREADS = 20_000
SAMPLES = 200
DOCTORS = 12
SIMILAR = 4
LIST = "general-medicine"
DEEP = 500
TOPICS = [
    *("Muscle twitching", "Sleep", "Caffeine", "Headache", "Blood pressure", "Magnesium", "Stress", "Back pain"),
    *("Dizziness", "Heartburn", "Cough", "Allergy", "Thyroid", "Anaemia", "Vitamin D", "Palpitations"),
]


class Command(BaseCommand):
    help = "Benchmarks: 20,000 threads, 200 of them complete, and the lists of addresses to ask for."

    def handle(self, **options) -> None:
        for command in ("migrate", "createcachetable", "collectstatic"):
            call_command(command, verbosity=0, **({} if command == "createcachetable" else {"interactive": False}))
        files = archives()
        imported = import_timed(files)
        copies = settings.DATA_DIR / "copies.jsonl"
        copies.write_text("".join(repeated(files, THREADS - Question.objects.count())))
        import_timed([copies])
        samples = complete_samples()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum would have done by and by
        for name, paths in addresses(samples).items():
            (settings.DATA_DIR / f"{name}.paths").write_text("\n".join(paths) + "\n")
        self.stdout.write(json.dumps({"threads": Question.objects.count(), "import": imported}))


def archives() -> list[Path]:
    """The real archives, or the demo's where there are none."""
    return sorted(REAL.glob("*.jsonl.gz")) or sorted(DEMO.glob("threads_*.jsonl"))


def import_timed(files: list[Path]) -> dict[str, float]:
    """Import the files; says how many threads came and in how many seconds."""
    before, start = Question.objects.count(), time.perf_counter()
    with suppress(CommandError):  # rejected lines: told on standard error, and not counted here
        call_command("import_archive", *map(str, files), stdout=sys.stderr)
    return {"threads": Question.objects.count() - before, "seconds": time.perf_counter() - start}


def repeated(files: list[Path], wanted: int) -> Iterator[str]:
    """So many further lines: the threads that were taken, again and again, under other ids and titles."""
    taken = set(Question.objects.values_list("archive_id", flat=True))
    threads = [thread for path in files for line in lines_of(path) if (thread := json.loads(line))["id"] in taken]
    for number in range(max(wanted, 0)):
        thread, suffix = threads[number % len(threads)], number // len(threads) + 2
        title = f"{(thread.get('title') or thread['question']['text'])[:180]} {suffix}"
        yield json.dumps(thread | {"id": f"{thread['id']}-{suffix}", "title": title}) + "\n"


def lines_of(path: Path) -> list[bytes]:
    return (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).splitlines()


def complete_samples() -> list[Question]:
    """Give every so-manieth English thread what a thread page shows; returns those threads."""
    english = list(Question.objects.published().filter(language="en").order_by("pk"))
    samples = english[:: len(english) // SAMPLES][:SAMPLES]
    doctors = verified_doctors()
    for number, question in enumerate(samples):
        pair = [doctors[number % DOCTORS], doctors[(number + 1) % DOCTORS]]
        give_replies(question, pair)
        give_article(question, pair[0])
        set_topics(question, [TOPICS[(number + step) % len(TOPICS)] for step in range(6)])
        near = [english[(number * 37 + step * 101 + 7) % len(english)] for step in range(SIMILAR)]
        give_similar(question, [other for other in near if other != question])
    return samples


def verified_doctors() -> list[Doctor]:
    admin = User.objects.create_superuser("bench-admin@example.org")
    doctors = []
    for number in range(DOCTORS):
        user = User.objects.create_user(f"bench-doctor{number}@example.org")
        doctor = Doctor.objects.create(user=user, name=f"Ada Bench {number}", slug=f"ada-bench-{number}")
        Licence.objects.create(
            doctor=doctor, number=f"B{number}", issuing_body="Bench", expires_on=timezone.localdate() + timedelta(365)
        )
        doctor.verify(by=admin)
        doctor.specialties.set(Specialty.objects.order_by("pk")[number : number + 2])
        doctors.append(doctor)
    return doctors


def give_replies(question: Question, doctors: list[Doctor]) -> None:
    """Exactly two, the text of the first one kept; the second has it too if the thread has only one."""
    texts = list(question.replies.in_order().values_list("text", flat=True)[:2])
    question.replies.all().delete()
    for doctor, text in zip(doctors, [texts[0], texts[-1]], strict=True):
        Reply.objects.create(
            question=question, doctor=doctor, specialty=question.specialty, text=text, replied_on=timezone.localdate()
        )


def give_article(question: Question, doctor: Doctor) -> None:
    sources = [
        {"title": "MedlinePlus", "url": "https://medlineplus.gov/"},
        {"title": "NHS", "url": "https://www.nhs.uk/"},
    ]
    text = (HERE / "more_info.md").read_text()
    article = Article.written(question=question, text=text, sources=sources)
    article.sign(by=doctor)
    article.save()


def give_similar(question: Question, others: list[Question]) -> None:
    rows = [SimilarThread(question=question, similar=other, rank=rank) for rank, other in enumerate(others)]
    SimilarThread.objects.bulk_create(rows)
    IndexEntry.objects.filter(pk=question.pk).update(similar_at=timezone.now())


def addresses(samples: list[Question]) -> dict[str, list[str]]:
    """The paths to ask for in turn, a list a page."""
    specialty = Specialty.objects.filter(slug=LIST).first() or samples[0].specialty
    queries = json.loads((HERE / "queries.json").read_text())
    return {
        "bare": ["/bench/bare/"],
        "reference": [f"/bench/reference/{question.pk}/" for question in samples],
        "thread": [question.get_absolute_url() for question in samples],
        "list": [specialty.get_absolute_url()],
        "list-deep": [f"{specialty.get_absolute_url()}?after={deep_place(specialty)}"],
        "home": ["/"],
        "search": [f"/search/?{urlencode({'q': words})}" for words in queries["common"]],
        "search-varied": [f"/search/?{urlencode({'q': words})}" for words in queries["varied"]],
    }


def deep_place(specialty: Specialty) -> int:
    """The place before page 500 of a specialty's threads, or before its last page if there are fewer."""
    threads = Question.objects.published().filter(specialty=specialty).newest_first()
    last = min(DEEP, threads.count() // PAGE) * PAGE - PAGE - 1
    return threads.values_list("pk", flat=True)[last]
