"""What the server asks of the core: plain blocking functions, called from many threads at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.tools.gateway.message import HttpRequest, HttpResponse

NOTE_HEADER: Final = "x-local-gateway-note"  # a response's detail for the line log; it is never sent


class Gateway(Protocol):
    """The whole URL space: APIs with their stages, issuers, the index."""

    def handle(self, request: HttpRequest) -> HttpResponse:
        """The response to one request. What it raises becomes a 500."""


class Connection(Protocol):
    """One accepted WebSocket connection."""

    id: str

    def receive(self, text: str) -> Sequence[str]:
        """One message of the client; what is to be sent back, in order. Never called twice at once."""

    def disconnect(self, code: int) -> None:
        """The connection has ended. Called once, whoever ended it."""


@runtime_checkable
class WithSubprotocol(Protocol):
    """A connection may choose one of the subprotocols its client offered: a browser that offered some insists on one."""

    subprotocol: str | None


class WebSockets(Protocol):
    """The handshakes of WebSocket APIs."""

    def connect(self, request: HttpRequest) -> HttpResponse | Connection:
        """A connection, or the response that refuses the handshake."""
