"""A patient's browser at the ask form."""

from django.test import Client

from forum.specialties.models import Specialty
from tests.html import parse

WORDS = {
    "headline": "Why does my eyelid twitch?",
    "text": "It has been twitching for a week. Should I worry?",
    "consent": "on",
}


def browser(**options) -> Client:
    """A browser of its own, held to the CSRF check as a real one is."""
    return Client(enforce_csrf_checks=True, **options)


def send_question(client: Client, specialty: Specialty | str, /, **typed):
    """Open the ask form, fill it in and send it. What is typed replaces WORDS; None leaves a field out."""
    slug = specialty if isinstance(specialty, str) else specialty.slug
    answers = {"specialty": slug, **WORDS, **typed}
    return send_form(client, "/ask/", **{name: value for name, value in answers.items() if value is not None})


def send_form(client: Client, path: str, **typed):
    """Post a form with the CSRF token of the page it stands on."""
    secrets = parse(client.get(path)).all("input", name="csrfmiddlewaretoken")
    return client.post(path, {"csrfmiddlewaretoken": secrets[0].attrs["value"] if secrets else "", **typed})
