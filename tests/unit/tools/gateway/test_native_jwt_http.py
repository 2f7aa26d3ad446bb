from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.testing import FORGERIES, Forgery, SigningKey, default_claims, key_set, mint
from authorizer.testing.mint import AUDIENCE, ISSUER, LIFETIME
from authorizer.tools.gateway.issuers import Unreachable
from authorizer.tools.gateway.native import NativeGrant, NativeRefusal, Refusal
from authorizer.tools.gateway.native_jwt_http import KEPT_FOR, MAX_KEY_SET, HttpJwtAuthorizer

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = 1_800_000_000.0
NO_SCOPES: tuple[str, ...] = ()
SEGMENTS = "token contains an invalid number of segments"
NO_AUDIENCE = "the token does not have a valid audience"
RSA = ("RS256", "RS384", "RS512")


class Publisher:
    """One issuer that counts how often it is asked, and answers with what it publishes or raises it."""

    def __init__(self, published: Mapping[str, Any] | Exception) -> None:
        self.published = published
        self.asked = 0

    def key_set(self, issuer: str) -> Mapping[str, Any]:
        assert issuer == ISSUER
        self.asked += 1
        if isinstance(self.published, Exception):
            raise self.published
        return self.published


def trusting(published: Mapping[str, Any] | Exception) -> tuple[HttpJwtAuthorizer, Publisher]:
    publisher = Publisher(published)
    return HttpJwtAuthorizer(issuer=ISSUER, audience=(AUDIENCE, "second"), issuers=publisher), publisher


@pytest.fixture(scope="module")
def key(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


@pytest.fixture(scope="module")
def authorizer(keys: dict[str, SigningKey]) -> HttpJwtAuthorizer:
    return trusting(key_set(*keys.values()))[0]


def token_of(key: SigningKey, **changes: object) -> str:
    return mint(key, default_claims(NOW) | changes)


def refused(
    authorizer: HttpJwtAuthorizer, token: str | None, scopes: tuple[str, ...] = NO_SCOPES, now: float = NOW
) -> NativeRefusal:
    with pytest.raises(NativeRefusal) as caught:
        authorizer.check(token, scopes, now)
    return caught.value


def refusal(
    authorizer: HttpJwtAuthorizer, token: str | None, scopes: tuple[str, ...] = NO_SCOPES, now: float = NOW
) -> tuple[Refusal, str]:
    caught = refused(authorizer, token, scopes, now)
    return caught.refusal, caught.reason


@pytest.mark.parametrize("prefix", ["", "Bearer "])
@pytest.mark.parametrize("algorithm", RSA)
def test_good_token_passes(
    prefix: str, algorithm: str, authorizer: HttpJwtAuthorizer, keys: dict[str, SigningKey]
) -> None:
    grant = authorizer.check(prefix + token_of(keys[algorithm]), NO_SCOPES, NOW)
    assert grant.claims["sub"] == "user-1"
    assert grant.scopes is None  # the route asks for none, whatever the token has


def test_claims_are_texts(authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    token = token_of(key, groups=["a", "b"], admin=True, nothing=None, address={"city": "x"})
    assert authorizer.check(token, NO_SCOPES, NOW).claims == {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-1",
        "iat": "1800000000",
        "nbf": "1800000000",
        "exp": "1800000300",
        "scope": "orders:read",
        "groups": "[a b]",
        "admin": "true",
        "address": '{"city":"x"}',
    }


@pytest.mark.parametrize("token", [None, "", "  "])
def test_no_token(token: str | None, authorizer: HttpJwtAuthorizer) -> None:
    found = refused(authorizer, token)
    assert (found.refusal, found.reason) == (Refusal.MISSING, "credential_missing")
    assert found.description == "token not provided"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("token", "credential_kind_unknown"),
        ("Bearer token", "credential_kind_unknown"),
        ("a.b", "credential_kind_unknown"),
        ("a.b.c.d", "credential_kind_unknown"),
        ("a.b.c.d.e", "token_encrypted"),
        ("Bearer", "credential_malformed"),
        ("Basic dXNlcjpwYXNz", "credential_scheme_unsupported"),
    ],
)
def test_what_is_no_jwt(token: str, reason: str, authorizer: HttpJwtAuthorizer) -> None:
    found = refused(authorizer, token)
    assert (found.refusal, found.reason, found.description) == (Refusal.INVALID, reason, SEGMENTS)


@pytest.mark.parametrize("form", ["Bearer  {}", " {}", "{} ", "bearer {}", "BEARER {}", "Token {}"])
def test_header_that_is_spelled_otherwise(form: str, authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    assert refused(authorizer, form.format(token_of(key))).refusal is Refusal.INVALID


@pytest.mark.parametrize("algorithm", ["ES256", "ES512", "PS256"])
def test_algorithm_is_of_rsa(algorithm: str, authorizer: HttpJwtAuthorizer, keys: dict[str, SigningKey]) -> None:
    found = refused(authorizer, token_of(keys[algorithm]))
    assert (found.refusal, found.reason) == (Refusal.INVALID, "alg_not_allowed")
    assert found.description == f"signing method {algorithm} is invalid"


def test_symmetric_algorithm_is_told_by_its_name(authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    found = refused(authorizer, mint(key, default_claims(NOW), header={"alg": "HS256"}))
    assert (found.reason, found.description) == ("alg_symmetric", "signing method HS256 is invalid")


@pytest.mark.parametrize("name", ["alg", "kid", "typ"])
def test_refusal_tells_nothing_of_the_token(name: str, authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    secret = "k3ep-this"
    found = refused(authorizer, mint(key, default_claims(NOW), header={name: secret}))
    assert secret not in f"{found!r} {found.description} {found.__context__!r}"
    assert found.__cause__ is None
    assert secret not in repr(authorizer.check(token_of(key, sub=secret), NO_SCOPES, NOW))


@pytest.mark.parametrize(("kid", "reason"), [(..., "kid_missing"), ("another", "key_unknown")])
def test_kid_is_of_the_key(kid: object, reason: str, authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, mint(key, default_claims(NOW), header={"kid": kid})) == (Refusal.INVALID, reason)


@pytest.mark.parametrize("issuer", [ISSUER.rstrip("/"), "https://another.example.com/", ..., None, [ISSUER]])
def test_issuer_is_exactly_that(issuer: object, authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    found = refused(authorizer, token_of(key, iss=issuer))
    assert (found.refusal, found.reason) == (Refusal.INVALID, "issuer_unknown")
    assert found.description == "issuer does not match"


def test_token_of_another_issuer_is_told_apart_from_an_unknown_key(
    authorizer: HttpJwtAuthorizer, key: SigningKey
) -> None:
    claims = default_claims(NOW) | {"iss": "https://another.example.com/"}
    token = mint(key, claims, header={"kid": "another"})
    assert refusal(authorizer, token) == (Refusal.INVALID, "issuer_unknown")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "second"},
        {"aud": ["another", AUDIENCE]},
        {"aud": ..., "client_id": AUDIENCE},
        {"aud": AUDIENCE, "client_id": "another"},
    ],
)
def test_audience_that_is_accepted(claims: dict[str, object], authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    assert authorizer.check(token_of(key, **claims), NO_SCOPES, NOW)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another"}, "audience_mismatch"),
        ({"aud": AUDIENCE.upper()}, "audience_mismatch"),
        ({"aud": []}, "audience_mismatch"),
        ({"aud": "another", "client_id": AUDIENCE}, "audience_mismatch"),
        ({"aud": ..., "client_id": "another"}, "audience_mismatch"),
        ({"aud": ...}, "audience_missing"),
        ({"aud": None, "client_id": AUDIENCE}, "claim_type_invalid"),
        ({"aud": [AUDIENCE, 7]}, "claim_type_invalid"),
        ({"aud": ..., "client_id": [AUDIENCE]}, "claim_type_invalid"),
    ],
)
def test_audience_that_is_not_accepted(
    claims: dict[str, object], reason: str, authorizer: HttpJwtAuthorizer, key: SigningKey
) -> None:
    found = refused(authorizer, token_of(key, **claims))
    assert (found.refusal, found.reason, found.description) == (Refusal.INVALID, reason, NO_AUDIENCE)


def test_no_audience_accepts_nothing(authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    assert refusal(replace(authorizer, audience=()), token_of(key)) == (Refusal.INVALID, "audience_mismatch")


@pytest.mark.parametrize(("later", "passes"), [(-0.1, True), (0.0, False), (0.1, False)])
def test_token_expires(later: float, passes: bool, authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    now = NOW + LIFETIME + later
    if passes:
        assert authorizer.check(token_of(key), NO_SCOPES, now)
        return
    found = refused(authorizer, token_of(key), now=now)
    assert (found.refusal, found.reason) == (Refusal.EXPIRED, "token_expired")
    assert found.description == "the token has expired"


@pytest.mark.parametrize(("name", "reason"), [("nbf", "token_not_yet_valid"), ("iat", "token_issued_in_future")])
@pytest.mark.parametrize(("ahead", "passes"), [(-1, True), (0, True), (1, False)])
def test_token_is_not_of_the_future(
    name: str, reason: str, ahead: int, passes: bool, authorizer: HttpJwtAuthorizer, key: SigningKey
) -> None:
    token = token_of(key, **{name: int(NOW) + ahead})
    if passes:
        assert authorizer.check(token, NO_SCOPES, NOW)
        return
    assert refusal(authorizer, token) == (Refusal.INVALID, reason)


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", ["1", None, True, -1, [1], 10**15])
def test_time_is_a_number(name: str, value: object, authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, token_of(key, **{name: value})) == (Refusal.INVALID, "claim_type_invalid")


def test_only_exp_is_needed(authorizer: HttpJwtAuthorizer, key: SigningKey) -> None:
    assert authorizer.check(token_of(key, nbf=..., iat=..., sub=..., scope=..., jti=7), NO_SCOPES, NOW)
    assert refusal(authorizer, token_of(key, exp=...)) == (Refusal.INVALID, "claim_missing")


@pytest.mark.parametrize(
    ("claims", "held"),
    [
        ({"scope": "a orders:read"}, ("a", "orders:read")),
        ({"scope": " orders:read  a "}, ("orders:read", "a")),
        ({"scope": ["orders:read"]}, ("orders:read",)),
        ({"scope": ..., "scp": "orders:read a"}, ("orders:read", "a")),
        ({"scope": ..., "scp": ["a", "orders:read"]}, ("a", "orders:read")),
        ({"scope": "a b", "scp": ["b", "orders:read"]}, ("a", "b", "orders:read")),
    ],
)
def test_route_scopes_give_all_of_the_tokens(
    claims: dict[str, object], held: tuple[str, ...], authorizer: HttpJwtAuthorizer, key: SigningKey
) -> None:
    assert authorizer.check(token_of(key, **claims), ("x", "orders:read"), NOW).scopes == held


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"scope": ...}, "scope_missing"),
        ({"scope": ..., "scp": [7]}, "scope_missing"),
        ({"scope": {"orders:read": True}}, "scope_missing"),
        ({"scope": "orders:reader"}, "scope_insufficient"),
        ({"scope": "a", "scp": ["b"]}, "scope_insufficient"),
        ({"scope": ..., "scp": ["orders:read a"]}, "scope_insufficient"),
    ],
)
def test_route_scope_that_is_not_held(
    claims: dict[str, object], reason: str, authorizer: HttpJwtAuthorizer, key: SigningKey
) -> None:
    assert refusal(authorizer, token_of(key, **claims), ("orders:read",)) == (Refusal.SCOPE, reason)


@pytest.mark.parametrize(
    ("document", "description"),
    [("discovery", "OIDC discovery endpoint communication error"), ("keys", "JWKS communication error")],
)
def test_issuer_that_cannot_be_asked(document: str, description: str, key: SigningKey) -> None:
    found = refused(trusting(Unreachable(document))[0], token_of(key))
    assert (found.refusal, found.reason, found.description) == (Refusal.INVALID, "keys_unreachable", description)


@pytest.mark.parametrize(("beyond", "passes"), [(-1, True), (0, True), (1, False)])
def test_key_set_has_a_size(beyond: int, passes: bool, key: SigningKey) -> None:
    plain = len(json.dumps(key_set(key) | {"x": ""}, separators=(",", ":")))
    authorizer, _ = trusting(key_set(key) | {"x": "a" * (MAX_KEY_SET + beyond - plain)})
    if passes:
        assert authorizer.check(token_of(key), NO_SCOPES, NOW)
        return
    found = refused(authorizer, token_of(key))
    assert (found.refusal, found.reason) == (Refusal.INVALID, "keys_response_invalid")
    assert found.description == "JWKS communication error"


@pytest.mark.parametrize("published", [{}, {"keys": {}}, {"keys": []}])
def test_key_set_that_is_none(published: Mapping[str, Any], key: SigningKey) -> None:
    assert refused(trusting(published)[0], token_of(key)).refusal is Refusal.INVALID


@pytest.mark.parametrize(("later", "asked"), [(-1.0, 1), (0.0, 2), (1.0, 2)])
def test_keys_are_kept_for_two_hours(later: float, asked: int, key: SigningKey) -> None:
    authorizer, publisher = trusting(key_set(key))
    for now in (NOW, NOW + KEPT_FOR + later):
        authorizer.check(token_of(key, exp=NOW + 2 * KEPT_FOR), NO_SCOPES, now)
    assert publisher.asked == asked


def test_withdrawn_key_verifies_while_it_is_kept(key: SigningKey) -> None:
    authorizer, publisher = trusting(key_set(key))
    token = token_of(key, exp=NOW + 2 * KEPT_FOR)
    authorizer.check(token, NO_SCOPES, NOW)
    publisher.published = Unreachable("keys")
    assert authorizer.check(token, NO_SCOPES, NOW + KEPT_FOR - 1)
    assert refusal(authorizer, token, now=NOW + KEPT_FOR) == (Refusal.INVALID, "keys_unreachable")


def test_keys_are_not_kept_when_the_clock_goes_back(key: SigningKey) -> None:
    authorizer, publisher = trusting(key_set(key))
    for now in (NOW + 1, NOW):
        authorizer.check(token_of(key), NO_SCOPES, now)
    assert publisher.asked == 2


def test_new_key_is_asked_for_at_once(key: SigningKey) -> None:
    authorizer, publisher = trusting(key_set(key))
    rotated = replace(key, kid="rotated")
    authorizer.check(token_of(key), NO_SCOPES, NOW)
    assert refusal(authorizer, token_of(rotated)) == (Refusal.INVALID, "key_unknown")
    publisher.published = key_set(rotated)
    assert authorizer.check(token_of(rotated), NO_SCOPES, NOW)
    assert publisher.asked == 3


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
@pytest.mark.parametrize("algorithm", RSA)
def test_forgery_is_refused(
    forgery: Forgery, algorithm: str, authorizer: HttpJwtAuthorizer, keys: dict[str, SigningKey]
) -> None:
    token = forgery.token(keys[algorithm], default_claims(NOW))
    assert refusal(authorizer, token) == (Refusal.INVALID, forgery.reason_code)


@given(token=st.text() | st.from_regex(r"(Bearer )?[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True))
def test_any_text_is_granted_or_refused(token: str, authorizer: HttpJwtAuthorizer) -> None:
    with suppress(NativeRefusal):
        assert isinstance(authorizer.check(token, NO_SCOPES, NOW), NativeGrant)
