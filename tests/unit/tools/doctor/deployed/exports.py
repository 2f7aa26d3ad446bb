"""An API as API Gateway exports it: OpenAPI 3.0.1 with its extensions, of what is set up at that moment."""

from __future__ import annotations

from typing import Any

Table = dict[str, Any]


def rest_export(api: Table) -> Table:
    """Of a REST API, with extensions=apigateway."""
    named = {one["id"]: one["name"] for one in api["authorizers"]}
    paths: Table = {}
    for resource in api["resources"]:
        methods = resource.get("resourceMethods", {})
        if methods:
            paths[resource["path"]] = {_verb(name): _operation(one, named) for name, one in methods.items()}
    schemes = {one["name"]: _scheme(one) for one in api["authorizers"]}
    schemes["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    variables = {"basePath": {"default": "prod"}}
    server = {
        "url": f"https://{api['api']['id']}.execute-api.eu-west-1.amazonaws.com/{{basePath}}",
        "variables": variables,
    }
    responses = {one["responseType"]: _response(one) for one in api["responses"] if not one["defaultResponse"]}
    return {
        "openapi": "3.0.1",
        "info": {"title": api["api"]["name"], "version": "2026-01-01T00:00:00Z"},
        "servers": [server],
        "paths": paths,
        "components": {"securitySchemes": schemes},
        "x-amazon-apigateway-gateway-responses": responses,
    }


def http_export(api: Table) -> Table:
    """Of an HTTP API, for one of its stages."""
    named = {one["AuthorizerId"]: one["Name"] for one in api["authorizers"]}
    integrations = {one["IntegrationId"]: one for one in api["integrations"]}
    paths: Table = {}
    for route in api["routes"]:
        verb, _, path = route["RouteKey"].partition(" ")
        integration = integrations[route["Target"].partition("/")[2]]
        operation: Table = {
            "responses": {"default": {"description": f"Default response for {route['RouteKey']}"}},
            "x-amazon-apigateway-integration": {
                "payloadFormatVersion": integration["PayloadFormatVersion"],
                "type": integration["IntegrationType"].lower(),
                "httpMethod": "POST",
                "uri": integration["IntegrationUri"],
                "connectionType": "INTERNET",
            },
        }
        if "AuthorizerId" in route:
            operation["security"] = [{named[route["AuthorizerId"]]: route.get("AuthorizationScopes", [])}]
        paths.setdefault(path, {})[_verb(verb)] = operation
    return {
        "openapi": "3.0.1",
        "info": {"title": api["api"]["Name"], "version": "2026-01-01 00:00:00UTC"},
        "paths": paths,
        "components": {"securitySchemes": {one["Name"]: _http_scheme(one) for one in api["authorizers"]}},
        "x-amazon-apigateway-importexport-version": "1.0",
    }


def _verb(name: str) -> str:
    return "x-amazon-apigateway-any-method" if name == "ANY" else name.lower()


def _operation(method: Table, named: dict[str, str]) -> Table:
    operation: Table = {"responses": {"200": {"description": "200 response"}}}
    security: Table = {}
    if "authorizerId" in method:
        security[named[method["authorizerId"]]] = method.get("authorizationScopes", [])
    if method["apiKeyRequired"]:
        security["api_key"] = []
    integration = dict(method["methodIntegration"])
    responses = integration.pop("integrationResponses", {})
    integration["type"] = integration["type"].lower()
    operation["x-amazon-apigateway-integration"] = integration | ({"responses": responses} if responses else {})
    return operation | ({"security": [security]} if security else {})


def _scheme(authorizer: Table) -> Table:
    kind = authorizer["type"]
    header = authorizer["identitySource"].rpartition(".")[2]
    extension = {"type": kind.lower()}
    for name in ("authorizerUri", "authorizerCredentials", "authorizerResultTtlInSeconds", "providerARNs"):
        if name in authorizer:
            extension[name] = authorizer[name]
    if kind == "REQUEST":
        extension["identitySource"] = authorizer["identitySource"]
    return {
        "type": "apiKey",
        "name": "Unused" if kind == "REQUEST" else header,
        "in": "header",
        "x-amazon-apigateway-authtype": authorizer["authType"],
        "x-amazon-apigateway-authorizer": extension,
    }


def _response(response: Table) -> Table:
    return {name: value for name, value in response.items() if name not in ("responseType", "defaultResponse")}


def _http_scheme(authorizer: Table) -> Table:
    extension: Table = {"identitySource": ",".join(authorizer["IdentitySource"])}
    if authorizer["AuthorizerType"] == "JWT":
        given = authorizer["JwtConfiguration"]
        configuration = {"audience": given["Audience"], "issuer": given["Issuer"]}
        return {
            "type": "oauth2",
            "x-amazon-apigateway-authorizer": extension | {"type": "jwt"} | {"jwtConfiguration": configuration},
        }
    extension |= {"type": "request", "authorizerUri": authorizer["AuthorizerUri"]}
    extension |= {"authorizerPayloadFormatVersion": authorizer["AuthorizerPayloadFormatVersion"]}
    extension |= {"enableSimpleResponses": authorizer["EnableSimpleResponses"], "authorizerResultTtlInSeconds": 0}
    return {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authorizer": extension}
