"""How a call brings the token to an authorizer: in the place that its identity sources and the settings name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from authorizer.credential import Place, Where
from authorizer.tools.template_check.identity import Identity, holding, parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SOME: Final = "x"  # what other identity sources hold: API Gateway only wants something to be there
_WHERE: Final = {"header": Where.HEADER, "querystring": Where.QUERY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a call has of the token. `also` are further identity sources, which API Gateway asks for too."""

    place: Place | None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: str = field(default="", repr=False)
    also: tuple[str, ...] = ()

    @property
    def where(self) -> str | None:
        """The place in words; None for the usual one, the Authorization header."""
        if self.place is None or self.place.has_scheme:
            return None
        kind = {Where.HEADER: "header", Where.QUERY: "query parameter", Where.COOKIE: "cookie"}[self.place.where]
        return f"the {kind} {self.place.name}"

    def told(self, why: str) -> str:
        """A reason with what a client has to know of the place."""
        where = f"; the token goes into {self.where}" if self.where else ""
        also = f"; calls need {' and '.join(self.also)} too" if self.also else ""
        return f"{why}{where}{also}"


def of_sources(texts: Iterable[str]) -> Place | None:
    """The place that the first identity source of API Gateway's own authorizers names."""
    first = next((parsed(one) for one in texts), None)
    return Place(_WHERE[first.kind], first.name) if first is not None and first.kind in _WHERE else None


def of_token_event(texts: Iterable[str], places: Sequence[Place]) -> Place | None:
    """The header of a TOKEN authorizer. Whether `Bearer` comes before the token is said by the function's settings."""
    place = of_sources(texts)
    return places[0] if place is None and places else place


def of_function(texts: Iterable[str], places: Sequence[Place]) -> Place | None:
    """The place where the function looks, first of all one that API Gateway looks at too."""
    asked = {parsed(one) for one in texts}
    return next((one for one in places if holding(one) in asked), places[0] if places else None)


def sent(token: str, place: Place | None, texts: Iterable[str], *, scheme: bool) -> Sending:
    """The token in a place, with `Bearer` before it or without, and something in every other identity source."""
    given = [one for one in map(parsed, texts) if one is not None]
    used = holding(place) if place is not None else None
    others = [one for one in given if one != used and one.kind in _WHERE]
    headers = [(one.name, _SOME) for one in others if one.kind == "header"]
    query = [(one.name, _SOME) for one in others if one.kind == "querystring"]
    value = f"Bearer {token}" if scheme else token
    if place is not None and place.where is Where.QUERY:
        query.append((place.name, value))
    elif place is not None:
        cookie = place.where is Where.COOKIE
        headers.append(("cookie", f"{place.name}={value}") if cookie else (place.name, value))
    pairs = "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in query)
    return Sending(place=place, headers=tuple(headers), query=pairs, also=tuple(map(_words, others)))


def _words(one: Identity) -> str:
    return f"the {'header' if one.kind == 'header' else 'query parameter'} {one.name}"
