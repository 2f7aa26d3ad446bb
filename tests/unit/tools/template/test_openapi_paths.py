"""Paths of an OpenAPI document that are somewhere else, or that only a deployment knows: none is lost without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.template import Authorization, Unresolved

if TYPE_CHECKING:
    from authorizer.tools.template import Document
    from tests.unit.tools.template.conftest import Read

TEMPLATE = """
Parameters: {P: {Type: String}}
Conditions: {C: !Equals [!Ref P, x]}
Resources:
  Function: {Type: AWS::Lambda::Function, Properties: {Handler: a.b}}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: "2.0"
        securityDefinitions:
          az: &az {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authorizer: {type: request,
              authorizerUri: !Sub "arn:aws:apigateway:a:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"}}
          SCHEME
        paths: PATHS
        x-items: {one: {get: {security: [{az: []}]}}, two: {$ref: "#/x-items/one", put: {}}, a/b~c: {post: {}},
            loop: {$ref: "#/x-items/pool"}, pool: {$ref: "#/x-items/loop"}, itself: {$ref: "#/x-items/itself"},
            unknown: !If [C, {get: {}}, {put: {}}]}
"""
OPERATION = "{security: [{az: []}]}"


def reading(read: Read, paths: str, scheme: str = "") -> Document:
    return read(TEMPLATE.replace("PATHS", paths).replace("SCHEME", scheme))


def problems(document: Document) -> list[tuple[str, str]]:
    start = "Api.Properties.Body."
    return [(one.code, str(one.place).removeprefix(start)) for one in document.problems]


@pytest.mark.parametrize(
    "paths",
    [
        f"{{/a: !If [C, {{get: {OPERATION}}}, !Ref AWS::NoValue]}}",
        f"{{/a: !If [C, !Ref AWS::NoValue, {{get: !If [C, {OPERATION}, !Ref AWS::NoValue]}}]}}",
        f"!If [C, {{/a: {{get: {OPERATION}}}}}, !Ref AWS::NoValue]",
    ],
)
def test_path_under_an_unknown_condition_is_kept(paths: str, read: Read) -> None:
    document = reading(read, paths)
    (route,) = document.apis[0].routes
    assert (route.name, route.authorization, route.authorizer) == ("GET /a", Authorization.CUSTOM, "az")
    assert document.problems == ()


@pytest.mark.parametrize(
    ("paths", "place"),
    [
        ("!If [C, {/a: {get: {}}}, {/b: {get: {}}}]", "paths"),
        ("!ImportValue Paths", "paths"),
        ("5", "paths"),
        ("{/a: !If [C, {get: {}}, {put: {}}]}", "paths./a"),
        ("{/a: !Ref P}", "paths./a"),
        ("{/a: [get]}", "paths./a"),
        ("{/a: {Fn::ForEach::Methods: [x], parameters: []}}", "paths./a.Fn::ForEach::Methods"),
        ("{Fn::ForEach::Paths: [x], /a: {}}", "paths.Fn::ForEach::Paths"),
        ("{/a: {get: !If [C, {security: [{az: []}]}, {security: []}]}}", "paths./a.get"),
    ],
)
def test_path_that_only_a_deployment_knows_is_a_problem(paths: str, place: str, read: Read) -> None:
    assert problems(reading(read, paths)) == [("path_unresolved", place)]


def test_path_that_says_nothing_is_none(read: Read) -> None:
    document = reading(read, "{/a: , x-note: 5, /b: {parameters: []}}")
    assert (document.problems, document.apis[0].routes) == ((), ())


@pytest.mark.parametrize("operation", ["!If [C, {security: [{az: []}]}, {}]", "{security: !If [C, [{az: []}], []]}"])
def test_guard_of_an_operation_may_be_unknown(operation: str, read: Read) -> None:
    (route,) = reading(read, f"{{/a: {{get: {operation}}}}}").apis[0].routes
    assert (route.name, route.authorization, route.authorizer) == ("GET /a", *[Unresolved("If C")] * 2)


@pytest.mark.parametrize(
    "security",
    ["!If [C, [{az: []}], []]", "[!If [C, {az: []}, {nobody: []}]]", "!If [C, [{az: []}], !Ref AWS::NoValue]"],
)
def test_security_that_only_a_deployment_knows_is_a_problem(security: str, read: Read) -> None:
    document = reading(read, f"{{/a: {{get: {{security: {security}}}}}}}")
    assert problems(document) == [("security_unresolved", "paths./a.get.security")]


def test_unknown_authorization_of_an_operation(read: Read) -> None:
    document = reading(read, "{/a: {get: {x-amazon-apigateway-auth: !If [C, {type: AWS_IAM}, {type: NONE}]}}}")
    assert document.apis[0].routes[0].authorization == Unresolved("If C")


@pytest.mark.parametrize(
    "scheme",
    [
        "other: !If [C, {type: apiKey}, {type: oauth2}]",
        "other: {type: apiKey, x-amazon-apigateway-authorizer: !If [C, {type: token}, {type: request}]}",
        "other: {type: apiKey, x-amazon-apigateway-authtype: !If [C, awsSigv4, custom]}",
        'other: {$ref: "#/securityDefinitions/az"}',
        "other: [az]",
    ],
)
def test_scheme_that_only_a_deployment_knows_is_a_problem(scheme: str, read: Read) -> None:
    document = reading(read, "{/a: {get: {security: [{other: []}]}}}", scheme)
    assert problems(document) == [("authorizer_unresolved", "securityDefinitions.other")]
    (route,) = document.apis[0].routes
    assert isinstance(route.authorization, Unresolved)
    assert route.authorizer == "other"


@pytest.mark.parametrize(
    ("components", "place"),
    [("!Ref P", "components"), ("{securitySchemes: !Ref P}", "components.securitySchemes")],
)
def test_schemes_that_only_a_deployment_knows_are_a_problem(components: str, place: str, read: Read) -> None:
    text = (
        TEMPLATE.replace("PATHS", "{}")
        .replace("SCHEME", "")
        .replace("x-items:", f"components: {components}\n        x:")
    )
    assert problems(read(text)) == [("authorizer_unresolved", place)]


@pytest.mark.parametrize(
    ("authorizer", "code"),
    [
        ("{type: !If [C, token, request]}", "authorizer_kind_unknown"),
        ("{type: tokn}", "authorizer_kind"),
        ("[token]", "authorizer_kind"),
    ],
)
def test_route_of_an_authorizer_that_cannot_be_read_is_not_open(authorizer: str, code: str, read: Read) -> None:
    scheme = f"other: {{type: apiKey, x-amazon-apigateway-authorizer: {authorizer}}}"
    document = reading(read, "{/a: {get: {security: [{other: []}]}}}", scheme)
    assert problems(document) == [(code, "securityDefinitions.other")]
    assert isinstance(document.apis[0].routes[0].authorization, Unresolved)


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ('{/a: {$ref: "#/x-items/one"}}', ["GET /a"]),
        ('{/a: {$ref: "#/x-items/two", delete: {}}}', ["GET /a", "PUT /a", "DELETE /a"]),
        ('{/a: {$ref: "#/x-items/a~1b~0c"}}', ["POST /a"]),
        ('{/a: {$ref: "#/x-items/a~1b%7E0c"}}', ["POST /a"]),
        ('{/a: {$ref: "#/paths/~1b"}, /b: {get: {}}}', ["GET /a", "GET /b"]),
    ],
)
def test_local_reference_is_followed(paths: str, names: list[str], read: Read) -> None:
    document = reading(read, paths)
    assert [route.name for route in document.apis[0].routes] == names
    assert document.problems == ()


def test_authorizer_behind_a_reference_counts(read: Read) -> None:
    (route,) = reading(read, '{/a: {$ref: "#/x-items/one"}}').apis[0].routes
    assert (route.authorizer, str(route.place)) == ("az", "Api.Properties.Body.paths./a.get")


@pytest.mark.parametrize(
    "reference",
    [
        *('"#/x-items/nobody"', '"#/swagger"', '"#/x-items/loop"', '"#/x-items/itself"', '"#/x-items/unknown"'),
        *('"#/paths/~1a"', '"other.yaml#/a"', '"#"', '""', "5", "!Ref P", '"#/x-items/one/get/security/0"'),
    ],
)
def test_other_reference_is_a_problem(reference: str, read: Read) -> None:
    document = reading(read, f"{{/a: {{$ref: {reference}}}, /b: {{get: {{}}}}}}")
    assert problems(document) == [("path_ref", "paths./a")]
    assert [route.name for route in document.apis[0].routes] == ["GET /b"]


def test_reference_beside_the_same_operation_is_a_problem(read: Read) -> None:
    document = reading(read, '{/a: {$ref: "#/x-items/one", get: {}}}')
    assert problems(document) == [("path_ref", "paths./a")]


def test_reference_of_an_operation_is_a_problem(read: Read) -> None:
    document = reading(read, '{/a: {get: {$ref: "other.yaml#/get"}}}')
    assert problems(document) == [("path_ref", "paths./a.get")]
    assert isinstance(document.apis[0].routes[0].authorization, Unresolved)
