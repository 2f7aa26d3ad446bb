from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.build_authorizers import Surroundings, authorizers
from authorizer.tools.gateway.cache import ResultCache
from authorizer.tools.gateway.lambda_authorizer import LambdaAuthorizer
from authorizer.tools.gateway.names import Names
from authorizer.tools.gateway.native_authorizer import NativeAuthorizer
from authorizer.tools.gateway.native_cognito import CognitoAuthorizer
from authorizer.tools.gateway.native_jwt_http import HttpJwtAuthorizer
from authorizer.tools.gateway.native_jwt_rest import AdditionalClaim, RestJwtAuthorizer
from authorizer.tools.gateway.permissions import Permissions
from authorizer.tools.local_issuer.local_issuers import LocalIssuers
from authorizer.tools.terminal import CommandError
from tests.unit.tools.gateway.gateways import (
    HEADER,
    Functions,
    document,
    http_api,
    http_authorizer,
    rest_api,
    rest_authorizer,
    websocket_api,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.gateway.local_api import Authorizer

ISSUER = "https://issuer.example.com"


def build(folder: Path, resources: dict[str, dict[str, Any]], name: str = "Auth", why: str | None = None) -> Authorizer:
    found = document(folder, resources)
    names = Names(found)
    around = Surroundings(
        names=names,
        functions=Functions(None),
        why_not=lambda _: why,
        issuers=LocalIssuers(()),
        permissions=Permissions(found, names),
        cache=ResultCache(),
    )
    return authorizers(found.apis[0], around)[name]


def rest(folder: Path, kind: str = "TOKEN", **given: Any) -> LambdaAuthorizer:
    found = build(folder, {**rest_api(), **rest_authorizer(kind, **given)})
    assert isinstance(found, LambdaAuthorizer)
    return found


def http(folder: Path, **given: Any) -> LambdaAuthorizer:
    found = build(folder, {**http_api(), **http_authorizer(**given)})
    assert isinstance(found, LambdaAuthorizer)
    return found


def refused(folder: Path, resources: dict[str, dict[str, Any]]) -> str:
    with pytest.raises(CommandError) as caught:
        build(folder, resources)
    return str(caught.value)


@pytest.mark.parametrize(("ttl", "kept"), [(0, 0), (1, 1), ("60", 60), (3600, 3600), (None, 300), ({"Ref": "X"}, 300)])
def test_ttl_of_a_rest_api(ttl: Any, kept: int, tmp_path: Path) -> None:
    assert rest(tmp_path, AuthorizerResultTtlInSeconds=ttl).caching.ttl == kept


@pytest.mark.parametrize(("ttl", "kept"), [(0, 0), (60, 60), (3600, 3600), (None, 0)])
def test_ttl_of_an_http_api(ttl: Any, kept: int, tmp_path: Path) -> None:
    assert http(tmp_path, AuthorizerResultTtlInSeconds=ttl).caching.ttl == kept


def test_websocket_api_keeps_nothing(tmp_path: Path) -> None:
    sources = {"IdentitySource": ["route.request.header.Authorization"], "AuthorizerResultTtlInSeconds": 300}
    found = build(tmp_path, {**websocket_api("$connect"), **http_authorizer(**sources)})
    assert isinstance(found, LambdaAuthorizer)
    assert (found.kind, found.caching.ttl, found.patience) == (Kind.WEBSOCKET, 0, 29.0)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("TOKEN", {"AuthorizerResultTtlInSeconds": 3601}),
        ("TOKEN", {"IdentitySource": None}),
        ("TOKEN", {"IdentitySource": f"{HEADER},method.request.header.X"}),
        ("TOKEN", {"IdentitySource": "Authorization"}),
        ("TOKEN", {"IdentityValidationExpression": "("}),
        ("REQUEST", {"IdentitySource": "method.request.path.id"}),
        ("REQUEST", {"IdentitySource": "method.request.body.a"}),
        ("REQUEST", {"IdentitySource": None, "AuthorizerResultTtlInSeconds": 300}),
        ("REQUEST", {"IdentitySource": None, "AuthorizerResultTtlInSeconds": None}),
    ],
)
def test_authorizer_that_api_gateway_would_not_create(kind: str, given: dict[str, Any], tmp_path: Path) -> None:
    message = refused(tmp_path, {**rest_api(), **rest_authorizer(kind, **given)})
    assert "the authorizer Auth of Api" in message


def test_cache_of_an_http_api_needs_an_identity_source(tmp_path: Path) -> None:
    given = {"IdentitySource": None, "AuthorizerResultTtlInSeconds": 300}
    assert "identity source" in refused(tmp_path, {**http_api(), **http_authorizer(**given)})


@pytest.mark.parametrize("source", [None, []])
def test_request_authorizer_without_identity_sources(source: Any, tmp_path: Path) -> None:
    assert rest(tmp_path, "REQUEST", IdentitySource=source).caching.sources.texts == ()


@pytest.mark.parametrize(
    ("flag", "version", "simple"),
    [(True, "2.0", True), (True, None, True), (True, "1.0", False), (False, "2.0", False), (None, "2.0", False)],
)
def test_simple_answers(flag: Any, version: Any, simple: bool, tmp_path: Path) -> None:
    given = {"EnableSimpleResponses": flag, "AuthorizerPayloadFormatVersion": version}
    assert http(tmp_path, **given).simple == simple


@pytest.mark.parametrize(("expression", "pattern"), [(None, None), ("", None), (r"^Bearer .+$", r"^Bearer .+$")])
def test_validation_expression(expression: Any, pattern: str | None, tmp_path: Path) -> None:
    found = rest(tmp_path, IdentityValidationExpression=expression).validation
    assert (None if found is None else found.pattern) == pattern


@pytest.mark.parametrize("why", [None, "the template has no function Authorizer"])
def test_function_that_is_not_here(why: str | None, tmp_path: Path) -> None:
    found = build(tmp_path, {**rest_api(), **rest_authorizer()}, why=why)
    assert isinstance(found, LambdaAuthorizer)
    assert (found.function, found.missing) == ("Authorizer", why)


@pytest.mark.parametrize(
    ("uri", "function"),
    [
        (
            "arn:aws:apigateway:a:lambda:path/2015-03-31/functions/arn:aws:lambda:a:1:function:other:live/invocations",
            "other",
        ),
        ("arn:aws:lambda:a:1:function:other", "other"),
        ({"Fn::ImportValue": "shared"}, "${ImportValue shared}"),
    ],
)
def test_function_of_another_template_goes_by_its_name(uri: Any, function: str, tmp_path: Path) -> None:
    found = rest(tmp_path, AuthorizerUri=uri)
    assert (found.function, found.permitted) == (function, True)


def test_two_apis_have_caches_of_their_own(tmp_path: Path) -> None:
    assert rest(tmp_path).caching.name == "Api/Auth"


def native(found: Authorizer) -> Any:
    assert isinstance(found, NativeAuthorizer)
    return found.native


def test_user_pools(tmp_path: Path) -> None:
    given = {"ProviderARNs": [{"Fn::GetAtt": "Pool.Arn"}], "IdentityValidationExpression": "a", "AuthorizerUri": None}
    pool = {"Pool": {"Type": "AWS::Cognito::UserPool"}}
    found = native(build(tmp_path, {**rest_api(), **rest_authorizer("COGNITO_USER_POOLS", **given), **pool}))
    assert isinstance(found, CognitoAuthorizer)
    assert "${" not in found.user_pools[0]
    assert found.validation_expression == "a"


def jwt(**configuration: Any) -> dict[str, dict[str, Any]]:
    auth = {"ApiId": {"Ref": "Api"}, "Name": "auth", "AuthorizerType": "JWT", "JwtConfiguration": configuration}
    properties = auth | {"IdentitySource": ["$request.header.Authorization"]}
    return {**http_api(), "Auth": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": properties}}


def test_jwt_of_an_http_api(tmp_path: Path) -> None:
    found = native(build(tmp_path, jwt(Issuer=ISSUER, Audience=["a", {"Ref": "Backend"}])))
    assert isinstance(found, HttpJwtAuthorizer)
    assert (found.issuer, found.audience) == (ISSUER, ("a", "Backend"))


@pytest.mark.parametrize("configuration", [{}, {"Audience": ["a"]}])
def test_jwt_of_an_http_api_without_an_issuer(configuration: dict[str, Any], tmp_path: Path) -> None:
    assert "0 issuers" in refused(tmp_path, jwt(**configuration))


CLAIM = {"claimName": "tenant", "required": True, "expectedValues": ["7"], "format": "SINGLE_STRING"}
TRUSTED = {"issuer": ISSUER, "audiences": ["a"], "additionalClaims": [CLAIM]}
JWT = {"issuers": [TRUSTED], "defaultAlgorithms": ["RS256", "ES256"]}


def upper(given: Any) -> Any:
    """As CloudFormation spells it."""
    if isinstance(given, dict):
        return {name[0].upper() + name[1:]: upper(value) for name, value in given.items()}
    return list(map(upper, given)) if isinstance(given, list) else given


@pytest.mark.parametrize("by_body", [True, False])
def test_jwt_of_a_rest_api(by_body: bool, tmp_path: Path) -> None:
    extension = {"type": "jwt", "identitySource": HEADER, "jwtConfiguration": JWT}
    scheme = {"type": "oauth2", "x-amazon-apigateway-authorizer": extension}
    body = {"openapi": "3.0.1", "paths": {}, "components": {"securitySchemes": {"Auth": scheme}}}
    given = {"JwtConfiguration": upper(JWT), "AuthorizerUri": None, "AuthorizerResultTtlInSeconds": None}
    resources = rest_api(Body=body) if by_body else {**rest_api(), **rest_authorizer("JWT", **given)}
    found = native(build(tmp_path, resources))
    assert isinstance(found, RestJwtAuthorizer)
    assert (found.trusted[0].issuer, found.trusted[0].audiences) == (ISSUER, ("a",))
    assert found.trusted[0].additional_claims == (
        AdditionalClaim(name="tenant", required=True, expected_values=("7",)),
    )
    assert found.algorithms == ("RS256", "ES256")


@pytest.mark.parametrize(
    "changed",
    [
        {"issuers": []},
        {"issuers": [TRUSTED | {"audiences": []}]},
        {"defaultAlgorithms": []},
        {"defaultAlgorithms": ["HS256"]},
        {"issuers": [TRUSTED | {"additionalClaims": [CLAIM | {"claimName": "iss"}]}]},
        {"issuers": [TRUSTED | {"additionalClaims": [CLAIM | {"expectedValues": ["7", "8"]}]}]},
    ],
)
def test_jwt_of_a_rest_api_that_api_gateway_would_not_create(changed: dict[str, Any], tmp_path: Path) -> None:
    given = {"JwtConfiguration": upper(JWT | changed), "AuthorizerUri": None, "AuthorizerResultTtlInSeconds": None}
    assert "cannot be created" in refused(tmp_path, {**rest_api(), **rest_authorizer("JWT", **given)})
