"""Whether what became of an event is what its name says, in every respect: reason, answer, log line, and no leak."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer.tools.entry_point import called_arn
from authorizer.tools.gateway.iam import Call, MalformedPolicy, Outcome, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.demo.corpus import Expected
    from authorizer.tools.demo.schemas import Schemas
    from authorizer.tools.invocation import Invocation


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
    arn, policy = called_arn(sent.event), document.get("policyDocument")
    if policy is not None and arn is not None:
        yield from _policy_problems(policy, arn, allows=sent.expected.outcome == "allow")
    context = document.get("context")
    if sent.expected.reason and isinstance(context, dict) and context.get("reason") != str(sent.expected):
        yield f"answer context.reason is {context.get('reason')}, not {sent.expected}"


def _policy_problems(policy: object, arn: str, *, allows: bool) -> Iterator[str]:
    """A policy allows the called method or denies it explicitly, and denies every other stage."""
    wanted = Outcome.ALLOW if allows else Outcome.EXPLICIT_DENY
    api, _, *called_there = arn.split("/", 3)
    elsewhere = "/".join([api, "another-stage", *called_there])
    try:
        for called, outcome in ((arn, wanted), (elsewhere, Outcome.EXPLICIT_DENY)):
            found = evaluate(policy, Call(arn=called)).outcome
            if found is not outcome:
                yield f"answer policy: {found.value} of {called}, not {outcome.value}"
    except MalformedPolicy as error:
        yield f"answer policy: {error}"
