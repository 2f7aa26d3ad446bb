"""What SAM and CDK do when a template says nothing: the tables in the READMEs, and why the examples say so much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.examples.cdk_app import CdkApp, resources
from tests.integration.sam_project import EXAMPLES, authorizer_permissions, of_type, read, transformed

if TYPE_CHECKING:
    from tests.integration.sam_project import Document

pytestmark = pytest.mark.long

SAME_STACK = EXAMPLES / "attach" / "sam-same-stack" / "template.yaml"
LEFT_OUT_OF_CDK = (
    r", sameEnvironment: true",
    r"resultsCacheTtl: cacheTtl,",
    r"responseTypes: .*",
    r"cloudWatchRole: false,.*",
)


def without(*properties: str) -> Document:
    """The example's resources when these properties are left out wherever they stand."""
    return transformed(_without(read(SAME_STACK), set(properties)))


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(one, names) for name, one in value.items() if name not in names}
    return [_without(one, names) for one in value] if isinstance(value, list) else value


def test_sam_puts_the_authorizer_before_preflights() -> None:
    (api,) = of_type(without("AddDefaultAuthorizerToCorsPreflight"), "AWS::ApiGateway::RestApi")
    (path,) = api["Body"]["paths"].values()
    assert path["options"]["security"] == [{"Token": []}]


def test_sam_leaves_the_cache_to_api_gateway() -> None:
    left = without("ReauthorizeEvery")
    (rest,) = of_type(left, "AWS::ApiGateway::RestApi")
    (http,) = of_type(left, "AWS::ApiGatewayV2::Api")
    assert "authorizerResultTtlInSeconds" not in str(rest) + str(http)


def test_sam_gives_http_apis_no_permission() -> None:
    assert authorizer_permissions(without("EnableFunctionDefaultPermissions")) == [
        {"Fn::GetAtt": ["RestAuthorizer", "Arn"]}
    ]


def test_sam_does_not_ask_to_fail_on_warnings() -> None:
    left = without("FailOnWarnings")
    apis = [*of_type(left, "AWS::ApiGateway::RestApi"), *of_type(left, "AWS::ApiGatewayV2::Api")]
    assert [api.get("FailOnWarnings") for api in apis] == [None, None]


def test_cdk_says_other_things(tmp_path: Any) -> None:
    left = resources(CdkApp(tmp_path, LEFT_OUT_OF_CDK).synthesize())
    authorizers = [
        *of_type(left, "AWS::ApiGateway::Authorizer"),
        *of_type(left, "AWS::ApiGatewayV2::Authorizer"),
    ]
    assert of_type(left, "AWS::Lambda::Permission") == []
    assert [one.get("AuthorizerResultTtlInSeconds") for one in authorizers] == [300, 300, 300, None]
    assert {one.get("AuthorizerPayloadFormatVersion") for one in authorizers} == {None, "1.0"}
    assert of_type(left, "AWS::ApiGateway::Account")
