"""How uvicorn runs here: our protocols, our limits, no log and no header of its own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from uvicorn import Config

from authorizer.tools.serve.protocols import HttpProtocol, WebSocketProtocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from authorizer.tools.serve.limits import Limits

_SILENT: Final = logging.CRITICAL + 1  # its log has tracebacks with the texts of exceptions, and those may hold a token


class Configuration(Config):
    """uvicorn's configuration, and the limits that it has no place for."""

    def __init__(self, application: ASGIApp, limits: Limits) -> None:
        self.limits = limits
        super().__init__(
            application,
            interface="asgi3",
            loop="asyncio",
            lifespan="off",
            workers=1,
            http=HttpProtocol,
            ws=WebSocketProtocol,
            ws_max_size=limits.message,
            ws_per_message_deflate=False,  # as on API Gateway
            ws_ping_interval=None,  # a client that stands in a debugger stays connected; its idle timeout is ours
            log_config=None,
            log_level=_SILENT,
            access_log=False,
            proxy_headers=False,  # otherwise X-Forwarded-For of a client would be its address
            server_header=False,
            date_header=False,  # the application adds one where the core gave none
            h11_max_incomplete_event_size=limits.head,
            limit_concurrency=limits.connections,
            backlog=limits.backlog,
            timeout_keep_alive=limits.keep_alive_seconds,
            timeout_graceful_shutdown=limits.grace_seconds,
        )
