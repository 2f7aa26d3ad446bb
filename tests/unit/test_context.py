from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.backend import Caller
from authorizer.context import KINDS, MAX_KEY, MAX_TOTAL, MAX_VALUE, UNMEASURED, ContextMap, Entry
from authorizer.errors import Fault, Refused
from authorizer.model import Principal, VerifiedClaims
from authorizer.reasons import Reason
from tests.outcomes import every_text, outcome, refused

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


def of(entry: Entry, /, **claims: Any) -> Any:
    """What an entry makes of claims; None where its key is left out."""
    who = Principal(subject="user-1", claims=VerifiedClaims(claims))
    return ContextMap(entries=(entry,)).of(who).get(entry.key)


GROUPS = Entry("groups", "groups", join=",")


@pytest.mark.parametrize(
    ("claim", "text"),
    [(["a", "b"], "a,b"), (["a"], "a"), ("a", "a"), ("a b", "a b"), ([], ""), (["a b", "é"], "a b,é")],
)
def test_list_is_joined_and_text_counts_as_a_list_of_one(claim: object, text: str) -> None:
    assert of(GROUPS, groups=claim) == text


SMUGGLED: list[object] = [
    ["a,admin"],
    "a,admin",
    ["a", ","],
    ["a", ""],
    [""],
    "",
    ["a", 1],
    [None],
    [["a"]],
    5,
    True,
    {},
]


@pytest.mark.parametrize("claim", SMUGGLED, ids=repr)
def test_what_would_split_into_another_list_is_refused(claim: object) -> None:
    with refused(Reason.CONTEXT_VALUE_INVALID) as caught:
        of(GROUPS, groups=claim)
    assert caught.value.fault.claim == "groups"
    assert "admin" not in every_text(caught.value)


def test_joined_list_is_bounded_and_writable() -> None:
    assert len(of(GROUPS, groups=["x" * (MAX_VALUE - 2), "y"])) == MAX_VALUE
    for claim in (["x" * (MAX_VALUE - 1), "y"], ["a\nb"]):
        with refused(Reason.CONTEXT_VALUE_INVALID):
            of(GROUPS, groups=claim)


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=5), max_size=5))
def test_joined_list_splits_into_itself_or_is_refused(texts: list[str]) -> None:
    good = all(text and "," not in text for text in texts)
    made = outcome(lambda: of(GROUPS, groups=texts), Refused)
    assert isinstance(made, Refused) != good
    if not isinstance(made, Refused):
        assert Caller(None, {"groups": made}).texts("groups") == tuple(texts)


VALUES: dict[str, list[object]] = {"text": ["", "5", "true"], "number": [0, -1, 1.5], "boolean": [True, False]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [value for values in VALUES.values() for value in values], ids=repr)
def test_type_is_that_of_the_claim_and_nothing_is_converted(kind: str, value: object) -> None:
    entry = Entry("key", "claim", kind=kind)
    if any(type(value) is type(one) for one in VALUES[kind]):
        assert of(entry, claim=value) is value
    else:
        with refused(Reason.CONTEXT_VALUE_INVALID) as caught:
            of(entry, claim=value)
        assert caught.value.fault.expected == f"a value of the kind {kind}"


def test_text_that_is_too_long_is_refused_and_never_cut() -> None:
    entry = Entry("name", "name", longest=4)
    assert of(entry, name="éééé") == "éééé"
    assert of(entry, name=123456) == 123456
    with refused(Reason.CONTEXT_VALUE_INVALID) as caught:
        of(entry, name="SECRE")
    assert "SECRE" not in every_text(caught.value)


@pytest.mark.parametrize("claims", [{}, {"tenant": None}])
def test_required_claim_must_be_there(claims: dict[str, Any]) -> None:
    with refused(Reason.CONTEXT_VALUE_INVALID) as caught:
        of(Entry("tenant", "tenant", required=True), **claims)
    assert caught.value.fault == Fault(claim="tenant", expected="the claim", found="missing")
    assert of(Entry("tenant", "tenant", required=True), tenant="") == ""


@pytest.mark.parametrize(("claims", "plan"), [({}, "free"), ({"plan": None}, "free"), ({"plan": "gold"}, "gold")])
def test_default_is_for_claims_that_are_not_there(claims: dict[str, Any], plan: str) -> None:
    assert of(Entry("plan", "plan", default="free"), **claims) == plan
    assert of(Entry("admin", "admin", default=False)) is False
    with refused(Reason.CONTEXT_VALUE_INVALID):
        of(Entry("plan", "plan", default="free"), plan=["gold"])


def test_entry_without_a_claim_leaves_its_key_out() -> None:
    who = Principal(subject="user-1", claims=VerifiedClaims({"sub": "user-1"}))
    assert ContextMap((("user", "sub"),), (Entry("a", "a"), GROUPS)).of(who) == {"user": "user-1"}


@pytest.mark.parametrize("split", [0, 2, 4, 5])
def test_all_together_are_bounded(split: int) -> None:
    """However many of the five keys are plain."""
    keys = [f"k{number}" for number in range(5)]
    made = ContextMap(
        tuple((key, key) for key in keys[:split]), tuple(Entry(key, key, longest=MAX_VALUE) for key in keys[split:])
    )
    claims: dict[str, Any] = dict.fromkeys(keys[:4], "x" * 1000) | {"k4": "x" * (MAX_TOTAL - 4000 - 10)}
    who = Principal(subject="user-1", claims=VerifiedClaims(claims))
    assert len(made.of(who)) == 5
    who = Principal(subject="user-1", claims=VerifiedClaims(claims | {"k4": "x" * (MAX_TOTAL - 4000 - 9)}))
    with refused(Reason.CONTEXT_VALUE_INVALID) as caught:
        made.of(who)
    assert caught.value.fault == Fault(
        "context", f"at most {MAX_TOTAL} characters in all", f"{MAX_TOTAL + 1} characters"
    )


def test_few_keys_need_no_measuring() -> None:
    assert UNMEASURED * (MAX_KEY + MAX_VALUE) <= MAX_TOTAL
    assert UNMEASURED >= 3
