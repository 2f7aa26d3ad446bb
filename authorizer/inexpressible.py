"""Which rules no policy for all routes can say, known from the table alone: for whatever a principal may hold.

A pattern for what is refused would also match what is granted. That matters only if somebody can be granted the one and
refused the other, so a route whose demands another's include is no obstacle to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.expression import Conflict, Why, why
from authorizer.patterns import covering, ends, pattern_trie
from authorizer.requirement import OF_THE_PRINCIPAL, includes, is_binding
from authorizer.route import METHODS, of_method
from authorizer.template import LITERAL, Segment
from authorizer.trie import Trie
from authorizer.walk import Row, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.patterns import Pattern
    from authorizer.route import Route
    from authorizer.rules import Rules
    from authorizer.walk import Kind


def table_conflicts(rules: Rules) -> tuple[Conflict, ...]:
    """Every pair of routes that cannot be kept apart, and every rule that depends on the single request."""
    found: dict[Conflict, None] = {}
    for route in rules.routes:
        if _varies(route):
            found[Conflict(route.name, None, Why.VARIES)] = None
        if route.name == "$default" and not route.deny and not rules.complete:
            found[Conflict(route.name, None, Why.DEFAULT)] = None
    done: set[tuple[str, ...]] = set()
    for method in METHODS:
        routes = of_method(rules.routes, method)
        names = tuple(route.name for route in routes)
        if names not in done:
            done.add(names)
            found |= dict.fromkeys(_Table(routes, rules).conflicts())
    if rules.everywhere is not None and any(not one.reads <= OF_THE_PRINCIPAL for one in rules.everywhere.conditions):
        found[Conflict("require", None, Why.VARIES)] = None
    return tuple(found)


def _varies(route: Route) -> bool:
    others = [one for one in route.requirement.conditions if not one.reads <= OF_THE_PRINCIPAL]
    return not route.deny and any(not is_binding(one) for one in others)


class _Table:
    """The routes of one method, of which any may be granted or refused."""

    def __init__(self, routes: Sequence[Route], rules: Rules) -> None:
        self._routes = {route.name: route for route in routes}
        rows = [row for route in routes for row in _rows(route)]
        self._walk = Walk(rows=rows, exact=rules.exact, complete=rules.complete)
        self._owners = Trie((covering(row.segments), row) for row in rows if row.granted)
        self._hits: dict[Pattern, list[tuple[str, list[Row]]]] = {}

    def conflicts(self) -> Iterator[Conflict]:
        """What cannot be kept apart."""
        for kind, without_slash in self._walk.kinds(self._owners, Trie()):
            owners = {row.name for node in kind.allowed for row in node.ends}
            if not owners:
                continue
            row, others = self._walk.readings(kind, without_slash)
            readings = [row, *others] if row is not None or not self._walk.complete else others
            for refused in dict.fromkeys(readings):
                yield from self._apart(kind, owners, refused, why(refused, kind, without_slash))

    def _apart(
        self, kind: Kind, owners: frozenset[str] | set[str], refused: Row | None, why_: Why
    ) -> Iterator[Conflict]:
        if refused is not None and refused.granted and self._routes[refused.name].public:
            return
        hits = {name for name, readings in self._matched_by(kind.pattern) if refused not in readings}
        for hit in sorted(hits):
            if any(self._may_differ(owner, hit, refused) for owner in owners):
                yield Conflict(hit, refused.name if refused is not None else None, why_)

    def _may_differ(self, owner: str, hit: str, refused: Row | None) -> bool:
        """Whether somebody may be granted two routes and refused the third."""
        if refused is None or not refused.granted:
            return True
        held = (self._routes[owner].requirement, self._routes[hit].requirement)
        return owner != refused.name and not includes(held, self._routes[refused.name].requirement)

    def _matched_by(self, pattern: Pattern) -> list[tuple[str, list[Row]]]:
        """The routes of which a pattern matches something that may be granted, each with all readings of that."""
        if pattern not in self._hits:
            kinds = self._walk.kinds(pattern_trie([pattern]), Trie())
            read = [self._walk.readings(*pair) for pair in kinds if ends(pair[0].allowed)]
            self._hits[pattern] = [
                (row.name, [row, *others]) for row, others in read if row is not None and row.granted
            ]
        return self._hits[pattern]


def _rows(route: Route) -> Iterator[Row]:
    """A route that a claim binds is granted for one text, whichever that is, and refused for all others."""
    bound = {one.index for one in route.requirement.conditions if is_binding(one)}
    segments = route.template.segments
    if bound and not route.deny:
        texts = tuple(_SOME_TEXT if at in bound else one for at, one in enumerate(segments))
        yield Row(texts, (*route.order, 0), True, route.name)
    yield Row(segments, (*route.order, 1), not (bound or route.deny), route.name)


_SOME_TEXT = Segment(LITERAL, "{}")  # no literal of a template
