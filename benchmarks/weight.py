"""What a browser loads for one page: the page itself and all that it, its styles and its modules name."""

import re
import urllib.request
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

LOADED_LINKS = {"stylesheet", "icon", "modulepreload", "preload"}
NAMED = {
    "text/css": re.compile(r"""(?:@import\s+(?:url\()?|url\()["']?([^"')]+)"""),
    "text/javascript": re.compile(r"""\bimport\s*(?:[\w{}\s,*]+from\s*)?["']([^"']+)"""),
}


class Loaded(HTMLParser):
    """Collects the addresses that a browser asks for by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "img"):
            self.names.append(values.get("src") or "")
        elif tag == "use" or (tag == "link" and values.get("rel") in LOADED_LINKS):
            self.names.append(values.get("href") or "")


def weigh(address: str) -> dict[str, int]:
    """Bytes over the wire (bodies, gzip accepted) by address, without fragments; data: addresses cost nothing."""
    weights: dict[str, int] = {}
    wanted = [address]
    while wanted:
        address = wanted.pop().partition("#")[0]
        if address in weights or not urlsplit(address).scheme.startswith("http"):
            continue
        weights[address] = len(fetch(address, "gzip")[0])
        wanted += [urljoin(address, name) for name in named_in(*fetch(address, "identity")) if name]
    return weights


def fetch(address: str, encoding: str) -> tuple[bytes, str]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read(), response.headers.get_content_type()


def named_in(content: bytes, kind: str) -> list[str]:
    if kind == "text/html":
        page = Loaded()
        page.feed(content.decode())
        return page.names
    return NAMED[kind].findall(content.decode()) if kind in NAMED else []
