"""Known mistakes of HTTP APIs with Lambda authorizers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.tools.doctor.mutation import Mutation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.tools.doctor.mutation import Template

_BASE = "http_lambda.yaml"


def _set(resource: str, **properties: Any) -> Callable[[Template], object]:
    """Properties of a resource; None deletes one."""

    def edit(template: Template) -> None:
        given = template["Resources"][resource]["Properties"]
        given.update(properties)
        for name in [name for name, value in properties.items() if value is None]:
            del given[name]

    return edit


def _cors(**properties: Any) -> Callable[[Template], object]:
    return lambda template: template["Resources"]["Api"]["Properties"]["CorsConfiguration"].update(properties)


def _log(template: Template) -> None:
    settings = template["Resources"]["Stage"]["Properties"]["AccessLogSettings"]
    settings["Format"] = '{"status":"$context.status","error":"$context.integrationErrorMessage"}'


def _as_openapi(template: Template) -> None:
    """The same API as a document, whose authorizer has the words of a REST API."""
    resources = template["Resources"]
    body = _document(resources["Users"]["Properties"], resources["Integration"]["Properties"])
    for name in ("Users", "GetOrder", "CreateOrder", "Integration"):
        del resources[name]
    given = resources["Api"]["Properties"]
    cors = {name[0].lower() + name[1:]: value for name, value in given["CorsConfiguration"].items()}
    given.clear()
    given.update(FailOnWarnings=True, Body={**body, "x-amazon-apigateway-cors": cors})


def _document(users: Template, integration: Template) -> Template:
    authorizer = {
        "type": "request",
        "authorizerPayloadFormatVersion": "2.0",
        "enableSimpleResponses": True,
        "identitySource": "method.request.header.Authorization",
        "authorizerUri": users["AuthorizerUri"],
    }
    backend = {
        "type": "AWS_PROXY",
        "httpMethod": "POST",
        "payloadFormatVersion": "2.0",
        "uri": integration["IntegrationUri"],
    }
    scheme = {"type": "apiKey", "in": "header", "name": "Unused", "x-amazon-apigateway-authorizer": authorizer}
    operation = {"security": [{"users": []}], "x-amazon-apigateway-integration": backend}
    return {
        "openapi": "3.0.1",
        "info": {"title": "orders", "version": "1"},
        "components": {"securitySchemes": {"users": scheme}},
        "paths": {"/orders/{id}": {"get": operation}},
    }


def _mutation(name: str, code: str, edit: Callable[[Template], object], base: str = _BASE) -> Mutation:
    return Mutation(name=f"http: {name}", base=base, edit=edit, code=code)


MUTATIONS = [
    _mutation(
        "no payload version",
        "http_payload_version_missing",
        _set("Users", AuthorizerPayloadFormatVersion=None),
    ),
    _mutation("payload version 2", "http_payload_version_unknown", _set("Users", AuthorizerPayloadFormatVersion=2)),
    _mutation(
        "payload version 1.0 with simple responses",
        "http_simple_with_payload_1",
        _set("Users", AuthorizerPayloadFormatVersion="1.0"),
    ),
    _mutation("a cache without identity source", "http_ttl_without_identity_source", _set("Users", IdentitySource=[])),
    _mutation(
        "a cache without the route in its key",
        "http_cached_yes_for_every_route",
        _set("Users", IdentitySource=["$request.header.Authorization"]),
    ),
    _mutation(
        "identity source as in REST APIs",
        "http_identity_source_rest_words",
        _set("Users", IdentitySource=["method.request.header.Authorization", "$context.routeKey"]),
    ),
    _mutation(
        "context source without a dollar",
        "http_identity_source_rest_words",
        _set("Users", IdentitySource=["$request.header.Authorization", "context.routeKey"]),
    ),
    _mutation("identity source as in REST APIs, in OpenAPI", "http_identity_source_rest_words", _as_openapi),
    _mutation("a slow function", "http_authorizer_over_10_seconds", _set("OrdersAuth", Timeout=30)),
    _mutation("no access log", "http_access_log_missing", _set("Stage", AccessLogSettings=None)),
    _mutation("an access log without authorizer.error", "http_access_log_without_authorizer_error", _log),
    _mutation(
        "the default route takes preflights",
        "http_default_route_catches_options",
        _set("CreateOrder", RouteKey="$default"),
    ),
    _mutation(
        "an ANY route takes preflights",
        "http_default_route_catches_options",
        _set("CreateOrder", RouteKey="ANY /orders"),
    ),
    _mutation(
        "CORS forgets the header",
        "http_cors_lacks_authorization_header",
        _cors(AllowHeaders=["content-type"]),
    ),
    _mutation("a star is not Authorization", "http_cors_lacks_authorization_header", _cors(AllowHeaders=["*"])),
    _mutation(
        "credentials for every origin",
        "http_cors_credentials_star",
        _cors(AllowOrigins=["*"], AllowCredentials=True),
    ),
    _mutation(
        "payload 1.0 and a slow function",
        "http_authorizer_over_10_seconds",
        _set("OrdersAuth", Timeout=11),
        "http_lambda_v1.yaml",
    ),
]
