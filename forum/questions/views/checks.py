from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from forum.questions.help_lines import help_lines
from forum.questions.limits import within_limit
from forum.questions.screening import SCREENED, red_flags_in

MOST_READ = 10_000  # characters of a field, as many as the form takes


@never_cache
@require_POST
def check_question(request: HttpRequest) -> HttpResponse:
    """What the patient should know of the words that stand in the ask form, before they are sent: a fragment.

    Nothing of it is kept. Too many requests from one address get 429 and nothing, which no patient notices.
    """
    allowed = within_limit(request, action="check_question")
    typed = {name: request.POST.get(name, "")[:MOST_READ] for name in SCREENED}
    shown = {"red_flags": red_flags_in(typed) if allowed else [], "lines": help_lines()}
    response = render(request, "questions/_checks.html", shown, status=200 if allowed else 429)
    if not allowed:
        response["Retry-After"] = "60"
    response["X-Robots-Tag"] = "noindex"
    return response
