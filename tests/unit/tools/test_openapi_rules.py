"""What each security requirement means as a route, and what no route can say."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from authorizer.tools.openapi_rules import OpenApiRules, Table, Unsecured
from authorizer.tools.terminal import CommandError

SCHEMES = """
  oauth: {type: oauth2}
  bearer: {type: http, scheme: Bearer}
  oidc: {type: openIdConnect}
  lambda: {type: apiKey, x-amazon-apigateway-authorizer: {type: token}}
  basic: {type: http, scheme: basic}
  key: {type: apiKey, in: header, name: X-API-Key}
  cookie: {type: apiKey, in: cookie, name: session}
"""
VALID: dict[str, Any] = {"any_valid_token": True}


def table(paths: str, *, root: str = "", scheme: str | None = None, unsecured: Unsecured | None = None) -> Table:
    text = f"openapi: 3.1.0\ncomponents:\n securitySchemes:{SCHEMES}{root}\npaths: {paths}"
    return OpenApiRules(yaml.safe_load(text), scheme=scheme, unsecured=unsecured).table()


def secured(security: str, **options: Any) -> Table:
    return table(f"{{/a: {{get: {{security: {security}}}}}}}", **options)


@pytest.mark.parametrize(
    ("security", "needs"),
    [
        ("[]", {"public": True}),
        ("[{}]", {"public": True}),
        ("[{oauth: [a]}, {}]", {"public": True}),
        ("[{oauth: []}]", VALID),
        ("[{bearer: []}]", VALID),
        ("[{oidc: []}]", VALID),
        ("[{lambda: []}]", VALID),
        ("[{lambda: [a]}]", {"scopes": ["a"]}),
        ("[{oauth: [b, a, b]}]", {"scopes": ["a", "b"]}),
        ("[{oauth: [a]}, {oauth: [b]}]", {"any_scopes": ["a", "b"]}),
        ("[{oauth: [a]}, {oauth: [a]}]", {"scopes": ["a"]}),
        ("[{oauth: [a]}, {oauth: []}]", VALID),
        ("[{oauth: [a, b]}, {oauth: [a, c]}]", {"scopes": ["a"], "any_scopes": ["b", "c"]}),
        ("[{oauth: [a, b]}, {oauth: [a]}]", {"scopes": ["a"]}),
        ("[{oauth: [a], key: []}]", {"scopes": ["a"]}),
        ("[{oauth: [a]}, {key: []}]", {"scopes": ["a"]}),
        ("[{oauth: [a]}, {cookie: []}]", {"scopes": ["a"]}),
    ],
)
def test_what_is_asked_for(security: str, needs: dict[str, Any]) -> None:
    found = secured(security)
    assert (found.left_out, [row.needs for row in found.rows]) == ([], [needs])


@pytest.mark.parametrize(
    ("security", "code"),
    [
        ("[{oauth: [a, b]}, {oauth: [c]}]", "alternatives"),
        ("[{oauth: [a], basic: []}]", "schemes_together"),
        ("[{oauth: [a], nobody: []}]", "schemes_together"),
        ("[{oauth: [a]}, {oauth: [b], cookie: []}]", "schemes_together"),
        ("[{basic: []}]", "scheme_other"),
        ("[{key: []}]", "scheme_other"),
        ("[{nobody: [a]}]", "scheme_other"),
        ("[{oauth: a}]", "scopes_invalid"),
        ("[{oauth: ['a b']}]", "scopes_invalid"),
        ("[{oauth: ['']}]", "scopes_invalid"),
        ("[{oauth: ['a\"']}]", "scopes_invalid"),
        ("oauth", "security_invalid"),
        ("[oauth]", "security_invalid"),
        ("null", "security_invalid"),
    ],
)
def test_what_no_route_can_say(security: str, code: str) -> None:
    found = secured(security)
    assert (found.rows, [(one.match, one.code) for one in found.left_out]) == ([], [("GET /a", code)])


@pytest.mark.parametrize(
    ("unsecured", "rows", "codes"),
    [
        (None, [], ["security_missing"]),
        (Unsecured.PUBLIC, [{"public": True}], []),
        (Unsecured.ANY_VALID_TOKEN, [VALID], []),
        (Unsecured.SKIP, [], []),
    ],
)
def test_nothing_said_is_not_public(unsecured: Unsecured | None, rows: list[dict[str, Any]], codes: list[str]) -> None:
    found = table("{/a: {get: {}}}", unsecured=unsecured)
    assert ([row.needs for row in found.rows], [one.code for one in found.left_out]) == (rows, codes)


@pytest.mark.parametrize("unsecured", [None, *Unsecured])
def test_explicit_null_is_never_opened(unsecured: Unsecured | None) -> None:
    found = secured("null", root="security: [{oauth: [a]}]", unsecured=unsecured)
    assert (found.rows, found.left_out[0].code) == ([], "security_invalid")


@pytest.mark.parametrize(
    ("operation", "needs"),
    [
        ("{}", {"scopes": ["root"]}),
        ("{security: [{oauth: [own]}]}", {"scopes": ["own"]}),
        ("{security: []}", {"public": True}),
    ],
)
def test_operation_overrides_the_root(operation: str, needs: dict[str, Any]) -> None:
    found = table(f"{{/a: {{get: {operation}}}}}", root="security: [{oauth: [root]}]")
    assert [row.needs for row in found.rows] == [needs]


def test_several_schemes_need_a_choice() -> None:
    paths = "{/a: {get: {security: [{oauth: [a]}]}, put: {security: [{oidc: [b]}]}}}"
    with pytest.raises(CommandError):
        table(paths)
    found = table(paths, scheme="oidc")
    assert ([row.match for row in found.rows], [one.match for one in found.left_out]) == (["PUT /a"], ["GET /a"])


def test_chosen_scheme_has_to_be_there() -> None:
    with pytest.raises(CommandError):
        table("{/a: {get: {}}}", scheme="nobody")


@pytest.mark.parametrize(
    ("paths", "matches"),
    [
        ("{/a: {x-amazon-apigateway-any-method: {}, parameters: [], summary: s, x-b: {}}}", ["ANY /a"]),
        ("{'/b/{proxy+}': {get: {}}, /a: {put: {}, get: {}}}", ["GET /a", "PUT /a", "GET /b/{proxy+}"]),
        ("{/$default: {x-amazon-apigateway-any-method: {}}}", ["$default"]),
        ("{x-note: {get: a}, /: {get: {}}}", ["GET /"]),
    ],
)
def test_routes_in_order(paths: str, matches: list[str]) -> None:
    found = table(paths, unsecured=Unsecured.PUBLIC)
    assert [row.match for row in found.rows] == matches


@pytest.mark.parametrize(
    ("paths", "code"),
    [
        ("{'/a/{id}.json': {get: {}}}", "path_invalid"),
        ("{'/{proxy+}/a': {get: {}}}", "path_invalid"),
        ("{a: {get: {}}}", "path_invalid"),
        ("{'/a b': {get: {}}}", "path_invalid"),
        ("{/a: {trace: {}}}", "method_invalid"),
        ("{/a: {$ref: other.yaml}}", "path_reference"),
    ],
)
def test_path_that_api_gateway_would_not_accept(paths: str, code: str) -> None:
    found = table(paths, unsecured=Unsecured.PUBLIC)
    assert (found.rows, [one.code for one in found.left_out]) == ([], [code])


def test_one_route_by_two_names_is_left_out() -> None:
    found = table("{'/a/{x}': {get: {security: [{oauth: [a]}]}}, '/a/{y}': {get: {security: []}}}")
    assert (found.rows, {(one.match, one.code) for one in found.left_out}) == (
        [],
        {("GET /a/{x}", "route_twice"), ("GET /a/{y}", "route_twice")},
    )


UNSAID = "{get: {security: [{basic: []}]}}"
ANYTHING = "{x-amazon-apigateway-any-method: {security: [{oauth: []}]}}"


@pytest.mark.parametrize(
    ("paths", "rows"),
    [
        (f"{{/a: {UNSAID}, '/{{proxy+}}': {ANYTHING}}}", []),
        ("{/a: {get: {security: [{basic: []}]}, x-amazon-apigateway-any-method: {security: []}}}", []),
        (f"{{/a/b: {UNSAID}, '/a/{{x}}': {ANYTHING}, '/{{y}}/b': {{post: {{security: []}}}}}}", ["POST /{y}/b"]),
        (f"{{/a/b: {UNSAID}, '/a/{{x}}': {ANYTHING}, '/{{proxy+}}': {{post: {{security: []}}}}}}", []),
        (f"{{/a: {UNSAID}, /b: {ANYTHING}}}", ["ANY /b"]),
        (f"{{/a: {UNSAID}, '/{{x}}': {{post: {{security: []}}}}}}", ["POST /{x}"]),
        (f"{{'/a/{{x}}': {UNSAID}, /a/b: {{get: {{security: []}}}}}}", ["GET /a/b"]),
        (f"{{/a.b: {UNSAID}, 'x y': {UNSAID}, '/a': {ANYTHING}}}", ["ANY /a"]),
    ],
)
def test_row_that_would_decide_for_what_is_left_out_is_left_out(paths: str, rows: list[str]) -> None:
    assert [row.match for row in table(paths).rows] == rows


def test_row_is_left_out_with_a_code() -> None:
    found = table(f"{{/a: {UNSAID}, '/{{proxy+}}': {ANYTHING}}}")
    assert [(one.match, one.code) for one in found.left_out] == [
        ("GET /a", "scheme_other"),
        ("ANY /{proxy+}", "covers_left_out"),
    ]


def test_swagger_2() -> None:
    document = yaml.safe_load("""
swagger: "2.0"
basePath: /base
securityDefinitions: {oauth: {type: oauth2}}
paths: {/a/: {get: {security: [{oauth: [s]}]}}}
""")
    assert [row.document() for row in OpenApiRules(document).table().rows] == [{"match": "GET /a", "scopes": ["s"]}]
