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
from authorizer.requirement import Asked
from authorizer.surface import Surface
from authorizer.testing import Call
from tests.entries import BUILDERS

NOW = 1_795_428_000.0


def reason(
    condition: Any, claims: dict[str, Any], path: str = "/orders/c1", provenance: Provenance | None = None
) -> Reason | None:
    """Why it refuses; None when it does not."""
    called = request.read(BUILDERS[Surface.REST_REQUEST](None, Call(path="/orders/c1")), tuple(Surface))
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
    (ClaimPresent(claim="t"), {"t": ""}, None),
    (ClaimPresent(claim="t"), {"t": None}, Reason.RULE_CLAIM_MISSING),
    (OWN, {"c": "c1"}, None),
    (OWN, {"c": "c2"}, Reason.PARAMETER_MISMATCH),
    (OWN, {"c": ".."}, Reason.PARAMETER_MISMATCH),
    (OWN, {}, Reason.PARAMETER_MISMATCH),
    (AcrIsOneOf(values=("hi",)), {"acr": "hi"}, None),
    (AcrIsOneOf(values=("hi",)), {"acr": "lo"}, Reason.ACR_INSUFFICIENT),
    (AcrIsOneOf(values=("hi",)), {"acr": ["hi"]}, Reason.ACR_INSUFFICIENT),
    (AmrHasAll(values=frozenset({"mfa"})), {"amr": ["pwd", "mfa"]}, None),
    (AmrHasAll(values=frozenset({"mfa"})), {"amr": "mfa"}, Reason.AMR_INSUFFICIENT),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW - 59}, None),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW - 60}, None),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW - 61}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {"auth_time": NOW + 31}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {"auth_time": str(NOW)}, Reason.AUTH_TIME_TOO_OLD),
    (AuthTimeWithin(seconds=60), {}, Reason.AUTH_TIME_TOO_OLD),
    (Check(name="x.y", function=lambda who, called: True), {}, None),
    (Check(name="x.y", function=lambda who, called: False), {}, Reason.CHECK_REFUSED),
]


@pytest.mark.parametrize(("condition", "claims", "expected"), CASES)
def test_condition_is_checked(condition: Any, claims: dict[str, Any], expected: Reason | None) -> None:
    assert reason(condition, claims) is expected
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
    assert reason(condition, {}, provenance=Provenance("https://a/")) is expected
    assert reason(condition, {}) is not None


@pytest.mark.parametrize("answer", [None, 1, "yes"])
def test_check_that_answers_no_boolean_is_a_bug(answer: Any) -> None:
    with pytest.raises(TypeError):
        reason(Check(name="x.y", function=lambda who, called: answer), {})


def test_token_event_cannot_be_checked() -> None:
    called = request.read(BUILDERS[Surface.REST_TOKEN]("a", Call()), tuple(Surface))
    with pytest.raises(EventError):
        Check(name="x.y", function=lambda who, asked: True).check(Asked(Principal(subject="u"), NOW, called))
