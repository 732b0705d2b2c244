from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import Doctor
from forum.questions.models import Question
from forum.search.models import Topic
from forum.specialties.models import Specialty

PART = 10_000


class IdRanges:
    """A paginator whose parts are ranges of ids, so that the last part costs what the first one does.

    A part holds at most PART threads; hidden and waiting ones leave gaps.
    """

    def __init__(self, threads) -> None:
        self.threads = threads

    @property
    def num_pages(self) -> int:
        return (self.threads.aggregate(last=Max("pk"))["last"] or 0) // PART + 1

    def page(self, number) -> "IdRange":
        if not str(number).isdecimal() or not 1 <= int(number) <= self.num_pages:
            raise EmptyPage(number)
        first = (int(number) - 1) * PART
        return IdRange(self.threads.filter(pk__gte=first, pk__lt=first + PART).order_by("pk"))


class IdRange:
    def __init__(self, threads) -> None:
        self.object_list = threads


class ThreadSitemap(Sitemap):
    """All published threads."""

    limit = PART

    def items(self):
        return Question.objects.published().only("public_title", "headline", "modified_at")

    @property
    def paginator(self) -> IdRanges:
        return IdRanges(self.items())

    def lastmod(self, question: Question):
        return question.modified_at and timezone.localdate(question.modified_at)

    def get_latest_lastmod(self):
        """For the index: asked of the database, where Django would go through all threads."""
        newest = self.items().aggregate(newest=Max("modified_at"))["newest"]
        return newest and timezone.localdate(newest)


class PageSitemap(Sitemap):
    """The pages that lead to threads (home, specialties, topics, doctors), and those about the site."""

    limit = PART

    def items(self) -> list:
        return [
            *("home", "specialties", "doctors", "about", "privacy"),
            *Specialty.objects.order_by("pk"),
            *Doctor.objects.active().order_by("pk"),
            *Topic.objects.in_use().order_by("pk"),
        ]

    def location(self, item) -> str:
        return reverse(item) if isinstance(item, str) else item.get_absolute_url()


SITEMAPS = {"threads": ThreadSitemap, "pages": PageSitemap}
