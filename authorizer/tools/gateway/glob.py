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
    """Whether a text matches a pattern; `fold`: whatever its case. Takes time in proportion to text and pattern."""
    pieces = _pieces(pattern.lower() if fold else pattern)
    if not fold and all(isinstance(piece, str) for piece in pieces):
        whole = "".join(piece for piece in pieces if isinstance(piece, str))
        return lambda text: text == whole
    return lambda text: _matches(pieces, text.lower() if fold else text)


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
