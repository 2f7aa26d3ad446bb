"""Tokens over HTTP, as RFC 6749 says; and what our own parameters change."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer import Authorizer, clock
from authorizer.tools.gateway.message import HttpRequest
from authorizer.tools.local_issuer.endpoints import LocalIssuerEndpoints
from tests.unit.tools.local_issuer.sample_stand_ins import (
    JOB,
    NOW,
    SCOPE,
    basic,
    claims_of,
    form,
    header_of,
    issuers,
    judged,
    pool,
    settings,
)

if TYPE_CHECKING:
    from authorizer.tools.gateway.message import HttpResponse

ENDPOINTS = LocalIssuerEndpoints(issuers(), now=lambda: NOW)
SECRET = str(JOB.secret)
AS_JOB = {"grant_type": "client_credentials", "client_id": "job", "client_secret": SECRET}
AS_USER = {"grant_type": "password", "client_id": "web", "username": "jane", "password": "any"}
ENCODED = basic("job", quote_plus(SECRET))
each_stand_in = pytest.mark.parametrize("name", ["users", "login"])


def ask(fields: dict[str, Any] | str, *headers: tuple[str, str], name: str = "users") -> HttpResponse:
    text = fields if isinstance(fields, str) else urlencode({k: v for k, v in fields.items() if v is not None})
    return ENDPOINTS.answer(form(f"/{name}/token", text, *headers))


def token(fields: dict[str, Any], *headers: tuple[str, str], name: str = "users") -> str:
    response = ask(fields, *headers, name=name)
    assert response.status == 200
    return str(response.json()["access_token"])


def error(response: HttpResponse) -> tuple[int, str]:
    """Status and code of an error whose form is that of RFC 6749 section 5.2."""
    document = response.json()
    assert document.keys() == {"error", "error_description"}
    assert re.fullmatch(r"[ !#-\[\]-~]+", document["error_description"])
    assert response.header("content-type") == "application/json"
    assert (response.header("cache-control"), response.header("pragma")) == ("no-store", "no-cache")
    assert (response.header("www-authenticate") is not None) == (response.status == 401)
    return response.status, document["error"]


@each_stand_in
def test_client_credentials_make_a_machine_token(name: str) -> None:
    response = ask(AS_JOB, name=name)
    answer = response.json()
    assert response.status == 200
    assert answer.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 3600, f"{SCOPE} orders/write")
    assert claims_of(answer["access_token"])["sub"] == "job"
    assert (response.header("cache-control"), response.header("pragma")) == ("no-store", "no-cache")


@each_stand_in
def test_password_signs_a_user_in(name: str) -> None:
    answer = ask(AS_USER, name=name).json()
    assert claims_of(answer["access_token"])["sub"] == "jane"
    assert claims_of(answer["id_token"])["aud"] == "web"
    assert "id_token" not in ask(AS_USER | {"scope": SCOPE}, name=name).json()


@pytest.mark.parametrize("path", ["/users/token", "/users/oauth2/token"])
def test_both_paths_of_the_endpoint_answer(path: str) -> None:
    assert ENDPOINTS.answer(form(path, urlencode(AS_JOB))).status == 200


def test_token_passes_our_own_engine() -> None:
    endpoints = LocalIssuerEndpoints(issuers(), now=clock.now)
    answer = endpoints.answer(form("/users/token", urlencode(AS_USER | {"groups": "a b"}))).json()
    made = Authorizer.from_config(settings(pool(), {"scopes": [SCOPE], "all_groups": ["a", "b"]}))
    assert judged(made, answer["access_token"]) is None


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_client_authenticates_with_basic(scheme: str) -> None:
    header = (ENCODED[0], ENCODED[1].replace("Basic", scheme))
    assert claims_of(token({"grant_type": "client_credentials"}, header))["client_id"] == "job"


def test_client_without_a_secret_may_use_basic_too() -> None:
    fields = AS_USER | {"client_id": None}
    assert claims_of(token(fields, basic("web", "")))["client_id"] == "web"


@pytest.mark.parametrize(
    ("changes", "headers"),
    [
        ({"client_secret": "other"}, ()),
        ({"client_secret": None}, ()),
        ({"client_id": "nobody"}, ()),
        ({"client_id": None}, ()),
        ({"client_id": None, "client_secret": None}, ()),
        ({"client_id": None, "client_secret": None}, (basic("job", "other"),)),
        ({"client_id": None, "client_secret": None}, (basic("nobody", "x"),)),
        ({"client_id": None, "client_secret": None}, (("Authorization", "Basic !"),)),
        ({"client_id": None, "client_secret": None}, (("Authorization", "Basic /w=="),)),
        ({"client_id": None, "client_secret": None}, (("Authorization", "Basic am9i"),)),
        ({"client_id": None, "client_secret": None}, (("Authorization", "Bearer x"),)),
        ({"client_id": "web", "client_secret": "x"}, ()),
    ],
)
def test_unknown_client_is_challenged(changes: dict[str, Any], headers: tuple[tuple[str, str], ...]) -> None:
    response = ask(AS_JOB | changes, *headers)
    assert error(response) == (401, "invalid_client")
    assert str(response.header("www-authenticate")).startswith("Basic ")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (AS_JOB | {"grant_type": "authorization_code"}, "unsupported_grant_type"),
        (AS_JOB | {"grant_type": "refresh_token"}, "unsupported_grant_type"),
        (AS_JOB | {"grant_type": None}, "invalid_request"),
        (AS_JOB | {"grant_type": ""}, "invalid_request"),
        (AS_JOB | {"grant_type": "password"}, "unauthorized_client"),
        (AS_USER | {"grant_type": "client_credentials"}, "unauthorized_client"),
        (AS_JOB | {"scope": "openid"}, "invalid_scope"),
        (AS_JOB | {"scope": f"{SCOPE} orders/admin"}, "invalid_scope"),
        (AS_USER | {"username": None}, "invalid_request"),
        (AS_USER | {"password": ""}, "invalid_request"),
        (AS_JOB | {"claims": "{"}, "invalid_request"),
        (AS_JOB | {"claims": "[]"}, "invalid_request"),
        (AS_JOB | {"claims": "[" * 20_000}, "invalid_request"),
        (AS_JOB | {"expires_in": "0"}, "invalid_request"),
        (AS_JOB | {"expires_in": "-1"}, "invalid_request"),
        (AS_JOB | {"expires_in": "1e3"}, "invalid_request"),
        (AS_JOB | {"expires_in": "9" * 5000}, "invalid_request"),
        (AS_JOB | {"expires_in": "\u0663"}, "invalid_request"),
        (AS_JOB | {"alg": "none"}, "invalid_request"),
        (AS_JOB | {"alg": "ES256"}, "invalid_request"),  # a user pool signs with RS256
        (AS_JOB | {"token_use": "refresh"}, "invalid_request"),
        (AS_JOB | {"broken": "keys_unreachable"}, "invalid_request"),
        (AS_JOB | {"broken": 'no"such\\r\neason'}, "invalid_request"),
        (urlencode(AS_JOB) + "&scope=a&scope=b", "invalid_request"),
        ("grant_type=%ff", "invalid_request"),
        ("&".join(f"a{number}=1" for number in range(101)), "invalid_request"),
    ],
)
def test_error_has_its_code(fields: dict[str, Any] | str, code: str) -> None:
    assert error(ask(fields)) == (400, code)


def test_two_ways_of_authentication_are_one_too_many() -> None:
    assert error(ask(AS_JOB, ENCODED)) == (400, "invalid_request")
    assert error(ask({"grant_type": "client_credentials", "client_id": "web"}, ENCODED)) == (400, "invalid_request")
    assert ask({"grant_type": "client_credentials", "client_id": "job"}, ENCODED).status == 200


@pytest.mark.parametrize("content", ["application/json", "", "multipart/form-data; boundary=x"])
def test_body_is_a_form(content: str) -> None:
    request = form("/users/token", urlencode(AS_JOB))
    headers = (("content-type", content),)
    sent = HttpRequest(method="POST", target=request.target, headers=headers, body=request.body)
    assert error(ENDPOINTS.answer(sent)) == (400, "invalid_request")


def test_parameters_of_our_own_change_the_token() -> None:
    fields = AS_USER | {
        "claims": json.dumps({"tenant": "north", "jti": None}),
        "groups": "a b a",
        "audience": "https://a.example.com https://b.example.com",
        "subject": "other",
        "expires_in": "60",
        "alg": "ES256",
        "scope": SCOPE,
    }
    made = token(fields, name="login")
    claims = claims_of(made)
    assert (claims["tenant"], claims["groups"], claims["sub"]) == ("north", ["a", "b"], "other")
    assert claims["aud"] == ["https://a.example.com", "https://b.example.com"]
    assert claims["exp"] - claims["iat"] == 60
    assert header_of(made)["alg"] == "ES256"
    assert "jti" not in claims


def test_id_token_takes_the_place_of_the_access_token() -> None:
    assert claims_of(token(AS_USER | {"token_use": "id"}))["token_use"] == "id"


def test_only_the_access_token_is_broken() -> None:
    answer = ask(AS_USER | {"broken": "token_expired"}).json()
    assert claims_of(answer["access_token"])["exp"] < NOW
    assert claims_of(answer["id_token"])["exp"] > NOW


@given(body=st.binary(max_size=200), header=st.text(max_size=40))
def test_anything_whatever_is_answered(body: bytes, header: str) -> None:
    for one in (body, urlencode(AS_JOB).encode() + b"&" + body):
        headers = (("content-type", "application/x-www-form-urlencoded"), ("authorization", f"Basic {header}"))
        sent = HttpRequest(method="POST", target="/_issuer/users/token", headers=headers, body=one)
        assert ENDPOINTS.answer(sent).status in (400, 401)


def test_errors_hold_nothing_of_what_was_sent() -> None:
    sent = AS_JOB | {"scope": "told-nobody", "client_secret": "hidden"}
    assert "hidden" not in ask(sent).text
    assert "told-nobody" not in ask(AS_JOB | {"scope": "told-nobody"}).text
