"""Decision → what API Gateway reads: a policy document, a simple response, or the exception `Unauthorized`.

AWS: "Output from an API Gateway Lambda authorizer" and "Lambda authorizer response format" (HTTP APIs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer import arn
from authorizer.errors import Refused
from authorizer.model import Allow, Decision, Deny
from authorizer.reasons import Class

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.arn import MethodArn
    from authorizer.model import Request
    from authorizer.surface import Api

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


def policy(decision: Decision, request: Request, statuses: Statuses) -> Answer:
    """An IAM policy for exactly the called method; raises `Unauthorized` where 401 is to be the answer."""
    match decision:
        case Allow():
            called = arn.resource(request.arn)
            document = _document(
                {"Effect": "Allow", "Action": INVOKE, "Resource": called},
                {"Effect": "Deny", "Action": INVOKE, "NotResource": called},
            )
            return _answer(decision.principal.subject, document, decision.context)
        case Deny():
            _raise_if_401(decision, request, statuses)
            called = _denied(request.arn)
            document = _document(
                {"Effect": "Deny", "Action": INVOKE, "Resource": called},
                {"Effect": "Deny", "Action": INVOKE, "NotResource": called},
            )
            return _answer("refused", document, _denial_context(decision))


def simple(decision: Decision, request: Request, statuses: Statuses) -> Answer:
    """The simple response of an HTTP API."""
    match decision:
        case Allow():
            return {"isAuthorized": True, "context": dict(decision.context)}
        case Deny():
            _raise_if_401(decision, request, statuses)
            return {"isAuthorized": False, "context": _denial_context(decision)}


INVOKE = "execute-api:Invoke"


def _document(*statements: Mapping[str, str]) -> Answer:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _answer(principal_id: str, document: Answer, context: Mapping[str, object]) -> Answer:
    return {"principalId": principal_id, "policyDocument": document, "context": dict(context)}


def _denied(called: MethodArn) -> str:
    try:
        return arn.resource(called)
    except Refused:
        return arn.every_path(called)


def _denial_context(denial: Deny) -> dict[str, str]:
    """For gateway responses and access logs: a code, no claims. The caller sees none of it unless a template prints it."""
    context = {"reason": denial.reason.value}
    return context | {"error": denial.reason.error} if denial.reason.error else context


def _raise_if_401(denial: Deny, request: Request, statuses: Statuses) -> None:
    if denial.reason.klass is Class.AUTHN and statuses.of(request.surface.api) == 401:
        raise Unauthorized
