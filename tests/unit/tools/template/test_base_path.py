"""What of a base path API Gateway puts before the paths of a document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.template import Unresolved, read_template

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.template import Document
    from tests.unit.tools.template.conftest import Read

PATHS: dict[str, Any] = {"/e": {"get": {}}, "/": {"get": {}}}
UNKNOWN = {"Ref": "P"}


def rest(mode: Any, **body: Any) -> str:
    body = {"swagger": "2.0", "paths": PATHS, **body}
    parameters = {} if mode is None else {"Parameters": {"basepath": mode}}
    return template({"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body, **parameters}})


def http(mode: Any, paths: Any = PATHS, **body: Any) -> str:
    body = {"openapi": "3.0.1", "paths": paths, **body}
    given = {} if mode is None else {"BasePath": mode}
    return template({"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "HTTP", "Body": body, **given}})


def template(api: Any) -> str:
    return json.dumps({"Parameters": {"P": {"Type": "String"}}, "Resources": {"Api": api}})


def names(document: Document) -> list[str]:
    assert document.problems == ()
    return [route.name for route in document.apis[0].routes]


@pytest.mark.parametrize(
    ("mode", "base", "first", "root"),
    [
        (None, "/a/b/c", "/e", "/"),
        ("ignore", "/a/b/c", "/e", "/"),
        ("prepend", "/a/b/c", "/a/b/c/e", "/a/b/c"),
        ("split", "/a/b/c", "/b/c/e", "/b/c"),
        ("split", "/a", "/e", "/"),
        ("prepend", "a/", "/a/e", "/a"),
        ("prepend", "/", "/e", "/"),
        ("prepend", None, "/e", "/"),
        (UNKNOWN, None, "/e", "/"),
        (UNKNOWN, "/", "/e", "/"),
        (None, UNKNOWN, "/e", "/"),
    ],
)
def test_base_path_of_swagger(mode: Any, base: Any, first: str, root: str, read: Read) -> None:
    given = {} if base is None else {"basePath": base}
    assert names(read(rest(mode, **given))) == [f"GET {first}", f"GET {root}"]


def test_name_of_the_parameter_is_taken_in_any_case(read: Read) -> None:
    assert names(read(rest("prepend", basePath="/a").replace("basepath", "basePath")))[0] == "GET /a/e"


@pytest.mark.parametrize(
    ("servers", "found"),
    [
        ([{"url": "https://x.example.com/v1"}], "/v1"),
        ([{"url": "https://x.example.com/v1/"}, {"url": "https://x.example.com/v2"}], "/v1"),
        ([{"url": "/v1/x?a#b"}], "/v1/x"),
        ([{"url": "https://x.example.com"}], ""),
        ([{"url": {"Fn::Sub": "https://${P}.example.com/v1"}}], "/v1"),
        ([{"url": "https://x/{basePath}", "variables": {"basePath": {"default": "/v1"}}}], "/v1"),
        ([{"url": "https://x/a"}, {"url": "https://x", "variables": {"basePath": {"default": "v2"}}}], "/v2"),
        ([{"url": "https://{host}/v1", "variables": {"host": {"default": "x"}}}], "/v1"),
        ([{"description": "no url"}], ""),
        ([], ""),
    ],
)
def test_base_path_of_openapi_3(servers: Any, found: str, read: Read) -> None:
    assert names(read(http("prepend", {"/e": {"get": {}}}, servers=servers))) == [f"GET {found}/e"]


def test_split_of_openapi_3(read: Read) -> None:
    assert names(read(http("split", {"/e": {"get": {}}}, servers=[{"url": "https://x/v1/b"}]))) == ["GET /b/e"]


def test_default_route_has_no_path(read: Read) -> None:
    paths = {"/$default": {"get": {}}, "/x": {"x-amazon-apigateway-any-method": {"isDefaultRoute": True}}}
    assert names(read(http("prepend", paths, servers=[{"url": "/v1"}]))) == ["$default", "$default"]


@pytest.mark.parametrize(
    "text",
    [
        rest("prepend", basePath=UNKNOWN),
        rest("prepend", basePath={"Fn::Sub": "/${P}"}),
        rest("prepend", basePath="/{tenant}"),
        rest("prepend", basePath=[1]),
        rest(UNKNOWN, basePath="/a"),
        rest("append", basePath="/a"),
        rest("prepend", basePath="/a").replace('{"basepath": "prepend"}', json.dumps(UNKNOWN)),
        http(UNKNOWN, servers=[{"url": "/v1"}]),
        http("split", servers=UNKNOWN),
        http("split", servers=[UNKNOWN]),
        http("split", servers=[{"url": UNKNOWN}]),
        http("split", servers=[{"url": {"Fn::Sub": "https://x/${P}"}}]),
        http("split", servers=[{"url": "https://x/{stage}", "variables": {"stage": {"default": "a"}}}]),
        http("split", servers=[{"url": "/v1", "variables": {"basePath": {"default": UNKNOWN}}}]),
        http("split", servers=[{"url": "/v1", "variables": {"basePath": {}}}]),
        http("split", servers=[{"url": "/v1", "variables": UNKNOWN}]),
    ],
)
def test_base_path_that_only_a_deployment_knows_is_a_problem(text: str, read: Read) -> None:
    document = read(text)
    assert [(one.code, str(one.place)) for one in document.problems] == [
        ("base_path_unresolved", "Api.Properties.Body")
    ]
    assert all(isinstance(route.path, Unresolved) for route in document.apis[0].routes)


def test_default_route_has_no_path_whatever_comes_before(read: Read) -> None:
    text = http("prepend", {"/$default": {"get": {}}}, servers=UNKNOWN)
    assert [route.path for route in read(text).apis[0].routes] == ["$default"]


def test_document_that_stands_alone_has_paths_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "api.yaml"
    file.write_text(json.dumps({"swagger": "2.0", "basePath": "/a", "paths": PATHS}))
    assert names(read_template(file)) == ["GET /e", "GET /"]


def test_definition_of_sam(read: Read) -> None:
    text = rest("prepend", basePath="/a")
    body = json.loads(text)["Resources"]["Api"]["Properties"]["Body"]
    api = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "p", "DefinitionBody": body}}
    document = json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Api": api}})
    assert names(read(document)) == ["GET /e", "GET /"]  # SAM has no property that says otherwise
