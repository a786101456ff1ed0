"""Faces to tick on paper: drawn, so that no printer needs a letter for them."""

from __future__ import annotations

from base64 import b64encode

_FACE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" fill="none" stroke="#000" stroke-width="5" '
    'stroke-linecap="round"><circle cx="50" cy="50" r="45"/><circle cx="34" cy="40" r="3" fill="#000"/>'
    '<circle cx="66" cy="40" r="3" fill="#000"/><path d="M28 {begin}Q50 {bend} 72 {begin}"/></svg>'
)


def face_source(mouth: tuple[int, int]) -> str:
    """Return a face as the source of an image; `mouth` is how low it begins and how low it bends, of 100."""
    begin, bend = mouth
    return "data:image/svg+xml;base64," + b64encode(_FACE.format(begin=begin, bend=bend).encode()).decode()
