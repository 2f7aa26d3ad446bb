"""What the local gateway does where AWS documents nothing, or sources differ: each is said once, when it first matters.

`authorizer conformance` on a deployed stack settles them.
"""

from __future__ import annotations

from enum import Enum
from threading import Lock
from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.authorizer_result import UNAUTHORIZED
from authorizer.tools.gateway.failure import ResponseType
from authorizer.tools.gateway.lambda_authorizer import LambdaAuthorizer
from authorizer.tools.gateway.native_authorizer import NativeAuthorizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authorizer.tools.gateway.local_api import LocalApi, Record


class Assumption(Enum):
    """One of them. The value is the text."""

    EXPIRED = "an expired token gets 401, as clients have seen; AWS documents 403 for EXPIRED_TOKEN"
    REST_SCOPE = "a token without the method's scopes gets 401 on REST APIs; some report 403"
    HTTP_RAISE = "an authorizer of an HTTP API that raises Unauthorized gets 500; two emulators answer 401"
    HEADERS = "more than 10,240 bytes of headers get 431; AWS documents the limit and no status"
    TRAILING_SLASH = "the ARN of a REST method has no slash at its end, whatever was called; AWS documents nothing"
    IDENTITY = (
        "identity sources that are configured are checked also with a TTL of 0; the guide says so of caching only"
    )
    VALIDATION = "a validation expression has to match the whole token, as AWS's example implies"
    REST_JWT = (
        "claims of a JWT authorizer are at requestContext.authorizer.claims on REST APIs too; AWS documents nothing"
    )
    HANDSHAKE = "a refused WebSocket handshake has the body of a refused message; AWS documents statuses only"
    NO_CHALLENGE = "403 for scopes has no www-authenticate on HTTP APIs; nobody has published one"


def assumptions(record: Record, api: LocalApi) -> Iterator[Assumption]:
    """Those that one call depended on."""
    received, failure = record.received, record.failure
    kind = received.api.kind
    if kind is Kind.REST and received.path.endswith("/") and received.path != "/":
        yield Assumption.TRAILING_SLASH
    if failure is None:
        return
    if failure.type is ResponseType.EXPIRED_TOKEN:
        yield Assumption.EXPIRED
    if failure.type is ResponseType.HEADERS_TOO_LARGE:
        yield Assumption.HEADERS
    if kind is Kind.WEBSOCKET:
        yield Assumption.HANDSHAKE
    yield from _of_authorizer(record, api, kind)


def _of_authorizer(record: Record, api: LocalApi, kind: Kind) -> Iterator[Assumption]:
    failure, route = record.failure, record.received.route
    authorizer = api.authorizers.get(str(route.authorizer)) if route is not None else None
    if failure is None or authorizer is None:
        return
    if isinstance(authorizer, NativeAuthorizer):
        if "scope" in failure.cause.partition(":")[0]:
            yield Assumption.NO_CHALLENGE if kind is Kind.HTTP else Assumption.REST_SCOPE
        return
    if not isinstance(authorizer, LambdaAuthorizer):
        return
    if failure.cause.startswith("the identity source") and authorizer.caching.ttl == 0 and kind is not Kind.HTTP:
        yield Assumption.IDENTITY
    if failure.cause.endswith("validation expression"):
        yield Assumption.VALIDATION
    if kind is Kind.HTTP and failure.cause.endswith(UNAUTHORIZED):
        yield Assumption.HTTP_RAISE


class Once:
    """Says each assumption once."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said: set[Assumption] = set()
        self._lock = Lock()

    def note(self, record: Record, api: LocalApi) -> None:
        """Says what a call depended on and was not said before."""
        for one in assumptions(record, api):
            with self._lock:
                new = one not in self._said
                self._said.add(one)
            if new:
                self._say(f"assumed: {one.value}")


ALL: Final = tuple(Assumption)
