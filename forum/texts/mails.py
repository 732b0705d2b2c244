"""E-mails of the words that count: text and HTML of the same words, no picture, nothing that tells of opening it."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from forum.texts.current import words_of
from forum.texts.placeholders import Links, Value, as_paragraphs, as_text


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: SafeString


def write_mail(
    code: str,
    *,
    body: str = "text",
    end: str = "",
    addresses: tuple[str, ...] = (),
    without_link: str = "",
    **values: Value,
) -> Mail:
    """The mail of this code in the language that is active, `body` the field that is its body.

    `addresses` stand where the body says {link}, in HTML after the words of the field `button`; where there are none,
    the text with the code `without_link`. `end` is the code of what stands below.
    """
    words = words_of(code)
    if addresses:
        values["link"] = Links(addresses, words.get("button", ""))
    elif without_link:
        values["link"] = words_of(without_link)["text"]
    below = words_of(end)["text"] if end else ""
    context = {
        "subject": as_text(words["subject"], values),
        "language": get_language(),
        "text": as_text(words[body], values),
        "below": as_text(below, values),
        "text_html": as_paragraphs(words[body], values),
        "below_html": as_paragraphs(below, values),
    }
    text = render_to_string("texts/mail.txt", context)
    return Mail(context["subject"], text, render_to_string("texts/mail.html", context))
