from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from forum.questions.forms import AskForm
from forum.questions.help_lines import help_lines
from forum.questions.image_forms import ImagesForm
from forum.questions.limits import may_ask_now
from forum.questions.mail import send_status_link
from forum.questions.models import Question
from forum.questions.personal import REPLACING, in_ask_form, must_be_shown, replacements
from forum.questions.pseudonyms import has_used, suggest_pseudonym
from forum.questions.screening import SCREENED, red_flags_in
from forum.questions.services import add_images, ask_question, token_for
from forum.questions.views.checks import MOST_READ
from forum.questions.views.images import sent_images

USED_BEFORE = gettext_lazy(
    "You have used this name before. Choose another, or leave it empty for a new one, so that nobody can connect the "
    "two questions."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The ask form. A question that was taken leads to its status page, the same one however often it is sent."""
    if request.method != "POST":
        form = AskForm(initial={"pseudonym": suggest_pseudonym(), "specialty": request.GET.get("specialty", "")})
        return ask_page(request, form)
    form, images = AskForm(request.POST), sent_images(request)
    if request.POST.get("act") in REPLACING:
        return ask_page(request, _with_replacements(form, request.POST), images=images, replaced=True)
    if not (form.is_valid() and images.is_valid()) or must_be_shown(in_ask_form(form), request.POST):
        return ask_page(request, form, images=images, status=422)
    asker = request.user if request.user.is_authenticated else None
    answers = form.cleaned_data
    # The secret in the CSRF cookie stays the same for a browser and is known to nobody else.
    browser = request.META.get("CSRF_COOKIE") or get_token(request)
    token = token_for(browser=browser, asker=asker, answers=answers)
    if not Question.objects.with_token(token).exists() and (status := _refusal(request, form)):
        refused = ask_page(request, form, images=images, status=status)
        if status == 429:
            refused["Retry-After"] = "3600"
        return refused
    asked = ask_question(token=token, asker=asker, answers=answers)
    add_images(question=asked.question, images=images.chosen)
    link = reverse("status", args=[token])
    if asked.is_new and asked.question.email:
        send_status_link(asked.question, request.build_absolute_uri(link))
    return redirect(link)


def _refusal(request: HttpRequest, form: AskForm) -> int:
    """Why a new question is not taken, as an error of the form and the status to answer with; 0 where it is."""
    if request.user.is_authenticated and has_used(request.user, form.cleaned_data["pseudonym"]):
        form.add_error("pseudonym", USED_BEFORE)
        return 422
    if not may_ask_now(request):
        form.add_error(
            None, _("Many questions have come from here in a short time. Please wait an hour, then send it again.")
        )
        return 429
    return 0


def ask_page(
    request: HttpRequest, form: AskForm, *, images: ImagesForm | None = None, status: int = 200, **shown
) -> HttpResponse:
    """The page with this form and what its words alarm of; `shown` is what else is on it: answers that were found."""
    context = {"form": form, "images": images or ImagesForm(), "personal": in_ask_form(form)}
    typed = {name: (form[name].value() or "")[:MOST_READ] for name in SCREENED}
    lines = help_lines()
    context |= {"red_flags": red_flags_in(typed), "emergency": lines.emergency, "lines": lines}
    return render(request, "questions/ask.html", context | shown, status=status)


def _with_replacements(form: AskForm, typed: QueryDict) -> AskForm:
    """The form with all that was typed, unchecked, and the personal data in it replaced."""
    values = {name: typed[name] for name in AskForm.base_fields if name in typed}
    return AskForm(initial=values | replacements(in_ask_form(form), typed))
