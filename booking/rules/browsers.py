"""Say in a few words which browser somebody uses, from what it says of itself."""

from __future__ import annotations

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """Return "Firefox on Windows"; what is not known is called a browser or a computer."""
    return f"{_first(BROWSERS, user_agent) or 'A browser'} on {_first(SYSTEMS, user_agent) or 'a computer'}"


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((said for part, said in known if part in text), "")
