"""Turn a page into a tagged PDF; the library that does it is loaded only then, and asks nothing of the network."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from PIL import ImageFile

from booking.errors import Refusal

HERE = "https://sheet.invalid"
"""What addresses in a page are relative to: a name that cannot exist, so that nothing is ever asked of it."""
PDF_TYPE = "application/pdf"
_PATIENCE = 40.0
_one_at_a_time = Lock()


class PdfUnavailable(Refusal):
    """This server cannot make PDFs, or not now; the page itself can be printed."""

    status = 503


class NotOurs(ValueError):
    """The page asks for something that is neither a static file of ours nor one of its pictures."""


def can_make_pdf() -> bool:
    """Return whether the library and Pango, which it draws letters with, are there."""
    return _library() is not None


def make_pdf(html: str, *, css: str, static: Path, pictures: Mapping[str, bytes]) -> bytes:
    """Return the page as PDF/UA-1; `pictures` are bytes by their path. Raise PdfUnavailable.

    One page is made at a time, since each takes some tens of megabytes while it is made.
    """
    library = _library()
    if library is None:
        raise PdfUnavailable("PDFs cannot be made on this server. Print the page instead.")
    if not _one_at_a_time.acquire(timeout=_PATIENCE):
        raise PdfUnavailable("Other PDFs are being made just now. Please try again in a minute.")
    try:
        fetcher = _fetcher(library, static, pictures)
        sheet = library.CSS(string=css, base_url=HERE, url_fetcher=fetcher)
        page = library.HTML(string=html, base_url=HERE, url_fetcher=fetcher)
        pdf: bytes = page.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1", optimize_images=False)
        return pdf
    finally:
        _one_at_a_time.release()


@cache
def _library() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 (it takes a second and 40 MB, and most processes never print)
    except (ImportError, OSError):  # OSError: Pango is not installed
        return None
    # WeasyPrint lets Pillow read half a file, in the whole process: what is uploaded has to be whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def _fetcher(library: Any, static: Path, pictures: Mapping[str, bytes]) -> Any:
    """Return what answers for addresses in a page: from our static files and these pictures, else it refuses."""
    from weasyprint.urls import URLFetcherResponse  # noqa: PLC0415

    class OwnFiles(library.URLFetcher):  # type: ignore[misc]
        """Knows our own files alone; `data:` holds its bytes itself."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:image/"):
                return super().fetch(url, headers)
            content, path = find_own(url, static=static, pictures=pictures)
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, BytesIO(content), {"Content-Type": kind})

    return OwnFiles(allowed_protocols=("data", "https"))


def find_own(url: str, *, static: Path, pictures: Mapping[str, bytes]) -> tuple[bytes, str]:
    """Return the bytes behind an address of the page, and its path. Raise NotOurs."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if f"{parts.scheme}://{parts.netloc}" != HERE:
        raise NotOurs(f"Not fetched: {url}")
    if path in pictures:
        return pictures[path], path
    file = (static / path.removeprefix("/static/")).resolve()
    if not path.startswith("/static/") or not file.is_relative_to(static.resolve()) or not file.is_file():
        raise NotOurs(f"Not fetched: {url}")
    return file.read_bytes(), path
