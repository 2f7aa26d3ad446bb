"""The regular expressions of the catalogues: how they are read, and how people are told what one looks for.

What is told is always the expression, never the text that it met: a log line may hold what a client sent.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

MOST_TEXT: Final = 60_000  # characters of one request that are searched
_SYNTAX: Final = re.compile(
    r"(?P<literal>\\[^wWsSdDb])"
    r"|(?P<space>\\[sb][*+]?)"
    r"|(?P<aside>\(\?[!=].*?\)+)"
    r"|(?P<any>(?:\\[wWSdD]|\.|\[\^?[^\]]+\])(?:[*+]\??|\{[\d,]+\})?)"
)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The expression; an empty one is for what is empty. `ValueError` for one that is none."""
    try:
        return re.compile(pattern or r"^\s*$", re.IGNORECASE | re.MULTILINE)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None


def found(pattern: str, text: str) -> bool:
    """Whether the expression is met anywhere in the beginning of the text."""
    return compiled(pattern).search(text[:MOST_TEXT]) is not None


def told(pattern: str, text: str | None = None) -> str:
    """The expression in words for people; of several alternatives the one that the text meets, where there is a text."""
    alternatives = _alternatives(pattern)
    met = (one for one in alternatives if text is not None and found(one, text))
    return _words(next(met, alternatives[0] if text is not None else " or ".join(alternatives)))


def _words(pattern: str) -> str:
    if pattern in ("", "^-?$"):
        return "nothing"
    text = _SYNTAX.sub(_word, pattern).strip("^$ ")
    return re.sub(r" +", " ", text) if text.strip("…()|? ") else "a value"


def _word(match: re.Match[str]) -> str:
    if match["literal"]:
        return match[0][1]
    return " " if match["space"] else "…" if match["any"] else ""


def _alternatives(pattern: str) -> list[str]:
    """The parts between `|` that stand outside of all brackets."""
    parts, depth, part, at = [], 0, "", 0
    while at < len(pattern):
        step = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(step, 0)
        if step == "|" and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += step
        at += len(step)
    return [*parts, part]
