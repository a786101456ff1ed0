"""A QR code as a picture that stands in the page itself."""

from __future__ import annotations

import segno


def qr_source(address: str) -> str:
    """Return what the `src` of an image needs to show this address: sharp at any size, and readable when scratched."""
    source: str = segno.make(address, error="q", micro=False).svg_data_uri(scale=4, border=4, light="#fff", dark="#000")
    return source
