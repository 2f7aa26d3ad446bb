"""Conditions of IAM statements, for the keys that API Gateway documents for its policies.

Which of them it honours in a policy that an authorizer returns is documented nowhere; samples of AWS use `aws:SourceIp` and
`aws:CurrentTime`. A key that the call lacks makes a condition false, except with `…IfExists`, `Null` and negated operators.
AWS: "IAM JSON policy elements: Condition operators", "AWS condition keys that can be used in API Gateway resource policies".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.gateway.glob import matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

KNOWN_KEYS: Final = frozenset(
    f"aws:{name}".lower()
    for name in (
        "CurrentTime",
        "EpochTime",
        "Referer",
        "SecureTransport",
        "SourceArn",
        "SourceIp",
        "SourceVpc",
        "SourceVpce",
        "UserAgent",
    )
)

Test = "Callable[[str], bool]"


class UnknownOperator(ValueError):
    """No operator of IAM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One operator on one key: true when any of `tests` holds of the call's value, or none of them where `negated`."""

    key: str
    tests: tuple[Callable[[str], bool], ...]
    negated: bool = False
    if_exists: bool = False
    every: bool | None = None  # ForAllValues, ForAnyValue, or neither
    absent: bool | None = None  # of the operator `Null`

    def holds(self, values: Mapping[str, str | Sequence[str]], warnings: list[str]) -> bool:
        """Whether it is true for the values of a call."""
        if self.key not in KNOWN_KEYS:
            warnings.append(f"{self.key} is no condition key that API Gateway documents")
        given = next((value for name, value in values.items() if name.lower() == self.key), None)
        found = [given] if isinstance(given, str) else list(given or ())
        if self.absent is not None:
            return self.absent is (not found)
        if not found:
            return self.if_exists or self.every is True or (self.negated and self.every is None)
        results = [any(test(one) for test in self.tests) != self.negated for one in found]
        return any(results) if self.every is False else all(results)


def condition(operator: str, key: str, values: object) -> Condition:
    """The condition; `UnknownOperator`, or `ValueError` with what is wrong with the values."""
    prefix, _, name = operator.rpartition(":")
    every = {"": None, "ForAllValues": True, "ForAnyValue": False}.get(prefix, ...)
    if_exists, name = name.endswith("IfExists"), name.removesuffix("IfExists")
    texts = _texts(values)
    if name == "Null" and every is None:
        return Condition(key=key.lower(), tests=(), absent=_flag(texts[0]))
    if name not in _OPERATORS or every is ...:
        raise UnknownOperator(operator)
    make, negated = _OPERATORS[name]
    return Condition(
        key=key.lower(),
        tests=tuple(map(make, texts)),
        negated=negated,
        if_exists=if_exists,
        every=every,
    )


def _texts(values: object) -> list[str]:
    listed = values if isinstance(values, list) else [values]
    if not listed or not all(isinstance(one, str | int | float | bool) for one in listed):
        raise ValueError(f"a {type(values).__name__}")
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in listed]


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("no boolean")
    return text.lower() == "true"


def _compared(
    read: Callable[[str], Any], compare: Callable[[Any, Any], bool]
) -> Callable[[str], Callable[[str], bool]]:
    """An operator that reads both sides; what the call says and cannot be read is not equal to anything."""

    def make(text: str) -> Callable[[str], bool]:
        wanted = read(text)

        def test(value: str) -> bool:
            try:
                return compare(read(value), wanted)
            except ValueError:
                return False

        return test

    return make


def _time(text: str) -> float:
    """ISO 8601, or seconds since 1970."""
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _network(text: str) -> Callable[[str], bool]:
    network = ip_network(text, strict=False)

    def test(value: str) -> bool:
        try:
            return ip_address(value) in network
        except ValueError:
            return False

    return test


def _arn(text: str) -> Callable[[str], bool]:
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
_OPERATORS: Final[dict[str, tuple[Callable[[str], Callable[[str], bool]], bool]]] = {
    "StringEquals": (_compared(str, _is), False),
    "StringNotEquals": (_compared(str, _is), True),
    "StringEqualsIgnoreCase": (_compared(str.casefold, _is), False),
    "StringNotEqualsIgnoreCase": (_compared(str.casefold, _is), True),
    "StringLike": (matcher, False),
    "StringNotLike": (matcher, True),
    "NumericEquals": (_compared(float, _is), False),
    "NumericNotEquals": (_compared(float, _is), True),
    **{f"Numeric{name}": (_compared(float, compare), False) for name, compare in _COMPARISONS.items()},
    "DateEquals": (_compared(_time, _is), False),
    "DateNotEquals": (_compared(_time, _is), True),
    **{f"Date{name}": (_compared(_time, compare), False) for name, compare in _COMPARISONS.items()},
    "Bool": (_compared(_flag, _is), False),
    "IpAddress": (_network, False),
    "NotIpAddress": (_network, True),
    "ArnEquals": (_arn, False),
    "ArnLike": (_arn, False),
    "ArnNotEquals": (_arn, True),
    "ArnNotLike": (_arn, True),
}
