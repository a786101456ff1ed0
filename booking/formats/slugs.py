"""Names as addresses: small letters, figures and hyphens."""

from __future__ import annotations

import re
import unicodedata


def slug_of(text: str, *, most: int) -> str:
    """Return the text as part of an address, cut between words to at most so many letters."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:most]
        if len(longer) > most:
            break
        slug = longer
    return slug or "session"
