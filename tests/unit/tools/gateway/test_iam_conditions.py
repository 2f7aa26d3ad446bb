from __future__ import annotations

import pytest

from authorizer.tools.gateway.iam_conditions import UnknownOperator, condition

KEY = "aws:SourceIp"


def holds(operator: str, wanted: object, *values: str, key: str = KEY) -> bool:
    return condition(operator, key, wanted).holds({key: list(values)} if values else {}, [])


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "held"),
    [
        ("StringNotEquals", "a", "b", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotLike", "a*", "abc", False),
        ("StringNotEqualsIgnoreCase", "A", "a", False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericEquals", 10, "ten", False),
        ("NumericNotEquals", 10, "11", True),
        ("NumericLessThan", 10, "9", True),
        ("NumericLessThan", 10, "10", False),
        ("NumericLessThanEquals", 10, "10", True),
        ("NumericGreaterThan", 10, "10", False),
        ("NumericGreaterThan", 10, "11", True),
        ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", "1767225600", True),
        ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", "1767225599", False),
        ("DateEquals", "2026-01-01", "2026-01-01T00:00:00Z", True),
        ("DateNotEquals", "2026-01-01", "2026-01-02", True),
        ("NumericEquals", 10, "1_0", False),
        ("NumericEquals", ".5", "0.5", True),
        ("NumericNotEquals", 10, "nan", True),
        ("NumericEquals", "1e1", "10", True),
        ("StringEquals", "a${*}", "a*", True),
        ("StringEquals", "a*", "a*", True),
        ("StringLike", "a${*}", "ab", False),
        ("BinaryEquals", "QUI=", "QUI=", True),
        ("Null", ["true", "false"], "x", True),
        ("Bool", True, "true", True),
        ("Bool", "true", "TRUE", True),
        ("Bool", "true", "1", False),
        ("IpAddress", "2001:db8::/32", "2001:db8::7", True),
        ("IpAddress", "192.0.2.0/24", "no address", False),
        ("IpAddress", "192.0.2.7", "192.0.2.7", True),
        ("ArnLike", "arn:aws:s3:::*", "arn:aws:s3:::bucket/key", True),
        ("ArnLike", "arn:aws:*", "arn:aws:s3:::bucket", False),
        ("ArnEquals", "arn:*:s3:::a", "arn:aws:s3:::a", True),
        ("ArnNotLike", "arn:aws:s3:::*", "arn:aws:s3:::a", False),
    ],
)
def test_operator_compares(operator: str, wanted: object, value: str, held: bool) -> None:
    assert holds(operator, wanted, value) is held


@pytest.mark.parametrize(
    ("operator", "held"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_key_that_the_call_lacks(operator: str, held: bool) -> None:
    assert holds(operator, "a") is held


@pytest.mark.parametrize(
    "operator",
    ["", "Equals", "stringequals", "ForSome:StringEquals", "ForAllValues:Null", "NullIfExists", ":StringEquals"],
)
def test_operator_that_is_none(operator: str) -> None:
    with pytest.raises(UnknownOperator):
        condition(operator, KEY, "a")


@pytest.mark.parametrize(
    ("operator", "wanted"),
    [
        ("IpAddress", "x"),
        ("NumericEquals", "ten"),
        ("NumericEquals", "nan"),
        ("NumericEquals", "${aws:EpochTime}"),
        ("DateEquals", "inf"),
        ("DateEquals", "soon"),
        ("Bool", "yes"),
        ("Null", "perhaps"),
        ("StringEquals", []),
        ("StringEquals", None),
        ("StringEquals", [{}]),
    ],
)
def test_value_that_is_none_of_the_operator(operator: str, wanted: object) -> None:
    with pytest.raises(ValueError, match=r"^"):
        condition(operator, KEY, wanted)


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "Null"])
def test_unknown_key_never_holds(operator: str) -> None:
    assert not holds(operator, "true", key="aws:username")
    assert not holds(operator, "true", "true", key="aws:username")


def test_variable_is_read_for_each_call() -> None:
    made = condition("StringLike", "aws:Referer", ["https://${aws:UserAgent}/*", "x"])
    assert made.holds({"aws:Referer": "https://a*/b", "aws:UserAgent": "a*"}, [])
    assert not made.holds({"aws:Referer": "https://abc/b", "aws:UserAgent": "a*"}, [])


@pytest.mark.parametrize(
    ("operator", "held"),
    [("StringEquals", False), ("StringLike", False), ("StringNotEquals", True), ("ArnLike", False)],
)
def test_nothing_is_like_a_variable_without_a_value(operator: str, held: bool) -> None:
    warnings: list[str] = []
    assert condition(operator, "aws:Referer", "${aws:UserAgent}").holds({"aws:Referer": "y"}, warnings) is held
    assert len(warnings) == 1


def test_variable_without_a_value_leaves_the_other_texts() -> None:
    made = condition("StringEquals", "aws:Referer", ["${aws:UserAgent}", "y"])
    assert made.holds({"aws:Referer": "y"}, [])
    assert not made.holds({"aws:Referer": "${aws:UserAgent}"}, [])


def test_variable_is_not_needed_where_nothing_is_compared() -> None:
    assert condition("StringEqualsIfExists", "aws:Referer", "${aws:UserAgent}").holds({}, [])


def test_unknown_key_is_warned_about_and_a_known_one_is_not() -> None:
    warnings: list[str] = []
    condition("StringEquals", "aws:PrincipalArn", "a").holds({}, warnings)
    condition("StringEquals", "AWS:SOURCEIP", "a").holds({}, warnings)
    assert len(warnings) == 1
