"""OpenAPI documents that stand alone, as API Gateway imports them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.template import Authorization, AuthorizerKind, Issuer, Unresolved, read_template

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.tools.template.conftest import Read

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
LAMBDA = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
SCHEMES = f"""
  token: {{type: apiKey, in: header, name: X-Token, x-amazon-apigateway-authtype: custom,
      x-amazon-apigateway-authorizer: {{type: token, authorizerUri: "{LAMBDA}"}}}}
  pool: {{type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: cognito_user_pools,
      x-amazon-apigateway-authorizer: {{type: cognito_user_pools, providerARNs: [a, b]}}}}
  iam: {{type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}}
  key: {{type: apiKey, in: header, name: x-api-key}}
  plain: {{type: oauth2}}
"""
REST = "swagger: '2.0'\nsecurityDefinitions:" + SCHEMES + "paths:\n"
HTTP = f"""
openapi: 3.0.1
components:
  securitySchemes:
    jwt: {{type: oauth2, x-amazon-apigateway-authorizer: {{type: jwt, identitySource: $request.header.Authorization,
        jwtConfiguration: {{issuer: "https://i/", audience: [a]}}}}}}
    simple: {{type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authorizer: {{type: request,
        identitySource: "$request.header.A, $context.routeKey", authorizerUri: "{LAMBDA}",
        authorizerPayloadFormatVersion: 2.0, enableSimpleResponses: true, authorizerResultTtlInSeconds: 60}}}}
paths:
"""


@pytest.mark.parametrize(
    ("security", "authorization", "authorizer", "scopes", "key"),
    [
        ("[{token: []}]", Authorization.CUSTOM, "token", (), False),
        ("[{pool: [a/b, c]}]", Authorization.COGNITO_USER_POOLS, "pool", ("a/b", "c"), False),
        ("[{iam: []}]", Authorization.AWS_IAM, None, (), False),
        ("[{key: []}]", Authorization.NONE, None, (), True),
        ("[{token: [], key: []}]", Authorization.CUSTOM, "token", (), True),
        ("[{key: []}, {token: []}]", Authorization.CUSTOM, "token", (), True),
        ("[]", Authorization.NONE, None, (), False),
        ("[{NONE: []}]", Authorization.NONE, None, (), False),
        ("[{token: 5}]", Authorization.CUSTOM, "token", ("5",), False),
    ],
)
def test_security_of_an_operation(
    security: str,
    authorization: Authorization,
    authorizer: str | None,
    scopes: tuple[str, ...],
    key: bool,
    read: Read,
) -> None:
    route = read(f"{REST}  /a: {{get: {{security: {security}}}}}").apis[0].routes[0]
    found = (route.authorization, route.authorizer, route.scopes, route.api_key_required)
    assert found == (authorization, authorizer, scopes, key)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (REST + "  /a: {get: {security: [{plain: [s]}]}}", "scheme_idle"),
        (REST + "  /a: {get: {security: [{nobody: []}]}}", "scheme_unknown"),
        (REST + "  /a: {get: {security: [{token: []}, {pool: []}]}}", "authorizers_several"),
        (REST + "  /a: {get: {}}\nsecurity: [{token: []}]", "root_security_ignored"),
        (REST.replace("type: token,", "type: tokn,") + "  /a: {get: {}}", "authorizer_kind"),
        (REST + "  /a: {get: {security: [token]}}", "security_unresolved"),
        (REST + "  /a: {get: {security: token}}", "security_unresolved"),
    ],
)
def test_what_api_gateway_does_not_do_is_a_problem(document: str, code: str, read: Read) -> None:
    assert [problem.code for problem in read(document).problems] == [code]


@pytest.mark.parametrize("said", ["security: [token]", "x-amazon-apigateway-auth: {type: AWS_IM}"])
def test_what_cannot_be_read_is_no_open_route(said: str, read: Read) -> None:
    assert isinstance(read(f"{REST}  /a: {{get: {{{said}}}}}").apis[0].routes[0].authorization, Unresolved)


def test_security_at_the_root_protects_nothing(read: Read) -> None:
    route = read(REST + "  /a: {get: {}}\nsecurity: [{token: []}]").apis[0].routes[0]
    assert route.authorization is Authorization.NONE


def test_rest_authorizers(read: Read) -> None:
    token, pool = read(REST + "  /a: {get: {}}").apis[0].authorizers
    assert (token.kind, token.identity_sources) == (AuthorizerKind.TOKEN, ("method.request.header.X-Token",))
    assert (token.ttl, token.ttl_is_default, token.function) == (300, True, Unresolved(LAMBDA))
    assert (pool.kind, pool.user_pools) == (AuthorizerKind.COGNITO_USER_POOLS, ("a", "b"))
    assert pool.identity_sources == ("method.request.header.Authorization",)


def test_http_authorizers(read: Read) -> None:
    api = read(HTTP + "  /a: {get: {security: [{jwt: [s]}]}}").apis[0]
    jwt, simple = api.authorizers
    assert (jwt.kind, jwt.ttl, jwt.issuers) == (
        AuthorizerKind.JWT,
        None,
        (Issuer(issuer="https://i/", audience=("a",)),),
    )
    assert (simple.kind, simple.ttl, simple.ttl_is_default) == (AuthorizerKind.REQUEST, 60, False)
    assert (simple.payload_version, simple.simple_responses) == ("2.0", True)
    assert simple.identity_sources == ("$request.header.A", "$context.routeKey")
    assert api.routes[0].authorization is Authorization.JWT


def test_rest_jwt_has_several_issuers(read: Read) -> None:
    api = read("""
swagger: "2.0"
securityDefinitions:
  jwt:
    type: apiKey
    x-amazon-apigateway-authorizer:
      type: JWT
      jwtConfiguration: {issuers: [{issuer: "https://a/", audiences: [x, y]}, {issuer: "https://b/", audiences: [z]}]}
paths: {}
""").apis[0]
    assert api.authorizers[0].issuers == (
        Issuer(issuer="https://a/", audience=("x", "y")),
        Issuer(issuer="https://b/", audience=("z",)),
    )
    assert api.authorizers[0].ttl is None


@pytest.mark.parametrize(
    ("document", "kind", "names"),
    [
        (
            REST + "  /a/: {x-amazon-apigateway-any-method: {}, parameters: [], x-other: {}}",
            Kind.REST,
            ["ANY /a"],
        ),
        (REST + "  /: {get: {}, HEAD: {}}", Kind.REST, ["GET /", "HEAD /"]),
        (HTTP + "  /a/: {get: {}}", Kind.HTTP, ["GET /a/"]),
        (HTTP + "  $default: {x-amazon-apigateway-any-method: {}}", Kind.HTTP, ["$default"]),
        (HTTP + "  /x: {x-amazon-apigateway-any-method: {isDefaultRoute: true}}", Kind.HTTP, ["$default"]),
        ("openapi: 3.0.0\npaths: {/$default: {get: {}}}", Kind.HTTP, ["$default"]),
        ("openapi: 3.0.0\npaths: {/a: {get: {}}}", Kind.REST, ["GET /a"]),
        ("openapi: 3.0.0\npaths: []", Kind.REST, []),
    ],
)
def test_routes_and_kind(document: str, kind: Kind, names: list[str], read: Read) -> None:
    api = read(document).apis[0]
    assert (api.kind, [route.name for route in api.routes]) == (kind, names)


def test_kind_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text("openapi: 3.0.0\npaths: {/a: {get: {}}}")
    assert read_template(tmp_path / "api.yaml", kind=Kind.HTTP).apis[0].kind is Kind.HTTP


def test_backend(read: Read) -> None:
    integration = f'{{type: aws_proxy, uri: "{LAMBDA}", payloadFormatVersion: 2.0}}'
    route = read(HTTP + f"  /a: {{get: {{x-amazon-apigateway-integration: {integration}}}}}").apis[0].routes[0]
    assert route.backend is not None
    assert (route.backend.kind, route.backend.payload_version) == ("AWS_PROXY", "2.0")
    assert route.backend.function == Unresolved(LAMBDA)


def test_places_have_lines(read: Read) -> None:
    document = read("openapi: 3.0.0\npaths:\n  /a:\n    get: {}\n")
    place = document.apis[0].routes[0].place
    assert (str(place), document.line(place)) == ("paths./a.get", 4)
