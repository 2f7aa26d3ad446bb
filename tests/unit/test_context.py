from __future__ import annotations

from typing import Any

import pytest

from authorizer.context import MAX_VALUE, ContextMap
from authorizer.model import Principal, VerifiedClaims
from authorizer.reasons import Reason
from tests.outcomes import every_text, refused

SECRET = "eyJhbGciOiJub25lIn0"


def context(value: Any) -> Any:
    who = Principal(subject="user-1", claims=VerifiedClaims({"claim": value}))
    return ContextMap((("key", "claim"),)).of(who)


SCALARS: list[object] = [
    "",
    "a",
    "é",
    "日本",
    "a b",
    '{"json":"text"}',
    "x" * (MAX_VALUE - 1),
    "x" * MAX_VALUE,
    True,
    False,
    0,
    1,
]
SCALARS += [-1, 1.5, -0.0, 1e308, 2**63 - 1, -(2**63) + 1]


@pytest.mark.parametrize(
    "value",
    SCALARS,
    ids=lambda value: repr(value)[:20],
)
def test_bounded_scalar_is_passed_on(value: object) -> None:
    made = context(value)["key"]
    assert (made, type(made)) == (value, type(value))


NO_SCALARS: list[object] = [
    "x" * (MAX_VALUE + 1),
    "a\nb",
    "a\r\nX-Admin: 1",
    "\x00",
    "\x7f",
    "\u2028",
    "\ud800",
]
NO_SCALARS += [[], ["a"], {}, {"a": 1}, [SECRET], float("nan"), float("inf"), float("-inf"), 2**63]
NO_SCALARS += [-(2**63), 10**400]


@pytest.mark.parametrize(
    "value",
    NO_SCALARS,
    ids=lambda value: repr(value)[:20],
)
def test_everything_else_is_refused_without_being_shown(value: object) -> None:
    with refused(Reason.CONTEXT_VALUE_INVALID) as caught:
        context(value)
    assert caught.value.fault.claim == "claim"
    assert SECRET not in every_text(caught.value)


def test_claim_that_is_not_there_leaves_its_key_out() -> None:
    who = Principal(subject="user-1", claims=VerifiedClaims({"sub": "user-1", "tenant": None}))
    assert ContextMap((("user", "sub"), ("email", "email"), ("tenant", "tenant"))).of(who) == {"user": "user-1"}


def test_only_chosen_claims_are_passed_on() -> None:
    who = Principal(subject="user-1", claims=VerifiedClaims({"sub": "user-1", "secret": "s"}))
    assert ContextMap((("user", "sub"),)).of(who) == {"user": "user-1"}
    assert ContextMap().of(who) == {}


def test_one_claim_may_have_two_keys() -> None:
    assert ContextMap((("a", "sub"), ("b", "sub"))).of(Principal(subject="x", claims=VerifiedClaims({"sub": "x"}))) == {
        "a": "x",
        "b": "x",
    }
