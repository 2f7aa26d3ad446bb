"""All APIs of a template on one address: `/{api}/{stage}/…`, the local issuers under `/_issuer/`, and an index at `/`.

Nothing here opens a socket. The server and the test fixture both call `handle`, from any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from authorizer import clock
from authorizer.surface import Api as Kind
from authorizer.tools.gateway.build_api import local_api, routes
from authorizer.tools.gateway.build_authorizers import Surroundings
from authorizer.tools.gateway.cache import ResultCache
from authorizer.tools.gateway.http_calls import HttpCalls
from authorizer.tools.gateway.message import HttpResponse, json_response
from authorizer.tools.gateway.names import Names
from authorizer.tools.gateway.permissions import Permissions
from authorizer.tools.gateway.received import DEFAULT_STAGE, Received
from authorizer.tools.gateway.rest_calls import RestCalls
from authorizer.tools.gateway.usage_plans import api_keys
from authorizer.tools.gateway.websocket_calls import WebSocketCalls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from authorizer.tools.gateway.issuers import Issuers
    from authorizer.tools.gateway.lambda_authorizer import Functions
    from authorizer.tools.gateway.local_api import LocalApi, Record
    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.gateway.websocket_calls import Connection
    from authorizer.tools.template import Api, Document

CACHE: Final = "/_cache"
_RESPONSE: Final = "AWS::ApiGatewayV2::RouteResponse"

Calls = RestCalls | HttpCalls | WebSocketCalls


class Elsewhere(Protocol):
    """Whatever else is served beside the APIs, such as the local issuers."""

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """The response; None for a request that is none of its."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the gateway is put together from. `why_not` and `now` as in `Surroundings` and `clock`."""

    document: Document
    functions: Functions
    why_not: Callable[[str], str | None]
    issuers: Issuers
    elsewhere: Elsewhere
    now: Callable[[], float] = clock.now
    on_call: Callable[[Record], None] = field(default=lambda _: None)


class LocalGateway:
    """The APIs of one template."""

    def __init__(self, parts: Parts) -> None:
        """`CommandError` for what API Gateway would not create."""
        self._parts = parts
        self.names = Names(parts.document)
        self.cache = ResultCache()
        around = Surroundings(
            names=self.names,
            functions=parts.functions,
            why_not=parts.why_not,
            issuers=parts.issuers,
            permissions=Permissions(parts.document, self.names),
            cache=self.cache,
        )
        apis = [local_api(one, parts.document, around, parts.on_call) for one in parts.document.apis]
        self.calls: Mapping[str, Calls] = {
            api.called.logical_id: self._calls(one, api) for one, api in zip(parts.document.apis, apis, strict=True)
        }

    def handle(self, request: HttpRequest) -> HttpResponse:
        """The response to a request; a `Failure` never leaves."""
        if request.path == "/":
            return json_response(200, self.index())
        if request.path == CACHE:
            return self._flush(request)
        found = self._parts.elsewhere.answer(request)
        if found is not None:
            return found
        calls, received = self._received(request)
        if calls is None or received is None:
            return _nothing()
        if isinstance(calls, WebSocketCalls):
            return json_response(426, {"message": "this is a WebSocket API"}, ("Upgrade", "websocket"))
        return calls.handle(received)

    def connect(self, request: HttpRequest) -> HttpResponse | Connection:
        """A connection of a WebSocket API, or the response that refuses its handshake."""
        calls, received = self._received(request)
        if not isinstance(calls, WebSocketCalls) or received is None:
            return _nothing()
        return calls.connect(received)

    def index(self) -> dict[str, Any]:
        """What is served: APIs with their paths and routes, and the API keys of the template."""
        return {
            "apis": [_described(calls.api, calls) for calls in self.calls.values()],
            "api_keys": api_keys(self._parts.document, self.names),
            "issuers": "/_issuer/",
            "flush": f"DELETE {CACHE}",
        }

    def _calls(self, one: Api, api: LocalApi) -> Calls:
        if one.kind is Kind.REST:
            return RestCalls(api)
        if one.kind is Kind.HTTP:
            return HttpCalls(api)
        return WebSocketCalls(
            api=api,
            routes={str(route.path): route for route in routes(one, self.names)},
            selection=self.names.text(one.properties.get("RouteSelectionExpression", "$request.body.action")),
            two_way=frozenset(self._two_way(api)),
            now=self._parts.now,
        )

    def _two_way(self, api: LocalApi) -> Iterator[str]:
        """The keys of the routes of a WebSocket API that have a response."""
        resources, text = self._parts.document.resources, self.names.text
        for one in resources.values():
            route = resources.get(text(one.properties.get("RouteId"))) if one.type == _RESPONSE else None
            if route is not None and text(route.properties.get("ApiId")) == api.called.id:
                yield text(route.properties.get("RouteKey"))

    def _received(self, request: HttpRequest) -> tuple[Calls | None, Received | None]:
        """The API and stage that a path names, and what is left of it."""
        name, _, rest = request.path.removeprefix("/").partition("/")
        calls = self.calls.get(name)
        if calls is None:
            return None, None
        called = calls.api.called
        stage, _, path = rest.partition("/")
        if DEFAULT_STAGE in called.stages and (stage == DEFAULT_STAGE or stage not in called.stages):
            stage, path = DEFAULT_STAGE, rest
        at = self._parts.now()
        return calls, Received(request=request, api=called, stage=stage, path=f"/{path}", at=at)

    def _flush(self, request: HttpRequest) -> HttpResponse:
        """AWS: `FlushStageAuthorizersCache` and `ResetAuthorizersCache`, of all stages."""
        if request.method != "DELETE":
            return json_response(405, {"message": f"DELETE {CACHE} flushes the caches"}, ("Allow", "DELETE"))
        for stage in {stage for calls in self.calls.values() for stage in calls.api.called.stages}:
            self.cache.flush(stage)
        return HttpResponse(status=204)


def base_paths(api: LocalApi) -> list[str]:
    """Where its stages are."""
    own = f"/{api.called.logical_id}"
    return [own if stage == DEFAULT_STAGE else f"{own}/{stage}" for stage in api.called.stages]


def _described(api: LocalApi, calls: Calls) -> dict[str, Any]:
    if isinstance(calls, WebSocketCalls):
        routes = list(calls.routes)
    else:
        default = [api.routes.default] if api.routes.default is not None else []
        routes = [one.name for one in (*(pattern.route for pattern in api.routes.patterns), *default)]
    return {
        "name": api.called.logical_id,
        "type": api.called.kind.value,
        "id": api.called.id,
        "paths": base_paths(api),
        "routes": routes,
    }


def _nothing() -> HttpResponse:
    return json_response(404, {"message": "there is no such API here; GET / lists those that there are"})
