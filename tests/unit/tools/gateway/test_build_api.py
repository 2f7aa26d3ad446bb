from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.build_api import called_api, routes
from authorizer.tools.gateway.names import Names
from authorizer.tools.template import read_template
from tests.unit.tools.gateway.gateways import (
    TOKEN,
    Handler,
    document,
    fn,
    http_api,
    http_route,
    rest_api,
    rest_method,
    running,
    template,
    websocket_api,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.gateway.called_api import CalledApi


def read(folder: Path, resources: dict[str, dict[str, Any]], **parameters: str) -> CalledApi:
    found = document(folder, resources, **parameters)
    return called_api(found.apis[0], Names(found))


@pytest.mark.parametrize(
    ("resources", "kind", "stages"),
    [
        (rest_api(), Kind.REST, {"prod": {"tier": "gold"}}),
        (http_api(), Kind.HTTP, {"$default": {"tier": "gold"}}),
        (websocket_api("$connect"), Kind.WEBSOCKET, {"prod": {}}),
    ],
)
def test_api_of_a_template(resources: Any, kind: Kind, stages: Any, tmp_path: Path) -> None:
    api = read(tmp_path, resources)
    assert (api.kind, api.logical_id, api.stages) == (kind, "Api", stages)
    assert api.arn == f"arn:aws:execute-api:us-east-1:123456789012:{api.id}"
    assert api.domain == f"{api.id}.execute-api.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("resources", "name", "stage"),
    [(rest_api(), "Prod", "prod"), (http_api(), "Default", "$default"), (websocket_api(), "Prod", "prod")],
)
def test_api_without_a_stage_gets_the_usual_one(resources: Any, name: str, stage: str, tmp_path: Path) -> None:
    del resources[name]
    assert read(tmp_path, resources).stages == {stage: {}}


def test_stage_and_its_variables_may_be_known_to_a_deployment_only(tmp_path: Path) -> None:
    resources = rest_api()
    resources["Prod"]["Properties"] |= {"StageName": {"Ref": "Backend"}, "Variables": {"fn": {"Ref": "Backend"}}}
    assert read(tmp_path, resources).stages == {"Backend": {"fn": "Backend"}}


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("abcdef1234", "abcdef1234"),
        ({"Ref": "ApiId"}, "ApiId"),
        ({"Fn::ImportValue": "shared api"}, "ImportValue-shared-api"),
    ],
)
def test_api_from_elsewhere_has_a_name_that_a_url_can_have(named: Any, name: str, tmp_path: Path) -> None:
    resources = {"Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": named, "RouteKey": "GET /x"}}}
    found = read_template(template(tmp_path, resources, Parameters={"ApiId": {"Type": "String"}}))
    assert called_api(found.apis[0], Names(found)).logical_id == name


def test_api_from_elsewhere_answers(tmp_path: Path) -> None:
    resources = {"Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": "abc", "RouteKey": "GET /x"}}}
    with running(tmp_path, resources) as local:
        assert local.call("/abc/x").status == 200


def test_openapi_document_that_stands_alone_is_called_api(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text("{openapi: 3.0.1, paths: {/a: {get: {}}}}")
    found = read_template(file)
    assert called_api(found.apis[0], Names(found)).logical_id == "api"


def test_what_only_a_deployment_knows_of_routes_is_made_up(tmp_path: Path) -> None:
    server = {"Type": "AWS::Cognito::UserPoolResourceServer", "Properties": {"Identifier": "https://api"}}
    scopes = [{"Fn::Sub": "${Server}/read"}, "write"]
    one = http_route("GET /a", AuthorizationScopes=scopes)
    other = http_route({"Fn::Sub": "GET /${Backend}"})
    found = document(tmp_path, {**http_api(), "Server": server, "One": one, "Other": other})
    made = {route.name: route.scopes for route in routes(found.apis[0], Names(found))}
    assert made == {"GET /a": ("https://api/read", "write"), "GET /Backend": ()}


@pytest.mark.parametrize(
    ("integration", "missing"),
    [
        (None, "the route has no integration in the template"),
        ({"Type": "AWS", "Uri": "arn:aws:apigateway:us-east-1:s3:path/x"}, "AWS is not run here"),
        ({"Type": "HTTP_PROXY", "Uri": "https://example.com"}, "HTTP_PROXY is not run here"),
        ({"Type": "AWS_PROXY", "Uri": "arn:aws:apigateway:us-east-1:sqs:path/x"}, None),
        ({"Type": "AWS_PROXY"}, "no function is behind it"),
    ],
)
def test_integration_that_is_not_run_here_is_an_echo_that_says_why(
    integration: Any, missing: str | None, tmp_path: Path
) -> None:
    with running(tmp_path, {**rest_api(), **rest_method(Integration=integration)}) as local:
        said = local.call("/Api/prod/orders").json()["integration"]
        assert missing is None or said["missing"] == missing
        assert said["missing"]


def test_function_without_code_here_is_an_echo(tmp_path: Path) -> None:
    integration = {"Type": "AWS_PROXY", "Uri": {"Fn::GetAtt": "Other.Arn"}}
    with running(tmp_path, {**rest_api(), "Other": fn(), **rest_method(Integration=integration)}) as local:
        response = local.call("/Api/prod/orders", ("Authorization", TOKEN))
        assert (response.status, response.header("x-local-gateway")) == (200, "echo")


@pytest.mark.parametrize(("version", "format_"), [("1.0", "1.0"), ("2.0", "2.0"), (2.0, "2.0"), (None, "1.0")])
def test_payload_format_of_an_integration(version: Any, format_: str, tmp_path: Path) -> None:
    target = http_api()["Target"]
    target["Properties"]["PayloadFormatVersion"] = version
    backend = Handler({"statusCode": 200})
    with running(
        tmp_path, {**http_api(), "Target": target, "Route": http_route("GET /a")}, {"Backend": backend}
    ) as local:
        local.call("/Api/a")
        assert backend.event["version"] == format_
