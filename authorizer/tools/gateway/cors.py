"""CORS of HTTP APIs: the preflight that API Gateway answers itself, and the headers that it puts on every response.

Source: API Gateway Developer Guide, "Configure CORS for HTTP APIs in API Gateway". With a configuration, what an integration
says of CORS is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authorizer.tools.gateway.glob import matcher
from authorizer.tools.gateway.message import Headers, HttpResponse
from authorizer.tools.template.shape import as_flag, as_list, as_map, as_number

if TYPE_CHECKING:
    from authorizer.tools.gateway.message import HttpRequest
    from authorizer.tools.gateway.names import Names
    from authorizer.tools.template import Api

_PREFIX = "access-control-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cors:
    """The CORS configuration of one HTTP API."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    credentials: bool = False
    max_age: int | None = None

    def preflight(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a preflight, which no authorizer sees; None for another request."""
        asked = request.header("Access-Control-Request-Method")
        if request.method != "OPTIONS" or request.header("Origin") is None or asked is None:
            return None
        found = list(self._origin(request))
        if found:
            found += [("access-control-allow-methods", ",".join(self.methods))] if self.methods else []
            found += [("access-control-allow-headers", ",".join(self.headers))] if self.headers else []
            found += [("access-control-max-age", str(self.max_age))] if self.max_age is not None else []
        return HttpResponse(status=204, headers=tuple(found))

    def on(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A response with the headers of this configuration, and none of its own about CORS."""
        kept = tuple(pair for pair in response.headers if not pair[0].lower().startswith(_PREFIX))
        return HttpResponse(status=response.status, headers=(*kept, *self._origin(request)), body=response.body)

    def _origin(self, request: HttpRequest) -> Headers:
        origin = request.header("Origin")
        if origin is None or not any(matcher(one)(origin) for one in self.origins):
            return ()
        found = [("access-control-allow-origin", "*" if "*" in self.origins else origin)]
        found += [("access-control-expose-headers", ",".join(self.exposed))] if self.exposed else []
        found += [("access-control-allow-credentials", "true")] if self.credentials else []
        return tuple(found)


def cors(api: Api, names: Names) -> Cors | None:
    """The configuration that a template gives an HTTP API; None where it gives none."""
    written = names.value(api.properties.get("CorsConfiguration") or api.body.get("x-amazon-apigateway-cors"))
    if not written:
        return None
    said: dict[str, Any] = {name.lower(): value for name, value in as_map(written).items()}
    age = as_number(said.get("maxage"))
    return Cors(
        origins=_texts(said, "alloworigins"),
        methods=_texts(said, "allowmethods"),
        headers=_texts(said, "allowheaders"),
        exposed=_texts(said, "exposeheaders"),
        credentials=as_flag(said.get("allowcredentials", False)) is True,
        max_age=age if isinstance(age, int) else None,
    )


def _texts(said: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(one) for one in as_list(said.get(name)))
