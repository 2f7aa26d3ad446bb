"""Request → `Credential`: exactly one configured place may hold it, exactly once (RFC 6750 section 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from authorizer.errors import EventError, Fault, Refused
from authorizer.model import Credential
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from authorizer.fields import Fields
    from authorizer.model import Request

_B64TOKEN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"  # RFC 6750 section 2.1


class Where(Enum):
    """The kinds of place that can hold a credential."""

    HEADER = "header"
    QUERY = "query"
    COOKIE = "cookie"


@dataclass(frozen=True, slots=True)
class Place:
    """One place that may hold the credential, written `header:Authorization`, `query:access_token` or `cookie:session`."""

    where: Where
    name: str  # header names in lower case
    text: str = field(init=False, compare=False, repr=False)
    # Only the Authorization header carries `Bearer ` before the token; all other places hold the bare token.
    has_scheme: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", f"{self.where.value}:{self.name}")
        object.__setattr__(self, "has_scheme", self.where is Where.HEADER and self.name == "authorization")

    def __str__(self) -> str:
        return self.text

    def values(self, fields: Fields) -> tuple[str, ...]:
        """All that this place holds."""
        match self.where:
            case Where.HEADER:
                return fields.header(self.name)
            case Where.QUERY:
                return fields.query(self.name)
            case Where.COOKIE:
                return fields.cookie(self.name)


AUTHORIZATION = Place(Where.HEADER, "authorization")
_USUAL = (AUTHORIZATION, Place(Where.QUERY, "access_token"))  # RFC 6750 sections 2.1 and 2.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where to look for the credential of one API type, and how large it may be."""

    places: tuple[Place, ...] = (AUTHORIZATION,)
    max_bytes: int = 8192  # API Gateway takes 10,240 bytes of headers in all


def find(request: Request, sources: Sources) -> Credential:
    """The one credential of the request; `Refused` for none, for two, and for what is not RFC 6750 syntax."""
    found = _in_fields(request, sources) if request.surface.has_fields else _in_token_event(request, sources)
    if len(found) > 1:
        raise _refused(Reason.CREDENTIAL_MULTIPLE, found[0][0], found=f"{len(found)} values")
    if not found or not found[0][1]:
        raise _missing(request, sources)
    place, value = found[0]
    if len(value) > sources.max_bytes:
        raise _refused(Reason.CREDENTIAL_TOO_LARGE, place, f"at most {sources.max_bytes} bytes", f"{len(value)}")
    token = _after_bearer(value) if place.has_scheme else value
    if token is None or not _is_b64token(token):
        raise _malformed(place, value)
    return Credential(value=token, place=place.text)


def _in_fields(request: Request, sources: Sources) -> list[tuple[Place, str]]:
    return [(place, value) for place in sources.places for value in place.values(request.fields)]


def _in_token_event(request: Request, sources: Sources) -> list[tuple[Place, str]]:
    """A TOKEN event does not say which header API Gateway took the value from: the configured one."""
    for place in sources.places:
        if place.where is Where.HEADER:
            return [(place, request.token)] if request.token else []
    raise EventError(
        Reason.EVENT_FOR_ANOTHER_FUNCTION,
        Fault(claim="type", expected="a REQUEST authorizer", found="TOKEN, which carries a header only"),
    )


def _after_bearer(value: str) -> str | None:
    """What follows the scheme, whose name has no case (RFC 9110 section 11.1); None for another scheme, or none."""
    scheme, _, rest = value.partition(" ")
    return rest.lstrip(" ") if scheme.lower() == "bearer" else None


def _is_b64token(text: str) -> bool:
    """RFC 6750 section 2.1: one or more characters of the alphabet, then any number of `=`."""
    if not text.isascii():
        return False
    raw = text.encode("ascii")
    others = raw.translate(None, _B64TOKEN)
    return len(others) < len(raw) and (not others or (not others.strip(b"=") and raw.endswith(others)))


def _malformed(place: Place, value: str) -> Refused:
    """Why the value is not the one credential that its place should hold."""
    scheme, space, _ = value.partition(" ")
    if place.has_scheme and scheme.lower() != "bearer":
        if not space and _is_b64token(value):
            return _refused(Reason.CREDENTIAL_SCHEME_MISSING, place, "Bearer before the token", "no scheme")
        return _refused(Reason.CREDENTIAL_SCHEME_UNSUPPORTED, place, "the scheme Bearer", "another scheme")
    if "," in value:  # payload 2.0 joins repeated headers and parameters with commas, which no token holds
        return _refused(Reason.CREDENTIAL_MULTIPLE, place, found="a comma between values")
    expected = "Bearer and one b64token" if place.has_scheme else "the bare b64token"
    return _refused(Reason.CREDENTIAL_MALFORMED, place, expected, "other characters")


def _missing(request: Request, sources: Sources) -> Refused:
    expected = " or ".join(map(str, sources.places))
    for place in _USUAL:
        if place not in sources.places and any(place.values(request.fields)):
            return Refused(Reason.CREDENTIAL_MISPLACED, Fault(claim=str(place), expected=expected, found=str(place)))
    return Refused(Reason.CREDENTIAL_MISSING, Fault(claim=expected, expected=expected, found="nothing"))


def _refused(reason: Reason, place: Place, expected: str = "exactly one", found: str | None = None) -> Refused:
    return Refused(reason, Fault(claim=str(place), expected=expected, found=found))
