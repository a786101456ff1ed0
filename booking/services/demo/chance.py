"""Draw by weight."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TypeVar

T = TypeVar("T")


def pick(rng: Random, weights: Mapping[T, float]) -> T:
    """Draw one key by its weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]
