from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.gateway.claim_texts import http_texts, rest_texts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("a b", "a b"),
        ("true", "true"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-7, "-7"),
        (1549611327, "1549611327"),
        (10_000_000_000, "10000000000"),
        (2**63 + 1, "9223372036854775809"),
        (10.0, "10"),
        (1.5, "1.5"),
        (1e10, "10000000000"),
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
        (1_549_611_327.25, "1549611327.25"),
        ({}, "{}"),
        ({"a": [1, None, True], "b": "ü"}, '{"a":[1,null,true],"b":"ü"}'),
    ],
)
def test_both_dialects_write_it_the_same_way(value: Any, text: str) -> None:
    assert http_texts({"claim": value}) == rest_texts({"claim": value}) == {"claim": text}


@pytest.mark.parametrize(
    ("value", "http", "rest"),
    [
        ([], "[]", ""),
        (["a"], "[a]", "a"),
        (["a", "b"], "[a b]", "a,b"),
        (["a b", "c"], "[a b c]", "a b,c"),
        (["[x]", "y,z"], "[[x] y,z]", "[x],y,z"),
        ([1, 1.0, True, None], "[1 1 true null]", "1,1,true,null"),
        (["a", ["b", "c"]], "[a [b c]]", "a,b,c"),
        ([{"userId": "1", "primary": True}], '[{"userId":"1","primary":true}]', '{"userId":"1","primary":true}'),
    ],
)
def test_arrays_differ(value: Any, http: str, rest: str) -> None:
    assert http_texts({"claim": value}) == {"claim": http}
    assert rest_texts({"claim": value}) == {"claim": rest}


def test_null_is_left_out() -> None:
    claims = {"sub": "a", "name": None, "exp": None}
    assert http_texts(claims) == rest_texts(claims) == {"sub": "a"}


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
def test_rest_apis_have_times_as_dates(name: str) -> None:
    assert http_texts({name: 1549611327}) == {name: "1549611327"}
    assert rest_texts({name: 1549611327}) == {name: "Fri Feb 08 07:35:27 UTC 2019"}  # as captured
    assert rest_texts({name: 1549611327.9}) == {name: "Fri Feb 08 07:35:27 UTC 2019"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1, "-1"),
        (0, "Thu Jan 01 00:00:00 UTC 1970"),
        (253402300799, "Fri Dec 31 23:59:59 UTC 9999"),
        (253402300800, "253402300800"),
        (True, "true"),
        ("soon", "soon"),
    ],
)
def test_what_is_no_time_is_written_as_any_claim(value: Any, text: str) -> None:
    assert rest_texts({"exp": value}) == {"exp": text}


def test_other_times_are_digits() -> None:
    assert rest_texts({"auth_time": 1549343299}) == {"auth_time": "1549343299"}


@given(claims=st.dictionaries(st.text(), JSON))
def test_all_claims_but_null_are_texts(claims: dict[str, Any]) -> None:
    there = {name for name, value in claims.items() if value is not None}
    for texts in (http_texts(claims), rest_texts(claims)):
        assert set(texts) == there
        assert all(type(text) is str for text in texts.values())


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_value_and_have_no_exponent(number: float) -> None:
    text = http_texts({"n": number})["n"]
    assert float(json.loads(text)) == number
    assert "e" not in text.lower()
