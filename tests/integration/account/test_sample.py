"""The sample as deployed by `sam deploy`, called over HTTP: 200, 401, 403 and 500 as documented, and the reason in the log.

The emulator differs from AWS where a comment says so; nothing in the product bends to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.real_parts.openid_provider.oauth_client import machine_token

if TYPE_CHECKING:
    from tests.integration.account.key_server import KeyServer
    from tests.integration.account.local_account import LocalAccount
    from tests.integration.account.sample_stack import SampleStack
    from tests.integration.real_parts.openid_provider.provider import OpenIdProvider

pytestmark = pytest.mark.long

REST = ("token", "request")
HTTP = ("simple", "policy")
NOT_AUTHORIZED = "User is not authorized to access this resource"


@pytest.mark.parametrize("authorizer", REST)
def test_rest_allows(authorizer: str, sample: SampleStack) -> None:
    response = sample.rest(f"/{authorizer}/orders/1", sample.tokens.machine)
    assert response.status == 200
    assert response.body["authorizer"]["user"] == sample.outputs["SampleMachineClientId"]
    assert sample.last_decision()["decision"] == "allow"


@pytest.mark.parametrize("authorizer", REST)
def test_trigger_gives_scope_and_claim_to_a_signed_in_user(authorizer: str, sample: SampleStack) -> None:
    response = sample.rest(f"/{authorizer}/orders/1", sample.tokens.access)
    assert response.status == 200
    assert response.body["authorizer"]["tenant"] == "example"


@pytest.mark.parametrize("authorizer", REST)
def test_rest_answers_401_with_a_challenge(authorizer: str, sample: SampleStack) -> None:
    response = sample.rest(f"/{authorizer}/orders/1", sample.tokens.id)
    assert response.status == 401
    assert response.body == {"message": "Unauthorized"}
    assert response.headers["www-authenticate"] == 'Bearer realm="orders"'
    assert response.headers["access-control-allow-origin"] == "*"
    assert sample.last_decision()["reason"] == "token_use_mismatch"


def test_token_authorizer_answers_401_without_a_call_where_the_header_is_missing(sample: SampleStack) -> None:
    before = len(sample.decisions())
    response = sample.rest("/token/orders/1")
    assert (response.status, response.headers["x-amzn-errortype"]) == (401, "UnauthorizedException")
    assert len(sample.decisions()) == before


def test_request_authorizer_answers_401_where_the_header_is_missing(sample: SampleStack) -> None:
    """Whether AWS asks the function at TTL 0 is not documented; with a cache it does not. The answer is the same."""
    assert sample.rest("/request/orders/1").status == 401


def test_validation_expression_spares_a_call(sample: SampleStack) -> None:
    before = len(sample.decisions())
    assert sample.rest("/token/orders/1", Authorization="Basic dXNlcjpwYXNz").status == 401
    assert len(sample.decisions()) == before
    assert sample.rest("/request/orders/1", Authorization="Basic dXNlcjpwYXNz").status == 401
    assert sample.last_decision()["reason"] == "credential_scheme_unsupported"


@pytest.mark.parametrize("authorizer", REST)
def test_rest_answers_403_for_who_may_not(authorizer: str, sample: SampleStack) -> None:
    """With a cache the answer is the policy of the caller, whose context tells no reason: it is in the log alone. AWS adds
    "with an explicit deny", as everything that is not allowed is denied by NotResource, which the emulator does not read.
    """
    response = sample.rest(f"/{authorizer}/admin/users", sample.somebody())
    assert response.status == 403
    assert response.body["message"].startswith(NOT_AUTHORIZED)
    assert response.headers["x-amzn-errortype"] == "AccessDeniedException"
    assert response.headers["www-authenticate"].startswith("Bearer ")
    assert sample.last_decision()["reason"] == "group_missing"


@pytest.mark.parametrize("authorizer", REST)
@pytest.mark.parametrize("first", ["orders", "admin"])
def test_cached_answer_is_right_for_the_other_route(authorizer: str, first: str, sample: SampleStack) -> None:
    """Whatever is called first, a grant or a refusal. That the second call asks nobody shows that it was cached."""
    token, expected = sample.somebody(), {"orders": 200, "admin": 403}
    second = next(one for one in expected if one != first)
    assert sample.rest(f"/{authorizer}/{first}/1", token).status == expected[first]
    before = len(sample.decisions())
    assert sample.rest(f"/{authorizer}/{second}/1", token).status == expected[second]
    assert len(sample.decisions()) == before


@pytest.mark.parametrize("authorizer", REST)
def test_rest_lets_the_group_in(authorizer: str, sample: SampleStack) -> None:
    assert sample.rest(f"/{authorizer}/admin/users", sample.tokens.admin).status == 200


@pytest.mark.parametrize("path", ["/token/orders/1", "/request/admin/x", "/native/id"])
def test_preflight_needs_no_credential(path: str, sample: SampleStack) -> None:
    response = sample.rest(path, method="OPTIONS", Origin="https://app.example.com")
    assert response.status == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert "authorization" in response.headers["access-control-allow-headers"].lower()


def test_http_preflight_needs_no_credential(sample: SampleStack) -> None:
    headers = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "GET"}
    response = sample.http("/simple/orders/1", method="OPTIONS", **headers)
    assert response.status == 204
    assert response.headers["access-control-allow-headers"] == "authorization,content-type"


@pytest.mark.parametrize("authorizer", HTTP)
def test_http_allows(authorizer: str, sample: SampleStack) -> None:
    response = sample.http(f"/{authorizer}/orders/1", sample.tokens.access)
    assert response.status == 200
    assert response.body["authorizer"]["lambda"]["tenant"] == "example"
    assert sample.last_decision()["decision"] == "allow"


@pytest.mark.parametrize("authorizer", HTTP)
def test_http_answers_403_for_what_proves_nothing(authorizer: str, sample: SampleStack) -> None:
    response = sample.http(f"/{authorizer}/orders/1", sample.tokens.id)
    assert (response.status, response.body) == (403, {"message": "Forbidden"})
    assert sample.last_decision()["reason"] == "token_use_mismatch"


@pytest.mark.parametrize("authorizer", HTTP)
def test_http_answers_401_by_itself_where_the_credential_is_missing(authorizer: str, sample: SampleStack) -> None:
    before = len(sample.decisions())
    response = sample.http(f"/{authorizer}/orders/1")
    assert (response.status, response.body) == (401, {"message": "Unauthorized"})
    assert len(sample.decisions()) == before


@pytest.mark.parametrize("authorizer", HTTP)
def test_http_answers_403_for_who_may_not(authorizer: str, sample: SampleStack) -> None:
    assert sample.http(f"/{authorizer}/admin/users", sample.somebody()).status == 403
    assert sample.last_decision()["reason"] == "group_missing"
    assert sample.http(f"/{authorizer}/admin/users", sample.tokens.admin).status == 200


@pytest.mark.parametrize("call", ["rest", "http"])
def test_route_without_authorizer_is_open(call: str, sample: SampleStack) -> None:
    assert getattr(sample, call)("/health").status == 200


def test_native_cognito_authorizer(sample: SampleStack) -> None:
    """With scopes an access token; the ID token is refused. Without scopes AWS takes ID tokens only (AWS: "Integrate a REST
    API with an Amazon Cognito user pool"). The emulator takes both, so the access token is not tried there."""
    assert sample.rest("/native/id").status == 401
    assert sample.rest("/native/id", sample.tokens.id).status == 200
    assert sample.rest("/native/access", sample.tokens.access).status == 200
    assert sample.rest("/native/access", sample.tokens.id).status == 401


def test_native_jwt_authorizer(sample: SampleStack) -> None:
    assert sample.http("/native/any").status == 401
    assert sample.http("/native/any", sample.tokens.id).status == 200
    assert sample.http("/native/access", sample.tokens.machine).status == 200
    assert sample.http("/native/access", sample.tokens.id).status == 403  # proven, without the route's scope


def test_token_of_another_provider_is_of_an_unknown_issuer(sample: SampleStack, provider: OpenIdProvider) -> None:
    token = machine_token(provider, "https://orders.example.com/RS256")
    assert sample.rest("/token/orders/1", token).status == 401
    assert sample.last_decision()["reason"] == "issuer_unknown"
    assert sample.http("/simple/orders/1", token).status == 403
    assert sample.last_decision()["reason"] == "issuer_unknown"


AUTHORIZERS = {
    "/token/orders/1": ("rest", "RestTokenAuthorizerArn"),
    "/request/orders/1": ("rest", "RestRequestAuthorizerArn"),
    "/simple/orders/1": ("http", "HttpAuthorizerArn"),
    "/policy/orders/1": ("http", "HttpPolicyAuthorizerArn"),
}


@pytest.mark.parametrize("path", AUTHORIZERS)
def test_outage_of_the_keys_is_a_500_and_heals(
    path: str, sample: SampleStack, account: LocalAccount, keys: KeyServer
) -> None:
    """A new environment has no keys yet; a change of the function's memory makes one. No error is cached."""
    token = sample.somebody()
    api, output = AUTHORIZERS[path]
    call = getattr(sample, api)
    functions, name = account.client("lambda"), sample.outputs[output]
    functions.update_function_configuration(FunctionName=name, MemorySize=513)
    keys.down = True
    try:
        response = call(path, token)
    finally:
        keys.down = False
    assert response.status == 500
    assert response.body == {"message": None if api == "rest" else "Internal Server Error"}
    assert sample.last_decision()["class"] == "dependency"
    functions.update_function_configuration(FunctionName=name, MemorySize=512)
    assert call(path, token).status == 200
