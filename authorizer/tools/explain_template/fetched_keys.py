"""The keys that issuers publish now, for API Gateway's own authorizers. Each issuer is asked once; https only."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Any, Final

from authorizer.errors import Unavailable
from authorizer.jose import discovery, fetch, strict_json
from authorizer.jose.fetch import Deadline
from authorizer.tools.gateway.issuers import Unreachable
from authorizer.verifiers.cognito import issuer_urls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SECONDS: Final = 5.0  # API Gateway waits 1.5 s for each of the two documents; a desk may be further away
_MAX_BYTES: Final = 1_048_576  # more than API Gateway takes, which has its own bound


def _get(url: str, deadline: Deadline) -> bytes:
    return fetch.get(url, deadline, max_bytes=_MAX_BYTES)


class FetchedKeys:
    """Asks the issuers themselves. What came of it, a failure too, is kept for as long as the command runs."""

    def __init__(self, get: Callable[[str, Deadline], bytes] = _get) -> None:
        """`get` fetches one document within a deadline, or raises `Unavailable`."""
        self._get = get
        self._kept: dict[str, Mapping[str, Any] | Unreachable] = {}

    def key_set(self, issuer: str) -> Mapping[str, Any]:
        """The JWK Set that an issuer publishes; `Unreachable` when it cannot be had."""
        if issuer not in self._kept:
            self._kept[issuer] = self._asked(issuer)
        found = self._kept[issuer]
        if isinstance(found, Unreachable):
            raise Unreachable(str(found))
        return found

    def _asked(self, issuer: str) -> Mapping[str, Any] | Unreachable:
        step = "discovery"
        try:
            with _deadline() as deadline:
                jwks_uri = self._jwks_uri(issuer, deadline)
                step = "keys"
                return strict_json.parse_object(self._get(jwks_uri, deadline))
        except Unavailable as error:
            return Unreachable(f"{step}: {error.reason.value}")
        except strict_json.NotStrictJson:
            return Unreachable(f"{step}: no JSON object")

    def _jwks_uri(self, issuer: str, deadline: Deadline) -> str:
        """A user pool has its keys in one place, under both forms of its issuer; others tell by discovery."""
        forms = issuer_urls(issuer.rpartition("/")[2])
        if issuer in forms:
            return f"{forms[0]}/.well-known/jwks.json"
        return discovery.read_jwks_uri(self._get(discovery.metadata_url(issuer), deadline), issuer)


class NoKeys:
    """Nobody is asked: `--offline`."""

    def key_set(self, issuer: str) -> Mapping[str, Any]:  # noqa: ARG002 - whoever it is
        """`Unreachable`, always."""
        raise Unreachable("keys: not asked")


@contextmanager
def _deadline() -> Iterator[Deadline]:
    """One for both documents; what drips on is cut off."""
    deadline = Deadline(_SECONDS)
    timer = Timer(_SECONDS, deadline.cancel)
    timer.daemon = True
    timer.start()
    try:
        yield deadline
    finally:
        timer.cancel()
