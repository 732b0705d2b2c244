"""What the site's pages are compared with. Both pass through the same middleware as they do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from forum.questions.models import Question
from forum.replies.models import Reply

OTHERS = 4


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def reference(request: HttpRequest, question_id: int) -> HttpResponse:
    """A plain page: three indexed queries on the site's data and a template of 12 KB."""
    context = {
        "question": get_object_or_404(Question, pk=question_id),
        "replies": Reply.objects.filter(question=question_id),
        "others": Question.objects.filter(pk__in=[question_id + step for step in range(1, OTHERS + 1)]),
    }
    return render(request, "benchmarks/reference.html", context)
