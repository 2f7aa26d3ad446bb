from __future__ import annotations

import jwt
import pytest
from joserfc import jwk
from joserfc import jwt as joserfc_jwt
from joserfc.errors import JoseError

from authorizer.reasons import Reason
from authorizer.testing import FORGERIES, Forgery, SigningKey, mint, raw_token, unsigned
from authorizer.testing.compact import encode

ids = [forgery.name for forgery in FORGERIES]

# What joserfc accepts although it is broken, and why that is no mistake of the forgery.
LENIENT = {
    "claim-twice": "the last member wins",
    "header-member-twice": "the last member wins",
    "claims-nan": "Python's JSON reads NaN",
    "claims-nested-deeply": "Python's JSON has no limit, but that of the interpreter's stack",
    "claims-utf-16": "Python's JSON guesses the encoding",
    "claims-byte-order-mark": "Python's JSON guesses the encoding",
    "typ-dpop": "the type is the application's business",
    "typ-logout": "the type is the application's business",
    "cnf": "the binding is the application's business",
}

BADLY_SIGNED = {
    "alg-none",
    "public-key-as-secret",
    "five-segments",
    *(forgery.name for forgery in FORGERIES if forgery.reason_code in ("signature_missing", "signature_invalid")),
}


@pytest.mark.parametrize("forgery", FORGERIES, ids=ids)
def test_reason_is_in_the_catalogue(forgery: Forgery) -> None:
    assert forgery.reason_code in {reason.value for reason in Reason}


@pytest.mark.parametrize("forgery", FORGERIES, ids=ids)
def test_token_fits_the_usual_size_limit(key: SigningKey, forgery: Forgery) -> None:
    assert len(forgery.token(key)) <= 8192


@pytest.mark.parametrize("forgery", FORGERIES, ids=ids)
def test_joserfc_refuses_what_it_looks_at(keys: dict[str, SigningKey], forgery: Forgery) -> None:
    for algorithm in ("RS256", "ES256"):
        assert accepted(keys[algorithm], forgery) == (forgery.name in LENIENT)


def accepted(key: SigningKey, forgery: Forgery) -> bool:
    try:
        joserfc_jwt.decode(forgery.token(key), jwk.import_key(key.jwk()), algorithms=[key.algorithm])
    except (JoseError, ValueError, TypeError, RecursionError):
        return False
    return True


@pytest.mark.parametrize("forgery", FORGERIES, ids=ids)
def test_signature_is_right_unless_it_is_the_fault(key: SigningKey, forgery: Forgery) -> None:
    signing_input, _, signature = forgery.token(key).removesuffix("==").rpartition(".")
    right = signature == encode(key.sign(signing_input.encode()))  # RS256 gives the same signature each time
    assert right == (forgery.name not in BADLY_SIGNED)


def test_claims_can_be_given(key: SigningKey) -> None:
    names = {forgery.name: forgery for forgery in FORGERIES}
    read = jwt.decode(names["cnf"].token(key, {"sub": "x"}), options={"verify_signature": False})
    assert read == {"sub": "x", "cnf": {"jkt": "0ZcOCORZNYy"}}


def test_names_are_unique() -> None:
    assert len(set(ids)) == len(FORGERIES)


def test_raw_token_signs_any_bytes(key: SigningKey) -> None:
    header = f'{{"alg":"RS256","kid":"{key.kid}"}}'.encode()
    read = jwt.PyJWS().decode(raw_token(header, b"\xff\x00", key.sign), jwt.PyJWK(key.jwk()), algorithms=["RS256"])
    assert read == b"\xff\x00"


def test_unsigned_leaves_the_third_segment_empty() -> None:
    assert raw_token(b"{}", b"{}", unsigned) == "e30.e30."


def test_good_token_is_accepted_by_the_oracle(key: SigningKey) -> None:
    joserfc_jwt.decode(mint(key), jwk.import_key(key.jwk()), algorithms=["RS256"])
