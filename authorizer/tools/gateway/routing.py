"""Which route of an API a call hits, as API Gateway selects it: the most specific one, segment by segment.

REST APIs: a resource by literal before parameter before greedy parameter, then its method before ANY; a slash at the end
makes no difference. HTTP APIs: a full match before a greedy one before `$default`. Written from AWS's documentation, and not
from the code that decides: "Working with routes for HTTP APIs", "Set up a proxy integration with a proxy resource".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from authorizer.surface import Api as Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from authorizer.tools.template import ApiRoute

ANY: Final = "ANY"
DEFAULT: Final = "$default"
_PARAMETER: Final = re.compile(r"\{([^{}+]+)(\+?)\}")
_LITERAL, _ONE, _REST = range(3)  # from the most specific


class Match(NamedTuple):
    """A route that a path fits, with the path parameters as they were sent."""

    route: ApiRoute
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A route's path, read once."""

    route: ApiRoute
    segments: tuple[tuple[int, str], ...]

    @property
    def rank(self) -> tuple[int, ...]:
        """The more specific is less, segment by segment from the left."""
        return tuple(kind for kind, _ in self.segments)

    @property
    def greedy(self) -> bool:
        """Whether its last parameter takes all that is left."""
        return self.segments[-1][0] == _REST

    def parameters(self, parts: Sequence[str]) -> dict[str, str] | None:
        """The path parameters of a path that fits; None for one that does not."""
        found: dict[str, str] = {}
        for at, (kind, text) in enumerate(self.segments):
            if kind == _REST:
                rest = "/".join(parts[at:])
                return {**found, text: rest} if rest else None
            if at >= len(parts) or (parts[at] != text if kind == _LITERAL else not parts[at]):
                return None
            if kind == _ONE:
                found[text] = parts[at]
        return found if len(parts) == len(self.segments) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The routes of one API."""

    kind: Kind
    patterns: tuple[Pattern, ...]
    default: ApiRoute | None = None

    @classmethod
    def of(cls, kind: Kind, routes: Iterable[ApiRoute]) -> Routes:
        """The routes, the most specific first."""
        listed = list(routes)
        patterns = [Pattern(one, _segments(str(one.path))) for one in listed if str(one.path).startswith("/")]
        default = next((one for one in listed if one.path == DEFAULT), None)
        return cls(kind=kind, patterns=tuple(sorted(patterns, key=lambda one: one.rank)), default=default)

    def select(self, method: str, path: str) -> Match | None:
        """The route of a call; None where there is none. `path` is what the client sent, after the stage."""
        if self.kind is Kind.REST and len(path) > 1:
            path = path.removesuffix("/")
        parts = path.removeprefix("/").split("/")
        fitting = [(one, found) for one in self.patterns if (found := one.parameters(parts)) is not None]
        if self.kind is Kind.REST:  # first the resource, then its method: no other resource is tried
            fitting = [(one, found) for one, found in fitting if one.rank == fitting[0][0].rank]
        usable = [(one, found) for one, found in fitting if one.route.method in (method, ANY)]
        if not usable:
            return Match(self.default, {}) if self.default is not None else None
        best, found = min(usable, key=lambda pair: self._order(pair[0]))
        return Match(best.route, found)

    def _order(self, one: Pattern) -> tuple[bool, tuple[int, ...], bool]:
        """HTTP APIs: a greedy route comes after every full match, also where it is the more specific in the beginning."""
        return self.kind is Kind.HTTP and one.greedy, one.rank, one.route.method == ANY


def _segments(path: str) -> tuple[tuple[int, str], ...]:
    parts = path.removeprefix("/").split("/")
    return tuple(map(_segment, parts))


def _segment(text: str) -> tuple[int, str]:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        return _LITERAL, text
    return (_REST if found[2] else _ONE), found[1]
