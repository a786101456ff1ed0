"""What a first visit weighs: the page and all that it makes a browser fetch, as they travel."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass

from tests.bench.servers import Server

FETCHED = re.compile(r'<(?:link[^>]+rel="(?:stylesheet|icon)"[^>]*|script[^>]+src="[^"]+"[^>]*|img[^>]+)>')
ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')


@dataclass(frozen=True)
class Weight:
    """Bytes of all bodies, compressed, and how many requests it took."""

    size: int
    requests: int


def first_visit(server: Server, path: str) -> Weight:
    """Fetch a page as a browser does that has never been here."""
    page = _get(server, path, encoding="identity").decode()
    fetched = {path}
    for tag in FETCHED.findall(page):
        if address := ADDRESS.search(tag):
            fetched.add(re.sub(r"^https?://[^/]+", "", address[1]))
    sizes = [len(_get(server, address, encoding="br, gzip")) for address in fetched]
    return Weight(size=sum(sizes), requests=len(sizes))


def _get(server: Server, path: str, *, encoding: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answers with {response.status}")
    return body
