"""The wildcards of IAM: `*` is any run of characters, also none and also `/` or `:`; `?` is exactly one. Anchored.

AWS: "IAM JSON policy elements: Resource", "Specify a resource in IAM policies with wildcards".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_WILD: Final = re.compile(r"[*?]")
_LITERAL: Final = {"${*}": "*", "${?}": "?", "${$}": "$"}  # AWS: "IAM policy elements: Variables and tags"
_PARTS: Final = re.compile(r"\$\{[*?$]\}|\*+|[?]|[^*?$]+|\$", re.DOTALL)


@lru_cache(maxsize=100_000)
def matcher(pattern: str, *, fold: bool = False) -> Callable[[str], bool]:
    """Whether a text matches a pattern; `fold`: whatever its case. Takes text times pattern at most, never more."""
    pieces = _pieces(pattern.lower() if fold else pattern)
    matches = _stepwise(pieces) if ONE in pieces else _by_runs(pieces)
    return (lambda text: matches(text.lower())) if fold else matches


ONE: Final = 1  # a piece that is any one character
MANY: Final = None  # a piece that is any run of characters
Piece = str | int | None


def _pieces(pattern: str) -> tuple[Piece, ...]:
    """Single characters, `ONE` and `MANY`."""
    pieces: list[Piece] = []
    for part in _PARTS.findall(pattern):
        if part in _LITERAL:
            pieces.append(_LITERAL[part])
        elif part[0] == "*":
            pieces.append(MANY)
        elif part == "?":
            pieces.append(ONE)
        else:
            pieces.extend(part)
    return tuple(pieces)


def _by_runs(pieces: tuple[Piece, ...]) -> Callable[[str], bool]:
    """Without `ONE`: the runs of characters between the stars, each looked for as early as it can stand."""
    runs = [""]
    for piece in pieces:
        if isinstance(piece, str):
            runs[-1] += piece
        else:
            runs.append("")
    first, last = runs[0], runs[-1]
    if len(runs) == 1:
        return first.__eq__
    between, fixed = runs[1:-1], len(first) + len(last)

    def matches(text: str) -> bool:
        if len(text) < fixed or not (text.startswith(first) and text.endswith(last)):
            return False
        place, end = len(first), len(text) - len(last)
        for run in between:
            place = text.find(run, place, end)
            if place < 0:
                return False
            place += len(run)
        return True

    return matches


def _stepwise(pieces: tuple[Piece, ...]) -> Callable[[str], bool]:
    return lambda text: _matches(pieces, text)


def _matches(pieces: tuple[Piece, ...], text: str) -> bool:
    """Two pointers, and one place to come back to: the last `*`, which then takes one character more."""
    at = place = 0
    star, resume = -1, 0
    while place < len(text):
        piece = pieces[at] if at < len(pieces) else ""
        if piece is MANY:
            star, resume, at = at, place, at + 1
        elif piece == ONE or piece == text[place]:
            at, place = at + 1, place + 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return all(piece is MANY for piece in pieces[at:])
