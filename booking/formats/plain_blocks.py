"""Text as somebody typed it, taken apart into paragraphs and lists, for pages and mails to set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_ITEM = re.compile(r"\s*(?:[-*•–]|(?P<number>\d{1,2})[.)])\s+(?P<words>\S.*)")


class BlockKind(StrEnum):
    """What a block is, named as its element in HTML."""

    PARAGRAPH = "p"
    BULLETS = "ul"
    NUMBERS = "ol"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its lines, or a list with its items."""

    kind: BlockKind
    lines: tuple[str, ...]


def plain_blocks(text: str) -> list[Block]:
    """Take a text apart: an empty line ends a paragraph, and lines that begin with a dash or a number are a list."""
    blocks: list[Block] = []
    is_apart = True
    for line in text.splitlines():
        if not line.strip():
            is_apart = True
            continue
        kind, words = _read(line)
        if blocks and blocks[-1].kind == kind and (not is_apart or kind != BlockKind.PARAGRAPH):
            blocks[-1] = Block(kind, (*blocks[-1].lines, words))
        else:
            blocks.append(Block(kind, (words,)))
        is_apart = False
    return blocks


def _read(line: str) -> tuple[BlockKind, str]:
    item = _ITEM.fullmatch(line.rstrip())
    if item is None:
        return BlockKind.PARAGRAPH, line.strip()
    return BlockKind.NUMBERS if item["number"] else BlockKind.BULLETS, item["words"]
