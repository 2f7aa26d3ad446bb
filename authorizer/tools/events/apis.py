"""The folders of sample events, what builds an event of each, and how cases are spread over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol
from zlib import crc32

from authorizer.testing import Call, http_v1, http_v2, rest_request, rest_token, websocket_connect
from authorizer.testing.call import AUTHORIZATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Event = dict[str, Any]

TOKEN_QUERY: Final = "query:access_token"  # a browser cannot set headers of a WebSocket handshake


class Builder(Protocol):
    """What makes the event of a call."""

    def __call__(self, token: str | None, call: Call, *, raw: str | None) -> Event:
        """The event; `raw` is the credential as it is, scheme included."""
        ...


class Sample(NamedTuple):
    """One file: `events/<api>/<name>.json`. The name is a reason, with or without a variant, or `allow-…`."""

    api: str
    name: str
    event: Event


BUILDERS: Final[dict[str, Builder]] = {
    "rest-token": rest_token,
    "rest-request": rest_request,
    "websocket": websocket_connect,
    "http-simple": http_v2,
    "http-policy": http_v2,
    "http-policy-1.0": http_v1,
}

ALL: Final = tuple(BUILDERS)
WITH_PATH: Final = tuple(api for api in ALL if api != "websocket")  # a handshake has no path and one route
WITH_FIELDS: Final = tuple(api for api in ALL if api != "rest-token")  # a TOKEN event has one value and an ARN
WITH_BOTH: Final = tuple(api for api in WITH_PATH if api in WITH_FIELDS)
WITH_SCHEME: Final = WITH_PATH  # handshakes carry the bare token in the query string
HTTP: Final = ("http-simple", "http-policy", "http-policy-1.0")
HTTP_V2: Final = ("http-simple", "http-policy")
WITH_MULTI_VALUES: Final = ("rest-request", "websocket", "http-policy-1.0")

ORDER: Final = Call(source_ip="192.0.2.7")  # GET /orders/1, which asks for the scope orders/read
FILE: Final = replace(ORDER, path="/files/report.pdf", template="/files/{proxy+}")  # any valid token will do
ADMIN: Final = replace(ORDER, path="/admin/users", template="/admin/{proxy+}", route_method="ANY")  # group admins
HEALTH: Final = replace(ORDER, path="/health")  # public


def on(
    apis: Iterable[str], name: str, token: str | None = None, call: Call = ORDER, *, raw: str | None = None
) -> Iterator[Sample]:
    """One case on several APIs. Where the call does not say otherwise, the token is where that API has it by settings."""
    for api in apis:
        yield Sample(api, name, BUILDERS[api](token, _placed(api, call), raw=raw))


def spread(name: str, apis: Sequence[str] = ALL) -> tuple[str, ...]:
    """Where a case goes that is the same on all of `apis`: a variant to one of them, anything else to two.

    It depends on the name only, so that files do not move when other cases come or go.
    """
    first = crc32(name.encode()) % len(apis)
    second = (first + len(apis) // 2) % len(apis)
    return (apis[first],) if "--" in name else (apis[first], apis[second])


def _placed(api: str, call: Call) -> Call:
    return replace(call, place=TOKEN_QUERY) if api == "websocket" and call.place == AUTHORIZATION else call
