"""Patterns of IAM Resources, segment by segment: literals, and wildcards that stand for one segment or more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.template import GREEDY, LITERAL, Segment
from authorizer.trie import Node, Trie, step

if TYPE_CHECKING:
    from collections.abc import Iterable

Pattern = tuple[Segment, ...]  # literals and `MANY`; the last may be `REST`

FRESH: Final = None  # a segment that no literal spells
MANY: Final = Segment(GREEDY, "?*")  # one segment or more
REST: Final = Segment(GREEDY, "*")  # whatever follows a slash, also nothing
END: Final = Segment(LITERAL, "")  # the end after a slash


def covering(segments: Iterable[Segment]) -> Pattern:
    """The narrowest pattern that matches all that a template matches."""
    return tuple(segment if segment.rank == LITERAL else MANY for segment in segments)


def broadest(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The patterns without those that others cover."""
    kept: list[Pattern] = []
    for pattern in sorted(
        set(patterns), key=lambda one: (len(one), sum(segment.rank == LITERAL for segment in one), one)
    ):
        if not covered(kept, pattern):
            kept.append(pattern)
    return kept


def covered(patterns: Iterable[Pattern], other: Pattern) -> bool:
    """Whether patterns cover all that another one covers."""
    at: Iterable[Node[Any]] = pattern_trie(patterns).start
    for rank, text in other:
        at = step(at, FRESH if rank == GREEDY else text)
    return ends(at)


def pattern_trie(patterns: Iterable[Pattern]) -> Trie[Any]:
    """The patterns, to be walked along."""
    trie: Trie[Any] = Trie()
    for pattern in patterns:
        trie.add(pattern, True)
        if pattern[-1:] == (REST,):
            trie.add((*pattern[:-1], END), True)
    return trie


def ends(nodes: Iterable[Node[Any]]) -> bool:
    """Whether a pattern matches a kind."""
    return any(node.ends for node in nodes)


def text(pattern: Pattern) -> str:
    """As the end of a Resource, after the method and its slash."""
    return "/".join(segment.text for segment in pattern)
