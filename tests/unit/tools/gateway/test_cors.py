from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.cors import Cors, cors
from authorizer.tools.gateway.message import HttpResponse
from authorizer.tools.gateway.names import Names
from tests.unit.tools.gateway.gateways import (
    Handler,
    document,
    guarded,
    http_api,
    http_authorizer,
    http_route,
    policy,
    running,
    sent,
)

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = ("Origin", "https://app.example.com")
ASKED = ("Access-Control-Request-Method", "GET")
ALLOWED = "access-control-allow-origin"
FULL = Cors(
    origins=("https://app.example.com",),
    methods=("GET", "POST"),
    headers=("authorization", "x-a"),
    exposed=("x-b",),
    credentials=True,
    max_age=0,
)


def allowed(origin: str, *origins: str) -> str | None:
    """What is said to a call from an origin."""
    response = Cors(origins=origins).on(sent(("Origin", origin)), HttpResponse(status=200))
    return response.header(ALLOWED)


@pytest.mark.parametrize(
    ("origin", "origins", "said"),
    [
        ("https://a.com", ("https://a.com",), "https://a.com"),
        ("https://b.com", ("https://a.com", "https://b.com"), "https://b.com"),
        ("https://c.com", ("https://a.com", "https://b.com"), None),
        ("https://c.com", (), None),
        ("https://a.com", ("*",), "*"),
        ("https://a.com", ("https://a.com", "*"), "*"),
        ("null", ("*",), "*"),
        ("https://x.example.com", ("https://*.example.com",), "https://x.example.com"),
        ("https://x.y.example.com", ("https://*.example.com",), "https://x.y.example.com"),
        ("https://example.com", ("https://*.example.com",), None),
        ("https://x.example.com.evil.org", ("https://*.example.com",), None),
        ("http://x.example.com", ("https://*.example.com",), None),
        ("http://a", ("https://*",), None),
        ("https://a", ("https://*",), "https://a"),
        ("https://a.com", ("https://[a-z].com",), None),
        ("https://A.com", ("https://a.com",), None),
        ("https://a.com/", ("https://a.com",), None),
    ],
)
def test_origin(origin: str, origins: tuple[str, ...], said: str | None) -> None:
    assert allowed(origin, *origins) == said


def test_call_without_an_origin_gets_no_headers() -> None:
    assert FULL.on(sent(), HttpResponse(status=200)).headers == ()


def test_what_an_integration_says_of_cors_is_ignored() -> None:
    own = (("Access-Control-Allow-Origin", "https://evil.org"), ("access-control-max-age", "1"), ("x-a", "1"))
    response = Cors(origins=("https://a.com",)).on(sent(ORIGIN), HttpResponse(status=200, headers=own))
    assert response.headers == (("x-a", "1"),)


def test_headers_of_a_response() -> None:
    response = FULL.on(sent(ORIGIN), HttpResponse(status=204, body=b"kept"))
    assert (response.status, response.body) == (204, b"kept")
    assert dict(response.headers) == {
        ALLOWED: "https://app.example.com",
        "access-control-expose-headers": "x-b",
        "access-control-allow-credentials": "true",
    }


def test_preflight() -> None:
    response = FULL.preflight(sent(ORIGIN, ASKED, method="OPTIONS"))
    assert response is not None
    assert (response.status, response.body) == (204, b"")
    assert dict(response.headers) == {
        ALLOWED: "https://app.example.com",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization,x-a",
        "access-control-expose-headers": "x-b",
        "access-control-allow-credentials": "true",
        "access-control-max-age": "0",
    }


def test_preflight_of_another_origin_is_told_nothing() -> None:
    response = FULL.preflight(sent(("Origin", "https://evil.org"), ASKED, method="OPTIONS"))
    assert response == HttpResponse(status=204)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", (ORIGIN, ASKED)),
        ("OPTIONS", (ORIGIN,)),
        ("OPTIONS", (ASKED,)),
        ("OPTIONS", ()),
        ("options", (ORIGIN, ASKED)),
    ],
)
def test_what_is_no_preflight(method: str, headers: Any) -> None:
    assert FULL.preflight(sent(*headers, method=method)) is None


def read(folder: Path, given: Any = None, **api: Any) -> Cors | None:
    found = document(folder, http_api(**api, **({} if given is None else {"CorsConfiguration": given})))
    return cors(found.apis[0], Names(found))


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (None, None),
        ({}, None),
        ({"AllowOrigins": ["*"]}, Cors(origins=("*",))),
        ({"AllowOrigins": "*"}, Cors(origins=("*",))),
        ({"AllowOrigins": [{"Ref": "Backend"}]}, Cors(origins=("Backend",))),
        (
            {"AllowMethods": ["GET"], "AllowHeaders": ["a"], "ExposeHeaders": ["b"]},
            Cors(methods=("GET",), headers=("a",), exposed=("b",)),
        ),
        ({"AllowCredentials": True, "MaxAge": 300}, Cors(credentials=True, max_age=300)),
        ({"AllowCredentials": "true", "MaxAge": "300"}, Cors(credentials=True, max_age=300)),
        ({"AllowCredentials": "yes", "MaxAge": "soon"}, Cors()),
        ({"MaxAge": 0}, Cors(max_age=0)),
    ],
)
def test_configuration_of_a_template(given: Any, made: Cors | None, tmp_path: Path) -> None:
    assert read(tmp_path, given) == made


def test_configuration_of_a_body(tmp_path: Path) -> None:
    given = {"allowOrigins": ["https://a.com"], "allowCredentials": True, "maxAge": 5}
    body = {"openapi": "3.0.1", "paths": {}, "x-amazon-apigateway-cors": given}
    assert read(tmp_path, Body=body) == Cors(origins=("https://a.com",), credentials=True, max_age=5)


def api(**more: Any) -> dict[str, dict[str, Any]]:
    """An API with CORS, one open route and one that is guarded."""
    routes = {"Open": http_route("GET /open"), "Guarded": http_route("ANY /guarded", **guarded())}
    return {**http_api(CorsConfiguration={"AllowOrigins": ["*"]}), **http_authorizer(), **routes, **more}


def test_preflight_needs_no_route_and_a_guarded_one_is_asked_first(tmp_path: Path) -> None:
    auth, backend = Handler(policy()), Handler({"statusCode": 200})
    with running(tmp_path, api(), {"Authorizer": auth, "Backend": backend}) as local:
        assert local.call("/Api/guarded", ORIGIN, ASKED, method="OPTIONS").status == 401
        for path in ("/open", "/nowhere"):
            response = local.call(f"/Api{path}", ORIGIN, ASKED, method="OPTIONS")
            assert (response.status, response.header(ALLOWED)) == (204, "*")
            assert response.header("apigw-requestid")
        assert (auth.events, backend.events) == ([], [])


def test_options_without_an_origin_is_a_call_as_any_other(tmp_path: Path) -> None:
    with running(tmp_path, api(), {"Authorizer": Handler(policy())}) as local:
        assert local.call("/Api/guarded", method="OPTIONS").status == 401
        assert local.call("/Api/guarded", ("Authorization", "a"), method="OPTIONS").status == 200


@pytest.mark.parametrize(("path", "status"), [("/open", 200), ("/guarded", 401), ("/nowhere", 404)])
def test_refusals_have_the_headers_too(path: str, status: int, tmp_path: Path) -> None:
    with running(tmp_path, api(), {"Authorizer": Handler(policy())}) as local:
        response = local.call(f"/Api{path}", ORIGIN)
        assert (response.status, response.header(ALLOWED)) == (status, "*")


def test_response_without_a_body_has_the_headers_too(tmp_path: Path) -> None:
    with running(tmp_path, api(), {"Backend": Handler({"statusCode": 204})}) as local:
        response = local.call("/Api/open", ORIGIN)
        assert (response.status, response.header(ALLOWED)) == (204, "*")


def test_api_without_a_configuration_sends_what_the_integration_says(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200, "headers": {"access-control-allow-origin": "own"}})
    with running(tmp_path, {**http_api(), "Open": http_route("GET /open")}, {"Backend": backend}) as local:
        assert local.call("/Api/open", ORIGIN).header(ALLOWED) == "own"
        assert local.call("/Api/open", ORIGIN, ASKED, method="OPTIONS").status == 404
