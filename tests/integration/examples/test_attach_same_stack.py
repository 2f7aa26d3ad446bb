"""examples/attach/sam-same-stack: a REST and an HTTP API and their authorizers in one stack, without code of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.testing import FakeIssuer, http_v2, rest_token
from tests.integration.examples.built_function import built_function
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
    from collections.abc import Callable
    from pathlib import Path

    from authorizer.tools.invocation import Invocation
    from tests.integration.sam_project import Document

pytestmark = pytest.mark.long

TEMPLATE = EXAMPLES / "attach" / "sam-same-stack" / "template.yaml"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(TEMPLATE, tmp_path_factory.mktemp("sam-same-stack") / "build")


@pytest.fixture(scope="module")
def resources() -> Document:
    return transformed(read(TEMPLATE))


@pytest.fixture
def invoke(built: Path, layer: Path, issuer: FakeIssuer) -> Callable[[str, Document], Invocation]:
    references = {"LayerArn": str(layer), "Issuer": issuer.url, "Audience": "orders-api"}

    def invoked(function: str, event: Document) -> Invocation:
        return built_function(built, function, references).invoke(event, SSL_CERT_FILE=issuer.ca_file)

    return invoked


def test_sam_finds_nothing_wrong() -> None:
    validate(TEMPLATE)


def test_rest_api_caches_and_leaves_preflights_open(resources: Document) -> None:
    (api,) = of_type(resources, "AWS::ApiGateway::RestApi")
    (definition,) = api["Body"]["securityDefinitions"].values()
    authorizer = definition["x-amazon-apigateway-authorizer"]
    assert (authorizer["type"], authorizer["authorizerResultTtlInSeconds"]) == ("token", 300)
    (path,) = api["Body"]["paths"].values()
    assert path["get"]["security"] == [{"Token": []}]
    assert "security" not in path["options"]
    assert api["FailOnWarnings"] is True


def test_http_api_caches_by_route(resources: Document) -> None:
    (api,) = of_type(resources, "AWS::ApiGatewayV2::Api")
    (scheme,) = api["Body"]["components"]["securitySchemes"].values()
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    assert authorizer["authorizerResultTtlInSeconds"] == 300
    assert authorizer["identitySource"] == ["$request.header.Authorization", "$context.routeKey", "$context.path"]
    assert authorizer["authorizerPayloadFormatVersion"] == "2.0"
    assert authorizer["enableSimpleResponses"] is True
    (path,) = api["Body"]["paths"].values()
    assert path["get"]["security"] == [{"Simple": []}]
    assert api["FailOnWarnings"] is True


def test_api_gateway_may_invoke_both(resources: Document) -> None:
    functions = sorted(function["Fn::GetAtt"][0] for function in authorizer_permissions(resources))
    assert functions == ["HttpAuthorizer", "RestAuthorizer"]


def test_good_token_is_allowed(invoke: Callable[[str, Document], Invocation], issuer: FakeIssuer) -> None:
    assert invoke("RestAuthorizer", rest_token(issuer.token())).answer["principalId"] == "user-1"
    assert invoke("HttpAuthorizer", http_v2(issuer.token())).answer == {"isAuthorized": True, "context": {}}


def test_expired_token_is_denied(invoke: Callable[[str, Document], Invocation], issuer: FakeIssuer) -> None:
    token = issuer.token(exp=1000)
    rest, http = invoke("RestAuthorizer", rest_token(token)), invoke("HttpAuthorizer", http_v2(token))
    assert rest.error is not None
    assert rest.error.message == "Unauthorized"
    assert http.answer["isAuthorized"] is False
    assert [(one.decision or {})["reason"] for one in (rest, http)] == ["token_expired", "token_expired"]
