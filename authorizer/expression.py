"""A table of granted and refused routes → IAM patterns that grant exactly the granted ones, or the reason why none can.

In an IAM Resource `*` crosses `/`, so the pattern of `/orders/{id}` also matches `/orders/1/secrets`. This file walks
through all that the patterns of the granted routes match, kind by kind, and denies what is not granted. Where the narrowest
pattern for a refused kind of path also matches a granted one, the table cannot be said in IAM patterns: a `Conflict`, which
errs towards denial.

A *kind* of path is a sequence of segments, each a literal of the table or `FRESH`, any other text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.path import folded
from authorizer.route import folded_segments
from authorizer.template import GREEDY, LITERAL, Segment
from authorizer.trie import Node, Trie, step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Pattern = tuple[Segment, ...]  # literals and `MANY`; the last may be `REST`

FRESH: Final = None
MANY: Final = Segment(GREEDY, "?*")  # one segment or more
REST: Final = Segment(GREEDY, "*")  # whatever follows a slash, also nothing
_END: Final = Segment(LITERAL, "")
MAX_DENIED: Final = 200  # patterns; many more than fit into a policy


class Row(NamedTuple):
    """One route as a policy sees it. Of several that match a path, the first by `order` decides."""

    segments: tuple[Segment, ...]
    order: tuple[object, ...]
    granted: bool
    name: str


class Why(Enum):
    """Why a table cannot be said in IAM patterns, and what helps."""

    CROSSES = "every pattern that covers the second covers paths of the first: `*` crosses `/`"
    UNDECLARED = (
        "paths that no rule covers lie among its own: paths.complete = true says that the API has no such routes"
    )
    ALIKE = "a server may take Admin for admin: paths.exact = true says that none behind this API does"
    VARIES = "its rule depends on the single request"
    DEFAULT = (
        "what $default means depends on the other routes of the API: paths.complete = true says that all have rules"
    )
    TOO_LARGE = "the policy would be too large"


class Conflict(NamedTuple):
    """What no pattern can keep apart: a granted route, and a refused one, or None for paths that no rule covers."""

    granted: str
    refused: str | None
    why: Why

    def __str__(self) -> str:
        against = f" and {self.refused}" if self.refused is not None else ""
        return f"{self.granted}{against}: {self.why.value}"


class Expression(NamedTuple):
    """What a policy allows, and what it denies of that: together what the rows grant, unless there are conflicts."""

    allowed: tuple[Pattern, ...]
    denied: tuple[Pattern, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


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
        others = [first(kind.alike)]
        if without_slash is not None:
            others += [first(without_slash.rows), first(without_slash.alike)]
        return first(kind.rows), [one for one in others if one is not None]

    def is_granted(self, kind: Kind, without_slash: Kind | None) -> bool:
        """Whether a kind is granted: in every reading."""
        row, others = self.readings(kind, without_slash)
        return row is not None and row.granted and all(other.granted for other in others)


def _literals(nodes: Iterable[Node[Any]]) -> list[str]:
    return sorted({part for node in nodes for part in node.literals if part})


def first(nodes: Iterable[Node[Row]]) -> Row | None:
    """The row that decides, of those that end here."""
    return min((row for node in nodes for row in node.ends), key=lambda row: row.order, default=None)


def ends(nodes: Iterable[Node[Any]]) -> bool:
    """Whether a pattern matches a kind."""
    return any(node.ends for node in nodes)


def express(rows: Sequence[Row], *, exact: bool = False, complete: bool = False) -> Expression:
    """The patterns that grant what the rows grant."""
    walk = Walk(rows=rows, exact=exact, complete=complete)
    allowed = broadest(covering(row.segments) for row in rows if row.granted)
    denied: list[Pattern] = []
    conflicts: list[Conflict] = []
    while (more := list(_lacking(walk, allowed, denied))) and len(denied) <= MAX_DENIED:
        for lacking in more:
            if not covered(denied, lacking.candidates[-1]):
                chosen, conflict = _choose(walk, lacking)
                denied.append(chosen)
                conflicts += [conflict] if conflict is not None else []
    if more:
        conflicts.append(Conflict(rows[0].name, None, Why.TOO_LARGE))
    return Expression(tuple(allowed), tuple(denied), tuple(dict.fromkeys(conflicts)))


class Lacking(NamedTuple):
    """A kind that is matched and not granted: the row that refuses it, and patterns to deny it by, the broadest first."""

    refused: Row | None
    why: Why
    candidates: tuple[Pattern, ...]


def _lacking(walk: Walk, allowed: Sequence[Pattern], denied: Sequence[Pattern]) -> Iterator[Lacking]:
    for kind, without_slash in walk.kinds(pattern_trie(allowed), pattern_trie(denied)):
        if not ends(kind.allowed) or ends(kind.denied):
            continue
        row, others = walk.readings(kind, without_slash)
        readings = [row, *others] if row is not None or not walk.complete else others
        refused = next((one for one in readings if one is None or not one.granted), ...)
        if refused is not ...:
            candidates = _candidates(kind, refused if refused is row else None)
            yield Lacking(refused, why(refused, row, without_slash), tuple(candidates))


def why(refused: Row | None, row: Row | None, without_slash: Kind | None) -> Why:
    """What makes a kind hard to keep apart, of which `row` decides and `refused` refuses a reading."""
    if refused is None:
        return Why.UNDECLARED
    return Why.CROSSES if refused is row or without_slash is not None else Why.ALIKE


def _candidates(kind: Kind, refused: Row | None) -> Iterator[Pattern]:
    if refused is not None and kind.pattern[-1:] != (_END,):
        yield covering(refused.segments)
    if kind.pattern[-1:] in ((MANY,), (_END,)) and len(kind.pattern) > 1:
        yield (*kind.pattern[:-1], REST)
    yield kind.pattern


def _choose(walk: Walk, lacking: Lacking) -> tuple[Pattern, Conflict | None]:
    """The broadest pattern that matches nothing granted; else the narrowest, which errs towards denial."""
    hit: Row | None = None
    for pattern in lacking.candidates:
        hit = granted_by(walk, pattern)
        if hit is None:
            return pattern, None
    assert hit is not None
    refused = lacking.refused.name if lacking.refused is not None else None
    return pattern, Conflict(hit.name, refused, lacking.why)


def granted_by(walk: Walk, pattern: Pattern) -> Row | None:
    """A row by which something is granted that the pattern matches."""
    for kind, without_slash in walk.kinds(pattern_trie([pattern]), Trie()):
        if ends(kind.allowed):
            row, _ = walk.readings(kind, without_slash)
            if row is not None and walk.is_granted(kind, without_slash):
                return row
    return None


def covering(segments: Iterable[Segment]) -> Pattern:
    """The narrowest pattern that matches all that a template matches."""
    return tuple(segment if segment.rank == LITERAL else MANY for segment in segments)


def broadest(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The patterns without those that others cover."""
    kept: list[Pattern] = []
    for pattern in sorted(set(patterns), key=lambda one: (len(one), one)):
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
            trie.add((*pattern[:-1], _END), True)
    return trie


def everything() -> Expression:
    """Every path, whatever is in it."""
    return Expression(((REST,),))


def text(pattern: Pattern) -> str:
    """As the end of a Resource, after the method and its slash."""
    return "/".join(segment.text for segment in pattern)
