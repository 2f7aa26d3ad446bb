"""A table of granted and refused routes → IAM patterns that grant exactly the granted ones, or the reason why none can.

In an IAM Resource `*` crosses `/`, so the pattern of `/orders/{id}` also matches `/orders/1/secrets`. This file walks
through all that the patterns of the granted routes match, kind by kind, and denies what is not granted. Where the narrowest
pattern for a refused kind of path also matches a granted one, the table cannot be said in IAM patterns: a `Conflict`, which
errs towards denial.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from authorizer.patterns import END, MANY, REST, Pattern, broadest, covered, covering, ends, pattern_trie
from authorizer.trie import Trie
from authorizer.walk import Kind, Row, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_DENIED: Final = 200  # patterns; many more than fit into a policy


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


def everything() -> Expression:
    """Every path, whatever is in it."""
    return Expression(((REST,),))


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
            yield Lacking(refused, why(refused, kind, without_slash), tuple(candidates))


def why(refused: Row | None, kind: Kind, without_slash: Kind | None) -> Why:
    """What makes a kind hard to keep apart, of which `refused` refuses a reading."""
    if refused is None:
        return Why.UNDECLARED
    spelled = without_slash is not None or any(refused in node.ends for node in kind.rows)
    return Why.CROSSES if spelled else Why.ALIKE


def _candidates(kind: Kind, refused: Row | None) -> Iterator[Pattern]:
    if refused is not None and kind.pattern[-1:] != (END,):
        yield covering(refused.segments)
    if kind.pattern[-1:] in ((MANY,), (END,)) and len(kind.pattern) > 1:
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
