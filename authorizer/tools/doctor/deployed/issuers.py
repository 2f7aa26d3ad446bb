"""What an issuer says of itself now: its discovery document and its keys, asked for as API Gateway does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from threading import Timer
from typing import TYPE_CHECKING, Any, Final

from authorizer.clock import stopwatch
from authorizer.errors import Unavailable
from authorizer.jose import fetch
from authorizer.jose.discovery import metadata_url
from authorizer.jose.keys import KeyRejected, public_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SECONDS: Final = 2.0  # API Gateway waits 1.5
MAX_BYTES: Final = 150_000  # of a key set, for an HTTP API
_CAP: Final = 10 * MAX_BYTES
_KEYS: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerAnswer:
    """`unreachable` says what could not be had, and why; then nothing else is known. `algorithms`: what the usable keys
    sign with; `slowest`: seconds of the slower of the two documents."""

    unreachable: str | None = None
    names: str | None = None
    size: int = 0
    keys: int = 0
    algorithms: frozenset[str] = frozenset()
    slowest: float = 0.0


def fetched(url: str) -> bytes:
    """One document, within the deadline; `Unavailable` for everything else."""
    deadline = fetch.Deadline(SECONDS)
    timer = Timer(SECONDS, deadline.cancel)
    timer.daemon = True
    timer.start()
    try:
        return fetch.get(url, deadline, max_bytes=_CAP)
    finally:
        timer.cancel()


def ask(issuer: str, get: Callable[[str], bytes] = fetched) -> IssuerAnswer:
    """What an issuer answers."""
    if not fetch.is_https(issuer):
        return IssuerAnswer(unreachable="the issuer is no https URL")
    try:
        document, first = _timed(get, metadata_url(issuer))
    except Unavailable as error:
        return IssuerAnswer(unreachable=f"{metadata_url(issuer)}: {error.reason.value}")
    said = _object(document)
    names, jwks_uri = said.get("issuer"), said.get("jwks_uri")
    if not isinstance(jwks_uri, str) or not fetch.is_https(jwks_uri):
        return IssuerAnswer(unreachable=f"{metadata_url(issuer)} names no https jwks_uri")
    try:
        keys, second = _timed(get, jwks_uri)
    except Unavailable as error:
        return IssuerAnswer(unreachable=f"{jwks_uri}: {error.reason.value}")
    members = _object(keys).get("keys")
    listed = members[:_KEYS] if isinstance(members, list) else []
    return IssuerAnswer(
        names=names if isinstance(names, str) else None,
        size=len(keys),
        keys=len(listed),
        algorithms=frozenset(name for one in listed for name in _algorithms(one)),
        slowest=max(first, second),
    )


def _timed(get: Callable[[str], bytes], url: str) -> tuple[bytes, float]:
    start = stopwatch()
    return get(url), stopwatch() - start


def _object(document: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _algorithms(member: object) -> Iterator[str]:
    if isinstance(member, dict):
        try:
            yield from public_key(member).algorithms
        except KeyRejected:
            return
