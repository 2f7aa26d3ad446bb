"""uvicorn's two protocols, made to keep what ASGI loses: the target and the client's spelling of header names.

Written against uvicorn's own classes, because ASGI has a place for neither: it lower-cases header names, and its raw path
with its query does not tell `/x` from `/x?`. tests/integration/test_serve_server.py fails if uvicorn changes there.
"""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers

from authorizer.tools.serve.head import HeadReader
from authorizer.tools.serve.wire import AS_SENT, LATIN, AsSent

if TYPE_CHECKING:
    from asyncio import BaseTransport, TimerHandle

    from websockets.http11 import Request

    from authorizer.tools.serve.configuration import Configuration

_PLACEHOLDER: Final = b"GET / HTTP/1.1\r\n\r\n"  # only starts the parser; the request itself has been read already


class HttpProtocol(H11Protocol):
    """One connection that speaks HTTP."""

    conn: HeadReader

    def __init__(self, *, config: Configuration, **given: Any) -> None:
        super().__init__(config=config, **given)
        self._configuration = config
        self.conn = HeadReader(config.limits.head)
        self._head_timer: TimerHandle | None = None
        self._refused = False

    def connection_made(self, transport: BaseTransport) -> None:
        """A client has connected."""
        super().connection_made(cast("Any", transport))
        self._time_the_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._stop_timing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of the client; after a refusal they are thrown away."""
        if not self._refused:
            super().data_received(data)
            self._time_the_head()

    def _time_the_head(self) -> None:
        """A request line with headers has to be complete in time; nobody may hold a connection by never ending it."""
        if self.conn.their_state is not h11.IDLE:
            self._stop_timing()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(self._configuration.limits.head_seconds, self.transport.close)

    def _stop_timing(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _should_upgrade(self) -> bool:
        """Called once for each request, before the application: the place to add what was sent."""
        request = self.conn.request
        cast("dict[str, Any]", self.scope)["extensions"] = {AS_SENT: _as_sent(request)}
        if len(self.connections) >= self._configuration.limits.connections:  # then it gets the 503 of any request
            return False
        return _asks_for_websocket(request)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hands the connection over. uvicorn would write the request anew with names in lower case, and the other parser
        would then refuse header lines above 8 KB."""
        self.connections.discard(self)
        protocol = WebSocketProtocol(
            config=self._configuration, server_state=self.server_state, app_state=self.app_state
        )
        protocol.connection_made(self.transport)
        self.transport.set_protocol(protocol)
        protocol.begin(_as_sent(event))

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # ours says no more than the status does
        """Answers what is no HTTP, or too much of it, if nothing has been answered yet; then closes the connection."""
        self._refused = True
        self._stop_timing()
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        self.transport.write(_refusal(self.conn))
        self.transport.write_eof()
        self.loop.call_later(self._configuration.limits.linger_seconds, self.transport.close)

    def shutdown(self) -> None:
        """The server ends."""
        try:
            super().shutdown()
        except h11.LocalProtocolError:
            self.transport.close()


def _asks_for_websocket(request: h11.Request) -> bool:
    """RFC 6455 section 4.1; RFC 9110 section 7.8. Any other wish to upgrade is not heeded."""
    if request.method != b"GET" or request.http_version != b"1.1":
        return False
    connection = b",".join(value for name, value in request.headers if name == b"connection").lower().split(b",")
    wishes = [value.lower() for name, value in request.headers if name == b"upgrade"]
    return wishes == [b"websocket"] and b"upgrade" in [one.strip() for one in connection]


def _as_sent(request: h11.Request) -> AsSent:
    return AsSent(request.target, request.headers.raw_items())


def _refusal(connection: HeadReader) -> bytes:
    status = HTTPStatus(connection.complaint)
    body = json.dumps({"message": status.phrase}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Connection", "close")]
    events = (
        h11.Response(status_code=status, headers=headers, reason=status.phrase.encode()),
        h11.Data(data=body),
        h11.EndOfMessage(),
    )
    return b"".join(connection.send(event) or b"" for event in events)


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection that has asked for WebSocket."""

    _sent: AsSent

    def __init__(self, *, config: Configuration, **given: Any) -> None:
        super().__init__(config=config, **given)
        self.conn.max_fragment_size = config.limits.frame

    def begin(self, sent: AsSent) -> None:
        """Starts the handshake for a request that was read already."""
        self._sent = sent
        self.data_received(_PLACEHOLDER)

    def handle_connect(self, event: Request) -> None:
        """The handshake: of what was sent, in place of what the parser was given."""
        headers = Headers([(name.decode(LATIN), value.decode(LATIN)) for name, value in self._sent.headers])
        super().handle_connect(replace(event, path=self._sent.target.decode(LATIN), headers=headers))

    async def run_asgi(self) -> None:
        """Runs the application."""
        cast("dict[str, Any]", self.scope)["extensions"][AS_SENT] = self._sent
        await super().run_asgi()

    def handle_parser_exception(self) -> None:
        """Bytes that are no frames; before the handshake's end no close frame can say so."""
        if self.conn.close_sent is None:
            self.transport.close()
        else:
            super().handle_parser_exception()
