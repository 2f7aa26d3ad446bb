"""examples/layer-user: a stack of somebody else that uses the layer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from authorizer.testing import Call, FakeIssuer, http_v2
from tests.integration.examples.built_function import BuiltFunction, built_function
from tests.integration.sam_project import (
    EXAMPLES,
    authorizer_permissions,
    build,
    of_type,
    read,
    transformed,
    validate,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

TEMPLATE = EXAMPLES / "layer-user" / "template.yaml"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(TEMPLATE, tmp_path_factory.mktemp("layer-user") / "build")


@pytest.fixture
def function(built: Path, layer: Path, issuer: FakeIssuer) -> BuiltFunction:
    return built_function(built, "OrdersAuth", {"LayerArn": str(layer), "Issuer": issuer.url, "Audience": "orders-api"})


def test_sam_finds_nothing_wrong() -> None:
    validate(TEMPLATE)


def test_api_gateway_may_invoke_it_and_caches_nothing() -> None:
    resources = transformed(read(TEMPLATE))
    (api,) = of_type(resources, "AWS::ApiGatewayV2::Api")
    (scheme,) = api["Body"]["components"]["securitySchemes"].values()
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    assert authorizer["authorizerResultTtlInSeconds"] == 0
    assert authorizer["authorizerPayloadFormatVersion"] == "2.0"
    assert authorizer["enableSimpleResponses"] is True
    assert authorizer["identitySource"] == ["$request.header.Authorization"]
    assert authorizer_permissions(resources) == [{"Fn::GetAtt": ["OrdersAuth", "Arn"]}]


def test_every_route_has_the_authorizer() -> None:
    (api,) = of_type(transformed(read(TEMPLATE)), "AWS::ApiGatewayV2::Api")
    operations = [operation for path in api["Body"]["paths"].values() for operation in path.values()]
    assert [operation["security"] for operation in operations] == [[{"Orders": []}]]


def test_file_named_authorizer_would_hide_the_layer(function: BuiltFunction, built: Path, tmp_path: Path) -> None:
    assert not list(built.parent.rglob("authorizer*"))
    (tmp_path / "authorizer.py").touch()
    hidden = replace(function, import_paths=(tmp_path, *function.import_paths))
    error = hidden.invoke(http_v2("a token")).error
    assert error is not None
    assert error.kind == "Runtime.ImportModuleError"


def test_good_token_is_allowed_and_the_backend_sees_its_user(
    function: BuiltFunction, built: Path, issuer: FakeIssuer
) -> None:
    result = function.invoke(http_v2(issuer.token()), SSL_CERT_FILE=issuer.ca_file)
    assert result.answer == {"isAuthorized": True, "context": {"user": "user-1"}}
    assert (result.decision or {})["rule"] == "GET /orders/{id}"
    backend = built_function(built, "Orders", {})
    handed_over = {"requestContext": {"authorizer": {"lambda": result.answer["context"]}}}
    assert json.loads(backend.invoke(handed_over).answer["body"]) == {"caller": {"user": "user-1"}}


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"exp": 1000}, "token_expired"),
        ({"aud": "another"}, "audience_mismatch"),
        ({"scope": "orders:list"}, "scope_insufficient"),
    ],
    ids=["expired", "audience", "scope"],
)
def test_other_token_is_denied_for_its_reason(
    function: BuiltFunction, issuer: FakeIssuer, overrides: dict[str, object], reason: str
) -> None:
    result = function.invoke(http_v2(issuer.token(**overrides)), SSL_CERT_FILE=issuer.ca_file)
    assert result.answer["isAuthorized"] is False
    assert (result.decision or {})["reason"] == reason


def test_route_without_a_rule_is_denied(function: BuiltFunction, issuer: FakeIssuer) -> None:
    result = function.invoke(http_v2(issuer.token(), Call(path="/reports")), SSL_CERT_FILE=issuer.ca_file)
    assert result.answer["isAuthorized"] is False
    assert (result.decision or {})["reason"] == "route_unknown"


def test_outage_of_the_issuer_is_an_error(function: BuiltFunction, issuer: FakeIssuer) -> None:
    token = issuer.token()
    issuer.stop()
    result = function.invoke(http_v2(token), SSL_CERT_FILE=issuer.ca_file)
    assert result.error is not None
    assert (result.decision or {})["reason"] == "keys_unreachable"
