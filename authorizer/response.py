"""Decision → what API Gateway reads: a policy document, a simple response, or the exception `Unauthorized`.

AWS: "Output from an API Gateway Lambda authorizer" and "Lambda authorizer response format" (HTTP APIs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer import arn
from authorizer.errors import Refused
from authorizer.model import Allow, Decision, Deny
from authorizer.policy_document import INVOKE, VERSION, Document, refusing
from authorizer.reasons import Class

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.arn import MethodArn
    from authorizer.model import Principal, Request
    from authorizer.policy import Policies
    from authorizer.surface import Api
    from authorizer.usage_key import UsageKey

Answer = dict[str, Any]


class Unauthorized(Exception):
    """API Gateway answers 401 when a REST or WebSocket authorizer fails with exactly this text, and 500 for any other."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Statuses(NamedTuple):
    """What a refused credential gets, per API type: 401 or 403. Everything else that is refused gets 403."""

    rest: int = 401
    websocket: int = 401
    http: int = 403  # raising for a 401 is not proven to work on HTTP APIs

    def of(self, api: Api) -> int:
        """The status of one API type."""
        return int(getattr(self, api.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResponder:
    """Answers with IAM policies. `ttl` is what the API caches them for, in seconds.

    The policy of a grant covers the whole stage where IAM patterns can say what the rules say, else the called method alone.
    A cached answer must not depend on what was called first: with a TTL a refused call gets the policy of its caller too.
    """

    policies: Policies
    statuses: Statuses
    ttl: int = 0
    usage_key: UsageKey | None = None

    def __call__(self, decision: Decision, request: Request, now: float) -> Answer:
        """The answer; raises `Unauthorized` where 401 is to be the status."""
        match decision:
            case Allow(principal=principal, context=context):
                document = self.for_the_stage(principal, request, now) or _for_the_method(arn.resource(request.arn))
                return self._answer(principal, document, context)
            case Deny():
                _raise_if_401(decision, request, self.statuses, self.ttl)
                return self._refused(decision, request, now)

    def for_the_stage(self, principal: Principal, request: Request, now: float) -> Document | None:
        """The policy that is right for every route; None where there is none."""
        return self.policies.of(principal, request.arn, request.surface.api, now)

    def _refused(self, denial: Deny, request: Request, now: float) -> Answer:
        who = denial.principal
        document = self.for_the_stage(who, request, now) if self.ttl and who is not None else None
        if document is None or who is None:
            return _refusal(_nothing_of(request.arn), denial)
        try:
            return self._answer(who, document, self.policies.rules.context.of(who))
        except Refused:  # whatever this principal calls
            return _refusal(refusing(request.arn.stage_prefix), denial)

    def _answer(self, principal: Principal, document: Document, context: Mapping[str, object]) -> Answer:
        answer = {"principalId": principal.subject, "policyDocument": _copy(document), "context": dict(context)}
        key = self.usage_key.of(principal) if self.usage_key is not None else None
        return answer if key is None else answer | {"usageIdentifierKey": key}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleResponder:
    """Answers with the simple responses of HTTP APIs, which are a yes or a no to one call.

    The API may cache them only with `$context.routeKey` among the identity sources.
    """

    statuses: Statuses
    ttl: int = 0

    def __call__(self, decision: Decision, request: Request, now: float) -> Answer:
        """The answer; raises `Unauthorized` where 401 is to be the status. `now` makes no difference."""
        del now
        match decision:
            case Allow():
                return {"isAuthorized": True, "context": dict(decision.context)}
            case Deny():
                _raise_if_401(decision, request, self.statuses, self.ttl)
                return {"isAuthorized": False, "context": _denial_context(decision)}


Responder = PolicyResponder | SimpleResponder


def _for_the_method(called: str) -> Document:
    return _document(
        {"Effect": "Allow", "Action": INVOKE, "Resource": called},
        {"Effect": "Deny", "Action": INVOKE, "NotResource": called},
    )


def _nothing_of(arn_: MethodArn) -> Document:
    try:
        called = arn.resource(arn_)
    except Refused:
        called = arn.every_path(arn_)
    return _document(
        {"Effect": "Deny", "Action": INVOKE, "Resource": called},
        {"Effect": "Deny", "Action": INVOKE, "NotResource": called},
    )


def _document(*statements: Mapping[str, str]) -> Document:
    return {"Version": VERSION, "Statement": list(statements)}


def _copy(document: Document) -> Document:
    """Remembered policies are shared, and whoever called the handler may do with its answer what they like."""
    return document | {"Statement": [dict(statement) for statement in document["Statement"]]}


def _refusal(document: Document, denial: Deny) -> Answer:
    return {"principalId": "refused", "policyDocument": document, "context": _denial_context(denial)}


def _denial_context(denial: Deny) -> dict[str, str]:
    """For gateway responses and access logs: a code, no claims. The caller sees none of it unless a template prints it."""
    context = {"reason": denial.reason.value}
    return context | {"error": denial.reason.error} if denial.reason.error else context


def _raise_if_401(denial: Deny, request: Request, statuses: Statuses, ttl: int) -> None:
    """401 by raising, which nobody caches: by setting, and where the reason may be gone before a cached answer is."""
    if denial.reason.klass is Class.AUTHN and (
        statuses.of(request.surface.api) == 401 or (ttl and denial.reason.heals)
    ):
        raise Unauthorized
