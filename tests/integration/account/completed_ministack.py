"""MiniStack, completed by what our templates need and AWS has: they are deployed as they are.

Run with the interpreter that has MiniStack: `python completed_ministack.py`, the settings in its variables. What is added:
the route responses of WebSocket APIs; of the OpenAPI document of a REST API the gateway responses and the answers of mock
integrations (preflights); of that of an HTTP API everything; CORS of HTTP APIs. All through MiniStack's own calls.
"""

from __future__ import annotations

import json
from typing import Any

from ministack import app
from ministack.services import apigateway, apigateway_v1
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
Created = tuple[str, dict[str, str]]


def create_route_response(_logical_id: str, properties: Properties, _stack: str) -> Created:
    """AWS::ApiGatewayV2::RouteResponse."""
    route = properties["RouteId"].rpartition("/")[2]
    key = {"routeResponseKey": properties["RouteResponseKey"]}
    _, _, body = apigateway._create_route_response(properties["ApiId"], route, key)
    identifier = json.loads(body)["routeResponseId"]
    return identifier, {"RouteResponseId": identifier}


def gone_with_its_api(_physical_id: str, _properties: Properties) -> None:
    """Nothing is left to delete."""


_import_rest_api = apigateway_v1._import_rest_api
_import_operation = apigateway_v1._import_operation


def import_rest_api(document: Properties, data: Properties) -> str:
    """The API of an OpenAPI document, its gateway responses too."""
    api_id: str = _import_rest_api(document, data)
    for kind, response in document.get("x-amazon-apigateway-gateway-responses", {}).items():
        apigateway_v1._put_gateway_response(api_id, kind, response)
    return api_id


def import_operation(api_id: str, resource: str, method: str, operation: Properties, *others: Any) -> None:
    """A method of an OpenAPI document, the answers of its integration too."""
    _import_operation(api_id, resource, method, operation, *others)
    integration = (operation or {}).get("x-amazon-apigateway-integration", {})
    for status, response in integration.get("responses", {}).items():
        answer = {"responseParameters": response.get("responseParameters", {})}
        status_code = str(response.get("statusCode", status))
        apigateway_v1._put_integration_response(api_id, resource, method.upper(), status_code, answer)


_create_http_api = provisioners._apigw_v2_api_create


def create_http_api(logical_id: str, properties: Properties, stack: str) -> Created:
    """AWS::ApiGatewayV2::Api, also with a Body, as AWS::Serverless::HttpApi becomes one."""
    cors = properties.get("CorsConfiguration")
    if cors:  # kept as the template spells it, and then not found
        properties = properties | {"CorsConfiguration": {name[0].lower() + name[1:]: cors[name] for name in cors}}
    document = properties.get("Body") or {}
    title = document.get("info", {}).get("title", stack)
    api_id, attributes = _create_http_api(logical_id, {"Name": title} | properties, stack)
    schemes = document.get("components", {}).get("securitySchemes", {})
    authorizers = {name: _authorizer(api_id, name, scheme) for name, scheme in schemes.items()}
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            _route(api_id, "$default" if path == "/$default" else f"{_method(method)} {path}", operation, authorizers)
    return api_id, attributes


def _method(name: str) -> str:
    return "ANY" if name == "x-amazon-apigateway-any-method" else name.upper()


def _authorizer(api_id: str, name: str, scheme: Properties) -> tuple[str, str]:
    """Its kind of authorization, as routes name it, and its id."""
    extension = scheme["x-amazon-apigateway-authorizer"]
    sources = extension.get("identitySource", [])
    data = extension | {
        "name": name,
        "authorizerType": extension["type"].upper(),
        "identitySource": sources.split(",") if isinstance(sources, str) else sources,
        "authorizerPayloadFormatVersion": str(extension.get("authorizerPayloadFormatVersion", "")),
    }
    _, _, body = apigateway._create_authorizer(api_id, data)
    return "JWT" if data["authorizerType"] == "JWT" else "CUSTOM", json.loads(body)["authorizerId"]


def _route(api_id: str, key: str, operation: Properties, authorizers: dict[str, tuple[str, str]]) -> None:
    extension = operation["x-amazon-apigateway-integration"]
    integration = {"integrationUri": extension["uri"], "integrationType": extension["type"].upper()}
    integration["payloadFormatVersion"] = str(extension.get("payloadFormatVersion", "2.0"))
    _, _, body = apigateway._create_integration(api_id, integration)
    route: Properties = {"routeKey": key, "target": f"integrations/{json.loads(body)['integrationId']}"}
    for requirement in operation.get("security", []):
        for name, scopes in requirement.items():
            kind, identifier = authorizers[name]
            route |= {"authorizationType": kind, "authorizerId": identifier, "authorizationScopes": scopes}
    apigateway._create_route(api_id, route)


ROUTE_RESPONSE = "AWS::ApiGatewayV2::RouteResponse"

if __name__ == "__main__":
    if ROUTE_RESPONSE in provisioners._RESOURCE_HANDLERS:
        raise SystemExit(f"MiniStack knows {ROUTE_RESPONSE} by now: delete it here")
    provisioners._RESOURCE_HANDLERS[ROUTE_RESPONSE] = {"create": create_route_response, "delete": gone_with_its_api}
    provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]["create"] = create_http_api
    apigateway_v1._import_rest_api = import_rest_api
    apigateway_v1._import_operation = import_operation
    app.main()
