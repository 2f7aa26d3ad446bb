from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc import jwk

from authorizer.testing import ALGORITHMS, SigningKey, key_set

MEMBERS = {"RSA": {"n", "e"}, "EC": {"crv", "x", "y"}, "OKP": {"crv", "x"}}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_jwk_is_public_and_complete(keys: dict[str, SigningKey], algorithm: str) -> None:
    made = keys[algorithm].jwk()
    assert set(made) == {"kty", "kid", "use", "alg"} | MEMBERS[str(made["kty"])]
    assert made["alg"] == algorithm


def test_kid_is_the_thumbprint_as_joserfc_computes_it(keys: dict[str, SigningKey]) -> None:
    for algorithm in ("RS256", "ES256", "ES512", "EdDSA"):
        public = keys[algorithm].jwk()
        assert jwk.import_key(public).thumbprint() == public["kid"]


def test_kid_can_be_chosen() -> None:
    assert SigningKey.generate("ES256", kid="mine").jwk()["kid"] == "mine"


def test_jwk_overrides_replace_and_drop(key: SigningKey) -> None:
    changed = key.jwk(use="enc", kid=None)
    assert changed["use"] == "enc"
    assert "kid" not in changed


def test_weak_rsa_keys_can_be_made() -> None:
    private = SigningKey.generate("RS256", bits=1024, exponent=3).private
    assert isinstance(private, RSAPrivateKey)
    assert (private.key_size, private.public_key().public_numbers().e) == (1024, 3)


def test_key_set_takes_keys_and_members(key: SigningKey) -> None:
    assert key_set(key, {"kty": "XYZ"}) == {"keys": [key.jwk(), {"kty": "XYZ"}]}


def test_private_key_is_not_in_the_representation(key: SigningKey) -> None:
    assert "private" not in repr(key)


def test_unknown_algorithm_is_an_error() -> None:
    with pytest.raises(ValueError, match="HS256"):
        SigningKey.generate("HS256")
