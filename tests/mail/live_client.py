"""What `tests.public.family.Family` asks of a client, answered by a site that runs in processes of its own."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import requests

PATIENCE = 5


@dataclass(frozen=True)
class Answer:
    """A page that came over the network."""

    came: requests.Response

    @property
    def status_code(self) -> int:
        return self.came.status_code

    @property
    def mimetype(self) -> str:
        return self.came.headers.get("Content-Type", "").partition(";")[0]

    @property
    def request(self) -> Any:
        return SimpleNamespace(path=self.came.url)

    def get_data(self, *, as_text: bool) -> str:
        assert as_text
        return self.came.text


class LiveClient:
    """One browser. Raises requests.RequestException when the site breaks off."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, path: str, *, follow_redirects: bool = False) -> Answer:
        return self._ask("GET", path, follow_redirects=follow_redirects)

    def post(self, path: str, *, data: Any, follow_redirects: bool = False) -> Answer:
        return self._ask("POST", path, follow_redirects=follow_redirects, data=list(data.items(multi=True)))

    def _ask(self, method: str, path: str, *, follow_redirects: bool, data: Any = None) -> Answer:
        answer = self._session.request(
            method, self._site + path, data=data, timeout=PATIENCE, allow_redirects=follow_redirects
        )
        answer.raise_for_status()
        return Answer(answer)
