"""An HTTP or WebSocket API as AWS tells it → resources of AWS::ApiGatewayV2. AWS uses CloudFormation's words here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.deployed.calls import (
    HTTP_API,
    HTTP_AUTHORIZERS,
    HTTP_INTEGRATIONS,
    HTTP_ROUTES,
    HTTP_STAGES,
)
from authorizer.tools.doctor.deployed.rest_reader import PAGES, method_id
from authorizer.tools.template.unresolved import Unresolved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.tools.doctor.deployed.calls import Call
    from authorizer.tools.doctor.deployed.reading import Reading

_TYPE: Final = "AWS::ApiGatewayV2::"
_INTEGRATION: Final = "integrations/"
_OF_HTTP: Final = ("AuthorizerPayloadFormatVersion", "AuthorizerResultTtlInSeconds", "EnableSimpleResponses")
_NO_PROPERTIES: Final = frozenset(
    {
        "ApiId",
        "ApiEndpoint",
        "AuthorizerId",
        "CreatedDate",
        "IntegrationId",
        "LastUpdatedDate",
        "ResponseMetadata",
        "Tags",
    }
)


def read_http_api(reading: Reading, api: str) -> bool:
    """Whether there is such an API; all that it consists of is taken down."""
    answer = reading.access.asked(HTTP_API, api, ApiId=api)
    reading.access.expect_way(HTTP_API.service)
    if answer.gone:
        return False
    routes = _all(reading, HTTP_ROUTES, api)
    given = answer.value or {"ProtocolType": _protocol(routes)}
    reading.add(f"{_TYPE}Api", api, _properties(given))
    for one in _all(reading, HTTP_AUTHORIZERS, api):
        reading.add(f"{_TYPE}Authorizer", one["AuthorizerId"], _authorizer(one, given) | {"ApiId": api})
        reading.learn_account(
            str(one.get("AuthorizerUri", "")).partition("/functions/")[2].removesuffix("/invocations")
        )
    for one in _all(reading, HTTP_INTEGRATIONS, api):
        reading.add(f"{_TYPE}Integration", one["IntegrationId"], _properties(one) | {"ApiId": api})
    for one in routes:
        add_route(reading, api, _route(one))
    for one in _all(reading, HTTP_STAGES, api):
        name = one["StageName"]
        stage = reading.add(f"{_TYPE}Stage", f"{api}/{name}", _properties(one) | {"ApiId": api}, name)
        reading.mark(stage, Updated=one.get("LastUpdatedDate"))
    return True


def add_route(reading: Reading, api: str, properties: Mapping[str, Any]) -> None:
    """Takes a route down under its key: `GET /orders`."""
    reading.add(f"{_TYPE}Route", method_id(api, properties["RouteKey"]), {**properties, "ApiId": api})


def target(integration: str) -> Unresolved:
    """What a route says of its integration, as a template spells it."""
    return Unresolved(f"{_INTEGRATION}${{Ref {integration}}}", frozenset({integration}), composed=True)


def _protocol(routes: Sequence[Mapping[str, Any]]) -> str:
    """By the keys of its routes, where the API itself may not be seen."""
    return "WEBSOCKET" if any(one["RouteKey"] == "$connect" for one in routes) else "HTTP"


def _all(reading: Reading, call: Call, api: str) -> list[Any]:
    found: list[Any] = reading.access.listed(call, api, ApiId=api, PaginationConfig=PAGES).value or []
    return found


def _properties(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in _NO_PROPERTIES}


def _authorizer(given: Mapping[str, Any], api: Mapping[str, Any]) -> dict[str, Any]:
    """Without what has no meaning for it, which AWS may tell all the same."""
    said = _properties(given)
    idle = _OF_HTTP if api.get("ProtocolType") == "WEBSOCKET" else ()
    if given.get("AuthorizerType") != "JWT":
        idle = (*idle, "JwtConfiguration")
    return {name: value for name, value in said.items() if name not in idle}


def _route(given: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: value for name, value in given.items() if name != "RouteId"}
    named = str(given.get("Target") or "")
    if named.startswith(_INTEGRATION):
        properties["Target"] = target(named.removeprefix(_INTEGRATION))
    return properties
