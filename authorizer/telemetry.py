"""One line per decision, which is also its metric (CloudWatch embedded metric format). No credential, no claim value.

The line's fields are published in `decision.schema.json`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from random import random
from typing import TYPE_CHECKING, Any, Final

from authorizer.clock import now, stopwatch
from authorizer.errors import NO_FAULT, Fault
from authorizer.model import Allow, Credential, Decision, Deny, Principal, Request
from authorizer.version import VERSION

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from authorizer.fingerprint import Fingerprint
    from authorizer.provenance import Provenance
    from authorizer.reasons import Reason

NAMESPACE: Final = "LambdaAuthorizer"
MAX_TEXT: Final = 300  # characters of any one field: paths and expectations can be long


class SubjectLogging(Enum):
    """How the principal appears in the log."""

    PLAIN = "plain"
    HASHED = "hashed"
    OFF = "off"


@dataclass(slots=True, kw_only=True)
class Line:
    """What became known on the way of one request. Written to by the pipeline, read by the log; nothing decides on it."""

    function_request_id: str | None
    started: float = field(default_factory=stopwatch)
    request: Request | None = None
    credential: Credential | None = None
    principal: Principal | None = None
    provenance: Provenance | None = None


class Log:
    """Where a pipeline says what became of a request. This one keeps it to itself."""

    __slots__ = ()

    def write(self, line: Line, decision: Decision) -> None:
        """The line of an allow or a deny."""

    def error(self, line: Line, reason: Reason, fault: Fault = NO_FAULT) -> None:
        """The line of a request that nobody decided."""

    def note(self, message: str, fields: dict[str, Any]) -> None:
        """A line that is about no decision of this pipeline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLog(Log):
    """Writes the lines. Denials and errors always; of the allows the share `allows`; the metric of every decision."""

    logger: Logger
    fingerprint: Fingerprint
    allows: float = 1.0
    subject: SubjectLogging = SubjectLogging.HASHED

    def write(self, line: Line, decision: Decision) -> None:
        """The line of an allow or a deny."""
        match decision:
            case Allow():
                outcome = {"decision": "allow", "rule": decision.rule[:MAX_TEXT]}
                detail = self._detail(line) if self.allows >= 1.0 or random() < self.allows else {}  # noqa: S311 - a sample, no secret
                self.logger.info("allow", extra={"line": outcome | detail | _metric(line, has_reason=False)})
            case Deny():
                outcome = {"decision": "deny"} | _reason(decision.reason, decision.fault)
                if decision.rule is not None:
                    outcome["rule"] = decision.rule[:MAX_TEXT]
                fields = outcome | self._detail(line) | _metric(line, has_reason=True)
                self.logger.warning(f"deny: {decision.reason.value}", extra={"line": fields})

    def error(self, line: Line, reason: Reason, fault: Fault = NO_FAULT) -> None:
        """The line of a request that nobody decided."""
        outcome = {"decision": "error"} | _reason(reason, fault)
        fields = outcome | self._detail(line) | _metric(line, has_reason=True)
        self.logger.error(f"error: {reason.value}", extra={"line": fields})

    def note(self, message: str, fields: dict[str, Any]) -> None:
        """A warning with these fields alone."""
        self.logger.warning(message, extra={"line": fields})

    def _detail(self, line: Line) -> dict[str, Any]:
        detail: dict[str, Any] = {"function_request_id": line.function_request_id, "version": VERSION}
        if line.request is not None:
            detail |= called(line.request)
        if line.credential is not None:
            detail |= {"token": self.fingerprint(line.credential.value), "place": line.credential.place}
        if line.provenance is not None:
            detail |= _provenance(line.provenance)
        if line.principal is not None and self.subject is not SubjectLogging.OFF:
            plain = self.subject is SubjectLogging.PLAIN
            detail["subject"] = line.principal.subject if plain else self.fingerprint(line.principal.subject)
        return detail


def called(request: Request) -> dict[str, Any]:
    """What was called, as every line says it."""
    return {
        "surface": request.surface.value,
        "api_id": request.arn.api_id,
        "stage": request.arn.stage,
        "route": request.route[:MAX_TEXT],
        "request_id": request.request_id,
    }


def _provenance(provenance: Provenance) -> dict[str, Any]:
    detail: dict[str, Any] = {"issuer": provenance.issuer, "kid": provenance.kid}
    if provenance.keys is not None:
        detail |= {"keys": provenance.keys.name, "keys_age_s": round(provenance.keys.age, 1)}
    return detail


def _reason(reason: Reason, fault: Fault) -> dict[str, Any]:
    """The cause and the fix, in one line for whoever is on call."""
    detail = {"reason": reason.value, "class": reason.klass.value, "fix": reason.remedy.fix, "docs": reason.docs}
    parts = {"claim": fault.claim, "expected": fault.expected, "found": fault.found}
    return detail | {name: text[:MAX_TEXT] for name, text in parts.items() if text is not None}


def _metric(line: Line, *, has_reason: bool) -> dict[str, Any]:
    """The embedded metric: counted by decision, and by decision and reason, nothing that a caller could multiply."""
    duration = round((stopwatch() - line.started) * 1000, 3)
    metric: dict[str, Any] = {"Decisions": 1, "DurationMs": duration}
    names = _NAMES
    keys = line.provenance.keys if line.provenance is not None else None
    if keys is not None and keys.name != "static":
        metric["KeysAgeSeconds"] = round(keys.age, 1)
        names = _NAMES_WITH_AGE
    dimensions = _BY_REASON if has_reason else _BY_DECISION
    metric["_aws"] = embedded(dimensions, names)
    return metric


def embedded(dimensions: list[list[str]], names: list[dict[str, str]]) -> dict[str, Any]:
    """What tells CloudWatch that fields of a line are metrics, and which fields are their dimensions."""
    directive = {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": names}
    return {"Timestamp": int(now() * 1000), "CloudWatchMetrics": [directive]}


_BY_DECISION: Final = [["service", "decision"]]
_BY_REASON: Final = [["service", "decision"], ["service", "decision", "reason"]]
_NAMES: Final = [{"Name": "Decisions", "Unit": "Count"}, {"Name": "DurationMs", "Unit": "Milliseconds"}]
_NAMES_WITH_AGE: Final = [*_NAMES, {"Name": "KeysAgeSeconds", "Unit": "Seconds"}]
