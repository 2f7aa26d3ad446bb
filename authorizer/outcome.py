"""What became of a request, as its caller and API Gateway see it, so that two outcomes can be compared.

No value of a claim is in a comparison: of contexts it has the keys, of callers and API keys that they differ.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.errors import NO_FAULT, Fault
from authorizer.model import Allow
from authorizer.telemetry import Log

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.model import Decision, Request
    from authorizer.reasons import Reason
    from authorizer.response import Answer
    from authorizer.telemetry import Line


class Outcome(NamedTuple):
    """What one pipeline made of a request. `status` is what the caller gets when API Gateway asks for no more."""

    decision: str  # "allow", "deny", "error"
    reason: str | None
    rule: str | None
    fault: Fault
    status: int
    answer: Answer | None = None
    request: Request | None = None

    def __repr__(self) -> str:
        return f"Outcome(decision={self.decision!r}, reason={self.reason!r})"

    @property
    def lets_through(self) -> bool:
        """Whether the answer allows the called method."""
        return self.answer is not None and self.request is not None and lets_through(self.answer, self.request.arn.text)

    @property
    def policy(self) -> str | None:
        """`stage` for a policy that is for all routes, `method` for one for the called method alone."""
        if self.answer is None or self.request is None or "policyDocument" not in self.answer:
            return None
        named = self.answer["policyDocument"]["Statement"][0]["Resource"]
        return "stage" if isinstance(named, list) or named == f"{self.request.arn.stage_prefix}*" else "method"


class Witness(Log):
    """Hands everything on to a log, and remembers what was decided. One for each request."""

    __slots__ = ("_log", "_said", "request")

    def __init__(self, log: Log) -> None:
        self._log = log
        self._said: tuple[str, str | None, str | None, Fault] | None = None
        self.request: Request | None = None

    def write(self, line: Line, decision: Decision) -> None:
        """As the log does."""
        self._log.write(line, decision)
        self.request = line.request
        self._said = (
            ("allow", None, decision.rule, NO_FAULT)
            if isinstance(decision, Allow)
            else ("deny", decision.reason.value, decision.rule, decision.fault)
        )

    def error(self, line: Line, reason: Reason, fault: Fault = NO_FAULT) -> None:
        """As the log does."""
        self._log.error(line, reason, fault)
        self.request = line.request
        self._said = "error", reason.value, None, fault

    def outcome(self, answer: Answer | None, *, unauthorized: bool = False) -> Outcome | None:
        """With the answer, or None for an error; None where nothing was said, which is how a process ends."""
        if self._said is None:
            return None
        status = 401 if unauthorized else 500 if answer is None else 200 if self._said[0] == "allow" else 403
        return Outcome(*self._said, status, answer, self.request)


def crashed(found: str) -> Outcome:
    """The outcome of a pipeline that came to none. `found`: the type and place of what it raised."""
    return Outcome("error", "internal_error", None, Fault(found=found), 500)


def differences(one: Outcome, other: Outcome) -> list[str]:
    """In what two outcomes differ. Of what follows from another decision, reason or status only that is told."""
    if one[:3] == other[:3] and one.status == other.status and _same(one.answer, other.answer):
        return []  # the usual case, without a look at what the policies mean
    names = ["decision", "reason", "rule", "lets_through", "status"]
    found = [name for name in names if getattr(one, name) != getattr(other, name)]
    if (*one[:2], one.status) != (*other[:2], other.status):
        return found
    if one.policy != other.policy:
        found.append("policy")
    first, second = one.answer or {}, other.answer or {}
    parts = {"principalId": "principal", "context": "context", "usageIdentifierKey": "usage_key"}
    return found + [name for part, name in parts.items() if not _same(first.get(part), second.get(part))]


def context_keys(one: Outcome, other: Outcome) -> list[str]:
    """The keys of contexts that only one of them has, or with another value."""
    first, second = _context(one), _context(other)
    return sorted(key for key in {*first, *second} if not _same(first.get(key, ...), second.get(key, ...)))


def lets_through(answer: Answer, called: str) -> bool:
    """Whether an answer allows a method, as IAM evaluates it: a Deny wins, and silence is no allow."""
    if "isAuthorized" in answer:
        return answer["isAuthorized"] is True
    effects = {one["Effect"] for one in answer["policyDocument"]["Statement"] if _applies(one, called)}
    return effects == {"Allow"}


def _context(outcome: Outcome) -> Mapping[str, Any]:
    context: Mapping[str, Any] = (outcome.answer or {}).get("context", {})
    return context


def _same(one: Any, other: Any) -> bool:
    """1 and True are not the same to a backend."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)


def _applies(statement: Mapping[str, Any], called: str) -> bool:
    matches = any(_pattern(one).fullmatch(called) for one in _resources(statement))
    return matches == ("Resource" in statement)


def _resources(statement: Mapping[str, Any]) -> Iterator[str]:
    named = statement["Resource"] if "Resource" in statement else statement["NotResource"]
    yield from [named] if isinstance(named, str) else named


MAX_PATTERNS: Final = 1024


@lru_cache(maxsize=MAX_PATTERNS)
def _pattern(resource: str) -> re.Pattern[str]:
    """`*` is any text and `?` one character. Atomic: what a caller sends must not make the match go back and forth."""
    first, *others = (re.escape(part).replace(r"\?", ".") for part in resource.split("*"))
    between = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(first + between + "".join(f".*{part}" for part in others[-1:]), re.DOTALL)
