"""The stand-ins over HTTP, without a socket."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.message import HttpRequest
from authorizer.tools.local_issuer.endpoints import MAX_BODY, LocalIssuerEndpoints
from authorizer.tools.local_issuer.key_ring import KeyRing
from authorizer.tools.local_issuer.local_issuers import LocalIssuers
from tests.unit.tools.local_issuer.sample_stand_ins import LOGIN, NOW, form, issuers, pool, provider

if TYPE_CHECKING:
    from authorizer.tools.gateway.message import HttpResponse

GETS = ("/users/.well-known/openid-configuration", "/users/.well-known/jwks.json", "/users/jwks.json", "/", "")
POSTS = ("/users/token", "/users/oauth2/token", "/users/outage", "/users/rotate")


@pytest.fixture
def endpoints() -> LocalIssuerEndpoints:
    return LocalIssuerEndpoints(issuers(), now=lambda: NOW)


def get(endpoints: LocalIssuerEndpoints, path: str) -> HttpResponse:
    return endpoints.answer(HttpRequest(target=f"/_issuer{path}"))


def outcome(response: HttpResponse) -> tuple[int, Any]:
    return response.status, response.json().get("error")


def test_metadata_names_the_real_issuer_and_our_own_endpoints(endpoints: LocalIssuerEndpoints) -> None:
    found = get(endpoints, "/login/.well-known/openid-configuration").json()
    assert found["issuer"] == LOGIN
    assert found["jwks_uri"] == "http://127.0.0.1:3000/_issuer/login/.well-known/jwks.json"
    assert found["token_endpoint"] == "http://127.0.0.1:3000/_issuer/login/token"
    assert found["grant_types_supported"] == ["client_credentials", "password"]
    assert {"client_secret_basic", "client_secret_post"} < set(found["token_endpoint_auth_methods_supported"])
    assert "EdDSA" in found["id_token_signing_alg_values_supported"]
    pools = get(endpoints, "/users/.well-known/openid-configuration").json()
    assert pools["id_token_signing_alg_values_supported"] == ["RS256"]


def test_every_url_in_the_metadata_is_answered(endpoints: LocalIssuerEndpoints) -> None:
    found = get(endpoints, "/login/.well-known/openid-configuration").json()
    paths = [found[name].removeprefix("http://127.0.0.1:3000/_issuer") for name in ("jwks_uri", "token_endpoint")]
    assert get(endpoints, paths[0]).status == 200
    assert get(endpoints, paths[1]).status == 405


@pytest.mark.parametrize("path", ["/login/.well-known/jwks.json", "/login/jwks.json", "/login/jwks.json?x=1"])
def test_keys_are_public(endpoints: LocalIssuerEndpoints, path: str) -> None:
    keys = get(endpoints, path).json()["keys"]
    assert keys == provider().keys.published()["keys"]
    assert not any({"d", "p", "q"} & key.keys() for key in keys)


@pytest.mark.parametrize("path", ["", "/"])
def test_stand_ins_are_listed(endpoints: LocalIssuerEndpoints, path: str) -> None:
    listed = get(endpoints, path).json()
    assert [(one["name"], one["kind"], one["issuer"]) for one in listed] == [
        ("users", "cognito", pool().issuer),
        ("login", "oidc", LOGIN),
    ]
    web, job = listed[0]["clients"]
    assert "secret" not in web
    assert job["secret"]


def test_another_base_url_moves_everything() -> None:
    made = LocalIssuerEndpoints(issuers(), "http://localhost:8080/stand-ins/")
    found = made.answer(HttpRequest(target="/stand-ins/login/.well-known/openid-configuration"))
    assert found.json()["jwks_uri"].startswith("http://localhost:8080/stand-ins/login/")
    assert get(made, "/login/jwks.json").status == 404


def test_base_url_without_a_path_is_the_root() -> None:
    made = LocalIssuerEndpoints(issuers(), "http://localhost:8080")
    assert made.answer(HttpRequest(target="/")).status == 200
    assert made.answer(HttpRequest(target="/login/jwks.json")).status == 200


@pytest.mark.parametrize(
    ("target", "ours"),
    [
        ("/_issuer", True),
        ("/_issuer/", True),
        ("/_issuer?x", True),
        ("/_issuer/a/b", True),
        ("/_issuers/", False),
        ("/", False),
        ("/orders/_issuer/", False),
        ("/_ISSUER/", False),
    ],
)
def test_paths_under_the_prefix_are_ours(endpoints: LocalIssuerEndpoints, target: str, ours: bool) -> None:
    assert endpoints.ours(HttpRequest(target=target)) is ours


@pytest.mark.parametrize(
    "path",
    [
        "/nobody/token",
        "/users",
        "/users/",
        "/users/other",
        "/users/token/",
        "/users//token",
        "//users/token",
        "/%75sers/token",
        "/../users/token",
        "/Users/token",
        "s/users/token",
        "/\udcff",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_path_is_not_found(endpoints: LocalIssuerEndpoints, method: str, path: str) -> None:
    assert endpoints.answer(HttpRequest(method=method, target=f"/_issuer{path}")).status == 404


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        *((*pair, "GET") for pair in product(("POST", "HEAD", "DELETE", "get"), GETS)),
        *((*pair, "POST") for pair in product(("GET", "PUT", "OPTIONS"), POSTS)),
    ],
)
def test_wrong_method_is_told_the_right_one(
    endpoints: LocalIssuerEndpoints, method: str, path: str, right: str
) -> None:
    response = endpoints.answer(HttpRequest(method=method, target=f"/_issuer{path}"))
    assert (response.status, response.header("allow")) == (405, right)


@pytest.mark.parametrize("path", [*POSTS, "/nobody", "/"])
def test_large_body_is_refused_unread(endpoints: LocalIssuerEndpoints, path: str) -> None:
    assert endpoints.answer(form(path, "a" * (MAX_BODY + 1))).status == 413


def test_body_of_the_allowed_size_is_read(endpoints: LocalIssuerEndpoints) -> None:
    assert outcome(endpoints.answer(form("/users/token", "a" * MAX_BODY))) == (401, "invalid_client")


def test_outage_takes_documents_away_and_no_tokens(endpoints: LocalIssuerEndpoints) -> None:
    assert endpoints.answer(form("/users/outage", "down=true")).json() == {"down": True}
    assert [get(endpoints, path).status for path in GETS] == [503, 503, 503, 200, 200]
    assert endpoints.answer(form("/login/token", "grant_type=password&client_id=web&username=a&password=b")).json()
    assert endpoints.answer(form("/users/outage", "down=false")).json() == {"down": False}
    assert [get(endpoints, path).status for path in GETS] == [200] * 5


@pytest.mark.parametrize("fields", ["", "down=1", "down=TRUE", "down=true&down=false", "up=true"])
def test_outage_is_true_or_false(endpoints: LocalIssuerEndpoints, fields: str) -> None:
    assert outcome(endpoints.answer(form("/users/outage", fields))) == (400, "invalid_request")


def test_rotation_lists_the_new_keys() -> None:
    made = LocalIssuerEndpoints(LocalIssuers([provider(keys=KeyRing())]))
    before = [key["kid"] for key in get(made, "/login/jwks.json").json()["keys"]]
    kept = made.answer(HttpRequest(method="POST", target="/_issuer/login/rotate")).json()["keys"]
    assert kept[2:] == before
    alone = made.answer(form("/login/rotate", "keep=false")).json()["keys"]
    assert not set(alone) & set(kept)
    assert outcome(made.answer(form("/login/rotate", "keep=yes"))) == (400, "invalid_request")


def test_defect_of_ours_is_a_plain_500() -> None:
    def broken_clock() -> float:
        raise OverflowError("secret of the form")

    made = LocalIssuerEndpoints(issuers(), now=broken_clock)
    response = made.answer(form("/users/token", "grant_type=password&client_id=web&username=a&password=b"))
    assert outcome(response) == (500, "server_error")
    assert "secret" not in response.text
