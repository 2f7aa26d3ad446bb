from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.testing import (
    FORGERIES,
    Forgery,
    SigningKey,
    cognito_access_claims,
    cognito_id_claims,
    cognito_resource_bound_claims,
    key_set,
    mint,
)
from authorizer.testing.cognito import CLIENT_ID
from authorizer.tools.gateway.native import NativeGrant, NativeRefusal, Refusal
from authorizer.tools.gateway.native_cognito import CognitoAuthorizer
from tests.unit.tools.gateway.publishers import Publishers

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = 1_800_000_000.0
POOL = "eu-west-1_AbCdEfGhI"
OTHER_POOL = "us-east-1_Another11"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
UPDATED = f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{POOL}"
OTHER_ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{OTHER_POOL}"
NO_SCOPES: tuple[str, ...] = ()
READ = ("orders/read",)


def arn(pool: str, partition: str = "aws") -> str:
    return f"arn:{partition}:cognito-idp:{pool.partition('_')[0]}:123456789012:userpool/{pool}"


@pytest.fixture(scope="module")
def key(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


@pytest.fixture(scope="module")
def other_key() -> SigningKey:
    return SigningKey.generate("RS256")


@pytest.fixture(scope="module")
def authorizer(key: SigningKey, other_key: SigningKey) -> CognitoAuthorizer:
    sets = {ISSUER: key_set(key), UPDATED: key_set(key), OTHER_ISSUER: key_set(other_key)}
    return CognitoAuthorizer(user_pools=(arn(POOL), arn(OTHER_POOL)), issuers=Publishers(sets))


def id_token(key: SigningKey, **changes: object) -> str:
    return mint(key, cognito_id_claims(now=NOW) | changes, header={"typ": ...})


def access_token(key: SigningKey, **changes: object) -> str:
    return mint(key, cognito_access_claims(now=NOW) | changes, header={"typ": ...})


def refusal(
    authorizer: CognitoAuthorizer, token: str | None, scopes: tuple[str, ...] = NO_SCOPES, now: float = NOW
) -> tuple[Refusal, str]:
    with pytest.raises(NativeRefusal) as caught:
        authorizer.check(token, scopes, now)
    expired = caught.value.refusal is Refusal.EXPIRED
    assert caught.value.description == ("The incoming token has expired" if expired else "Unauthorized")
    return caught.value.refusal, caught.value.reason


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_id_token_passes_where_no_scope_is_asked_for(
    prefix: str, authorizer: CognitoAuthorizer, key: SigningKey
) -> None:
    grant = authorizer.check(prefix + id_token(key), NO_SCOPES, NOW)
    assert grant.scopes is None
    assert grant.claims["token_use"] == "id"


def test_claims_are_texts(authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    token = id_token(key, **{"cognito:groups": ["readers", "writers"], "nonce": None})
    claims = authorizer.check(token, NO_SCOPES, NOW).claims
    assert claims["cognito:groups"] == "readers,writers"
    assert claims["email_verified"] == "true"
    assert claims["auth_time"] == "1800000000"
    assert claims["iat"] == "Fri Jan 15 08:00:00 UTC 2027"
    assert claims["exp"] == "Fri Jan 15 09:00:00 UTC 2027"
    assert "nonce" not in claims


@pytest.mark.parametrize("scopes", [READ, ("orders/write", "orders/read"), ("openid",)])
def test_access_token_passes_with_one_of_the_scopes(
    scopes: tuple[str, ...], authorizer: CognitoAuthorizer, key: SigningKey
) -> None:
    grant = authorizer.check(access_token(key), scopes, NOW)
    assert grant.scopes == ("openid", "orders/read")
    assert grant.claims["client_id"] == CLIENT_ID


def test_token_of_the_wrong_use(authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    mismatch = (Refusal.INVALID, "token_use_mismatch")
    assert refusal(authorizer, access_token(key)) == mismatch
    assert refusal(authorizer, id_token(key, scope="orders/read"), READ) == mismatch
    for use in (..., "ID", None, 1, ["id"]):
        assert refusal(authorizer, id_token(key, token_use=use)) == mismatch


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        (..., "scope_missing"),
        ("", "scope_missing"),
        (7, "scope_missing"),
        ("openid", "scope_insufficient"),
        ("orders/READ", "scope_insufficient"),
        ("orders/read-all", "scope_insufficient"),
        ("orders/read,openid", "scope_insufficient"),
    ],
)
def test_scope_that_is_not_held(scope: object, reason: str, authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, access_token(key, scope=scope), READ) == (Refusal.SCOPE, reason)


def test_scp_is_no_claim_of_cognito(authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    token = access_token(key, scope=..., scp=["orders/read"])
    assert refusal(authorizer, token, READ) == (Refusal.SCOPE, "scope_missing")


@pytest.mark.parametrize("token", [None, "", " ", "\t "])
def test_no_token(token: str | None, authorizer: CognitoAuthorizer) -> None:
    assert refusal(authorizer, token) == (Refusal.MISSING, "credential_missing")


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ("Bearer  {}", "credential_malformed"),
        (" {}", "credential_malformed"),
        ("{} ", "credential_malformed"),
        ("Bearer {} ", "credential_malformed"),
        ("Bearer {}\n", "credential_malformed"),
        ("Bearer\t{}", "credential_malformed"),
        ("Bearer Bearer {}", "credential_malformed"),
        ("bearer {}", "credential_scheme_unsupported"),
        ("BEARER {}", "credential_scheme_unsupported"),
        ("Basic {}", "credential_scheme_unsupported"),
        ("Bearer", "credential_malformed"),
        ("Bearer ", "credential_malformed"),
        ("undefined", "credential_kind_unknown"),
        ("Bearer undefined", "credential_kind_unknown"),
        ("AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/b/aws4_request", "credential_scheme_unsupported"),
        ('"{}"', "token_base64_invalid"),
    ],
)
def test_header_that_is_spelled_otherwise(
    form: str, reason: str, authorizer: CognitoAuthorizer, key: SigningKey
) -> None:
    assert refusal(authorizer, form.format(id_token(key))) == (Refusal.INVALID, reason)


def test_both_forms_of_the_issuer(authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    assert authorizer.check(id_token(key, iss=UPDATED), NO_SCOPES, NOW).claims["iss"] == UPDATED


@pytest.mark.parametrize(
    "issuer", [f"{ISSUER}/", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Foreign11", ..., None, [ISSUER], 7]
)
def test_issuer_that_is_no_pool_of_it(issuer: object, authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, id_token(key, iss=issuer)) == (Refusal.INVALID, "issuer_unknown")


def test_key_of_one_pool_signs_for_that_pool_only(
    authorizer: CognitoAuthorizer, key: SigningKey, other_key: SigningKey
) -> None:
    assert authorizer.check(id_token(other_key, iss=OTHER_ISSUER), NO_SCOPES, NOW)
    assert refusal(authorizer, id_token(other_key)) == (Refusal.INVALID, "key_unknown")
    named = replace(other_key, kid=key.kid)
    assert refusal(authorizer, id_token(named)) == (Refusal.INVALID, "signature_invalid")


def test_kid_is_needed(authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    token = mint(key, cognito_id_claims(now=NOW), header={"kid": ...})
    assert refusal(authorizer, token) == (Refusal.INVALID, "kid_missing")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "ES256", "EdDSA"])
def test_algorithm_is_rs256(algorithm: str, authorizer: CognitoAuthorizer, keys: dict[str, SigningKey]) -> None:
    assert refusal(authorizer, id_token(keys[algorithm])) == (Refusal.INVALID, "alg_not_allowed")


@pytest.mark.parametrize(("later", "passes"), [(3599.9, True), (3600.0, False), (3600.1, False)])
def test_token_expires(later: float, passes: bool, authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    if passes:
        assert authorizer.check(id_token(key), NO_SCOPES, NOW + later)
        return
    assert refusal(authorizer, id_token(key), now=NOW + later) == (Refusal.EXPIRED, "token_expired")


@pytest.mark.parametrize(("name", "reason"), [("nbf", "token_not_yet_valid"), ("iat", "token_issued_in_future")])
@pytest.mark.parametrize(("ahead", "passes"), [(-1, True), (0, True), (1, False)])
def test_token_is_not_of_the_future(
    name: str, reason: str, ahead: int, passes: bool, authorizer: CognitoAuthorizer, key: SigningKey
) -> None:
    token = id_token(key, **{name: int(NOW) + ahead})
    if passes:
        assert authorizer.check(token, NO_SCOPES, NOW)
        return
    assert refusal(authorizer, token) == (Refusal.INVALID, reason)


@pytest.mark.parametrize(
    ("exp", "reason"), [(..., "claim_missing"), ("soon", "claim_type_invalid"), (None, "claim_type_invalid")]
)
def test_exp_is_needed(exp: object, reason: str, authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    assert refusal(authorizer, id_token(key, exp=exp)) == (Refusal.INVALID, reason)


def test_any_app_client_passes(authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    for client in ("another", ...):
        assert authorizer.check(id_token(key, aud=client), NO_SCOPES, NOW)
        assert authorizer.check(access_token(key, client_id=client), READ, NOW)


@pytest.mark.parametrize(
    ("audience", "reason"),
    [
        ("abc", None),
        ("xabc", "audience_mismatch"),
        ("abcx", "audience_mismatch"),
        ("ABC", "audience_mismatch"),
        ("abc\n", "audience_mismatch"),
        (..., "audience_missing"),
        (None, "audience_missing"),
        (["abc"], "claim_type_invalid"),
    ],
)
def test_expression_is_for_the_whole_audience(
    audience: object, reason: str | None, authorizer: CognitoAuthorizer, key: SigningKey
) -> None:
    strict = replace(authorizer, validation_expression="[a-c]{3}")
    token = id_token(key, aud=audience)
    if reason is None:
        assert strict.check(token, NO_SCOPES, NOW)
        return
    assert refusal(strict, token) == (Refusal.INVALID, reason)


def test_expression_keeps_access_tokens_out(authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    strict = replace(authorizer, validation_expression=".*")
    assert refusal(strict, access_token(key), READ) == (Refusal.INVALID, "audience_missing")
    assert strict.check(mint(key, cognito_resource_bound_claims(now=NOW)), READ, NOW)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({}, "keys_response_invalid"),
        ({"keys": "none"}, "keys_response_invalid"),
        ({"keys": []}, "keys_empty"),
        ({"keys": [{"kty": "oct", "k": "AAAA"}]}, "keys_empty"),
    ],
)
def test_keys_that_are_none(
    answer: Mapping[str, Any], reason: str, authorizer: CognitoAuthorizer, key: SigningKey
) -> None:
    broken = replace(authorizer, issuers=Publishers({ISSUER: answer}))
    assert refusal(broken, id_token(key)) == (Refusal.INVALID, reason)


def test_keys_that_cannot_be_had(authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    assert refusal(replace(authorizer, issuers=Publishers({})), id_token(key)) == (Refusal.INVALID, "keys_unreachable")


@pytest.mark.parametrize("pool", ["", POOL, "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/", "arn:aws:s3:::a"])
def test_pool_that_is_none(pool: str) -> None:
    with pytest.raises(ValueError, match="right would be"):
        CognitoAuthorizer(user_pools=(pool,), issuers=Publishers({}))


def test_pools_of_other_partitions(key: SigningKey) -> None:
    issuer = "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbCdEfGhI"
    pool = arn("cn-north-1_AbCdEfGhI", "aws-cn")
    authorizer = CognitoAuthorizer(user_pools=(pool,), issuers=Publishers({issuer: key_set(key)}))
    assert authorizer.check(id_token(key, iss=issuer), NO_SCOPES, NOW)


def test_expression_that_is_none() -> None:
    with pytest.raises(ValueError, match="regular expression"):
        CognitoAuthorizer(user_pools=(arn(POOL),), validation_expression="(", issuers=Publishers({}))


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_forgery_is_refused(forgery: Forgery, authorizer: CognitoAuthorizer, key: SigningKey) -> None:
    refused = (Refusal.INVALID, forgery.reason_code)
    assert refusal(authorizer, forgery.token(key, cognito_id_claims(now=NOW))) == refused
    assert refusal(authorizer, forgery.token(key, cognito_access_claims(now=NOW)), READ) == refused


@given(token=st.text() | st.from_regex(r"(Bearer )?[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True))
def test_any_text_is_granted_or_refused(token: str, authorizer: CognitoAuthorizer) -> None:
    with suppress(NativeRefusal):
        assert isinstance(authorizer.check(token, NO_SCOPES, NOW), NativeGrant)
