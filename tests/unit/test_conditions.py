from __future__ import annotations

from typing import Any

import pytest

from authorizer import request
from authorizer.conditions import (
    AcrIsOneOf,
    AmrHasAll,
    AuthTimeWithin,
    Check,
    ClaimIs,
    ClaimIsParameter,
    ClaimPresent,
    ProvenBy,
)
from authorizer.errors import EventError, Refused
from authorizer.model import Principal, VerifiedClaims
from authorizer.provenance import Provenance
from authorizer.reasons import Reason
from authorizer.requirement import Asked, Condition
from authorizer.surface import Fact, Surface
from authorizer.testing import Call
from tests.entries import BUILDERS
from tests.outcomes import every_text

NOW = 1_795_428_000.0


def reason_of(
    condition: Any, claims: dict[str, Any], path: str = "/orders/c1", provenance: Provenance | None = None
) -> Reason | None:
    """Why it refuses; None when it does not."""
    called = request.read(BUILDERS[Surface.REST_REQUEST](None, Call(path=path)), tuple(Surface))
    who = Principal(subject="u", claims=VerifiedClaims(claims), provenance=provenance)
    try:
        condition.check(Asked(who, NOW, called))
    except Refused as refused:
        return refused.reason
    return None


OWN = ClaimIsParameter(claim="c", parameter="id", index=1)
CASES = [
    (ClaimIs(claim="t", values=("a", "b")), {"t": "b"}, None),
    (ClaimIs(claim="t", values=("a",)), {"t": "A"}, Reason.RULE_CLAIM_MISMATCH),
    (ClaimIs(claim="t", values=("a",)), {"t": ["a"]}, Reason.RULE_CLAIM_MISMATCH),
    (ClaimIs(claim="t", values=(1,)), {"t": True}, Reason.RULE_CLAIM_MISMATCH),
    (ClaimIs(claim="t", values=(True,)), {"t": True}, None),
    (ClaimIs(claim="t", values=("a",)), {}, Reason.RULE_CLAIM_MISSING),
    (ClaimIs(claim="t", values=(1,)), {"t": 1.0}, Reason.RULE_CLAIM_MISMATCH),
    (ClaimIs(claim="t", values=("1",)), {"t": 1}, Reason.RULE_CLAIM_MISMATCH),
    (ClaimIs(claim="t", values=(False,)), {"t": 0}, Reason.RULE_CLAIM_MISMATCH),
    (ClaimIs(claim="t", values=("a",)), {"t": None}, Reason.RULE_CLAIM_MISSING),
    (ClaimPresent(claim="t"), {"t": ""}, None),
    (ClaimPresent(claim="t"), {"t": False}, None),
    (ClaimPresent(claim="t"), {}, Reason.RULE_CLAIM_MISSING),
    (ClaimPresent(claim="t"), {"t": None}, Reason.RULE_CLAIM_MISSING),
    (OWN, {"c": "c1"}, None),
    (OWN, {"c": "c2"}, Reason.PARAMETER_MISMATCH),
    (OWN, {"c": ".."}, Reason.PARAMETER_MISMATCH),
    (OWN, {}, Reason.PARAMETER_MISMATCH),
    (AcrIsOneOf(values=("hi",)), {"acr": "hi"}, None),
    (AcrIsOneOf(values=("hi",)), {"acr": "lo"}, Reason.ACR_INSUFFICIENT),
    (AcrIsOneOf(values=("hi", "top")), {"acr": "top"}, None),
    (AcrIsOneOf(values=("hi",)), {"acr": ["hi"]}, Reason.ACR_INSUFFICIENT),
    (AcrIsOneOf(values=("hi",)), {"acr": "hi top"}, Reason.ACR_INSUFFICIENT),
    (AcrIsOneOf(values=("hi",)), {}, Reason.ACR_INSUFFICIENT),
    (AmrHasAll(values=frozenset({"mfa"})), {"amr": ["pwd", "mfa"]}, None),
    (AmrHasAll(values=frozenset({"mfa"})), {"amr": "mfa"}, Reason.AMR_INSUFFICIENT),
    (AmrHasAll(values=frozenset({"mfa"})), {"amr": ["mfa", 1]}, Reason.AMR_INSUFFICIENT),
    (AmrHasAll(values=frozenset({"mfa"})), {"amr": ["MFA"]}, Reason.AMR_INSUFFICIENT),
    (AmrHasAll(values=frozenset({"mfa", "pwd"})), {"amr": ["mfa"]}, Reason.AMR_INSUFFICIENT),
    (AmrHasAll(values=frozenset({"mfa"})), {}, Reason.AMR_INSUFFICIENT),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW - 59}, None),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW - 60}, None),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW - 61}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW - 60.5}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW + 29}, None),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW + 30}, None),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW + 31}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=NOW), {"auth_time": 0}, None),
    (AuthTimeWithin(seconds=NOW * 2), {"auth_time": -1}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {"auth_time": True}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {"auth_time": float("nan")}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {"auth_time": None}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {"auth_time": str(NOW)}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {}, Reason.AUTH_TIME_TOO_OLD),
    (Check(name="x.y", function=lambda who, called: True), {}, None),
    (Check(name="x.y", function=lambda who, called: False), {}, Reason.CHECK_REFUSED),
]


@pytest.mark.parametrize(("condition", "claims", "expected"), CASES)
def test_condition_is_checked(condition: Any, claims: dict[str, Any], expected: Reason | None) -> None:
    assert reason_of(condition, claims) is expected
    assert str(condition)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (ProvenBy(issuers=frozenset({"https://a/"})), None),
        (ProvenBy(issuers=frozenset({"https://b/"})), Reason.ISSUER_NOT_PERMITTED),
        (ProvenBy(verifiers=frozenset({"jwt"})), None),
        (ProvenBy(verifiers=frozenset({"api_key"})), Reason.VERIFIER_NOT_PERMITTED),
    ],
)
def test_prover_is_checked(condition: ProvenBy, expected: Reason | None) -> None:
    assert reason_of(condition, {}, provenance=Provenance("https://a/", verifier="jwt")) is expected
    assert reason_of(condition, {}) is not None


def test_verifier_that_says_no_name_is_none_of_the_named() -> None:
    condition = ProvenBy(verifiers=frozenset({"jwt"}))
    assert reason_of(condition, {}, provenance=Provenance("https://a/")) is Reason.VERIFIER_NOT_PERMITTED


@pytest.mark.parametrize("answer", [None, 1, "yes"])
def test_check_that_answers_no_boolean_is_a_bug(answer: Any) -> None:
    with pytest.raises(TypeError):
        reason_of(Check(name="x.y", function=lambda who, called: answer), {})


def test_token_event_cannot_be_checked() -> None:
    called = request.read(BUILDERS[Surface.REST_TOKEN]("a", Call()), tuple(Surface))
    with pytest.raises(EventError):
        Check(name="x.y", function=lambda who, asked: True).check(Asked(Principal(subject="u"), NOW, called))


@pytest.mark.parametrize(
    ("claim", "path", "reason"),
    [
        ("c1", "/orders/c1/items/9", None),
        ("c1", "/orders/C1", Reason.PARAMETER_MISMATCH),
        ("c1", "/orders/c", Reason.PARAMETER_MISMATCH),
        ("c1", "/orders/c12", Reason.PARAMETER_MISMATCH),
        ("c1", "/orders/%631", Reason.PARAMETER_MISMATCH),
        ("c1", "/c1/orders", Reason.PARAMETER_MISMATCH),
        ("c1", "/orders", Reason.PARAMETER_MISMATCH),
        ("c1", "/", Reason.PARAMETER_MISMATCH),
        (17, "/orders/17", None),
        (17.0, "/orders/17.0", Reason.PARAMETER_MISMATCH),
        (True, "/orders/True", Reason.PARAMETER_MISMATCH),
        (["c1"], "/orders/c1", Reason.PARAMETER_MISMATCH),
        ("", "/orders/", Reason.PARAMETER_MISMATCH),
        ("a" * 127, "/orders/" + "a" * 127, None),
        ("a" * 128, "/orders/" + "a" * 128, None),
        ("a" * 129, "/orders/" + "a" * 129, Reason.PARAMETER_MISMATCH),
        ("c1\n", "/orders/c1", Reason.PARAMETER_MISMATCH),
        ("c*", "/orders/c*", Reason.PARAMETER_MISMATCH),
        ("c/1", "/orders/c/1", Reason.PARAMETER_MISMATCH),
        (".", "/orders/.", Reason.PARAMETER_MISMATCH),
    ],
)
def test_parameter_is_the_claim_to_the_letter(claim: Any, path: str, reason: Reason | None) -> None:
    assert reason_of(OWN, {"c": claim}, path) is reason


@pytest.mark.parametrize("condition", [OWN, *(case[0] for case in CASES)], ids=str)
def test_no_value_of_a_claim_is_in_a_refusal(condition: Any) -> None:
    secret = "of-nobodys-business"
    claims = dict.fromkeys(["t", "c", "acr", "amr", "auth_time"], secret)
    who = Principal(subject=secret, claims=VerifiedClaims(claims), provenance=Provenance(secret))
    called = request.read(BUILDERS[Surface.REST_REQUEST](None, Call(path="/orders/c1")), tuple(Surface))
    refusals = []
    try:
        condition.check(Asked(who, NOW, called))
    except Refused as refused:
        refusals.append(every_text(refused))
    assert secret not in "".join(refusals)


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        (OWN, {Fact.CREDENTIAL, Fact.PATH}),
        (AuthTimeWithin(seconds=60), {Fact.CREDENTIAL, Fact.CLOCK}),
        (AcrIsOneOf(values=("hi",)), {Fact.CREDENTIAL}),
        (Check(name="x.y", function=lambda who, called: True), set(Fact)),
    ],
)
def test_condition_says_what_it_reads(condition: Condition, facts: set[Fact]) -> None:
    assert set(condition.reads) == facts
