from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.names import Names
from authorizer.tools.gateway.permissions import Permissions
from authorizer.tools.template import Unresolved
from tests.unit.tools.gateway.gateways import (
    Handler,
    document,
    fn,
    guarded,
    http_api,
    http_authorizer,
    http_route,
    permission,
    policy,
    rest_api,
    rest_authorizer,
    rest_method,
    running,
)

if TYPE_CHECKING:
    from pathlib import Path

START = "arn:aws:lambda:us-east-1:123456789012:function:"
URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
SOURCE = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/authorizers/abc123"
METHOD = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/orders/{id}"


def covers(folder: Path, given: dict[str, Any], uri: Any = START + "Fn", source: str = SOURCE) -> bool:
    alias = {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "Fn"}, "Name": "live"}}
    found = document(folder, {"Fn": fn(), "Live": alias, "Permission": given})
    return Permissions(found, Names(found)).covers(uri, source)


@pytest.mark.parametrize(
    ("function", "uri", "covered"),
    [
        ("Fn", START + "Fn", True),
        ("Fn", URI.format(START + "Fn"), True),
        ("Fn", URI.format(START + "Fn:$LATEST"), True),
        (START + "Fn", "Fn", True),
        ("123456789012:function:Fn", START + "Fn", True),
        ({"Ref": "Fn"}, Unresolved("GetAtt Fn.Arn"), True),
        ({"Fn::GetAtt": "Fn.Arn"}, Unresolved("GetAtt Fn.Arn"), True),
        ("Fn", START + "Other", False),
        ("Fn", START + "Fn2", False),
        ("F*", START + "Fn", False),
        ("Fn", "", False),
        ("Fn", None, False),
        # an alias or a version is not its function
        ("Fn", START + "Fn:live", False),
        ("Fn:live", START + "Fn", False),
        ("Fn:live", START + "Fn:live", True),
        ("Fn:1", START + "Fn:2", False),
        ({"Ref": "Live"}, URI.format(START + "Fn:live"), True),
        ({"Ref": "Fn"}, Unresolved("Ref Live"), False),
        ({"Fn::Sub": "${Fn}:live"}, Unresolved("Ref Live"), True),
    ],
)
def test_function(function: Any, uri: Any, covered: bool, tmp_path: Path) -> None:
    assert covers(tmp_path, permission(function), uri) == covered


@pytest.mark.parametrize(
    ("pattern", "source", "covered"),
    [
        (None, SOURCE, True),
        ("*", SOURCE, True),
        (SOURCE, SOURCE, True),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/authorizers/*", SOURCE, True),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/*", SOURCE, True),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/*/*", SOURCE, True),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/*/*/*", SOURCE, False),
        ("arn:aws:execute-api:us-east-1:123456789012:other12345/*", SOURCE, False),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/authorizers/other1", SOURCE, False),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/*/GET/*", METHOD, True),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/*/GET/orders/*", METHOD, True),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/orders/{id}", METHOD, True),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/POST/orders/{id}", METHOD, False),
        ("arn:aws:execute-api:us-east-1:123456789012:abcdef1234/test/*", METHOD, False),
    ],
)
def test_source(pattern: str | None, source: str, covered: bool, tmp_path: Path) -> None:
    assert covers(tmp_path, permission("Fn", pattern), source=source) == covered


@pytest.mark.parametrize(
    ("changed", "covered"),
    [
        ({"Action": "lambda:*"}, True),
        ({"Action": "*"}, True),
        ({"Principal": "*"}, True),
        ({"Action": "lambda:InvokeFunctionUrl"}, False),
        ({"Action": "lambda:GetFunction"}, False),
        ({"Principal": "s3.amazonaws.com"}, False),
        ({"Principal": "123456789012"}, False),
        ({"Principal": None}, False),
    ],
)
def test_action_and_principal(changed: dict[str, Any], covered: bool, tmp_path: Path) -> None:
    given = permission("Fn")
    given["Properties"] |= changed
    assert covers(tmp_path, given) == covered


OF_AUTHORIZERS = {"Fn::Sub": "arn:aws:execute-api:us-east-1:123456789012:${Api}/authorizers/${Auth}"}
OF_METHODS = {"Fn::Sub": "arn:aws:execute-api:us-east-1:123456789012:${Api}/*/*/*"}
AUTHORIZED = ("Authorization", "a")


@pytest.mark.parametrize(("source", "status"), [(None, 200), (OF_AUTHORIZERS, 200), (OF_METHODS, 500)])
@pytest.mark.parametrize("rest", [True, False])
def test_authorizer(rest: bool, source: Any, status: int, tmp_path: Path) -> None:
    resources = (
        {**rest_api(), **rest_authorizer(), **rest_method(**guarded())}
        if rest
        else {**http_api(), **http_authorizer(), "Route": http_route("GET /orders", **guarded())}
    )
    resources["AuthorizerPermission"] = permission({"Ref": "Authorizer"}, source)
    with running(tmp_path, resources, {"Authorizer": Handler(policy())}) as local:
        response = local.call("/Api/prod/orders" if rest else "/Api/orders", AUTHORIZED)
        assert response.status == status
        assert status == 200 or response.json() == {"message": None if rest else "Internal Server Error"}


def test_authorizer_without_any_permission(tmp_path: Path) -> None:
    resources = {**http_api(), **http_authorizer(), "Route": http_route("GET /orders", **guarded())}
    del resources["AuthorizerPermission"]
    with running(tmp_path, resources, {"Authorizer": Handler(policy())}) as local:
        assert local.call("/Api/orders", AUTHORIZED).status == 500
        assert "doesn't have permissions" in str(local.records[0].failure)


def with_role(rest: bool, trusted: Any) -> dict[str, Any]:
    """An API whose authorizer and integration have a role, which this principal may assume, and no permission."""
    role = {"Fn::GetAtt": "Role.Arn"}
    trust = {"Statement": [{"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}]}
    resources: dict[str, Any] = {"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}}
    if rest:
        resources |= {**rest_api(), **rest_authorizer(AuthorizerCredentials=role), **rest_method(**guarded())}
        resources["OrdersGET"]["Properties"]["Integration"]["Credentials"] = role
    else:
        resources |= {**http_api(), **http_authorizer(AuthorizerCredentialsArn=role)}
        resources["Route"] = http_route("GET /orders", **guarded())
        resources["Target"]["Properties"]["CredentialsArn"] = role
    del resources["AuthorizerPermission"]
    del resources["BackendPermission"]
    return resources


@pytest.mark.parametrize("rest", [True, False])
@pytest.mark.parametrize(
    ("trusted", "status"),
    [
        ({"Service": "apigateway.amazonaws.com"}, 200),
        ({"Service": ["lambda.amazonaws.com", "apigateway.amazonaws.com"]}, 200),
        ({"Service": "lambda.amazonaws.com"}, 500),
    ],
)
def test_role_takes_the_place_of_a_permission(rest: bool, trusted: Any, status: int, tmp_path: Path) -> None:
    with running(tmp_path, with_role(rest, trusted), {"Authorizer": Handler(policy())}) as local:
        assert local.call("/Api/prod/orders" if rest else "/Api/orders", AUTHORIZED).status == status


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("${Api}/*/GET/orders", 200),
        ("${Api}/prod/GET/orders", 200),
        ("${Api}/*/POST/orders", 500),
        ("${Api}/*/GET/other", 500),
    ],
)
def test_integration(source: str, status: int, tmp_path: Path) -> None:
    resources = {**rest_api(), **rest_method()}
    arn = {"Fn::Sub": f"arn:aws:execute-api:us-east-1:123456789012:{source}"}
    resources["BackendPermission"] = permission({"Ref": "Backend"}, arn)
    with running(tmp_path, resources) as local:
        response = local.call("/Api/prod/orders")
        assert response.status == status
        assert status == 200 or response.json() == {"message": "Internal server error"}


@pytest.mark.parametrize(
    ("source", "stage", "status"),
    [("${Api}/test/GET/orders", "test", 200), ("${Api}/test/GET/orders", "prod", 500)],
)
def test_permission_for_one_stage_is_for_no_other(source: str, stage: str, status: int, tmp_path: Path) -> None:
    other = {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "test"}}
    resources = {**rest_api(), **rest_method(), "Test": other}
    arn = {"Fn::Sub": f"arn:aws:execute-api:us-east-1:123456789012:{source}"}
    resources["BackendPermission"] = permission({"Ref": "Backend"}, arn)
    with running(tmp_path, resources) as local:
        assert local.call(f"/Api/{stage}/orders").status == status
