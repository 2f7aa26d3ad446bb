"""Whether a credential got out: no part of it may occur in anything that a function wrote or answered."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MIN_PART: Final = 8  # characters: shorter parts occur by chance
_SEPARATORS: Final = re.compile(r"[.\s,;=\"'&]+")  # between segments of a JWT, and around credentials in a header
_JWT: Final = re.compile(r"ey[A-Za-z0-9_+/=-]{6,}(?:\.[A-Za-z0-9_+/=-]*){2,4}")  # "ey" is the start of {" in base64
_PLACES: Final = re.compile(
    r"authorization(token)?|proxy-authorization|identitysource|cookies?|x-api-key|apikey|x-token|(access_|id_)?token|session",
    re.IGNORECASE,
)
_SECRET_VARIABLE: Final = re.compile(r"KEY$|SECRET|TOKEN$|PASSWORD")


def find_leaks(output: bytes, secrets: frozenset[str]) -> list[str]:
    """The secret parts that occur in the output: cut, so that the report of a leak is not the next one."""
    return [f"{part[:4]}… ({len(part)} characters)" for part in sorted(secrets) if part.encode() in output]


def secrets_of(event: object) -> frozenset[str]:
    """Every part, 8 characters or longer, of what an event holds in a place for credentials or what looks like a JWT."""
    values = {*_credentials(event), *_tokens(event)}
    return frozenset(part for value in values for part in _parts(value))


def secrets_in(variables: Mapping[str, str]) -> frozenset[str]:
    """The values of variables whose names say that they are secret."""
    return frozenset(value for name, value in variables.items() if _SECRET_VARIABLE.search(name) and value)


def _credentials(value: object, place: str = "") -> Iterator[str]:
    """Every text below a name that is one for credentials."""
    if isinstance(value, str):
        if _PLACES.fullmatch(place):
            yield value
        return
    for name, item in _items(value):
        inherited = place if _PLACES.fullmatch(place) else name
        yield from _credentials(item, inherited if isinstance(value, dict) else place)


def _tokens(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from _JWT.findall(value)
        return
    for _, item in _items(value):
        yield from _tokens(item)


def _items(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return [("", item) for item in value] if isinstance(value, list) else []


def _parts(credential: str) -> Iterator[str]:
    for part in (credential, *_SEPARATORS.split(credential)):
        if len(part) >= MIN_PART and part not in _catalogue():
            yield part


@cache
def _catalogue() -> str:
    """What the reasons say about everybody's credentials, `AWS4-HMAC-SHA256` or `undefined`, is nobody's secret."""
    return files("authorizer").joinpath("reasons.toml").read_text("utf-8")
