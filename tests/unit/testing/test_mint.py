from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

import jwt
import pytest
from joserfc import jwk
from joserfc import jwt as joserfc_jwt

from authorizer.testing import ALGORITHMS, SigningKey, default_claims, mint

NOW = 1_795_428_000.0


def segment(token: str, index: int) -> dict[str, object]:
    text = token.split(".")[index]
    read: dict[str, object] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return read


@pytest.mark.parametrize("algorithm", [name for name in ALGORITHMS if name != "Ed25519"])
def test_pyjwt_accepts(keys: dict[str, SigningKey], algorithm: str) -> None:
    key = keys[algorithm]
    read = jwt.decode(
        mint(key),
        jwt.PyJWK(key.jwk()),
        algorithms=[algorithm],
        audience="orders-api",
        issuer="https://issuer.example.com/",
    )
    assert read["sub"] == "user-1"


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # the name, in favour of Ed25519
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_joserfc_accepts(keys: dict[str, SigningKey], algorithm: str) -> None:
    key = keys[algorithm]
    read = joserfc_jwt.decode(mint(key), jwk.import_key(key.jwk()), algorithms=[algorithm])
    assert read.header == {"typ": "JWT", "alg": algorithm, "kid": key.kid}


def test_token_is_the_one_pyjwt_makes(key: SigningKey) -> None:
    claims = default_claims(NOW)
    assert mint(key, now=NOW) == jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid})


def test_default_claims_are_those_of_an_access_token() -> None:
    assert default_claims(NOW) == {
        "iss": "https://issuer.example.com/",
        "aud": "orders-api",
        "sub": "user-1",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 300,
        "scope": "orders:read",
    }


def test_ellipsis_drops_a_claim(key: SigningKey) -> None:
    assert "exp" not in segment(mint(key, exp=...), 1)


def test_overrides_replace_and_add(key: SigningKey) -> None:
    groups: dict[str, Any] = {"cognito:groups": ["admins"]}
    claims = segment(mint(key, sub=7, **groups), 1)
    assert (claims["sub"], claims["cognito:groups"]) == (7, ["admins"])


def test_given_claims_get_no_defaults(key: SigningKey) -> None:
    assert segment(mint(key, {"sub": "x"}), 1) == {"sub": "x"}


def test_header_changes(key: SigningKey) -> None:
    assert segment(mint(key, header={"typ": ..., "kid": 5}), 0) == {"alg": "RS256", "kid": 5}
