"""WebSocket APIs: they ask an authorizer once, when a client connects.

Source: API Gateway Developer Guide, "Control access to WebSocket APIs with AWS Lambda REQUEST authorizers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.told import property_place
from authorizer.tools.template import Authorization
from authorizer.tools.template_check.identity import Identity, identities
from authorizer.tools.template_check.template_lines import Property, source_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Api, ApiRoute
    from authorizer.tools.template_check.finding import Finding

_CONNECT: Final = "$connect"
_SUBPROTOCOL: Final = "sec-websocket-protocol"  # the one header of a handshake that pages have a say in
_ONLY_HTTP: Final = {
    Property.PAYLOAD: "websocket_payload_version_set",
    Property.TTL: "websocket_ttl_set",
    Property.SIMPLE: "websocket_simple_responses_set",
}


def authorizer_elsewhere(view: View) -> Iterator[Finding]:
    """An authorizer on a route that messages take: there is no request that it could be asked about."""
    for api, route in view.routes(Kind.WEBSOCKET):
        if route.path != _CONNECT and isinstance(route.path, str) and _is_guarded(route):
            yield view.finding(
                "websocket_route_authorizer_not_on_connect",
                route.place,
                found=f"an authorizer on the route {route.name} of {api.logical_id}",
                right=f"the authorizer on {_CONNECT}, for the whole connection",
                fix=(f"RouteKey: {_CONNECT}", "AuthorizationType: CUSTOM", f"AuthorizerId: !Ref {_name(api)}"),
            )


def _is_guarded(route: ApiRoute) -> bool:
    return isinstance(route.authorization, Authorization) and route.authorization is not Authorization.NONE


def _name(api: Api) -> str:
    return api.authorizers[0].name if api.authorizers else "…"


def open_connect(view: View) -> Iterator[Finding]:
    """Anybody may connect to functions that are behind an authorizer elsewhere."""
    for api in view.apis(Kind.WEBSOCKET):
        connect = next((one for one in api.routes if one.path == _CONNECT), None)
        open_ = connect is None or connect.authorization is Authorization.NONE
        if not open_ or not api.routes or api.external or any(map(_is_guarded, api.routes)):
            continue
        reasons = [f"{name}, which is behind an authorizer of another API" for name in _guarded_backends(view, api)]
        if reasons:
            yield view.finding(
                "websocket_connect_open",
                connect.place if connect is not None else api.place,
                found=f"{_CONNECT} without an authorizer, before {' and '.join(reasons)}",
                right=f"an authorizer on {_CONNECT}: it is the only route that can have one",
                fix=("AuthorizationType: CUSTOM", f"AuthorizerId: !Ref {_name(api)}"),
            )


def _guarded_backends(view: View, api: Api) -> list[str]:
    """The functions of an API that every route of other APIs guards."""
    own = {route.backend.function for route in api.routes if route.backend is not None}
    others: dict[str, list[bool]] = {}
    for other, route in view.routes(Kind.REST, Kind.HTTP):
        function = route.backend.function if route.backend is not None else None
        if other is not api and isinstance(function, str) and function in own:
            others.setdefault(function, []).append(_is_guarded(route))
    return sorted(name for name, guarded in others.items() if all(guarded))


def header_only(view: View) -> Iterator[Finding]:
    """A credential where no page of a browser can put it."""
    for api, one in view.authorizers(Kind.WEBSOCKET):
        found = identities(one)
        asked = {source for source in found if source.kind in ("header", "querystring")}
        headers = {source for source in asked if source.kind == "header" and source.name != _SUBPROTOCOL}
        if headers and headers == asked and len(found) == len(one.identity_sources):
            names = " and ".join(source.name for source in sorted(headers))
            fix = source_lines(one.place, api.kind, (found - headers) | {Identity("querystring", "access_token")})
            yield view.finding(
                "websocket_identity_header_only",
                property_place(api, one, Property.SOURCES),
                found=f"the header {names}, which browsers cannot set on a WebSocket",
                right="a query parameter, or Sec-WebSocket-Protocol, unless no browser connects",
                fix=fix,
            )


def only_for_http(view: View) -> Iterator[Finding]:
    """Properties that authorizers of HTTP APIs alone have."""
    for api, one in view.authorizers(Kind.WEBSOCKET):
        resource = view.document.resources.get(one.name)
        given = resource.properties if resource is not None else {}
        for what, code in _ONLY_HTTP.items():
            value = given.get(what.value)
            if value is None or str(value).lower() in ("0", "false"):
                continue
            yield view.finding(
                code,
                property_place(api, one, what),
                found=f"{what.value}: {value} at an authorizer of a WebSocket API",
                right=f"no {what.value}, which is of HTTP APIs",
                fix=(f"# delete {what.value} from {one.name}",),
            )


CHECKS = (authorizer_elsewhere, open_connect, header_only, only_for_http)
