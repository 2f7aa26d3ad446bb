"""A token that was changed is never allowed; claims of any kind end in a principal or a refusal."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from authorizer import jwt
from authorizer.errors import Refused
from authorizer.jose.claims import Profile, problems
from authorizer.model import Credential, Principal
from authorizer.testing import SigningKey, default_claims, key_set, mint, raw_token
from authorizer.testing.compact import encode
from authorizer.verifiers.base import prove
from authorizer.verifiers.trusted_issuers import TrustedIssuers
from tests.outcomes import every_text, outcome
from tests.pipelines import NOW
from tests.properties.json_values import VALUES

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\x00é"
ALGORITHMS = ("RS256", "PS256", "ES256", "ES512", "Ed25519")
CLAIM_NAMES = ["iss", "aud", "sub", "exp", "nbf", "iat", "jti", "scope", "scp", "groups", "cnf", "tenant", "x"]


@cache
def verifier(key: SigningKey) -> TrustedIssuers:
    issuer = jwt("https://issuer.example.com/", audience=["orders-api"], algorithms=[key.algorithm], jwks=key_set(key))
    return TrustedIssuers([issuer])


@cache
def good(key: SigningKey) -> str:
    return mint(key, now=NOW)


def judge(key: SigningKey, token: str) -> Principal | None:
    who = outcome(lambda: prove([verifier(key)], Credential(token, "header:authorization"), NOW), Refused)
    if isinstance(who, Principal):
        return who
    shown = every_text(who)
    assert not any(len(part) > 12 and part in shown for part in token.split("."))
    return None


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(data=st.data())
def test_token_with_one_other_character_is_never_allowed(
    keys: dict[str, SigningKey], algorithm: str, data: st.DataObject
) -> None:
    key, token = keys[algorithm], good(keys[algorithm])
    assert judge(key, token)
    position = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from(ALPHABET))
    changed = token[:position] + character + token[position + 1 :]
    assert (judge(key, changed) is None) == (changed != token)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "Ed25519"])
def test_token_with_the_next_character_anywhere_is_never_allowed(keys: dict[str, SigningKey], algorithm: str) -> None:
    key, token = keys[algorithm], good(keys[algorithm])
    for position, character in enumerate(token):
        following = ALPHABET[(ALPHABET.index(character) + 1) % 64]
        assert judge(key, token[:position] + following + token[position + 1 :]) is None, position


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(data=st.data())
def test_token_with_a_character_more_or_less_is_never_allowed(
    keys: dict[str, SigningKey], algorithm: str, data: st.DataObject
) -> None:
    key, token = keys[algorithm], good(keys[algorithm])
    position = data.draw(st.integers(0, len(token)))
    longer = token[:position] + data.draw(st.sampled_from(ALPHABET)) + token[position:]
    shorter = token[:position] + token[position + data.draw(st.integers(1, 8)) :]
    swapped = token[:position] + token[position : position + 2][::-1] + token[position + 2 :]
    for changed in (longer, shorter, swapped):
        assert changed == token or judge(key, changed) is None


@given(payload=st.dictionaries(st.sampled_from(CLAIM_NAMES), VALUES, max_size=4))
def test_payload_of_another_token_is_never_allowed(keys: dict[str, SigningKey], payload: dict[str, Any]) -> None:
    key = keys["ES256"]
    header, old, signature = good(key).split(".")
    new = encode(json.dumps({**default_claims(NOW), **payload}).encode())
    assume(new != old)
    assert judge(key, f"{header}.{new}.{signature}") is None


@given(header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "jku", "x5c"]), VALUES, max_size=3))
def test_header_of_any_kind_that_is_signed_is_allowed_only_as_what_it_is(
    keys: dict[str, SigningKey], header: dict[str, Any]
) -> None:
    key = keys["ES256"]
    members = {"alg": key.algorithm, "kid": key.kid} | header
    token = raw_token(json.dumps(members).encode(), json.dumps(default_claims(NOW)).encode(), key.sign)
    if judge(key, token) is not None:
        assert (members["alg"], members["kid"], "crit" in members) == (key.algorithm, key.kid, False)
        assert str(members.get("typ") or "jwt").lower() in ("jwt", "at+jwt")


@settings(max_examples=200)
@given(changes=st.dictionaries(st.sampled_from(CLAIM_NAMES), VALUES, max_size=5))
def test_claims_of_any_kind_that_are_signed_end_in_a_principal_or_a_refusal(
    keys: dict[str, SigningKey], changes: dict[str, Any]
) -> None:
    key = keys["ES256"]
    claims: dict[str, Any] = default_claims(NOW) | changes
    token = raw_token(b'{"alg":"ES256"}', json.dumps(claims).encode(), key.sign)
    who = judge(key, token)
    if who is not None:
        assert who.subject == claims["sub"]
        assert who.subject.isprintable()
        assert claims["exp"] + 30 > NOW
        assert "orders-api" in ([claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"])
        assert "cnf" not in claims


PROFILES = st.builds(
    Profile,
    audience=st.none() | st.frozensets(st.sampled_from(["a", "orders-api"])),
    required=st.lists(st.sampled_from(CLAIM_NAMES), max_size=2).map(tuple),
    expected=st.lists(st.tuples(st.sampled_from(CLAIM_NAMES), st.just(("a", 1, True))), max_size=2).map(tuple),
    leeway=st.floats(0, 600),
    max_age=st.none() | st.floats(1, 1e6),
    max_lifetime=st.none() | st.floats(1, 1e6),
    principal_claim=st.sampled_from(CLAIM_NAMES),
)


@settings(max_examples=100)
@given(
    st.dictionaries(st.sampled_from(CLAIM_NAMES), VALUES, max_size=8),
    st.none() | st.text(max_size=8),
    PROFILES,
    st.floats(0, 1e11),
)
def test_problems_of_any_claims_are_told_without_values(
    claims: dict[str, Any], typ: str | None, profile: Profile, now: float
) -> None:
    told = list(problems(claims, typ, profile, now))
    assert told, "no exp, or no subject, or another time"
    shown = repr([(problem.fault.claim, problem.fault.found) for problem in told])
    for value in claims.values():
        assert not isinstance(value, str) or len(value) < 12 or value not in shown
