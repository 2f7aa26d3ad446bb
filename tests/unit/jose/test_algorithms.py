from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes

from authorizer.jose.algorithms import ALGORITHMS, canonical, check_name
from authorizer.reasons import Reason
from authorizer.testing import ALGORITHMS as SIGNED
from tests.outcomes import every_text, refused


@pytest.mark.parametrize("name", [*ALGORITHMS, "EdDSA"])
def test_name_of_the_table_is_taken(name: str) -> None:
    check_name(name)


def test_tests_can_sign_with_every_algorithm() -> None:
    assert {canonical(name) for name in SIGNED} == set(ALGORITHMS)


def test_both_names_of_ed25519_are_one() -> None:
    assert (canonical("EdDSA"), canonical("Ed25519"), canonical("RS256")) == ("Ed25519", "Ed25519", "RS256")


def test_nothing_in_the_table_is_symmetric_or_weak() -> None:
    assert {row.kty for row in ALGORITHMS.values()} == {"RSA", "EC", "OKP"}
    assert not any(name.startswith("HS") or name.lower() == "none" for name in ALGORITHMS)
    for row in ALGORITHMS.values():
        assert row.hash_name is None or getattr(hashes, row.hash_name)().digest_size >= 32


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", "nonE", " none", "none ", "none\t", "none\n"])
def test_every_spelling_of_none_is_none(name: str) -> None:
    with refused(Reason.ALG_NONE):
        check_name(name)


@pytest.mark.parametrize("name", ["HS256", "HS384", "HS512", "hs256", "Hs256", " HS256", "HS512 ", "HS384\n"])
def test_every_spelling_of_hmac_is_symmetric(name: str) -> None:
    with refused(Reason.ALG_SYMMETRIC):
        check_name(name)


UNSUPPORTED = ["rs256", "Rs256", "RS256 ", " RS256", "RS256\n", "RS256\x00", "RS1", "RS257", "RS2562", "ES256K"]
UNSUPPORTED += ["ES255", "PS", "EdDSA ", "eddsa", "Ed448", "ed25519", "HS1", "HS2560", "null", "undefined", "n0ne"]
UNSUPPORTED += ["nonee", "non\u0435", "\uff32\uff33256", "A256KW", "dir", "\ud800", "x" * 5000]


@pytest.mark.parametrize(
    "name",
    UNSUPPORTED,
    ids=lambda name: ascii(name)[:20],
)
def test_other_names_are_unsupported_and_not_shown(name: str) -> None:
    with refused(Reason.ALG_UNSUPPORTED) as caught:
        check_name(name)
    assert name not in every_text(caught.value)


@pytest.mark.parametrize("name", [None, "", 0, 256, True, ["RS256"], {"alg": "RS256"}, b"RS256", 1.0])
def test_what_is_no_name_is_missing(name: object) -> None:
    with refused(Reason.ALG_MISSING):
        check_name(name)
