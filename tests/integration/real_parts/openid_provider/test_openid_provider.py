"""Tokens of a certified OpenID provider, judged by functions on the Lambda runtime emulator that discover its keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jwt
import pytest

from authorizer.testing import Call, http_v2
from authorizer.testing.compact import compact_json, encode
from tests.integration.real_parts.decisions import ALLOW, decide, function
from tests.integration.real_parts.openid_provider.oauth_client import machine_token, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.invocation import Function
    from tests.integration.real_parts.openid_provider.provider import OpenIdProvider
    from tests.integration.real_parts.tokens import Tokens

pytestmark = pytest.mark.long

ORDERS = "https://orders.example.com/RS256"  # RFC 8707: what the clients ask a token for
OPAQUE = "https://orders.example.com/opaque"
BILLING = "https://billing.example.com/"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
READ = Call(method="GET", path="/orders/1", template="/orders/{id}")
WRITE = Call(method="POST", path="/orders", template="/orders")
ADMIN = Call(method="GET", path="/admin/users", template="/admin/{proxy+}")

USUAL = f'audience = ["orders-api"]\nalgorithms = {json.dumps(ALGORITHMS)}'
STRICT = 'audience = ["orders-api"]\nprofile = "rfc9068"'
CARELESS = 'audience = ["orders-api", "browser"]'  # with the client's own id, which is the audience of its ID tokens


def settings(provider: OpenIdProvider, issuer: str) -> str:
    return f"""
        route = [
            {{ match = "GET /orders/{{id}}", scopes = ["orders:read"] }},
            {{ match = "POST /orders", scopes = ["orders:write"] }},
            {{ match = "ANY /admin/{{proxy+}}", groups = ["admins"] }},
        ]
        [context]
        user = "sub"
        client = "client_id"
        [[issuer]]
        kind = "oidc"
        issuer = "{provider.issuer}"
        {issuer}
    """


@pytest.fixture(scope="module")
def usual(provider: OpenIdProvider) -> Iterator[Function]:
    with function("http", settings(provider, USUAL), {"SSL_CERT_FILE": provider.ca_file}) as running:
        yield running


@pytest.fixture(scope="module")
def strict(provider: OpenIdProvider) -> Iterator[Function]:
    with function("http", settings(provider, STRICT), {"SSL_CERT_FILE": provider.ca_file}) as running:
        yield running


@pytest.fixture(scope="module")
def careless(provider: OpenIdProvider) -> Iterator[Function]:
    with function("http", settings(provider, CARELESS), {"SSL_CERT_FILE": provider.ca_file}) as running:
        yield running


@pytest.fixture(scope="module")
def jane(provider: OpenIdProvider) -> Tokens:
    return sign_in(provider, "jane", ORDERS)


@pytest.fixture(scope="module")
def joe(provider: OpenIdProvider) -> Tokens:
    return sign_in(provider, "joe", ORDERS)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_machine_is_allowed_with_each_signature(provider: OpenIdProvider, usual: Function, algorithm: str) -> None:
    token = machine_token(provider, f"https://orders.example.com/{algorithm}")
    assert jwt.get_unverified_header(token)["alg"] == algorithm
    assert decide(usual, http_v2(token, READ)) == ALLOW


def test_signed_in_user_is_allowed(usual: Function, jane: Tokens) -> None:
    assert decide(usual, http_v2(jane.access, READ)) == ALLOW


def test_backend_learns_who_called(usual: Function, jane: Tokens) -> None:
    answer = usual.invoke(json.dumps(http_v2(jane.access, READ)).encode()).answer
    assert answer == {"isAuthorized": True, "context": {"user": "jane", "client": "browser"}}


def test_scope_that_was_not_granted_is_missed(provider: OpenIdProvider, usual: Function, jane: Tokens) -> None:
    assert decide(usual, http_v2(jane.access, WRITE)) == "scope_insufficient"
    assert decide(usual, http_v2(machine_token(provider, ORDERS), WRITE)) == "scope_insufficient"


def test_scope_that_was_granted_is_found(provider: OpenIdProvider, usual: Function) -> None:
    both = "orders:read orders:write"
    assert decide(usual, http_v2(sign_in(provider, "joe", ORDERS, both).access, WRITE)) == ALLOW
    assert decide(usual, http_v2(machine_token(provider, ORDERS, both), WRITE)) == ALLOW


def test_group_decides_who_administers(provider: OpenIdProvider, usual: Function, jane: Tokens, joe: Tokens) -> None:
    assert decide(usual, http_v2(jane.access, ADMIN)) == ALLOW
    assert decide(usual, http_v2(joe.access, ADMIN)) == "group_required"
    assert decide(usual, http_v2(machine_token(provider, ORDERS), ADMIN)) == "group_missing"


def test_user_who_writes_a_group_into_the_token_is_found_out(usual: Function, joe: Tokens) -> None:
    header, _, signature = joe.access.split(".")
    claims = jwt.decode(joe.access, options={"verify_signature": False})
    forged = encode(compact_json(claims | {"groups": ["admins"]}))
    assert decide(usual, http_v2(f"{header}.{forged}.{signature}", ADMIN)) == "signature_invalid"


def test_token_for_another_api_is_refused(provider: OpenIdProvider, usual: Function) -> None:
    assert decide(usual, http_v2(machine_token(provider, BILLING), READ)) == "audience_mismatch"
    assert decide(usual, http_v2(sign_in(provider, "jane", BILLING).access, READ)) == "audience_mismatch"


def test_opaque_token_is_no_jwt(provider: OpenIdProvider, usual: Function) -> None:
    assert decide(usual, http_v2(machine_token(provider, OPAQUE), READ)) == "credential_kind_unknown"
    assert decide(usual, http_v2(sign_in(provider, "jane", OPAQUE).access, READ)) == "credential_kind_unknown"


def test_id_token_is_for_the_client_and_not_for_the_api(usual: Function, jane: Tokens) -> None:
    assert decide(usual, http_v2(jane.id, READ)) == "audience_mismatch"


def test_id_token_is_of_another_type_than_rfc9068_wants(strict: Function, jane: Tokens) -> None:
    """Its header has no `typ` at all, and the type is judged before the audience."""
    assert "typ" not in jwt.get_unverified_header(jane.id)
    assert decide(strict, http_v2(jane.id, READ)) == "token_type_rejected"


def test_id_token_has_no_scope_where_its_audience_was_let_in(careless: Function, jane: Tokens) -> None:
    assert decide(careless, http_v2(jane.id, READ)) == "scope_missing"
    assert decide(careless, http_v2(jane.access, READ)) == ALLOW


def test_access_tokens_are_as_rfc9068_wants(provider: OpenIdProvider, strict: Function, jane: Tokens) -> None:
    assert decide(strict, http_v2(jane.access, READ)) == ALLOW
    assert decide(strict, http_v2(machine_token(provider, ORDERS), READ)) == ALLOW


def test_signature_that_was_not_asked_for_is_refused(provider: OpenIdProvider, strict: Function) -> None:
    token = machine_token(provider, "https://orders.example.com/ES256")
    assert decide(strict, http_v2(token, READ)) == "alg_not_allowed"
