"""Conditions of IAM statements, for the keys that API Gateway documents for its policies.

Which of them it honours in a policy that an authorizer returns is documented nowhere; samples of AWS use `aws:SourceIp` and
`aws:CurrentTime`. A key that the call lacks makes a condition false, except with `…IfExists`, `Null` and negated operators.
A key that is not documented is taken for none that API Gateway has: its condition never holds, and a warning says so.
AWS: "IAM JSON policy elements: Condition operators", "AWS condition keys that can be used in API Gateway resource policies".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.gateway.glob import matcher
from authorizer.tools.gateway.iam_variables import KNOWN_KEYS, all_resolved, has_variables, literal, looked_up, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Test = Callable[[str], bool]
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


class UnknownOperator(ValueError):
    """No operator of IAM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One operator on one key: true when any of `tests` holds of the call's value, or none of them where `negated`."""

    key: str
    tests: tuple[Test, ...]
    make: Callable[[str], Test] = matcher
    templates: tuple[str, ...] = ()  # texts with variables, made into tests for each call
    negated: bool = False
    if_exists: bool = False
    every: bool | None = None  # ForAllValues, ForAnyValue, or neither
    absent: tuple[bool, ...] = ()  # of the operator `Null`

    def holds(self, values: Mapping[str, str | Sequence[str]], warnings: list[str]) -> bool:
        """Whether it is true for the values of a call."""
        if self.key not in KNOWN_KEYS:
            warnings.append(f"{self.key} is no condition key that API Gateway documents")
            return False
        given = looked_up(values, self.key)
        found = [given] if isinstance(given, str) else list(given or ())
        if self.absent:
            return (not found) in self.absent
        if not found:
            return self.if_exists or self.every is True or (self.negated and self.every is None)
        tests = (*self.tests, *map(self.make, all_resolved(self.templates, values, warnings)))
        results = [any(test(one) for test in tests) != self.negated for one in found]
        return any(results) if self.every is False else all(results)


def condition(operator: str, key: str, values: object, *, variables: bool = True) -> Condition:
    """The condition; `UnknownOperator`, or `ValueError` with what is wrong with the values.

    `variables`: whether the version of the policy has them. Operators on texts and ARNs can use them, others cannot.
    """
    prefix, colon, name = operator.rpartition(":")
    every = {"": ... if colon else None, "ForAllValues": True, "ForAnyValue": False}.get(prefix, ...)
    texts = _texts(values)
    if operator == "Null":
        return Condition(key=key.lower(), tests=(), absent=tuple(map(_flag, texts)))
    if_exists, name = name.endswith("IfExists"), name.removesuffix("IfExists")
    if name not in _OPERATORS or every is ...:
        raise UnknownOperator(operator)
    make, negated = _OPERATORS[name]
    textual = name.startswith(("String", "Arn"))
    if textual and not variables:
        texts = list(map(literal, texts))
    templates = tuple(text for text in texts if textual and has_variables(text))
    return Condition(
        key=key.lower(),
        tests=tuple(make(text) for text in texts if text not in templates),
        make=make,
        templates=templates,
        negated=negated,
        if_exists=if_exists,
        every=every,
    )


def _texts(values: object) -> list[str]:
    listed = values if isinstance(values, list) else [values]
    if not listed or not all(isinstance(one, str | int | float | bool) for one in listed):
        raise ValueError(f"a {type(values).__name__}")
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in listed]


def _text(compare: Callable[[str], str]) -> Callable[[str], Test]:
    """An operator that looks for one text, read so that case counts or does not."""

    def make(text: str) -> Test:
        wanted = compare(plain(text))
        return lambda value: compare(value) == wanted

    return make


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("no boolean")
    return text.lower() == "true"


def _compared(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Callable[[str], Test]:
    """An operator that reads both sides; what the call says and cannot be read is not equal to anything."""

    def make(text: str) -> Test:
        wanted = read(text)

        def test(value: str) -> bool:
            try:
                return compare(read(value), wanted)
            except ValueError:
                return False

        return test

    return make


def _number(text: str) -> float:
    if _NUMBER.fullmatch(text) is None:  # `float` would also read "nan", "inf" and "1_0"
        raise ValueError("no number")
    return float(text)


def _time(text: str) -> float:
    """ISO 8601, or seconds since 1970."""
    try:
        return _number(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _network(text: str) -> Test:
    network = ip_network(text, strict=False)

    def test(value: str) -> bool:
        try:
            return ip_address(value) in network
        except ValueError:
            return False

    return test


def _arn(text: str) -> Test:
    """Each of the six parts of an ARN is compared for itself: a wildcard does not cross the first five colons."""
    wanted = [matcher(part) for part in text.split(":", 5)]

    def test(value: str) -> bool:
        parts = value.split(":", 5)
        return len(parts) == len(wanted) and all(one(part) for one, part in zip(wanted, parts, strict=True))

    return test


def _is(left: Any, right: Any) -> bool:
    return bool(left == right)


_COMPARISONS: Final = {
    "LessThan": lambda left, right: left < right,
    "LessThanEquals": lambda left, right: left <= right,
    "GreaterThan": lambda left, right: left > right,
    "GreaterThanEquals": lambda left, right: left >= right,
}
_OPERATORS: Final[dict[str, tuple[Callable[[str], Test], bool]]] = {
    "StringEquals": (_text(str), False),
    "StringNotEquals": (_text(str), True),
    "StringEqualsIgnoreCase": (_text(str.casefold), False),
    "StringNotEqualsIgnoreCase": (_text(str.casefold), True),
    "StringLike": (matcher, False),
    "StringNotLike": (matcher, True),
    "NumericEquals": (_compared(_number, _is), False),
    "NumericNotEquals": (_compared(_number, _is), True),
    **{f"Numeric{name}": (_compared(_number, compare), False) for name, compare in _COMPARISONS.items()},
    "DateEquals": (_compared(_time, _is), False),
    "DateNotEquals": (_compared(_time, _is), True),
    **{f"Date{name}": (_compared(_time, compare), False) for name, compare in _COMPARISONS.items()},
    "Bool": (_compared(_flag, _is), False),
    "BinaryEquals": (_compared(str, _is), False),
    "IpAddress": (_network, False),
    "NotIpAddress": (_network, True),
    "ArnEquals": (_arn, False),
    "ArnLike": (_arn, False),
    "ArnNotEquals": (_arn, True),
    "ArnNotLike": (_arn, True),
}
