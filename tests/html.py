"""A page as a tree, for exact assertions on what a reader sees."""

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HEADINGS = {"h1", "h2", "h3", "h4"}


class Element:
    def __init__(self, tag: str, attrs: dict[str, str]) -> None:
        self.tag, self.attrs, self.children = tag, attrs, []

    def walk(self) -> Iterator["Element"]:
        """The elements inside, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    @property
    def source(self) -> str:
        """The characters inside as they stand, entities resolved."""
        return "".join(child if isinstance(child, str) else child.source for child in self.children)

    @property
    def text(self) -> str:
        """The same with white space folded."""
        return " ".join(self.source.split())

    def all(self, tag: str = "", **attrs: str) -> list["Element"]:
        """The elements inside with this tag and these attributes (`class_` holds one of the classes)."""
        wanted = attrs.pop("class_", None)
        return [
            element
            for element in self.walk()
            if tag in ("", element.tag)
            and (wanted is None or wanted in element.attrs.get("class", "").split())
            and all(element.attrs.get(name) == value for name, value in attrs.items())
        ]

    def one(self, tag: str = "", **attrs: str) -> "Element":
        """The only such element."""
        (element,) = self.all(tag, **attrs)
        return element

    def texts(self, tag: str = "", **attrs: str) -> list[str]:
        return [element.text for element in self.all(tag, **attrs)]

    def links(self) -> list[tuple[str, str]]:
        """(text, address) of each link, in order."""
        return [(link.text, link.attrs["href"]) for link in self.all("a")]

    def headings(self) -> list[str]:
        return [f"{element.tag} {element.text}" for element in self.walk() if element.tag in HEADINGS]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document", {})]

    def handle_starttag(self, tag: str, attrs: list) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        places = [place for place, element in enumerate(self.open) if element.tag == tag]
        if places:
            del self.open[places[-1] :]

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(page) -> Element:
    """The tree of a response or of HTML."""
    builder = _Builder()
    builder.feed(page if isinstance(page, str) else page.content.decode())
    builder.close()
    return builder.open[0]
