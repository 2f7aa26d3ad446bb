"""MiniStack, completed by what the template needs and AWS has: the template is deployed as it is.

Run with the interpreter that has MiniStack: `python completed_ministack.py`, the settings in its variables. What is added:
two resource types of WebSocket APIs, and of an imported OpenAPI document the gateway responses and the answers of mock
integrations (preflights). All through MiniStack's own calls.
"""

from __future__ import annotations

import json
from typing import Any

from ministack import app  # type: ignore[import-not-found]  # lives in an environment of its own
from ministack.services import apigateway, apigateway_v1  # type: ignore[import-not-found]
from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]

Properties = dict[str, Any]
Created = tuple[str, dict[str, str]]


def create_deployment(_logical_id: str, properties: Properties, _stack: str) -> Created:
    """AWS::ApiGatewayV2::Deployment."""
    _, _, body = apigateway._create_deployment(properties["ApiId"], {})
    identifier = json.loads(body)["deploymentId"]
    return identifier, {"DeploymentId": identifier}


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


ADDED = {
    "AWS::ApiGatewayV2::Deployment": create_deployment,
    "AWS::ApiGatewayV2::RouteResponse": create_route_response,
}

if __name__ == "__main__":
    for name, create in ADDED.items():
        if name in provisioners._RESOURCE_HANDLERS:
            raise SystemExit(f"MiniStack knows {name} by now: delete it here")
        provisioners._RESOURCE_HANDLERS[name] = {"create": create, "delete": gone_with_its_api}
    apigateway_v1._import_rest_api = import_rest_api
    apigateway_v1._import_operation = import_operation
    app.main()
