"""The ASGI application: one route for every HTTP request, one for every WebSocket handshake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound

from authorizer.tools.gateway.message import LOOPBACK
from authorizer.tools.serve.http_endpoint import HttpEndpoint
from authorizer.tools.serve.limits import DEFAULT_LIMITS
from authorizer.tools.serve.line_log import LineLog
from authorizer.tools.serve.loopback import HostRule
from authorizer.tools.serve.serving import Serving
from authorizer.tools.serve.websocket_endpoint import WebSocketEndpoint
from authorizer.tools.serve.wire import INTERNAL_ERROR
from authorizer.tools.serve.workers import Workers

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from authorizer.tools.serve.backend import Gateway, WebSockets
    from authorizer.tools.serve.limits import Limits


def application(
    gateway: Gateway,
    websockets: WebSockets,
    *,
    host: str = LOOPBACK,
    log: LineLog | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Starlette:
    """The application for a core. `host` is what its server is bound to: only on loopback are Host headers checked."""
    log = log or LineLog()
    serving = Serving(limits=limits, workers=Workers(limits.threads, log), log=log, hosts=HostRule(host))
    routes = [
        Everything("http", HttpEndpoint(gateway, serving), log),
        Everything("websocket", WebSocketEndpoint(websockets, serving), log),
    ]
    return Starlette(routes=routes, exception_handlers={Exception: _internal_error})


async def _internal_error(_request: Request, _bug: Exception) -> Response:
    return Response(INTERNAL_ERROR.body, INTERNAL_ERROR.status, dict(INTERNAL_ERROR.headers))


class Everything(BaseRoute):
    """A route that every scope of a kind takes. Starlette's own match decoded paths with a pattern, and a line end
    (`%0A`), an absolute target and `*` then match none."""

    def __init__(self, kind: str, endpoint: ASGIApp, log: LineLog) -> None:
        self._kind = kind
        self._endpoint = endpoint
        self._log = log

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the scope is of this route's kind."""
        return (Match.FULL if scope["type"] == self._kind else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: Any) -> NoReturn:
        """It has no URL of its own."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the endpoint; a bug of the server itself is told as one of the core is."""
        try:
            await self._endpoint(scope, receive, send)
        except Exception as bug:
            self._log.failed(bug)
            raise
