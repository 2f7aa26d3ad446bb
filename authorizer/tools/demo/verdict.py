"""Whether what became of an event is what its name says, in every respect: reason, answer, log line, and no leak."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer.reasons import Reason
from authorizer.tools.entry_point import called_arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.demo.corpus import Expected
    from authorizer.tools.demo.schemas import Schemas
    from authorizer.tools.invocation import Invocation

_UNWRITABLE = (Reason.PATH_UNSUPPORTED, Reason.PATH_TOO_LONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One event that was sent, and what it was meant to show."""

    api: str
    expected: Expected
    event: Any = field(repr=False)


def problems(sent: Sent, result: Invocation, schemas: Schemas) -> list[str]:
    """Everything that is not as expected; leaks are looked for elsewhere, over all that a function ever wrote."""
    return [
        *_decision_problems(sent.expected, result, schemas),
        *(f"answer {one}" for one in schemas.answer_problems(result.document, sent.api, sent.expected.outcome)),
        *_answer_problems(sent, result.document),
    ]


def _decision_problems(expected: Expected, result: Invocation, schemas: Schemas) -> Iterator[str]:
    line = result.decision
    if line is None:
        yield f"no decision line, or several; the function said {_said(result)}"
        return
    found = line.get("reason", line["decision"])
    if found != str(expected):
        yield f"expected {expected}, got {found} (claim {line.get('claim')}, found {line.get('found')})"
    decision = {"authn": "deny", "authz": "deny"}.get(expected.outcome, expected.outcome)
    if line["decision"] != decision:
        yield f"decision is {line['decision']}, not {decision}"
    yield from (f"decision line {one}" for one in schemas.line_problems(line))


def _said(result: Invocation) -> str:
    return f"{result.error.kind}: {result.error.message}" if result.error else "nothing"


def _answer_problems(sent: Sent, document: object) -> Iterator[str]:
    """What a schema cannot say: that the answer is about this event."""
    if not isinstance(document, dict):
        return
    arn = called_arn(sent.event)
    for name, resource in _resources(document):
        if resource not in _acceptable(arn, sent.expected.reason):
            yield f"answer {name} is {resource}, not the called {arn}"
    context = document.get("context")
    if sent.expected.reason and isinstance(context, dict) and context.get("reason") != str(sent.expected):
        yield f"answer context.reason is {context.get('reason')}, not {sent.expected}"


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    policy = document.get("policyDocument")
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    for statement in statements if isinstance(statements, list) else ():
        for name in ("Resource", "NotResource"):
            if isinstance(statement, dict) and name in statement:
                yield name, statement[name]


def _acceptable(arn: str | None, reason: Reason | None) -> tuple[str | None, ...]:
    """The called ARN; all paths of its method where the path is what cannot be written into a policy."""
    if arn is None or reason not in _UNWRITABLE:
        return (arn,)
    return (arn, "/".join([*arn.split("/", 3)[:3], "*"]))
