"""A WebSocket API: the handshake, whose authorizer decides for the whole connection, and the messages after it.

Source: API Gateway Developer Guide, "Working with WebSocket APIs", "Control access to WebSocket APIs with AWS Lambda REQUEST
authorizers". The bodies of refused handshakes are those of refused messages: they are documented nowhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from authorizer.tools.gateway.events import websocket_event
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.iam import Outcome
from authorizer.tools.gateway.lambda_authorizer import PolicyRefusal, refused_by
from authorizer.tools.gateway.limits import check_limits
from authorizer.tools.gateway.local_api import LocalApi, Record
from authorizer.tools.gateway.message import HttpResponse, json_response
from authorizer.tools.template import Authorization

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from authorizer.tools.gateway.grant import Grant
    from authorizer.tools.gateway.received import Received
    from authorizer.tools.template import ApiRoute

CONNECT, DISCONNECT, DEFAULT = "$connect", "$disconnect", "$default"
_EXPRESSION: Final = re.compile(r"\$(\{)?request\.body\.([^{}]+)(?(1)\})")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketCalls:
    """One WebSocket API. `selection` is its route selection expression; `two_way` are the routes with a response."""

    api: LocalApi
    routes: Mapping[str, ApiRoute]
    selection: str
    two_way: frozenset[str] = frozenset()
    now: Callable[[], float]

    def connect(self, received: Received) -> HttpResponse | Connection:
        """The connection, or the response that refuses the handshake."""
        connection_id = received.extended_request_id
        grant: Grant | None = None
        failure: Failure | None = None
        response = HttpResponse(status=101)
        try:
            check_limits(received)
            received = self._routed(received)
            grant = self._authorized(received)
            response = self._integrated(received, grant, connection_id)
        except PolicyRefusal as refusal:
            grant, failure = refusal.grant, refusal.failure
        except Failure as error:
            failure = error
        if failure is not None:
            response = _refusal(failure, connection_id, received.request_id)
        self.api.on_call(Record(received=received, response=response, grant=grant, failure=failure))
        if failure is not None or response.status >= 300:
            return response
        return Connection(id=connection_id, calls=self, received=received, grant=grant)

    def route(self, text: str) -> ApiRoute | None:
        """The route of a message, else `$default`; None where there is neither."""
        selected = _selected(text, self.selection)
        found = self.routes.get(selected) if selected not in (None, CONNECT, DISCONNECT) else None
        return found or self.routes.get(DEFAULT)

    def _routed(self, received: Received) -> Received:
        if received.stage not in self.api.called.stages:
            cause = "no such stage"
            raise Failure(type=ResponseType.MISSING_AUTHENTICATION_TOKEN, message="Forbidden", cause=cause)
        return replace(received, route=self.routes.get(CONNECT))

    def _authorized(self, received: Received) -> Grant | None:
        route = received.route
        if route is None:
            return None
        if route.authorization is Authorization.AWS_IAM:
            cause = "the route asks for a signature (AWS_IAM), which cannot be checked here"
            raise Failure(type=ResponseType.INVALID_SIGNATURE, message="Forbidden", cause=cause)
        authorizer = self.api.authorizer(route)
        grant = authorizer.check(received) if authorizer is not None else None
        if grant is not None and grant.outcome is not Outcome.ALLOW:
            raise refused_by(grant, self.api.called.kind)
        if route.api_key_required is not False:
            sent = received.request.header("x-api-key")
            key = (grant.usage_key if grant is not None else None) if self.api.usage.by_authorizer else sent
            self.api.usage.use(received.stage, key, received.at)
        return grant

    def _integrated(self, received: Received, grant: Grant | None, connection_id: str) -> HttpResponse:
        """What is behind `$connect` may refuse too, by its status."""
        route = received.route
        if route is None or route.backend is None:
            return HttpResponse(status=101)
        message = {"connectionId": connection_id, "eventType": "CONNECT", "routeKey": CONNECT}
        told = grant.flat() if grant is not None else None
        event = websocket_event(received, message, told)
        response = self.api.integration(route, received.stage).answer(event, self.api.functions)
        return response if response.status >= 300 else HttpResponse(status=101)


@dataclass(slots=True, kw_only=True)
class Connection:
    """One connection. What the authorizer said of the handshake goes to every message."""

    id: str
    calls: WebSocketCalls
    received: Received = field(repr=False)
    grant: Grant | None = field(repr=False)
    subprotocol: str | None = None

    def receive(self, text: str) -> Sequence[str]:
        """What goes back for a message: what a route with a response answers, an echo, or what is wrong."""
        route = self.calls.route(text)
        if route is None:
            return [self._wrong("Forbidden")]
        try:
            integration = self.calls.api.integration(route, self.received.stage)
            response = integration.answer(self._event(route, "MESSAGE", text), self.calls.api.functions)
        except Failure:
            return [self._wrong("Internal server error")]
        answers = str(route.path) in self.calls.two_way or integration.function is None
        return [response.text] if answers and response.body else []

    def disconnect(self, code: int) -> None:
        """Tells the route `$disconnect`, where there is one. Its answer makes no difference."""
        route = self.calls.routes.get(DISCONNECT)
        if route is None:
            return
        event = self._event(route, "DISCONNECT", "") | {"body": None}
        event["requestContext"] |= {"disconnectStatusCode": code, "disconnectReason": ""}
        try:
            self.calls.api.integration(route, self.received.stage).answer(event, self.calls.api.functions)
        except Failure:
            return

    def _event(self, route: ApiRoute, kind: str, text: str) -> dict[str, Any]:
        at = self.calls.now()
        received = replace(
            self.received,
            request=replace(self.received.request, body=text.encode()),
            at=at,
            request_id=str(uuid4()),
        )
        message = {
            "routeKey": str(route.path),
            "eventType": kind,
            "messageDirection": "IN",
            "messageId": received.extended_request_id,
            "connectionId": self.id,
            "connectedAt": int(self.received.at * 1000),
        }
        return websocket_event(received, message, self.grant.flat() if self.grant is not None else None)

    def _wrong(self, message: str) -> str:
        return json.dumps({"message": message, "connectionId": self.id, "requestId": str(uuid4())})


def _selected(text: str, expression: str) -> str | None:
    """What a route selection expression finds in a message; None where it finds nothing that could be a route key."""
    path = _EXPRESSION.fullmatch(expression)
    try:
        value: Any = json.loads(text) if path is not None else None
    except (ValueError, RecursionError):
        return None
    for part in path[2].split(".") if path is not None else ():
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, bool | int) else None


def _refusal(failure: Failure, connection_id: str, request_id: str) -> HttpResponse:
    message = "Forbidden" if failure.type.status == 403 else failure.message
    body = {"message": message or "Internal server error", "connectionId": connection_id, "requestId": request_id}
    types = () if failure.type.error_type is None else (("x-amzn-ErrorType", failure.type.error_type),)
    return json_response(failure.type.status, body, ("x-amzn-RequestId", request_id), *types)
