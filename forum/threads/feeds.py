import re
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from forum.questions.models import Question
from forum.replies.cards import for_cards
from forum.specialties.models import Specialty, SpecialtyRedirect
from forum.threads.excerpts import excerpt

NEWEST = 30
# What XML has no way to write; one such character in one text would cost all readers the feed.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _day(moment: datetime) -> datetime:
    """The beginning of its day in the site's time zone."""
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


class LatestFeed(Feed):
    """The newest answered threads of the whole site."""

    feed_type = Atom1Feed

    def title(self, specialty: Specialty | None) -> str:
        return _("Consilium: newest answers")

    def link(self, specialty: Specialty | None) -> str:
        return reverse("home")

    def items(self, specialty: Specialty | None) -> list[Question]:
        return list(for_cards(Question.objects.published()).select_related("specialty").newest_first()[:NEWEST])

    def item_title(self, question: Question) -> str:
        return NOT_IN_XML.sub("", question.public_title)

    def item_guid(self, question: Question) -> str:
        # Not the address, which changes with the title: readers of the feed would get the thread as a new one.
        return f"urn:consilium:{question.archive_id}"

    def item_description(self, question: Question) -> str:
        return NOT_IN_XML.sub("", excerpt(question.text))

    def item_author_name(self, question: Question) -> str:
        reply = question.first_replies[0] if question.first_replies else None
        return f"Dr. {reply.doctor.name}" if reply and reply.doctor else "Consilium"

    def item_pubdate(self, question: Question):
        # Readers learn the day and no more: a finer time could tie two questions of one person together.
        return _day(question.published_at)

    def item_updateddate(self, question: Question):
        return _day(question.modified_at) if question.modified_at else None

    def item_categories(self, question: Question) -> list[str]:
        return [question.specialty.name]


class SpecialtyFeed(LatestFeed):
    """The newest answered threads of one specialty and those under it."""

    def __call__(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().__call__(request, *args, **kwargs)
        except Http404:
            moved = get_object_or_404(SpecialtyRedirect.objects.select_related("specialty"), old_slug=kwargs["slug"])
            return HttpResponsePermanentRedirect(reverse("specialty_feed", args=[moved.specialty.slug]))

    def get_object(self, request: HttpRequest, slug: str) -> Specialty:
        return get_object_or_404(Specialty, slug=slug)

    def title(self, specialty: Specialty) -> str:
        return _("Consilium: newest answers in %(specialty)s") % {"specialty": specialty.label}

    def link(self, specialty: Specialty) -> str:
        return specialty.get_absolute_url()

    def items(self, specialty: Specialty) -> list[Question]:
        own = Question.objects.published().filter(specialty__in=specialty.with_children())
        return list(for_cards(own).select_related("specialty").newest_first()[:NEWEST])
