"""Routes that mean a part of what the API's own route stands for: the called path decides, and a doubtful one is refused."""

from __future__ import annotations

import pytest

from authorizer import Authorizer, Reason
from authorizer.surface import Surface
from authorizer.testing import Call, SigningKey, key_set, mint
from tests.entries import BUILDERS

ROUTES = [
    {"match": "ANY /{proxy+}", "any_valid_token": True},
    {"match": "ANY /admin/{proxy+}", "groups": ["admins"]},
    {"match": "GET /export", "scopes": ["export"]},
    {"match": "$default", "any_valid_token": True},
]
WITH_TEMPLATE = [surface for surface in Surface if surface.has_template and surface is not Surface.WEBSOCKET]
each_surface = pytest.mark.parametrize("surface", WITH_TEMPLATE, ids=lambda surface: surface.value)
each_catch_all = pytest.mark.parametrize("template", ["/{proxy+}", "$default"])


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate("ES256")


@pytest.fixture(scope="module")
def authorizer(key: SigningKey) -> Authorizer:
    issuer = {"kind": "jwt", "issuer": "https://issuer.example.com/", "audience": ["orders-api"]}
    keys = {"algorithms": ["ES256"], "jwks": key_set(key)}
    return Authorizer.from_config({"issuer": [issuer | keys], "route": ROUTES, "answers": {"rest": 403}})


def outcome(authorizer: Authorizer, surface: Surface, token: str, call: Call) -> str:
    """The reason, or `allow`."""
    function = authorizer.rest if surface is Surface.REST_REQUEST else authorizer.http_policy
    context = function(BUILDERS[surface](token, call))["context"]
    return str(context.get("reason", "allow"))


@each_surface
@each_catch_all
@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/anything", "allow"),
        ("GET", "/admin", "allow"),  # `/admin/{proxy+}` is what lies below
        ("GET", "/admin/users", Reason.GROUP_MISSING.value),
        ("DELETE", "/admin/users/1", Reason.GROUP_MISSING.value),
        ("GET", "/export", Reason.SCOPE_INSUFFICIENT.value),
        ("GET", "/export/", Reason.PATH_AMBIGUOUS.value),
        ("GET", "/Export", Reason.PATH_AMBIGUOUS.value),
        ("GET", "/%61dmin/users", Reason.PATH_AMBIGUOUS.value),
        ("GET", "/100%", "allow"),
        ("POST", "/export", "allow"),
    ],
)
def test_narrower_route_decides(  # one call, from all sides
    authorizer: Authorizer, key: SigningKey, surface: Surface, template: str, method: str, path: str, expected: str
) -> None:
    call = Call(method=method, path=path, template=template)
    assert outcome(authorizer, surface, mint(key), call) == expected


@each_surface
@each_catch_all
@pytest.mark.parametrize(
    "path",
    [
        "//admin/users",
        "/x/../admin/users",
        "/x/%2e%2e/admin/users",
        "/admin%2fusers",
        "/admin;a=b/users",
        "/x\\admin",
        "/x%5c..%5cadmin",
        "/%252e%252e/admin",
        "/admin/./users",
        "/x%%32f..%%32fadmin",
        "/x%2%66",
    ],
)
def test_path_that_may_mean_another_is_refused(
    authorizer: Authorizer, key: SigningKey, surface: Surface, template: str, path: str
) -> None:
    call = Call(path=path, template=template)
    assert outcome(authorizer, surface, mint(key, groups=["admins"]), call) == Reason.PATH_AMBIGUOUS.value


@each_surface
@pytest.mark.parametrize("path", ["/a%20b", "/m%C3%BCnchen", "/a@b", "/a:b", "/a%40b"])
def test_harmless_escape_is_a_value(authorizer: Authorizer, key: SigningKey, surface: Surface, path: str) -> None:
    assert outcome(authorizer, surface, mint(key), Call(path=path, template="/{proxy+}")) == "allow"


@pytest.mark.parametrize("path", ["/public/%2e%2e/admin/x", "/public/..;/admin", "/public/..%2fadmin", "/public/a%5cb"])
def test_token_event_with_a_doubtful_path_is_no_public_route(key: SigningKey, path: str) -> None:
    issuer = {"kind": "jwt", "issuer": "https://issuer.example.com/", "audience": ["orders-api"]}
    keys = {"algorithms": ["ES256"], "jwks": key_set(key)}
    routes = [{"match": "GET /public/{proxy+}", "public": True}]
    authorizer = Authorizer.from_config({"issuer": [issuer | keys], "route": routes, "answers": {"rest": 403}})
    context = authorizer.rest(BUILDERS[Surface.REST_TOKEN](mint(key), Call(path=path)))["context"]
    assert context["reason"] in (Reason.ROUTE_UNKNOWN.value, Reason.PATH_AMBIGUOUS.value)
