"""What the templates of this repository say about authorizers, as the template reader understands it."""

from __future__ import annotations

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.template import (
    Api,
    ApiAuthorizer,
    Authorization,
    AuthorizerKind,
    Document,
    Unresolved,
    read_template,
)

HEADER = "method.request.header.Authorization"
EXAMPLES = sorted(PROJECT.glob("examples/**/template.yaml"))
CUSTOM, JWT, POOL, NONE = Authorization.CUSTOM, Authorization.JWT, Authorization.COGNITO_USER_POOLS, Authorization.NONE


@pytest.fixture(scope="module")
def product() -> Document:
    return read_template(PROJECT / "template.yaml", {"SampleApi": "yes", "AWS::Region": "eu-west-1"})


@pytest.fixture(scope="module")
def examples() -> dict[str, Document]:
    return {file.parent.name: read_template(file) for file in EXAMPLES}


def api(document: Document, kind: Kind) -> Api:
    (found,) = [one for one in document.apis if one.kind is kind]
    return found


def guarded(found: Api) -> dict[str, tuple[object, object]]:
    """Every route but preflights: how it is guarded, and by which authorizer."""
    return {one.name: (one.authorization, one.authorizer) for one in found.routes if one.method != "OPTIONS"}


def authorizer(found: Api, name: str) -> ApiAuthorizer:
    one = found.authorizer(name)
    assert one is not None
    return one


def test_product_has_no_api_unless_the_sample_is_wanted() -> None:
    document = read_template(PROJECT / "template.yaml")
    assert (document.apis, document.problems) == ((), ())
    assert {one.handler for one in document.functions} == {
        f"authorizer.handler.{name}" for name in ("rest", "http", "http_policy", "websocket")
    }


def test_rest_sample(product: Document) -> None:
    rest = api(product, Kind.REST)
    assert guarded(rest) == {
        "GET /health": (NONE, None),
        "GET /native/id": (POOL, "users"),
        "GET /native/access": (POOL, "users"),
        "GET /token/orders/{id}": (CUSTOM, "token"),
        "GET /token/admin/{proxy+}": (CUSTOM, "token"),
        "GET /request/orders/{id}": (CUSTOM, "request"),
        "GET /request/admin/{proxy+}": (CUSTOM, "request"),
    }
    assert [stage.name for stage in rest.stages] == ["v1"]
    assert {one.authorization for one in rest.routes if one.method == "OPTIONS"} == {NONE}


def test_authorizers_of_the_rest_sample(product: Document) -> None:
    rest = api(product, Kind.REST)
    token, request, users = (authorizer(rest, name) for name in ("token", "request", "users"))
    assert (token.kind, token.function, token.ttl) == (AuthorizerKind.TOKEN, "RestTokenAuthorizer", 300)
    assert (request.kind, request.function, request.ttl) == (AuthorizerKind.REQUEST, "RestRequestAuthorizer", 300)
    assert token.validation_expression == "[Bb][Ee][Aa][Rr][Ee][Rr] +[A-Za-z0-9._~+/-]+=*"
    assert {one.identity_sources for one in rest.authorizers} == {(HEADER,)}
    assert (users.ttl, users.ttl_is_default) == (300, True)
    assert users.user_pools == (Unresolved("GetAtt SampleUserPool.Arn"),)


def test_http_sample(product: Document) -> None:
    http = api(product, Kind.HTTP)
    assert guarded(http) == {
        "GET /health": (NONE, None),
        "GET /native/any": (JWT, "SampleHttpUsers"),
        "GET /native/access": (JWT, "SampleHttpUsers"),
        "GET /simple/orders/{id}": (CUSTOM, "SampleHttpSimple"),
        "GET /simple/admin/{proxy+}": (CUSTOM, "SampleHttpSimple"),
        "GET /policy/orders/{id}": (CUSTOM, "SampleHttpPolicy"),
        "GET /policy/admin/{proxy+}": (CUSTOM, "SampleHttpPolicy"),
    }
    assert {one.name: one.scopes for one in http.routes if one.scopes} == {"GET /native/access": ("orders/read",)}


def test_authorizers_of_the_http_sample(product: Document) -> None:
    http = api(product, Kind.HTTP)
    simple, policy, users = (authorizer(http, f"SampleHttp{name}") for name in ("Simple", "Policy", "Users"))
    assert (simple.simple_responses, simple.function, simple.ttl) == (True, "HttpAuthorizer", 300)
    assert (policy.simple_responses, policy.function, policy.ttl) == (False, "HttpPolicyAuthorizer", 300)
    assert {simple.payload_version, policy.payload_version} == {"2.0"}
    assert users.issuers[0].issuer == Unresolved(
        "https://cognito-idp.eu-west-1.amazonaws.com/${Ref SampleUserPool}",
    )
    assert users.ttl is None


def test_websocket_sample(product: Document) -> None:
    websocket = api(product, Kind.WEBSOCKET)
    assert guarded(websocket) == {"$connect": (CUSTOM, "SampleWebsocketAuthorizer"), "$default": (NONE, None)}
    connect = authorizer(websocket, "SampleWebsocketAuthorizer")
    assert connect.identity_sources == ("route.request.querystring.access_token",)
    assert (connect.kind, connect.function, connect.ttl) == (AuthorizerKind.REQUEST, "WebsocketAuthorizer", None)


@pytest.mark.parametrize("qualifier", ["$LATEST", "live"])
def test_function_is_found_behind_its_alias(qualifier: str) -> None:
    document = read_template(PROJECT / "template.yaml", {"SampleApi": "yes", "Qualifier": qualifier})
    functions = {one.function for found in document.apis for one in found.authorizers if one.uri is not None}
    assert functions == {
        *("RestTokenAuthorizer", "RestRequestAuthorizer", "HttpAuthorizer", "HttpPolicyAuthorizer"),
        "WebsocketAuthorizer",
    }


def test_every_place_has_its_line(product: Document) -> None:
    lines = (PROJECT / "template.yaml").read_text("utf-8").splitlines()
    for found in product.apis:
        for place in (*(one.place for one in found.authorizers), *(one.place for one in found.routes)):
            assert (line := product.line(place)) is not None
            if place.path[-1] in ("get", "Properties"):
                assert place.path[-1] + ":" in lines[line - 1]


def test_settings_of_the_sample_are_in_its_functions(product: Document) -> None:
    function = product.function("HttpAuthorizer")
    assert function is not None
    config = function.environment["AUTHORIZER_CONFIG"]
    assert isinstance(config, Unresolved)
    assert 'user_pool_id = "${Ref SampleUserPool}"' in config.text
    assert function.environment["AUTHORIZER_ISSUER"] == ""
    assert (function.timeout, function.code) == (8, "layers/")


def test_every_example_is_read(examples: dict[str, Document]) -> None:
    assert set(examples) >= {"sam-same-stack", "cloudformation-cross-stack", "custom-verifier", "layer-user"}
    assert {name: document.problems for name, document in examples.items() if document.problems} == {}


@pytest.mark.parametrize(
    ("example", "kind", "route", "name", "authorizer_kind", "function"),
    [
        ("layer-user", Kind.HTTP, "GET /orders/{id}", "Orders", AuthorizerKind.REQUEST, "OrdersAuth"),
        ("custom-verifier", Kind.REST, "GET /orders/{id}", "Orders", AuthorizerKind.REQUEST, "OrdersAuth"),
        ("sam-same-stack", Kind.REST, "GET /orders/{id}", "Token", AuthorizerKind.TOKEN, "RestAuthorizer"),
        ("sam-same-stack", Kind.HTTP, "GET /orders/{id}", "Simple", AuthorizerKind.REQUEST, "HttpAuthorizer"),
    ],
)
def test_example_of_sam(
    example: str,
    kind: Kind,
    route: str,
    name: str,
    authorizer_kind: AuthorizerKind,
    function: str,
    examples: dict[str, Document],
) -> None:
    found = api(examples[example], kind)
    one = authorizer(found, name)
    assert guarded(found) == {route: (CUSTOM, name)}
    cached = example == "sam-same-stack"
    assert (one.kind, one.function, one.ttl) == (authorizer_kind, function, 300 if cached else 0)
    assert one.simple_responses is (kind is Kind.HTTP)
    by_route = ("$context.routeKey", "$context.path") if cached and kind is Kind.HTTP else ()
    assert one.identity_sources == (HEADER if kind is Kind.REST else "$request.header.Authorization", *by_route)


def test_example_of_cloudformation(examples: dict[str, Document]) -> None:
    document = examples["cloudformation-cross-stack"]
    rest, http, websocket = (api(document, kind) for kind in (Kind.REST, Kind.HTTP, Kind.WEBSOCKET))
    assert guarded(rest) == {
        "GET /orders/{id}": (CUSTOM, "RestTokenAuthorizer"),
        "GET /admin/{proxy+}": (CUSTOM, "RestRequestAuthorizer"),
    }
    assert guarded(http) == {"GET /orders/{id}": (CUSTOM, "HttpAuthorizer")}
    assert guarded(websocket) == {"$connect": (CUSTOM, "WebsocketAuthorizer")}
    function = authorizer(http, "HttpAuthorizer").function
    assert isinstance(function, Unresolved)
    assert "${ImportValue lambda-authorizers-HttpAuthorizerArn}" in function.text
    assert {one.ttl for one in (*rest.authorizers, *http.authorizers)} == {300}
