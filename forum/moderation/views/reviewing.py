"""More Info after publishing: what is due to be read again, found right or corrected."""

from contextlib import suppress
from datetime import date

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Doctor
from forum.articles.models import Article
from forum.articles.permissions import can_review_article
from forum.moderation import services
from forum.moderation.access import doctor_required
from forum.moderation.correcting import CorrectArticleForm, ReviewForm
from forum.moderation.differences import difference
from forum.moderation.forms import WorkForm
from forum.moderation.personal import not_meant
from forum.moderation.revisions import article_words
from forum.moderation.views.drafting import advice_on, changed
from forum.moderation.views.material import have_links_checked
from forum.questions.models import WrongState
from forum.replies.seen import ChangedMeanwhile

ROWS = 25
MOST_COUNTED = 100


def number_to_review(doctor: Doctor) -> int:
    """How many signed articles are due in the doctor's specialties; counted up to a hundred."""
    return Article.objects.of_doctor(doctor).due_for_review()[:MOST_COUNTED].count()


@doctor_required
@require_safe
def articles_to_review(request: HttpRequest) -> HttpResponse:
    """More Info of the doctor's specialties that is due for review, longest unread first; or that nobody has signed."""
    articles = Article.objects.of_doctor(request.user.doctor_profile)
    unsigned = request.GET.get("show") == "unsigned"
    due = _behind(request, articles.unsigned() if unsigned else articles.due_for_review(), unsigned)
    rows = list(due.with_broken_sources().select_related("question__specialty", "signed_by")[: ROWS + 1])
    context = {
        "articles": rows[:ROWS],
        "unsigned": unsigned,
        "last": rows[ROWS - 1] if len(rows) > ROWS else None,
    }
    return render(request, "moderation/articles.html", context)


def _behind(request: HttpRequest, articles: QuerySet, unsigned: bool) -> QuerySet:
    """What comes after the article of `after`, last reviewed on `since`; all, where the address names none."""
    after = request.GET.get("after", "")
    if not (after.isascii() and after.isdecimal() and len(after) < 19):
        return articles
    if unsigned:
        return articles.filter(pk__gt=after)
    with suppress(ValueError):
        since = date.fromisoformat(request.GET.get("since", ""))
        return articles.filter(Q(reviewed_on__gt=since) | Q(reviewed_on=since, pk__gt=after))
    return articles


@doctor_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_article(request: HttpRequest, question_id: int) -> HttpResponse:
    """The article as readers see it; it is still right, or it is corrected, with a signature."""
    articles = Article.objects.with_broken_sources()
    articles = articles.select_related("question__specialty", "signed_by", "reviewed_by")
    article = get_object_or_404(articles, question=question_id)
    if not can_review_article(request.user, article):
        raise Http404
    if request.method != "POST":
        return _page(request, article)
    act = ACTS.get(request.POST.get("act", ""), _preview)
    try:
        return act(request, article)
    except WrongState:
        messages.error(request, _("The thread is not public any more, so nothing was changed."))
        return _page(request, article, status=409, form=_typed(request, article))
    except ChangedMeanwhile as meanwhile:
        form = _typed(request, meanwhile.current)
        return _page(request, meanwhile.current, status=409, form=form, conflict=True)


def _typed(request: HttpRequest, current: Article) -> CorrectArticleForm:
    """What was typed, on top of what stands there now."""
    if "more_info" not in request.POST:
        return CorrectArticleForm.of(current)
    return CorrectArticleForm(changed(request.POST, since=current.edition))


def _review(request: HttpRequest, article: Article) -> HttpResponse:
    form = ReviewForm(request.POST, article=article)
    if not form.is_valid():
        return _page(request, article, status=422, review_form=form)
    article.review(by=request.user.doctor_profile, since=form.cleaned_data["since"])
    messages.success(request, _("Reviewed. Readers see today's date."))
    return redirect("articles_to_review")


def _preview(request: HttpRequest, article: Article) -> HttpResponse:
    form = CorrectArticleForm(request.POST) if "more_info" in request.POST else None
    return _page(request, article, form=form, looked=True)


def _correct(request: HttpRequest, article: Article) -> HttpResponse:
    form = CorrectArticleForm(request.POST)
    if not (form.is_valid() and form.check_publishable()):
        return _page(request, article, status=422, form=form)
    if personal := not_meant(form, article.question, request.user.doctor_profile):
        return _page(request, article, status=422, form=form, own_personal=personal)
    data = form.cleaned_data
    words = {"text": data["more_info"], "sources": data["sources"], "reason": data["reason"], "since": data["since"]}
    is_new = services.correct_article(article=article, doctor=request.user.doctor_profile, **words)
    have_links_checked(form)
    done = _("Corrected, with your signature.") if is_new else _("The article says so already. Nothing was changed.")
    messages.success(request, done)
    return redirect("articles_to_review")


def _page(request: HttpRequest, article: Article, *, status=200, form=None, **shown) -> HttpResponse:
    form = form or CorrectArticleForm.of(article)
    text, sources = (form[name].value() or "" for name in ("more_info", "sources"))
    before = article_words(article.text, article.sources)
    typed = f"{text}\n\n{sources}".replace("\r\n", "\n").rstrip()
    context = {
        "article": article,
        "question": article.question,
        "form": form,
        "review_form": ReviewForm(article=article),
        "advice": advice_on(WorkForm(initial={"more_info": text}), article.question, request.user.doctor_profile),
        "preview": text if form.is_bound else "",
        "parts": difference(before, typed) if form.is_bound else [],
    }
    return render(request, "moderation/review_article.html", context | shown, status=status)


ACTS = {"review": _review, "preview": _preview, "correct": _correct}
