"""API Gateway's own authorizers: each refusal with its reason, and that keys are asked for only where they would decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import hmac_signer, mint, raw_token
from authorizer.testing.cognito import CLIENT_ID
from authorizer.testing.mint import AUDIENCE, ISSUER
from authorizer.tools.explain_template.native_words import SDK_SCOPE
from authorizer.tools.explain_template.verdict import Case
from tests.unit.tools.explain_template.templates import (
    NOW,
    READ,
    Published,
    access,
    cognito,
    http_jwt,
    identity,
    met,
    oidc,
    pool_issuer,
    rest_jwt,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.testing import SigningKey
    from authorizer.tools.explain_template.verdict import RouteVerdict
    from tests.unit.tools.explain_template.templates import Resources

SCOPED = (READ,)
OTHER_FORM = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
OTHER_POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AnotherOne"
EXPRESSION: dict[str, Any] = {"IdentityValidationExpression": CLIENT_ID}

Row = tuple["Resources", str, dict[str, Any], int, str | None]
COGNITO: dict[str, Row] = {
    "id_token": (cognito(), "id", {}, 200, None),
    "access_token_with_scopes": (cognito(scopes=SCOPED), "access", {}, 200, None),
    "other_form_of_issuer": (cognito(), "id", {"iss": OTHER_FORM}, 200, None),
    "any_app_client": (cognito(), "id", {"aud": "another-client"}, 200, None),
    "expression_fits": (cognito(**EXPRESSION), "id", {}, 200, None),
    "id_token_with_scopes": (cognito(scopes=SCOPED), "id", {}, 401, "token_use_mismatch"),
    "access_token_without_scopes": (cognito(), "access", {}, 401, "token_use_mismatch"),
    "sdk_token": (cognito(scopes=SCOPED), "access", {"scope": SDK_SCOPE}, 401, "scope_insufficient"),
    "no_scope": (cognito(scopes=SCOPED), "access", {"scope": ""}, 401, "scope_missing"),
    "expired": (cognito(), "id", {"exp": NOW}, 401, "token_expired"),
    "from_the_future": (cognito(), "id", {"iat": NOW + 60}, 401, "token_issued_in_future"),
    "other_pool": (cognito(), "id", {"iss": OTHER_POOL}, 401, "issuer_unknown"),
    "other_provider": (cognito(), "id", {"iss": ISSUER}, 401, "issuer_unknown"),
    "issuer_is_no_text": (cognito(), "id", {"iss": 1}, 401, "issuer_unknown"),
    "expression_bars_access_tokens": (cognito(scopes=SCOPED, **EXPRESSION), "access", {}, 401, "audience_missing"),
    "expression_bars_a_client": (cognito(**EXPRESSION), "id", {"aud": "another"}, 401, "audience_mismatch"),
}
HTTP: dict[str, Row] = {
    "good": (http_jwt(), "oidc", {}, 200, None),
    "client_id": (http_jwt(pool_issuer(), (CLIENT_ID,)), "access", {}, 200, None),
    "scope": (http_jwt(scopes=("orders:read",)), "oidc", {}, 200, None),
    "audience": (http_jwt(audience=("another",)), "oidc", {}, 401, "audience_mismatch"),
    "no_audience": (http_jwt(), "oidc", {"aud": ...}, 401, "audience_missing"),
    "client_id_of_another": (http_jwt(pool_issuer(), ("another",)), "access", {}, 401, "audience_mismatch"),
    "slash": (http_jwt(ISSUER.rstrip("/")), "oidc", {}, 401, "issuer_unknown"),
    "form_of_issuer": (http_jwt(OTHER_FORM, (CLIENT_ID,)), "access", {}, 401, "issuer_unknown"),
    "expired": (http_jwt(), "oidc", {"exp": NOW}, 401, "token_expired"),
    "other_scope": (http_jwt(scopes=SCOPED), "oidc", {}, 403, "scope_insufficient"),
    "no_scope": (http_jwt(scopes=SCOPED), "oidc", {"scope": ...}, 403, "scope_missing"),
    "id_token_where_scopes_are_asked": (http_jwt(pool_issuer(), (CLIENT_ID,), SCOPED), "id", {}, 403, "scope_missing"),
}
REST: dict[str, Row] = {
    "good": (rest_jwt(), "oidc", {}, 200, None),
    "scope": (rest_jwt(("orders:read",)), "oidc", {}, 200, None),
    "audience": (rest_jwt(Audiences=["another"]), "oidc", {}, 401, "audience_mismatch"),
    "slash": (rest_jwt(Issuer=ISSUER.rstrip("/")), "oidc", {}, 401, "issuer_unknown"),
    "expired": (rest_jwt(), "oidc", {"exp": NOW}, 401, "token_expired"),
    "other_scope": (rest_jwt(SCOPED), "oidc", {}, 401, "scope_insufficient"),
    "further_claim": (
        rest_jwt(AdditionalClaims=[{"ClaimName": "tier", "Required": True, "ExpectedValues": ["gold"]}]),
        "oidc",
        {"tier": "silver"},
        401,
        "claim_value_mismatch",
    ),
}
ROWS = {
    f"{name}-{row}": made
    for name, table in (("cognito", COGNITO), ("http", HTTP), ("rest", REST))
    for row, made in table.items()
}
MINTS = {"id": identity, "access": access, "oidc": oidc}


@pytest.fixture(scope="module")
def rsa(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


def one(verdicts: list[RouteVerdict]) -> RouteVerdict:
    (verdict,) = verdicts
    return verdict


@pytest.mark.parametrize("name", ROWS)
def test_token_meets(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, kind, claims, status, reason = ROWS[name]
    verdict = one(met(tmp_path, resources, MINTS[kind](rsa, **claims), Published(rsa)))
    assert (verdict.status, verdict.reason, verdict.outcome.unproven) == (status, reason, False)
    assert verdict.case is (Case.PASSES if status == 200 else Case.REFUSED)
    assert bool(verdict.fix) is (status != 200)


@pytest.mark.parametrize("name", ROWS)
def test_offline_is_the_same_but_for_the_proof(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, kind, claims, status, reason = ROWS[name]
    verdict = one(met(tmp_path, resources, MINTS[kind](rsa, **claims)))
    assert (verdict.status, verdict.reason) == (status, reason)
    assert verdict.outcome.unproven is (status != 401)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row[3] == 401])
def test_nobody_is_asked_for_what_no_key_can_mend(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, kind, claims, _, _ = ROWS[name]
    issuers = Published(rsa)
    met(tmp_path, resources, MINTS[kind](rsa, **claims), issuers)
    assert issuers.asked == []


@pytest.mark.parametrize(
    ("resources", "issuer"), [(cognito(), pool_issuer()), (http_jwt(), ISSUER), (rest_jwt(), ISSUER)]
)
def test_token_of_another_key_is_refused(
    resources: Resources, issuer: str, keys: dict[str, SigningKey], rsa: SigningKey, tmp_path: Path
) -> None:
    issuers = Published(keys["RS512"])
    token = identity(rsa) if issuer == pool_issuer() else oidc(rsa)
    verdict = one(met(tmp_path, resources, token, issuers))
    assert (verdict.status, verdict.reason) == (401, "key_unknown")
    assert issuers.asked == [issuer]


@pytest.mark.parametrize("resources", [http_jwt(), http_jwt(scopes=SCOPED)], ids=["passes", "scope"])
def test_broken_signature_is_refused_only_where_keys_are_there(
    resources: Resources, rsa: SigningKey, tmp_path: Path
) -> None:
    token = oidc(rsa)
    broken = f"{token.rpartition('.')[0]}.{oidc(rsa, sub='another').rpartition('.')[2]}"
    assert one(met(tmp_path, resources, broken, Published(rsa))).reason == "signature_invalid"
    assert one(met(tmp_path, resources, broken)).reason != "signature_invalid"


@pytest.mark.parametrize(
    ("scopes", "status", "case"), [((), None, Case.KEYS_UNKNOWN), (SCOPED, 403, Case.REFUSED)], ids=["passes", "scope"]
)
def test_keys_that_cannot_be_had(
    scopes: tuple[str, ...], status: int | None, case: Case, rsa: SigningKey, tmp_path: Path
) -> None:
    verdict = one(met(tmp_path, http_jwt(scopes=scopes), oidc(rsa), Published()))
    assert (verdict.status, verdict.case) == (status, case)
    assert verdict.reason == ("keys_unreachable" if status is None else "scope_insufficient")
    assert not verdict.opens


@pytest.mark.parametrize(
    ("resources", "algorithm", "reason"),
    [
        (http_jwt(), "ES256", "alg_not_allowed"),
        (http_jwt(), "PS256", "alg_not_allowed"),
        (rest_jwt(), "ES256", "alg_not_allowed"),
        (rest_jwt(), "RS512", "alg_not_allowed"),
        (cognito(), "ES256", "alg_not_allowed"),
    ],
)
def test_algorithm_is_refused(
    resources: Resources, algorithm: str, reason: str, keys: dict[str, SigningKey], tmp_path: Path
) -> None:
    verdict = one(met(tmp_path, resources, oidc(keys[algorithm]), Published(keys[algorithm])))
    assert (verdict.status, verdict.reason) == (401, reason)


@pytest.mark.parametrize("resources", [http_jwt(), rest_jwt(), cognito()], ids=["http", "rest", "cognito"])
def test_shared_secret_is_refused(resources: Resources, rsa: SigningKey, tmp_path: Path) -> None:
    token = raw_token(b'{"alg":"HS256","kid":"k"}', b'{"iss":"x"}', hmac_signer(b"secret"))
    assert one(met(tmp_path, resources, token, Published(rsa))).reason == "alg_symmetric"


@pytest.mark.parametrize("resources", [http_jwt(), rest_jwt(), cognito()], ids=["http", "rest", "cognito"])
@pytest.mark.parametrize(("text", "reason"), [("opaque", "credential_kind_unknown"), ("a b", "credential_malformed")])
def test_text_that_is_no_token(resources: Resources, text: str, reason: str, tmp_path: Path) -> None:
    assert one(met(tmp_path, resources, text)).reason == reason


def test_token_without_kid_is_refused(rsa: SigningKey, tmp_path: Path) -> None:
    token = mint(rsa, now=NOW, header={"kid": ...})
    assert one(met(tmp_path, http_jwt(), token)).reason == "kid_missing"


@pytest.mark.parametrize(
    ("source", "place"),
    [("$request.header.X-Token", "header:x-token"), ("$request.querystring.token", "query:token")],
)
def test_place_is_that_of_the_identity_source(source: str, place: str, rsa: SigningKey, tmp_path: Path) -> None:
    verdict = one(met(tmp_path, http_jwt(IdentitySource=[source]), oidc(rsa), Published(rsa)))
    assert (verdict.status, verdict.outcome.place) == (200, place)
    assert place.partition(":")[2] in verdict.why


def test_identity_source_that_no_token_fits(rsa: SigningKey, tmp_path: Path) -> None:
    verdict = one(met(tmp_path, http_jwt(IdentitySource=["$context.path"]), oidc(rsa)))
    assert (verdict.status, verdict.reason) == (401, "credential_missing")


def test_keys_are_those_of_the_authorizer_and_never_of_the_token(rsa: SigningKey, tmp_path: Path) -> None:
    issuers = Published(rsa)
    met(tmp_path, http_jwt(), oidc(rsa, jku="https://attacker.example.com/"), issuers)
    met(tmp_path, http_jwt(), oidc(rsa, iss="https://attacker.example.com/"), issuers)
    assert issuers.asked == [ISSUER]


def test_audience_may_be_one_of_several(rsa: SigningKey, tmp_path: Path) -> None:
    assert one(met(tmp_path, http_jwt(), oidc(rsa, aud=["x", AUDIENCE]), Published(rsa))).opens
