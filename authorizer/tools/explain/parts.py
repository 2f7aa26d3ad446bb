"""A token read part by part, so that one fault does not hide the next. Every part is read by `jose.token.parse`."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.errors import Refused
from authorizer.jose import base64url, strict_json, token
from authorizer.jose.claims import Problem
from authorizer.jose.token import Header, UnverifiedToken

if TYPE_CHECKING:
    from collections.abc import Mapping

# Parts with which nothing is wrong, to stand beside the one that is read: {"alg":"RS256"}, {} and one byte.
_HEADER: Final = "eyJhbGciOiJSUzI1NiJ9"
_PAYLOAD: Final = "e30"
_SIGNATURE: Final = "AA"
# What a header is read on without, once the claim at fault was told: members to leave out, and to put in.
_LEFT_OUT: Final[Mapping[str | None, tuple[frozenset[str], Mapping[str, Any]]]] = {
    "enc": (frozenset({"enc", "zip"}), {}),
    "alg": (frozenset({"alg"}), {"alg": "RS256"}),
    "crit": (frozenset({"crit", "b64"}), {}),
    "kid": (frozenset({"kid"}), {}),
    "typ": (frozenset({"typ"}), {}),
}
_NO_HEADER: Final = Header("", None, None)


class Parts(NamedTuple):
    """What can be read of a token, nothing proven."""

    problems: tuple[Problem, ...]  # of its form, as the Lambda comes upon them
    members: Mapping[str, Any]  # of the header, as they are; none when it cannot be read
    seen: UnverifiedToken | None  # without what is wrong with its header; None without readable claims
    shell: str  # the claims in a token whose other parts have no fault
    size: int  # characters of the signature

    @property
    def faulty(self) -> frozenset[str | None]:
        """Which parts and header parameters have a fault."""
        return frozenset(problem.fault.claim for problem in self.problems)

    @property
    def whole(self) -> bool:
        """Whether there is nothing wrong with its form, so that the signature can be checked."""
        return self.seen is not None and not self.problems

    def __repr__(self) -> str:
        return f"Parts(problems={self.problems!r})"


def read_parts(text: str) -> Parts:
    """The parts of what has the shape of a token: two or four dots."""
    segments = text.split(".")
    if len(segments) != 3 or not text.isascii():
        _, problem = _parsed(text)
        return Parts((problem,) if problem else (), _members(segments[0]), None, "", 0)
    protected, payload, signature = segments
    header, problems = _read_header(protected)
    shell = f"{_HEADER}.{payload}.{_SIGNATURE}"
    claims, *wrong = _parsed(shell)
    _, *worse = _parsed(f"{_HEADER}.{_PAYLOAD}.{signature}")
    problems += [problem for problem in (*wrong, *worse) if problem is not None]
    seen = None
    if claims is not None:
        signing_input = f"{protected}.{payload}".encode("ascii")
        seen = UnverifiedToken(header, claims.claims, signing_input, _signature(signature))
    return Parts(tuple(problems), _members(protected), seen, shell, len(signature))


def _parsed(text: str) -> tuple[UnverifiedToken | None, Problem | None]:
    try:
        return token.parse(text), None
    except Refused as refused:
        return None, Problem(refused.reason, refused.fault)


def _read_header(segment: str) -> tuple[Header, list[Problem]]:
    """The header without what is wrong with it, and all that is. Each round leaves out one member, so it ends."""
    members = _members(segment)
    problems: list[Problem] = []
    while True:
        read, problem = _parsed(f"{segment}.{_PAYLOAD}.{_SIGNATURE}")
        if read is not None:
            return read.header, problems
        assert problem is not None
        problems.append(problem)
        if problem.fault.claim not in _LEFT_OUT:
            return _NO_HEADER, problems
        without, instead = _LEFT_OUT[problem.fault.claim]
        members = {name: value for name, value in members.items() if name not in without} | dict(instead)
        segment = _encoded(members)


def _members(segment: str) -> dict[str, Any]:
    try:
        return strict_json.parse_object(base64url.decode(segment))
    except (base64url.NotBase64Url, strict_json.NotStrictJson):
        return {}


def _encoded(members: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(members).encode("ascii")).rstrip(b"=").decode("ascii")


def _signature(segment: str) -> bytes:
    try:
        return base64url.decode(segment)
    except base64url.NotBase64Url:
        return b""
