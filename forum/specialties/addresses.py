from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=10_000)
def address(name: str, *arguments) -> str:
    """`reverse(name, args=arguments)`, remembered: a page of cards asks for the same few dozen over and over."""
    return reverse(name, args=arguments)
