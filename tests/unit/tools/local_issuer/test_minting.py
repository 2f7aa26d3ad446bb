"""Tokens look as the issuers write them."""

from __future__ import annotations

from typing import Any

import pytest

from authorizer import Authorizer, clock
from authorizer.testing import (
    ALGORITHMS,
    cognito_access_claims,
    cognito_client_credentials_claims,
    cognito_id_claims,
    cognito_issuer,
)
from authorizer.tools.local_issuer.minting import MintRequest, minted
from authorizer.tools.terminal import CommandError
from tests.unit.tools.local_issuer.sample_stand_ins import (
    LOGIN,
    NOW,
    POOL,
    RESOURCE,
    SCOPE,
    claims_of,
    header_of,
    judged,
    pool,
    provider,
    settings,
)

USER = MintRequest(client_id="web", scopes=("openid", SCOPE), groups=("readers",))
MACHINE = MintRequest(client_id="job", subject="job", scopes=(SCOPE,))


def user(**changes: Any) -> MintRequest:
    return MintRequest(**{"client_id": "web", "scopes": (SCOPE,)} | changes)


def test_access_token_of_a_pool_has_the_claims_that_cognito_writes() -> None:
    token = minted(pool(), USER, NOW)
    claims = claims_of(token)
    assert claims.keys() == cognito_access_claims().keys()
    assert (claims["iss"], claims["sub"], claims["username"]) == (cognito_issuer(POOL), "user-1", "user-1")
    assert (claims["client_id"], claims["token_use"]) == ("web", "access")
    assert (claims["scope"], claims["cognito:groups"]) == (f"openid {SCOPE}", ["readers"])
    assert (claims["iat"], claims["exp"]) == (NOW, NOW + 3600)
    assert header_of(token).keys() == {"alg", "kid"}


def test_id_token_of_a_pool_names_the_client_as_its_audience() -> None:
    claims = claims_of(minted(pool(), user(token_use="id", groups=("a",)), NOW))
    assert claims.keys() == cognito_id_claims().keys() - {"at_hash", "custom:tenant"}
    assert (claims["aud"], claims["token_use"], claims["cognito:username"]) == ("web", "id", "user-1")


def test_machine_token_of_a_pool_has_no_user() -> None:
    claims = claims_of(minted(pool(), MACHINE, NOW))
    assert claims.keys() == cognito_client_credentials_claims().keys()
    assert claims["sub"] == claims["client_id"] == "job"


def test_user_without_scopes_and_groups_is_as_after_a_sign_in_without_them() -> None:
    claims = claims_of(minted(pool(), MintRequest(client_id="web"), NOW))
    assert claims["scope"] == "aws.cognito.signin.user.admin"
    assert "cognito:groups" not in claims


def test_pool_signs_access_and_id_tokens_with_two_keys() -> None:
    kids = [header_of(minted(pool(), user(token_use=use), NOW))["kid"] for use in ("access", "id")]
    assert kids == [key["kid"] for key in pool().keys.published()["keys"]]
    assert len(set(kids)) == 2


def test_resource_is_named_where_there_is_one() -> None:
    assert "aud" not in claims_of(minted(pool(), user(), NOW))
    assert claims_of(minted(pool(audience=(RESOURCE,)), user(), NOW))["aud"] == RESOURCE
    assert claims_of(minted(pool(), user(audience=("a", "b")), NOW))["aud"] == ["a", "b"]


def test_access_token_of_a_provider_is_as_rfc_9068_says() -> None:
    token = minted(provider(), user(groups=("readers",)), NOW)
    claims = claims_of(token)
    assert claims.keys() == {"iss", "aud", "sub", "scope", "client_id", "iat", "nbf", "exp", "jti", "groups"}
    assert (claims["iss"], claims["aud"], claims["groups"]) == (LOGIN, "orders-api", ["readers"])
    assert header_of(token)["typ"] == "at+jwt"


def test_id_token_of_a_provider_is_for_the_client() -> None:
    token = minted(provider(), user(token_use="id"), NOW)
    assert claims_of(token).keys() == {"iss", "aud", "sub", "iat", "nbf", "exp", "jti"}
    assert (claims_of(token)["aud"], header_of(token)["typ"]) == ("web", "JWT")


def test_each_token_has_an_id_of_its_own() -> None:
    assert len({claims_of(minted(one, USER, NOW))["jti"] for one in (pool(), provider()) for _ in range(2)}) == 4


def test_claims_are_put_over_the_usual_and_none_drops_one() -> None:
    request = user(claims={"tenant": {"id": 7}, "sub": "other", "scope": None, "nbf": None})
    claims = claims_of(minted(provider(), request, NOW))
    assert (claims["tenant"], claims["sub"]) == ({"id": 7}, "other")
    assert not claims.keys() & {"scope", "nbf"}


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"])
def test_provider_signs_with_any_algorithm_and_publishes_its_key(algorithm: str) -> None:
    token = minted(provider(), user(algorithm=algorithm), clock.now())
    made = Authorizer.from_config(settings(provider(), {"any_valid_token": True}, algorithms=[algorithm]))
    assert header_of(token)["alg"] == algorithm
    assert judged(made, token) is None


@pytest.mark.parametrize("algorithm", [*ALGORITHMS[1:], "HS256", "none"])
def test_pool_signs_with_rs256_only(algorithm: str) -> None:
    with pytest.raises(CommandError):
        minted(pool(), user(algorithm=algorithm), NOW)


def test_unknown_use_is_refused() -> None:
    with pytest.raises(CommandError):
        minted(provider(), user(token_use="refresh"), NOW)


def test_request_shows_no_claims() -> None:
    assert "hidden" not in repr(user(claims={"a": "hidden"}))
