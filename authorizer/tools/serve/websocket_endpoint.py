"""Every WebSocket handshake, and the connections that come of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from anyio import move_on_after

from authorizer.clock import stopwatch
from authorizer.tools.gateway.message import HttpResponse
from authorizer.tools.serve.backend import WithSubprotocol
from authorizer.tools.serve.http_endpoint import MISDIRECTED
from authorizer.tools.serve.line_log import Line
from authorizer.tools.serve.wire import INTERNAL_ERROR, checked, host_header, read_request, ready

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.serve.backend import Connection, WebSockets
    from authorizer.tools.serve.serving import Serving
    from authorizer.tools.serve.wire import Ready

GOING_AWAY, UNSUPPORTED, ABNORMAL = 1001, 1003, 1006  # RFC 6455 section 7.4.1
_METHOD: Final = "WS"


class WebSocketEndpoint:
    """The WebSocket side of the application."""

    def __init__(self, websockets: WebSockets, serving: Serving) -> None:
        self._websockets = websockets
        self._serving = serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One handshake, and its connection until that has ended."""
        began = stopwatch()
        request = read_request(scope)
        line = Line(_METHOD, request.path, 101, 0)
        await receive()  # websocket.connect
        answer = await self._answer(scope, request)
        if isinstance(answer, HttpResponse):
            refusal = ready(answer, request.method)
            self._tell(line._replace(result=refusal.status, detail=refusal.detail), began)
            await _refuse(refusal, send)
        else:
            self._tell(line, began)
            code = await _Session(answer, self._serving, receive, send).run()
            self._tell(line._replace(result=f"closed {code}"), began)

    def _tell(self, line: Line, began: float) -> None:
        self._serving.log.answered(line._replace(seconds=stopwatch() - began))

    async def _answer(self, scope: Mapping[str, Any], request: HttpRequest) -> HttpResponse | Connection:
        if not self._serving.hosts.admits(host_header(scope)):
            return MISDIRECTED
        return await self._serving.workers.call(lambda: self._connect(request)) or INTERNAL_ERROR

    def _connect(self, request: HttpRequest) -> HttpResponse | Connection:
        answer = self._websockets.connect(request)
        return checked(answer) if isinstance(answer, HttpResponse) else answer


async def _refuse(refusal: Ready, send: Send) -> None:
    await send({"type": "websocket.http.response.start", "status": refusal.status, "headers": refusal.headers})
    await send({"type": "websocket.http.response.body", "body": refusal.body})


def _sendable(answers: Iterable[str]) -> list[str]:
    """The answers, when each is text that UTF-8 can carry: otherwise it raises, as any bug of the core does."""
    return [one.encode().decode() for one in answers]


class _Session:
    """One accepted connection."""

    def __init__(self, connection: Connection, serving: Serving, receive: Receive, send: Send) -> None:
        self._connection = connection
        self._serving = serving
        self._receive = receive
        self._send = send
        self._code = ABNORMAL

    async def run(self) -> int:
        """Converses until one side ends it; the code it ended with. The core hears of the end in any case."""
        try:
            await self._send({"type": "websocket.accept", "subprotocol": self._subprotocol()})
            while await self._turn():
                pass
        except OSError:  # the client went away while something was sent to it
            self._code = ABNORMAL
        finally:
            await self._serving.workers.call(lambda: self._connection.disconnect(self._code))
        return self._code

    def _subprotocol(self) -> str | None:
        return self._connection.subprotocol if isinstance(self._connection, WithSubprotocol) else None

    async def _turn(self) -> bool:
        """One message and its answers; whether the connection is still open."""
        message: Mapping[str, Any] | None = None
        with move_on_after(self._serving.limits.idle_seconds):
            message = await self._receive()
        if message is None:
            return await self._close(GOING_AWAY)
        if message["type"] == "websocket.disconnect":
            self._code = message.get("code", ABNORMAL)
            return False
        text = message.get("text")
        if text is None:  # API Gateway does not take binary frames
            return await self._close(UNSUPPORTED)
        for answer in await self._answers(text):
            await self._send({"type": "websocket.send", "text": answer})
        return True

    async def _answers(self, text: str) -> list[str]:
        answers = await self._serving.workers.call(lambda: _sendable(self._connection.receive(text)))
        if answers is None:
            return [json.dumps({"message": "Internal server error", "connectionId": self._connection.id})]
        return answers

    async def _close(self, code: int) -> bool:
        self._code = code
        await self._send({"type": "websocket.close", "code": code})
        return False
