"""What is no matter of the token: routes without authorizers, with signatures, with foreign or unreachable functions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.explain_template.engine import verdicts
from authorizer.tools.explain_template.fetched_keys import NoKeys
from authorizer.tools.explain_template.scene import Asked, Scene
from authorizer.tools.explain_template.verdict import Case, decision
from authorizer.tools.gateway.names import Names
from authorizer.tools.template import read_template
from tests.unit.tools.explain_template.templates import (
    HEADER,
    Published,
    access,
    cognito,
    function,
    http,
    http_jwt,
    identity,
    met,
    oidc,
    our_http,
    our_rest,
    our_websocket,
    rest,
    settings_of,
    uri,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.testing import SigningKey
    from tests.unit.tools.explain_template.templates import Resources

FOREIGN = {"Name": "auth", "Type": "TOKEN", "AuthorizerUri": uri("Function"), "AuthorizerResultTtlInSeconds": 0}


@pytest.fixture(scope="module")
def rsa(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


def without(resources: Resources, *names: str) -> Resources:
    return {name: one for name, one in resources.items() if name not in names}


CASES: dict[str, tuple[Resources, Case, int | None]] = {
    "open": (cognito(), Case.OPEN, 200),
    "iam": (cognito(), Case.IAM, None),
    "missing": (without(cognito(), "Auth"), Case.AUTHORIZER_MISSING, 500),
    "foreign": (rest(FOREIGN) | function("rest", "", Handler="app.handler"), Case.FOREIGN_FUNCTION, None),
    "no_function": (
        rest(FOREIGN | {"AuthorizerUri": "arn:aws:lambda:us-east-1:1:function:x"}),
        Case.FOREIGN_FUNCTION,
        None,
    ),
    "no_permission": (without(our_rest(""), "Permission"), Case.NO_PERMISSION, 500),
    "foreign_without_permission": (
        without(rest(FOREIGN) | function("rest", "", Handler="app.handler"), "Permission"),
        Case.NO_PERMISSION,
        500,
    ),
    "settings_wrong": (our_rest("[require]"), Case.SETTINGS_WRONG, 500),
    "no_such_source": (cognito(IdentitySource="method.request.body"), Case.NOT_CREATED, None),
    "no_such_expression": (our_rest("", IdentityValidationExpression="("), Case.NOT_CREATED, None),
    "two_issuers": (http_jwt(JwtConfiguration={}), Case.NOT_CREATED, None),
}
KINDS = {"open": "NONE", "iam": "AWS_IAM"}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, case, status = CASES[name]
    if name in KINDS:
        method = resources["Method"]["Properties"] | {"AuthorizationType": KINDS[name]}
        resources = resources | {"Method": {"Type": "AWS::ApiGateway::Method", "Properties": method}}
    (verdict,) = met(tmp_path, resources, identity(rsa))
    assert (verdict.case, verdict.status, verdict.reason) == (case, status, None)
    assert bool(verdict.fix) is (case is not Case.OPEN)


def test_routes_are_named_with_their_authorizer(rsa: SigningKey, tmp_path: Path) -> None:
    (verdict,) = met(tmp_path, cognito(), identity(rsa), Published(rsa))
    assert (verdict.api, verdict.route, verdict.authorizer) == ("Api", "GET /orders", "Auth")
    assert (verdict.authorizer_kind, verdict.api_kind.value) == ("COGNITO_USER_POOLS", "rest")


@pytest.mark.parametrize("kind", ["NONE", "AWS_IAM"])
def test_signed_and_open_routes_have_no_authorizer(kind: str, rsa: SigningKey, tmp_path: Path) -> None:
    (verdict,) = met(tmp_path, rest({}, kind), identity(rsa))
    assert verdict.authorizer is None
    assert not verdict.guarded


def test_api_key_is_told(rsa: SigningKey, tmp_path: Path) -> None:
    resources = cognito()
    method = resources["Method"]["Properties"] | {"ApiKeyRequired": True}
    resources["Method"]["Properties"] = method
    (verdict,) = met(tmp_path, resources, identity(rsa), Published(rsa))
    assert verdict.api_key
    assert "x-api-key" in verdict.why
    assert verdict.opens


def test_messages_follow_the_handshake(rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(rsa, '[require]\nscopes = ["orders/read"]\n[credential]\nwebsocket = ["query:access_token"]\n')
    connect, send = met(tmp_path, our_websocket(text), access(rsa))
    assert (connect.route, connect.case, connect.status) == ("$connect", Case.PASSES, 200)
    assert connect.outcome.place == "query:access_token"
    assert (send.route, send.case, send.status, send.guarded) == ("send", Case.CONNECTION, 200, False)


def test_messages_are_refused_with_the_handshake(rsa: SigningKey, tmp_path: Path) -> None:
    connect, send = met(tmp_path, our_websocket(settings_of(rsa)), oidc(rsa))
    assert (connect.reason, connect.status, send.status) == ("issuer_unknown", 401, 401)


def test_websocket_without_handshake_route_is_open(tmp_path: Path) -> None:
    resources = without(our_websocket(""), "Connect")
    (send,) = met(tmp_path, resources, "x")
    assert (send.case, send.status) == (Case.OPEN, 200)


def test_authorizer_that_a_parameter_names_is_not_known(tmp_path: Path) -> None:
    resources = without(cognito(), "Auth")
    resources["Method"]["Properties"]["AuthorizerId"] = {"Ref": "Given"}
    (verdict,) = met(tmp_path, resources, "x", Parameters={"Given": {"Type": "String"}})
    assert (verdict.case, verdict.status) == (Case.DEPLOYMENT_KNOWS, None)


def test_handler_that_a_parameter_names_is_not_known(tmp_path: Path) -> None:
    resources = our_rest("")
    resources["Function"]["Properties"]["Handler"] = {"Ref": "Given"}
    (verdict,) = met(tmp_path, resources, "x", Parameters={"Given": {"Type": "String"}})
    assert (verdict.case, verdict.status) == (Case.DEPLOYMENT_KNOWS, None)


def test_path_that_a_parameter_names_is_not_known(rsa: SigningKey, tmp_path: Path) -> None:
    resources = our_http(settings_of(rsa), key="GET /orders")
    resources["Route"]["Properties"]["RouteKey"] = {"Fn::Sub": "GET /${Given}"}
    (verdict,) = met(tmp_path, resources, "x", Parameters={"Given": {"Type": "String"}})
    assert (verdict.case, verdict.status) == (Case.DEPLOYMENT_KNOWS, None)


def test_one_broken_authorizer_leaves_the_others(rsa: SigningKey, tmp_path: Path) -> None:
    resources = our_http(settings_of(rsa), IdentitySource=["nonsense"])
    other = {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": "GET /health"}}
    found = met(tmp_path, resources | {"Health": other}, oidc(rsa))
    assert {one.route: one.case for one in found} == {"GET /orders": Case.NOT_CREATED, "GET /health": Case.OPEN}


def test_document_of_openapi_alone_has_routes(tmp_path: Path) -> None:
    body = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {"responses": {}}}}}
    file = tmp_path / "api.json"
    file.write_text(json.dumps(body))
    document = read_template(file)
    scene = Scene(document=document, names=Names(document), asked=Asked(token="x", now=0, issuers=NoKeys()))
    assert [(one.route, one.status) for one in verdicts(scene)] == [("GET /x", 200)]


@pytest.mark.parametrize(
    ("resources", "keyless", "said"),
    [
        (cognito(), False, "allow"),
        (cognito(), True, "error"),
        (cognito(scopes=("orders/read",)), True, "deny"),
        (cognito(scopes=("orders/read",)), False, "deny"),
        (rest({}, "AWS_IAM"), False, "deny"),
        (rest({}, "NONE"), False, "deny"),
        (http(FOREIGN | {"AuthorizerType": "REQUEST", "AuthorizerPayloadFormatVersion": "2.0"}), False, "error"),
        (cognito(IdentitySource=HEADER, IdentityValidationExpression="another"), False, "deny"),
    ],
)
def test_decision(resources: Resources, keyless: bool, said: str, rsa: SigningKey, tmp_path: Path) -> None:
    found: Any = met(tmp_path, resources, identity(rsa), None if keyless else Published(rsa))
    assert decision(found) == said
