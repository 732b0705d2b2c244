from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from forum.questions.forms import AskForm
from forum.questions.limits import within_limit
from forum.questions.personal import in_ask_form


@never_cache
@require_POST
def check_personal_data(request: HttpRequest) -> HttpResponse:
    """What looks like personal data in a question, or a follow-up, while it is typed: an HTML fragment."""
    if not within_limit(request, action="check_personal_data"):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    return render(request, "questions/_personal.html", {"personal": in_ask_form(AskForm(request.POST))})
