"""What staff type becomes paragraphs and lists, and nothing of it is lost."""

from __future__ import annotations

import pytest

from booking.formats.plain_blocks import Block, BlockKind, plain_blocks

pytestmark = pytest.mark.one_database

P, UL, OL = BlockKind.PARAGRAPH, BlockKind.BULLETS, BlockKind.NUMBERS


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("One.\nTwo.\n\n\nThree.", [Block(P, ("One.", "Two.")), Block(P, ("Three.",))]),
        ("You said:\n- a\n* b\n\n• c", [Block(P, ("You said:",)), Block(UL, ("a", "b", "c"))]),
        ("1. a\n2) b\nNext.", [Block(OL, ("a", "b")), Block(P, ("Next.",))]),
        ("-5 degrees\n2026 was cold.", [Block(P, ("-5 degrees", "2026 was cold."))]),
        ("- \n-", [Block(P, ("-", "-"))]),
    ],
)
def test_a_text_is_taken_apart(text: str, blocks: list[Block]) -> None:
    assert plain_blocks(text) == blocks
