"""What must be true of every page we send; each problem is one sentence."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "path",
    "rect",
}


class Reader(HTMLParser):
    """Collect what the checks ask for; complain of tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problems: list[str] = []
        self.ids: Counter[str] = Counter()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if len(values) != len(attrs):
            self.problems.append(f"<{tag}> has an attribute twice")
        if values.get("id"):
            self.ids[str(values["id"])] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
            if tag in self.open:
                while self.open.pop() != tag:
                    pass
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text:
            self.texts.append((self.open[-1] if self.open else "", text))


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def problems_of(html: str, *, nonce: str | None = None) -> list[str]:
    """Return what is wrong with a page; an empty list when nothing is."""
    page = read(html)
    found = list(page.problems)
    found += [f"id {name!r} is used {times} times" for name, times in page.ids.items() if times > 1]
    found += _heading_problems(html)
    for tag, values in page.tags:
        found += _tag_problems(tag, values, page, nonce)
    if not any(tag == "html" and values.get("lang") for tag, values in page.tags):
        found.append("the page has no language")
    return found


def _heading_problems(html: str) -> list[str]:
    headings = [_plain(text) for text in re.findall(r"<h1[^>]*>(.*?)</h1>", html, flags=re.DOTALL)]
    titles = [_plain(text) for text in re.findall(r"<title>(.*?)</title>", html, flags=re.DOTALL)]
    if len(headings) != 1:
        return [f"{len(headings)} headings of level one: {headings}"]
    if len(titles) != 1:
        return ["no title"]
    title = titles[0].removeprefix("Error: ")
    return [] if title.startswith(headings[0]) else [f"the title {title!r} does not begin with {headings[0]!r}"]


def _tag_problems(tag: str, values: dict[str, str | None], page: Reader, nonce: str | None) -> list[str]:
    found = []
    if "style" in values:
        found.append(f"<{tag}> has an inline style")
    found += [f"<{tag}> has {name}" for name in values if name.startswith("on")]
    if tag == "form" and (not values.get("action") or values.get("method") not in ("post", "get")):
        found.append(f"a form without action or method: {values}")
    if tag == "script" and nonce is not None and values.get("nonce") != nonce:
        found.append("a script without the nonce")
    if tag == "img" and "alt" not in values:
        found.append("an image without alt")
    address = values.get("src") or (values.get("href") if tag in ("link", "use") else None)
    if address and not address.startswith(("/", "#", "data:", "http://localhost", "http://127.0.0.1")):
        found.append(f"<{tag}> loads {address}")
    for name in ("aria-labelledby", "aria-describedby", "for", "aria-controls"):
        for target in (values.get(name) or "").split():
            if target not in page.ids:
                found.append(f"<{tag} {name}> points at {target!r}, which is not there")
    return found


def _plain(markup: str) -> str:
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())
