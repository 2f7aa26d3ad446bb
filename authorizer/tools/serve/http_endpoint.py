"""Every HTTP request, whatever its method and path: handed to the core, and its answer sent."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPMethod, HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from authorizer.clock import stopwatch
from authorizer.tools.gateway.message import json_response
from authorizer.tools.serve.line_log import Line
from authorizer.tools.serve.loopback import comes_from_here, is_own_place
from authorizer.tools.serve.request_body import CLOSE, ClientGone, Refused, discard, read_body
from authorizer.tools.serve.wire import INTERNAL_ERROR, checked, host_header, read_request, ready

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from authorizer.tools.gateway.message import HttpResponse
    from authorizer.tools.serve.backend import Gateway
    from authorizer.tools.serve.serving import Serving

MISDIRECTED: Final = json_response(HTTPStatus.MISDIRECTED_REQUEST, {"message": "Misdirected Request"}, CLOSE)
CROSS_SITE: Final = json_response(HTTPStatus.FORBIDDEN, {"message": "a page of another site sent this"}, CLOSE)
_NO_TUNNEL: Final = json_response(HTTPStatus.METHOD_NOT_ALLOWED, {"message": "Method Not Allowed"}, CLOSE)


class HttpEndpoint:
    """The HTTP side of the application."""

    def __init__(self, gateway: Gateway, serving: Serving) -> None:
        self._gateway = gateway
        self._serving = serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Its line is written before its answer, so that whoever has the answer finds the line."""
        began = stopwatch()
        line = Line(scope["method"], read_request(scope).path, "client gone", 0)
        try:
            answer, more = ready(await self._answer(scope, receive), line.method), False
        except Refused as refused:
            answer, more = ready(refused.response, line.method), True
        except ClientGone:
            self._serving.log.answered(line._replace(seconds=stopwatch() - began))
            return
        told = line._replace(result=answer.status, seconds=stopwatch() - began, detail=answer.detail)
        self._serving.log.answered(told)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body, "more_body": more})
        if more:
            await discard(receive, self._serving.limits)
            await send({"type": "http.response.body", "body": b""})

    async def _answer(self, scope: Mapping[str, Any], receive: Receive) -> HttpResponse:
        if not self._serving.hosts.admits(host_header(scope)):
            raise Refused(MISDIRECTED)
        if scope["method"] == HTTPMethod.CONNECT:  # a 200 would open a tunnel, and this is no proxy
            raise Refused(_NO_TUNNEL)
        head = read_request(scope)
        if is_own_place(head.path) and not comes_from_here(head.header("origin"), head.header("host")):
            raise Refused(CROSS_SITE)
        request = replace(head, body=await read_body(scope, receive, self._serving.limits))
        response = await self._serving.workers.call(lambda: checked(self._gateway.handle(request)))
        return response or INTERNAL_ERROR
