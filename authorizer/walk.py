"""All kinds of paths that patterns match, against the rows that decide about them.

A *kind* of path is a sequence of segments, each a literal of the table or `FRESH`, any other text. A table tells finitely
many apart, so that what is true of all of them is true of every path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer.path import folded
from authorizer.patterns import FRESH, MANY, Pattern
from authorizer.route import firsts, folded_segments
from authorizer.template import GREEDY, LITERAL, Segment
from authorizer.trie import Node, Trie, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Row(NamedTuple):
    """One route as a policy sees it. Of several that match a path, the first by `order` decides."""

    segments: tuple[Segment, ...]
    order: tuple[object, ...]
    granted: bool
    name: str

    @property
    def full_order(self) -> tuple[bool, Any]:
        """As `Route.full_order`: for HTTP APIs, where full matches come before greedy ones."""
        return bool(self.segments) and self.segments[-1].rank == GREEDY, self.order


class Kind(NamedTuple):
    """A kind of path on the walk: its segments, the pattern that covers it best, and where the walk is in each set."""

    pattern: Pattern
    rows: frozenset[Node[Row]]  # as the path is spelled
    alike: frozenset[Node[Row]]  # as a server may read it that does not tell `Admin` from `admin`
    allowed: frozenset[Node[Any]]
    denied: frozenset[Node[Any]]

    def then(self, part: str | None, alias: str | None = None) -> Kind:
        """The kind with one more segment; `alias`: one that only reads like this literal."""
        seen = FRESH if alias is not None else part
        read = alias if alias is not None else part and folded(part)
        segment = MANY if seen is None else Segment(LITERAL, seen)
        return Kind(
            (*self.pattern, segment),
            frozenset(step(self.rows, seen)),
            frozenset(step(self.alike, read)),
            frozenset(step(self.allowed, seen)),
            frozenset(step(self.denied, seen)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """All kinds of paths that a set of patterns matches, against the rows that decide about them.

    `exact`: nobody takes `Admin` for `admin`. `complete`: paths that no row covers do not exist, and may be granted.
    """

    rows: Sequence[Row]
    exact: bool
    complete: bool
    _rows: Trie[Row] = field(init=False)
    _alike: Trie[Row] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", Trie((row.segments, row) for row in self.rows))
        alike = () if self.exact else self.rows
        object.__setattr__(self, "_alike", Trie((folded_segments(row.segments), row) for row in alike))

    def kinds(self, allowed: Trie[Any], denied: Trie[Any]) -> Iterator[tuple[Kind, Kind | None]]:
        """Every kind that `allowed` may match, once, shortest first; one with a slash at the end beside the one without."""
        start = Kind((), self._rows.start, self._alike.start, allowed.start, denied.start)
        waiting, seen = [start], {start[1:]}
        for kind in waiting:
            yield kind, None
            if kind.pattern:
                yield kind.then(""), kind
            for after in self._followers(kind):
                if after.allowed and after[1:] not in seen:
                    seen.add(after[1:])
                    waiting.append(after)

    def _followers(self, kind: Kind) -> Iterator[Kind]:
        """The broadest first: of kinds that the walk cannot tell apart from here on, the first one stands for all."""
        yield kind.then(FRESH)
        yield from (kind.then(FRESH, alias) for alias in _literals(kind.alike))
        yield from (kind.then(part) for part in _literals((*kind.rows, *kind.allowed, *kind.denied)))

    def readings(self, kind: Kind, without_slash: Kind | None) -> tuple[Row | None, list[Row]]:
        """The row that decides a kind as it is spelled, and those of its other readings."""
        row, *others = _firsts(kind.rows) or (None,)
        read = (kind.alike,) if without_slash is None else (kind.alike, without_slash.rows, without_slash.alike)
        return row, [*(one for one in others if one is not None), *(one for nodes in read for one in _firsts(nodes))]

    def is_granted(self, kind: Kind, without_slash: Kind | None) -> bool:
        """Whether a kind is granted: in every reading."""
        row, others = self.readings(kind, without_slash)
        return row is not None and row.granted and all(other.granted for other in others)


def _literals(nodes: Iterable[Node[Any]]) -> list[str]:
    return sorted({part for node in nodes for part in node.literals if part})


def _firsts(nodes: Iterable[Node[Row]]) -> tuple[Row, ...]:
    """The row that decides, of those that end here; and the one that decides on HTTP APIs where that is another."""
    return firsts([row for node in nodes for row in node.ends])
