"""One row of the route table, and the table: which rows a called path falls under."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from authorizer.path import folded, is_doubtful, normalised, split
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.template import Segment, Template
from authorizer.trie import Trie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, Protocol

    class _Ranked(Protocol):
        @property
        def full_order(self) -> Any: ...


R = TypeVar("R", bound="_Ranked")
ANY_METHOD: Final = "ANY"
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")  # all that API Gateway has


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One rule for one route. A public one asks for no credential and looks at none; `deny` refuses everybody."""

    method: str  # "GET", or "ANY"
    template: Template
    requirement: Requirement = ANY_VALID_TOKEN
    public: bool = False
    deny: bool = False

    name: str = field(init=False, compare=False)  # as written in the settings: `GET /orders/{id}`

    def __post_init__(self) -> None:
        name = self.template.text if self.template.special else f"{self.method} {self.template.text}"
        object.__setattr__(self, "name", name)

    @property
    def order(self) -> tuple[tuple[int, ...], bool]:
        """Sorts what REST APIs would select first: the most specific template, then the method by name."""
        return self.template.rank, self.method == ANY_METHOD

    @property
    def full_order(self) -> tuple[bool, tuple[int, ...], bool]:
        """The same for HTTP APIs, where full matches come before greedy ones. AWS: "Working with routes for HTTP APIs"."""
        return self.template.is_greedy, *self.order


class Selection(NamedTuple):
    """The rule of a path; the others that it falls under where it is read in another way; or that it is `doubtful`."""

    route: Route | None = None
    others: tuple[Route, ...] = ()
    doubtful: bool = False


class MethodTable:
    """The routes of one method. Finding one takes as long as the path has segments, however many routes there are."""

    def __init__(self, routes: Iterable[Route], *, exact: bool) -> None:
        routes = tuple(routes)
        self._exact = exact
        self._routes = Trie((route.template.segments, route) for route in routes)
        self._folded = Trie((folded_segments(route.template.segments), route) for route in routes)
        self._is_folded = all(folded_segments(one.template.segments) == one.template.segments for one in routes)
        tries = (self._routes,) if exact else (self._routes, self._folded)
        self._has_choice = any(node.is_choice for trie in tries for node in trie.nodes())

    def select(self, path: str) -> Selection:
        """The route of a path, as API Gateway selects among templates, and what else the path may mean."""
        if is_doubtful(path, exact=self._exact):
            return Selection(doubtful=self._reaches(normalised(path)))
        parts = split(path)
        route, *crossing = firsts(self._routes.matching(parts)) or (None,)
        if route is None:
            return Selection(doubtful=self._reaches(normalised(path)))
        if not self._has_choice:
            return Selection(route)
        others = (other for other in (*crossing, *self._others(parts, path)) if other is not route)
        return Selection(route, tuple(dict.fromkeys(others)))

    def _others(self, parts: Sequence[str], path: str) -> Iterator[Route]:
        """What the path falls under when the slash at its end, case or escapes do not count."""
        has_slash = bool(parts) and parts[-1] == ""
        if has_slash:
            yield from firsts(self._routes.matching(parts[:-1]))
        if self._exact or (self._is_folded and folded(path) == path):
            return
        lower = [folded(part) for part in parts]
        yield from firsts(self._folded.matching(lower))
        if has_slash:
            yield from firsts(self._folded.matching(lower[:-1]))

    def _reaches(self, path: str) -> bool:
        """Whether another spelling of a path would fall under a rule."""
        return bool(self._folded.matching(split(path)))


class RouteTable:
    """All routes, by method. Tables are made when a method is called for the first time."""

    def __init__(self, routes: Sequence[Route], *, exact: bool = False) -> None:
        self._routes = routes
        self._exact = exact
        self._by_method: dict[str, MethodTable] = {}
        self._special = {route.template.text: route for route in routes if route.template.special}

    def special(self, name: str) -> Route | None:
        """The rule for `$connect` or `$default`."""
        return self._special.get(name)

    def select(self, method: str, path: str) -> Selection:
        """The rule of a call."""
        table = self._by_method.get(method)
        if table is None:
            if method not in METHODS:
                return Selection()
            table = self._by_method[method] = MethodTable(of_method(self._routes, method), exact=self._exact)
        return table.select(path)


def of_method(routes: Iterable[Route], method: str) -> list[Route]:
    """The routes with a path that a method can call."""
    return [route for route in routes if route.method in (method, ANY_METHOD) and not route.template.special]


def firsts(routes: Sequence[R]) -> tuple[R, ...]:
    """The one that REST APIs select, and the one that HTTP APIs select where that is another: `/a/{proxy+}` and `/{x}/b`."""
    if len(routes) < 2:
        return tuple(routes)
    full = min(routes, key=lambda route: route.full_order)
    first = min(routes, key=lambda route: route.full_order[1:])  # whether it is greedy comes first, and only there
    return (first,) if first is full else (first, full)


def folded_segments(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments with every literal in the form in which `folded` paths are compared."""
    return tuple(Segment(rank, folded(text)) for rank, text in segments)
