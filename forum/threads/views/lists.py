from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Doctor, DoctorRedirect
from forum.questions.models import Question, State
from forum.replies.cards import for_cards
from forum.replies.models import Reply
from forum.search.models import QuestionTopic, Topic, TopicRedirect
from forum.specialties.models import Specialty, SpecialtyRedirect
from forum.threads.paging import best_first, by_id, newest_first

SHOWN_BESIDE = 30


@require_safe
def specialties(request: HttpRequest) -> HttpResponse:
    """All specialties, as a tree."""
    tree = Specialty.objects.filter(parent=None).prefetch_related("children")
    return render(request, "threads/specialties.html", {"specialties": tree})


@require_safe
def specialty(request: HttpRequest, slug: str) -> HttpResponse:
    """Answered threads of a specialty and those under it, newest first, with their topics and its doctors."""
    found = Specialty.objects.select_related("parent").filter(slug=slug).first()
    if found is None:
        moved = get_object_or_404(SpecialtyRedirect.objects.select_related("specialty"), old_slug=slug)
        return HttpResponsePermanentRedirect(moved.specialty.get_absolute_url())
    own = found.with_children()
    page = newest_first(request, [Question.objects.published().filter(specialty=each) for each in own])
    context = {
        "specialty": found,
        "children": own[1:],
        "page": page,
        "questions": _cards(page.rows),
        "topics": Topic.objects.beside(page.rows, found)[:SHOWN_BESIDE],
        "doctors": Doctor.objects.active().filter(specialties__in=own).distinct()[:SHOWN_BESIDE],
    }
    return render(request, "threads/specialty.html", context)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The threads of a topic, best first."""
    found = Topic.objects.select_related("specialty").filter(slug=slug).first()
    if found is None:
        moved = get_object_or_404(TopicRedirect.objects.select_related("topic"), old_slug=slug)
        return HttpResponsePermanentRedirect(moved.topic.get_absolute_url())
    links = QuestionTopic.objects.filter(topic=found, question__state=State.PUBLISHED)
    page = best_first(request, links)
    context = {"topic": found, "page": page, "questions": _cards([link.question_id for link in page.rows])}
    return render(request, "threads/topic.html", context)


@require_safe
def doctors(request: HttpRequest) -> HttpResponse:
    """The verified doctors who work here."""
    page = by_id(request, Doctor.objects.active().prefetch_related("specialties"))
    return render(request, "threads/doctors.html", {"page": page})


@require_safe
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """One doctor with credentials and replies; of an archive, or no longer active here: while a reply is public."""
    found = Doctor.objects.prefetch_related("specialties").filter(slug=slug).first()
    if found is None:
        moved = get_object_or_404(DoctorRedirect.objects.select_related("doctor"), old_slug=slug)
        return HttpResponsePermanentRedirect(moved.doctor.get_absolute_url())
    public = Reply.objects.shown().filter(doctor=found, question__state=State.PUBLISHED)
    page = by_id(request, public.select_related("question__specialty", "specialty"))
    if not found.is_active and not page.rows:
        raise Http404
    questions = []
    for reply in page.rows:
        reply.doctor = found
        reply.question.first_replies = [reply]
        questions.append(reply.question)
    return render(request, "threads/doctor.html", {"doctor": found, "page": page, "questions": questions})


def _cards(ids: list[int]) -> list[Question]:
    """Published threads in the order of these ids, with what a card shows."""
    found = for_cards(Question.objects.published()).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
