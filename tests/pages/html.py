"""Pages as a strict reader sees them: well-formed, named, labelled, and with nothing inline."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

Node = Element

UNLABELLED_TYPES = {"hidden", "submit", "button"}


@dataclass(frozen=True)
class Form:
    """A form as a browser without scripts would send it."""

    action: str
    method: str
    values: dict[str, str]


class Document:
    """One HTML answer, parsed strictly: whatever a validator calls an error raises html5lib's ParseError."""

    def __init__(self, text: str) -> None:
        self.text = text
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root: Node = parser.parse(text)

    def all(self, tag: str) -> list[Node]:
        """Every element of the tag."""
        return list(self.root.iter(tag))

    def words(self, node: Node | None = None) -> str:
        """All text of the element (of the body without one), blanks made single."""
        where = node if node is not None else self.all("main")[0]
        return " ".join("".join(where.itertext()).split())

    @property
    def heading(self) -> str:
        return self.words(self.all("h1")[0])

    @property
    def title(self) -> str:
        return self.words(self.all("title")[0])

    def links(self) -> list[str]:
        """Where the page's links lead."""
        return [node.attrib["href"] for node in self.all("a") if "href" in node.attrib]

    def by_id(self, name: str) -> Node:
        """The element with this id."""
        return next(node for node in self.root.iter() if node.attrib.get("id") == name)

    def form(self, action: str) -> Form:
        """The first form that is sent to `action`, with what its fields hold already."""
        node = next(form for form in self.all("form") if form.attrib["action"] == action)
        return Form(action, node.attrib["method"], _values(node))


def _values(form: Node) -> dict[str, str]:
    values: dict[str, str] = {}
    for field in form.iter():
        name = field.attrib.get("name", "")
        if not name or "disabled" in field.attrib:
            continue
        if field.tag == "input":
            kind = field.attrib.get("type", "text")
            if kind in ("radio", "checkbox") and "checked" not in field.attrib:
                continue
            values[name] = field.attrib.get("value", "")
        elif field.tag == "textarea":
            values[name] = field.text or ""
        elif field.tag == "select":
            options = list(field.iter("option"))
            chosen = [option for option in options if "selected" in option.attrib] or options[:1]
            values[name] = chosen[0].attrib.get("value", "") if chosen else ""
    return values


def check(document: Document, *, locale: str | None = None) -> None:
    """The page is as every page must be. Raises AssertionError that names what is wrong."""
    html = document.root
    assert html.attrib.get("lang") in ("en", "ru"), "lang"
    if locale:
        assert html.attrib["lang"] == locale
    assert len(document.all("h1")) == 1, "exactly one h1"
    assert document.heading, "an h1 that says something"
    assert document.title.startswith(document.heading[:20]) or document.title, "title"
    assert len(document.all("main")) == 1, "one main"
    ids = [node.attrib["id"] for node in html.iter() if "id" in node.attrib]
    assert sorted(ids) == sorted(set(ids)), f"duplicate ids: {[name for name in ids if ids.count(name) > 1]}"
    _nothing_inline(html)
    _labelled(html, ids)
    for form in document.all("form"):
        assert form.attrib.get("action"), "a form without action"
        assert form.attrib.get("method") in ("get", "post"), "a form without method"
    for image in document.all("img"):
        assert {"alt", "width", "height"} <= set(image.attrib), image.attrib
    for link in document.all("a"):
        assert link.attrib.get("href"), "a link that leads nowhere"
        assert document.words(link) or list(link.iter("img")), f"a link without words: {link.attrib}"
    for button in document.all("button"):
        assert document.words(button) or button.attrib.get("aria-label"), "a button without words"


def _nothing_inline(html: Node) -> None:
    for node in html.iter():
        attributes: dict[str, Any] = node.attrib
        assert "style" not in attributes, f"inline style on {node.tag}"
        assert not any(name.startswith("on") for name in attributes), f"inline handler on {node.tag}"
        assert node.tag != "style", "inline style sheet"
        if node.tag == "script":
            assert attributes.get("src", "").startswith("/static/"), "a script that is not ours"
            assert not (node.text or "").strip(), "inline script"
        for name in ("href", "src", "action"):
            assert urlsplit(attributes.get(name, "")).scheme in ("", "http", "https"), attributes[name]


def _labelled(html: Node, ids: list[str]) -> None:
    labels = {node.attrib["for"] for node in html.iter("label") if "for" in node.attrib}
    wrapped = {id(field) for label in html.iter("label") for field in label.iter()}
    assert labels <= set(ids), f"labels for nothing: {labels - set(ids)}"
    for field in html.iter():
        if field.tag not in ("input", "select", "textarea") or field.attrib.get("type") in UNLABELLED_TYPES:
            continue
        named = field.attrib.get("id") in labels or "aria-label" in field.attrib or id(field) in wrapped
        assert named, f"a field without label: {field.attrib}"
    for node in html.iter():
        for name in ("aria-labelledby", "aria-describedby"):
            for target in node.attrib.get(name, "").split():
                assert target in ids, f"{name} names nothing: {target}"
