"""Chinese characters, and the one script in which texts are compared place by place."""

import re
import threading
from functools import cache

from opencc import OpenCC

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_opencc_lock = threading.Lock()


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)


def convert(text: str, name: str) -> str:
    """The text as OpenCC's configuration `name` writes it; its converters are not safe in two threads at once."""
    with _opencc_lock:
        return _converter(name).convert(text)


def one_script_by_character(text: str) -> str:
    """Simplified characters place by place, so that a place in the result is the same place in the text."""
    if not HAN.search(text):
        return text
    converted = convert(text, "t2s")
    return converted if len(converted) == len(text) else text
