from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.testing import FORGERIES, Forgery, SigningKey, default_claims, key_set, mint
from authorizer.testing.mint import AUDIENCE, ISSUER, LIFETIME
from authorizer.tools.gateway.native import NativeGrant, NativeRefusal, Refusal
from authorizer.tools.gateway.native_jwt_rest import (
    JWT_ALGORITHMS,
    AdditionalClaim,
    RestJwtAuthorizer,
    TrustedJwtIssuer,
)
from tests.unit.tools.gateway.publishers import Publishers

NOW = 1_800_000_000.0
SECOND = "https://second.example.com"
NO_SCOPES: tuple[str, ...] = ()
TIER = AdditionalClaim(name="tier", required=True, expected_values=("gold",))


@pytest.fixture(scope="module")
def key(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


@pytest.fixture(scope="module")
def second_key() -> SigningKey:
    return SigningKey.generate("ES256")


@pytest.fixture(scope="module")
def authorizer(keys: dict[str, SigningKey], second_key: SigningKey) -> RestJwtAuthorizer:
    return RestJwtAuthorizer(
        trusted=(
            TrustedJwtIssuer(issuer=ISSUER, audiences=(AUDIENCE, "orders-admin")),
            TrustedJwtIssuer(issuer=SECOND, audiences=("second",)),
        ),
        algorithms=JWT_ALGORITHMS,
        issuers=Publishers({ISSUER: key_set(*keys.values()), SECOND: key_set(second_key)}),
    )


def token_of(key: SigningKey, **changes: object) -> str:
    return mint(key, default_claims(NOW) | changes)


def asking_for(authorizer: RestJwtAuthorizer, *claims: AdditionalClaim) -> RestJwtAuthorizer:
    return replace(authorizer, trusted=(replace(authorizer.trusted[0], additional_claims=claims),))


def refusal(
    authorizer: RestJwtAuthorizer, token: str | None, scopes: tuple[str, ...] = NO_SCOPES, now: float = NOW
) -> tuple[Refusal, str]:
    with pytest.raises(NativeRefusal) as caught:
        authorizer.check(token, scopes, now)
    return caught.value.refusal, caught.value.reason


@pytest.mark.parametrize("prefix", ["", "Bearer "])
@pytest.mark.parametrize("algorithm", JWT_ALGORITHMS)
def test_good_token_passes(
    prefix: str, algorithm: str, authorizer: RestJwtAuthorizer, keys: dict[str, SigningKey]
) -> None:
    grant = authorizer.check(prefix + token_of(keys[algorithm], groups=["a", "b"]), NO_SCOPES, NOW)
    assert grant.scopes is None
    assert grant.claims["groups"] == "a,b"


@pytest.mark.parametrize("algorithm", ["PS256", "PS384", "PS512", "EdDSA"])
def test_algorithm_that_aws_does_not_offer(
    algorithm: str, authorizer: RestJwtAuthorizer, keys: dict[str, SigningKey]
) -> None:
    assert refusal(authorizer, token_of(keys[algorithm])) == (Refusal.INVALID, "alg_not_allowed")
    with pytest.raises(ValueError, match="right would be RS256"):
        replace(authorizer, algorithms=(algorithm,))


def test_algorithm_that_is_not_listed(authorizer: RestJwtAuthorizer, keys: dict[str, SigningKey]) -> None:
    only = replace(authorizer, algorithms=("ES256",))
    assert only.check(token_of(keys["ES256"]), NO_SCOPES, NOW)
    assert refusal(only, token_of(keys["RS256"])) == (Refusal.INVALID, "alg_not_allowed")


@pytest.mark.parametrize("token", [None, "", " "])
def test_no_token(token: str | None, authorizer: RestJwtAuthorizer) -> None:
    assert refusal(authorizer, token) == (Refusal.MISSING, "credential_missing")


@pytest.mark.parametrize("form", ["Bearer  {}", " {}", "{} ", "bearer {}", "Token {}", "{}.", "x{}"])
def test_header_that_is_spelled_otherwise(form: str, authorizer: RestJwtAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, form.format(token_of(key)))[0] is Refusal.INVALID


@pytest.mark.parametrize("issuer", [ISSUER.rstrip("/"), f"{SECOND}/", ..., None, [ISSUER]])
def test_issuer_is_exactly_one_of_them(issuer: object, authorizer: RestJwtAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, token_of(key, iss=issuer)) == (Refusal.INVALID, "issuer_unknown")


def test_each_issuer_has_its_own_keys_and_audiences(
    authorizer: RestJwtAuthorizer, key: SigningKey, second_key: SigningKey
) -> None:
    assert authorizer.check(token_of(second_key, iss=SECOND, aud="second"), NO_SCOPES, NOW)
    assert refusal(authorizer, token_of(second_key, iss=SECOND)) == (Refusal.INVALID, "audience_mismatch")
    assert refusal(authorizer, token_of(second_key)) == (Refusal.INVALID, "key_unknown")
    assert refusal(authorizer, token_of(key, iss=SECOND, aud="second")) == (Refusal.INVALID, "key_unknown")


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": ["a", "orders-admin"]}, None),
        ({"aud": ..., "client_id": AUDIENCE}, None),
        ({"aud": "another", "client_id": AUDIENCE}, "audience_mismatch"),
        ({"aud": ...}, "audience_missing"),
        ({"aud": {"a": 1}}, "claim_type_invalid"),
    ],
)
def test_audience(
    claims: dict[str, object], reason: str | None, authorizer: RestJwtAuthorizer, key: SigningKey
) -> None:
    token = token_of(key, **claims)
    if reason is None:
        assert authorizer.check(token, NO_SCOPES, NOW)
        return
    assert refusal(authorizer, token) == (Refusal.INVALID, reason)


@pytest.mark.parametrize(("kid", "reason"), [(..., "kid_missing"), ("another", "key_unknown")])
def test_kid_is_of_the_key(kid: object, reason: str, authorizer: RestJwtAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, mint(key, default_claims(NOW), header={"kid": kid})) == (Refusal.INVALID, reason)


@pytest.mark.parametrize(("later", "passes"), [(-0.1, True), (0.0, False), (0.1, False)])
def test_token_expires(later: float, passes: bool, authorizer: RestJwtAuthorizer, key: SigningKey) -> None:
    now = NOW + LIFETIME + later
    if passes:
        assert authorizer.check(token_of(key), NO_SCOPES, now)
        return
    assert refusal(authorizer, token_of(key), now=now) == (Refusal.EXPIRED, "token_expired")


@pytest.mark.parametrize(("name", "reason"), [("nbf", "token_not_yet_valid"), ("iat", "token_issued_in_future")])
@pytest.mark.parametrize(("ahead", "passes"), [(-1, True), (0, True), (1, False)])
def test_token_is_not_of_the_future(
    name: str, reason: str, ahead: int, passes: bool, authorizer: RestJwtAuthorizer, key: SigningKey
) -> None:
    token = token_of(key, **{name: int(NOW) + ahead})
    if passes:
        assert authorizer.check(token, NO_SCOPES, NOW)
        return
    assert refusal(authorizer, token) == (Refusal.INVALID, reason)


@pytest.mark.parametrize("claims", [{"scope": "a orders:read"}, {"scope": "a", "scp": ["orders:read"]}])
def test_scope_may_be_in_either_claim(
    claims: dict[str, object], authorizer: RestJwtAuthorizer, key: SigningKey
) -> None:
    assert authorizer.check(token_of(key, **claims), ("orders:read", "x"), NOW).scopes == ("a", "orders:read")


@pytest.mark.parametrize(("scope", "reason"), [(..., "scope_missing"), ("a", "scope_insufficient")])
def test_scope_that_is_not_held(scope: object, reason: str, authorizer: RestJwtAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, token_of(key, scope=scope), ("orders:read",)) == (Refusal.SCOPE, reason)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("gold", None),
        ("Gold", "claim_value_mismatch"),
        ("gold ", "claim_value_mismatch"),
        (..., "claim_missing"),
        (None, "claim_type_invalid"),
        (["gold"], "claim_type_invalid"),
        (7, "claim_type_invalid"),
    ],
)
def test_additional_claim_is_exactly_the_value(
    value: object, reason: str | None, authorizer: RestJwtAuthorizer, key: SigningKey
) -> None:
    strict, token = asking_for(authorizer, TIER), token_of(key, tier=value)
    if reason is None:
        assert strict.check(token, NO_SCOPES, NOW)
        return
    assert refusal(strict, token) == (Refusal.INVALID, reason)


def test_additional_claim_that_is_not_required(authorizer: RestJwtAuthorizer, key: SigningKey) -> None:
    lax = asking_for(authorizer, replace(TIER, required=False))
    assert lax.check(token_of(key), NO_SCOPES, NOW)
    assert refusal(lax, token_of(key, tier="tin")) == (Refusal.INVALID, "claim_value_mismatch")


def test_additional_claim_of_any_value(authorizer: RestJwtAuthorizer, key: SigningKey) -> None:
    there = asking_for(authorizer, AdditionalClaim(name="tenant", required=True), TIER)
    assert there.check(token_of(key, tenant="x", tier="gold"), NO_SCOPES, NOW)
    assert refusal(there, token_of(key, tenant="x")) == (Refusal.INVALID, "claim_missing")
    assert refusal(there, token_of(key, tier="gold")) == (Refusal.INVALID, "claim_missing")


@pytest.mark.parametrize("name", ["", "iss", "aud", "exp", "nbf", "iat", "scope", "scp"])
def test_additional_claim_of_a_reserved_name(name: str) -> None:
    with pytest.raises(ValueError, match="right would be"):
        AdditionalClaim(name=name)


def test_additional_claim_has_one_value() -> None:
    with pytest.raises(ValueError, match="found 2 expected values"):
        AdditionalClaim(name="tier", expected_values=("gold", "tin"))


def test_keys_that_cannot_be_had(authorizer: RestJwtAuthorizer, key: SigningKey) -> None:
    alone = replace(authorizer, issuers=Publishers({}))
    assert refusal(alone, token_of(key)) == (Refusal.INVALID, "keys_unreachable")


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "ES512"])
def test_forgery_is_refused(
    forgery: Forgery, algorithm: str, authorizer: RestJwtAuthorizer, keys: dict[str, SigningKey]
) -> None:
    token = forgery.token(keys[algorithm], default_claims(NOW))
    assert refusal(authorizer, token) == (Refusal.INVALID, forgery.reason_code)


@given(token=st.text() | st.from_regex(r"(Bearer )?[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True))
def test_any_text_is_granted_or_refused(token: str, authorizer: RestJwtAuthorizer) -> None:
    with suppress(NativeRefusal):
        assert isinstance(authorizer.check(token, NO_SCOPES, NOW), NativeGrant)
