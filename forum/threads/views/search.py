from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forum.questions.language import detect_language
from forum.questions.models import AgeBand, Sex
from forum.replies.cards import for_cards
from forum.search.finding import MOST_FOUND
from forum.search.highlighting import highlight
from forum.search.models import NothingFound
from forum.search.queries import search_questions
from forum.search.spelling import mended
from forum.search.words import clean_query
from forum.specialties.models import Specialty

PAGE = 20


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search results with highlighted excerpts; the filters stand in the address and survive paging."""
    text = clean_query(request.GET.get("q", ""))
    specialties = list(Specialty.objects.select_related("parent").in_tree_order())
    chosen = next((s for s in specialties if s.slug == request.GET.get("specialty")), None)
    age = request.GET.get("age") if request.GET.get("age") in AgeBand.values else ""
    sex = request.GET.get("sex") if request.GET.get("sex") in Sex.values else ""
    number = _page_number(request.GET.get("page", ""))
    meant = mended(text)
    found = []
    if text or chosen or age or sex:
        results = search_questions(meant, specialty=chosen, age_band=age, sex=sex)
        found = list(for_cards(results)[(number - 1) * PAGE : number * PAGE + 1])
    if text and not found and number == 1:
        NothingFound.objects.add_one(detect_language(text))
    filters = {"q": text, "specialty": chosen.slug if chosen else "", "age": age, "sex": sex}
    context = {
        "text": text,
        "mended": meant if meant != text else "",
        "mended_url": _url(filters | {"q": meant}, 1),
        "results": highlight(found[:PAGE], meant),
        "specialties": specialties,
        "chosen": chosen,
        "age": age,
        "sex": sex,
        "age_bands": AgeBand.choices,
        "sexes": Sex.choices,
        "filtered": bool(chosen or age or sex),
        "newer_url": _url(filters, number - 1) if number > 1 else "",
        "older_url": _url(filters, number + 1) if len(found) > PAGE else "",
    }
    return render(request, "threads/search.html", context)


def _page_number(text: str) -> int:
    """From 1 to the last page that search ranks; 1 for anything else."""
    return min(max(int(text), 1), MOST_FOUND // PAGE + 1) if text.isdecimal() and len(text) < 6 else 1


def _url(filters: dict[str, str], number: int) -> str:
    kept = {name: value for name, value in filters.items() if value}
    return "?" + urlencode(kept | ({"page": number} if number > 1 else {}))
