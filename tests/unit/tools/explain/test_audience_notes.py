from __future__ import annotations

from typing import Any

import pytest

from authorizer.testing import key_set
from authorizer.tools.explain.near_miss import NearMiss
from tests.unit.tools.explain.sample_deployment import (
    CLIENT,
    ID_CLIENT,
    ISSUER,
    POOL,
    codes,
    id_token,
    near_misses,
    of_call,
    of_token,
    signing_keys,
    token,
    user_token,
)

ID_TOKEN = [NearMiss.ID_TOKEN_SENT.value]


@pytest.mark.parametrize("sign", ["nonce", "at_hash", "c_hash"])
def test_id_token_of_any_provider_is_known_by_its_signs(sign: str) -> None:
    assert near_misses(of_token(token(aud="web-app", scope=..., **{sign: "x"}))) == ID_TOKEN


def test_token_with_a_scope_or_of_type_at_jwt_is_no_id_token() -> None:
    assert near_misses(of_token(token(aud="web-app", nonce="x"))) == []
    assert near_misses(of_token(token(aud="web-app", nonce="x", scope=..., header={"typ": "at+jwt"}))) == []


def test_id_token_is_told_only_where_it_matters() -> None:
    assert near_misses(of_token(token(exp=1, scope=..., nonce="x"))) == []
    assert near_misses(of_call(token(scope=..., nonce="x"))) == ID_TOKEN


def test_id_token_of_a_pool_that_takes_it_lacks_the_scopes() -> None:
    assert near_misses(of_call(id_token())) == ID_TOKEN


def test_type_of_an_access_token_is_no_reason_to_send_an_id_token() -> None:
    issuer = {"kind": "jwt", "issuer": ISSUER, "audience": ["orders-api"], "algorithms": ["ES256"]}
    tables = {"issuer": [issuer | {"token_types": ["JWT"], "jwks": key_set(signing_keys()["own"])}]}
    explained = of_token(token(header={"typ": "at+jwt"}), **tables)
    assert (codes(explained), near_misses(explained)) == (["token_type_rejected"], [])


@pytest.mark.parametrize("claim", ["azp", "client_id"])
def test_audience_that_is_the_client_is_known(claim: str) -> None:
    named: dict[str, Any] = {claim: "web-app"}
    listed: dict[str, Any] = {claim: ["web-app"]}
    assert near_misses(of_token(token(aud=["web-app"], **named))) == [NearMiss.AUDIENCE_IS_CLIENT.value]
    assert near_misses(of_token(token(aud=["web-app"], **listed))) == []


def test_every_audience_of_a_list_is_looked_at() -> None:
    found = near_misses(of_token(token(aud=["x", "orders-api/", "ORDERS-API"])))
    assert found == [NearMiss.AUDIENCE_SLASH.value, NearMiss.AUDIENCE_CASE.value]


def test_audience_of_a_pool_is_near_to_its_resource() -> None:
    pool = {"kind": "cognito", "user_pool_id": POOL, "client_ids": [CLIENT], "token_use": ["access"]}
    bound = pool | {"audience": ["https://api.example.com"], "jwks": key_set(signing_keys()["users"])}
    explained = of_token(user_token(aud="https://api.example.com/", scope="openid"), issuer=[bound])
    assert near_misses(explained) == [NearMiss.AUDIENCE_SLASH.value]


def test_client_of_another_pool_is_known_in_both_kinds_of_token() -> None:
    other = [NearMiss.CLIENT_OF_OTHER_ISSUER.value]
    assert near_misses(of_token(user_token(client_id=ID_CLIENT, scope="openid"))) == other
    assert NearMiss.CLIENT_OF_OTHER_ISSUER.value in near_misses(of_token(id_token(client=CLIENT)))
    assert near_misses(of_token(user_token(client_id="stranger", scope="openid"))) == []
