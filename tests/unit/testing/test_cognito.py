from __future__ import annotations

import pytest

from authorizer.testing import (
    cognito_access_claims,
    cognito_client_credentials_claims,
    cognito_id_claims,
    cognito_issuer,
    cognito_resource_bound_claims,
)

COMMON = {"sub", "iss", "exp", "iat", "auth_time", "jti", "token_use"}
OF_A_USER = COMMON | {"origin_jti", "event_id", "cognito:groups"}


@pytest.mark.parametrize(
    ("pool", "issuer"),
    [
        ("eu-west-1_AbCdEfGhI", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"),
        ("us-gov-west-1_AbCdEfGhI", "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbCdEfGhI"),
        ("cn-north-1_AbCdEfGhI", "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbCdEfGhI"),
    ],
)
def test_issuer_follows_the_pool(pool: str, issuer: str) -> None:
    assert cognito_issuer(pool) == issuer
    assert cognito_access_claims(user_pool_id=pool)["iss"] == issuer


def test_access_token_names_the_client_and_no_audience() -> None:
    claims = cognito_access_claims(client_id="c1")
    assert set(claims) == OF_A_USER | {"client_id", "version", "scope", "username"}
    assert (claims["token_use"], claims["client_id"]) == ("access", "c1")


def test_id_token_has_the_client_as_audience() -> None:
    claims = cognito_id_claims(client_id="c1")
    assert set(claims) > OF_A_USER
    assert (claims["token_use"], claims["aud"]) == ("id", "c1")
    assert not {"client_id", "scope", "username"} & set(claims)


def test_machine_is_its_own_subject() -> None:
    claims = cognito_client_credentials_claims(client_id="c1")
    assert set(claims) == COMMON | {"client_id", "version", "scope"}
    assert claims["sub"] == "c1"


def test_resource_bound_token_has_the_resource_as_audience() -> None:
    claims = cognito_resource_bound_claims("https://api.example.com", scope=...)
    assert claims["aud"] == "https://api.example.com"
    assert claims["token_use"] == "access"
    assert "scope" not in claims


def test_times_follow_now() -> None:
    claims = cognito_id_claims(now=1000.9)
    assert (claims["iat"], claims["exp"]) == (1000, 4600)
