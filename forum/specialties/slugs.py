from django.db import models
from django.urls.converters import StringConverter
from django.utils.text import slugify


class UnicodeSlug(StringConverter):
    """`<uslug:…>` in an address: what a SlugField holds. Anything else, such as a NUL, is not looked up at all."""

    regex = r"[-\w]+"


def unique_slug(model: type[models.Model], text: str, *, taken: set[str] | None = None) -> str:
    """An address part made of `text` that no row of `model` has, nor `taken`; "-2", "-3"… are added where needed."""
    room = model._meta.get_field("slug").max_length - 8
    base = slugify(text, allow_unicode=True)[:room].strip("-") or model._meta.model_name
    used = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True)) | (taken or set())
    slug, number = base, 1
    while slug in used:
        number += 1
        slug = f"{base}-{number}"
    return slug
