"""A claim is what a rule asks for only if it is that very value, of that very JSON type."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from authorizer.conditions import ClaimIs, ClaimIsParameter
from authorizer.errors import Refused
from authorizer.model import Principal, VerifiedClaims
from authorizer.path import is_doubtful, split
from authorizer.reasons import Reason
from authorizer.requirement import Asked
from tests.properties.json_values import VALUES

SCALARS = st.sampled_from(["", "1", "true", "a"]) | st.text(max_size=3) | st.integers(-2, 2) | st.booleans()
NEAR = st.sampled_from([1, 1.0, True, "1", "true", 0, 0.0, False, "", None, [1], ["a"], {"a": 1}])


def who(value: Any) -> Principal:
    return Principal(subject="u", claims=VerifiedClaims({"t": value}))


@given(st.lists(SCALARS, min_size=1, max_size=3), SCALARS | NEAR | VALUES)
def test_claim_is_one_of_the_values_as_json_writes_them(values: list[str | int | bool], claim: Any) -> None:
    expected = json.dumps(claim) in map(json.dumps, values)
    try:
        ClaimIs(claim="t", values=tuple(values)).check(Asked(who(claim), 0.0))
    except Refused as refused:
        assert not expected
        missing = refused.reason is Reason.RULE_CLAIM_MISSING
        assert missing == (claim is None)
    else:
        assert expected


@given(st.text(max_size=4) | st.integers() | NEAR | VALUES)
def test_text_for_a_parameter_is_one_segment_that_nobody_reads_in_another_way(claim: Any) -> None:
    text = ClaimIsParameter(claim="t", parameter="id", index=1).value(who(claim))
    if text is None:
        return
    assert text == (claim if isinstance(claim, str) else str(claim))
    path = f"/orders/{text}/items"
    assert split(path) == ["orders", text, "items"]
    assert not is_doubtful(path, exact=False)
    assert not set("*?%$") & set(text)  # no pattern, escape or variable of a policy
