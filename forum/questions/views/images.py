from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from forum.questions.image_forms import ImagesForm
from forum.questions.limits import within_limit
from forum.questions.models import MOST_IMAGES, QuestionImage
from forum.questions.permissions import can_see_image
from forum.questions.tokens import hash_token


def sent_images(request: HttpRequest, *, room: int = MOST_IMAGES, unfinished: bool = False) -> ImagesForm:
    """The images that were sent with a form, checked; the good ones are stored, so that none is chosen twice."""
    too_many = bool(request.FILES) and not within_limit(request, action="send_images")
    images = ImagesForm(request.POST, request.FILES, room=room, too_many=too_many, unfinished=unfinished)
    images.keep()
    return images


@require_safe
def question_image(request: HttpRequest, question_id: int, name: str, thumbnail: bool = False) -> HttpResponse:
    """An image, for whoever may see it; for all others it does not exist."""
    images = QuestionImage.objects.select_related("question")
    image = get_object_or_404(images, question_id=question_id, name=name)
    if not can_see_image(request.user, image):
        raise Http404
    return image_response(request, image, thumbnail)


@require_safe
def status_image(request: HttpRequest, token: str, name: str, thumbnail: bool = False) -> HttpResponse:
    """The same for the asker, by secret link."""
    images = QuestionImage.objects.select_related("question")
    image = get_object_or_404(images, question__token_hash=hash_token(token), name=name)
    return image_response(request, image, thumbnail)


# As a page of its own it may do nothing; a browser styles such a page itself.
@csp({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": True, "frame-ancestors": ["'none'"]})
def image_response(request: HttpRequest, image: QuestionImage, thumbnail: bool) -> HttpResponse:
    """The file. What is public is asked for anew each time, so that it is gone for all once it is taken off."""
    etag = f'"{image.name}"'
    if image.is_public and (unchanged := get_conditional_response(request, etag=etag)):
        return unchanged
    try:
        response = HttpResponse(image.read(thumbnail=thumbnail), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # a JPEG does not get smaller: the GZip middleware need not try
    response["Content-Disposition"] = f'inline; filename="image-{image.place}.jpg"'
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    if image.is_public:
        response["Cache-Control"], response["ETag"] = "public, no-cache", etag
    else:
        response["Cache-Control"] = "no-store, private"
    return response
