"""Reading a request's body: bounded in size and time."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from anyio import fail_after, move_on_after

from authorizer.tools.gateway.message import HttpResponse, json_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive

    from authorizer.tools.serve.limits import Limits

CLOSE: Final = ("Connection", "close")
_TOO_LONG: Final = json_response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"message": "Request Too Long"}, CLOSE)
_TOO_SLOW: Final = json_response(HTTPStatus.REQUEST_TIMEOUT, {"message": "Request Timeout"}, CLOSE)


class ClientGone(Exception):
    """The client went away before it had sent all."""


class Refused(Exception):
    """A request of which no more is read; `response` says so and closes the connection."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status)
        self.response = response


async def read_body(scope: Mapping[str, Any], receive: Receive, limits: Limits) -> bytes:
    """The whole body. Raises `Refused` or `ClientGone`."""
    if _announced(scope) > limits.body:
        raise Refused(_TOO_LONG)
    try:
        with fail_after(limits.body_seconds):
            return await _parts(receive, limits.body)
    except TimeoutError:
        raise Refused(_TOO_SLOW) from None


def _announced(scope: Mapping[str, Any]) -> int:
    lengths = [value for name, value in scope["headers"] if name.lower() == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


async def _parts(receive: Receive, most: int) -> bytes:
    parts = bytearray()
    more = True
    while more:
        message = await _next(receive)
        parts += message.get("body", b"")
        if len(parts) > most:
            raise Refused(_TOO_LONG)
        more = message.get("more_body", False)
    return bytes(parts)


async def _next(receive: Receive) -> Mapping[str, Any]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message


async def discard(receive: Receive, limits: Limits) -> None:
    """Throws away what a client still sends after its refusal, for a while."""
    more = True
    with move_on_after(limits.linger_seconds):
        while more:
            more = (await receive()).get("more_body", False)
