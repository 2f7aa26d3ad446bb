"""A call of a REST API, from what was sent to what comes back. Read this to see in which order things happen.

Source: API Gateway Developer Guide, "API Gateway authorization workflow", "Gateway response types".
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.gateway.events import rest_proxy_event
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.grant import Told
from authorizer.tools.gateway.lambda_authorizer import PolicyRefusal, refused_by
from authorizer.tools.gateway.limits import check_arn, check_limits
from authorizer.tools.gateway.local_api import LocalApi, Record
from authorizer.tools.gateway.message import as_bytes
from authorizer.tools.gateway.resource_policy import alone, beside
from authorizer.tools.template import Authorization

if TYPE_CHECKING:
    from authorizer.tools.gateway.grant import Grant
    from authorizer.tools.gateway.message import HttpResponse
    from authorizer.tools.gateway.received import Received

_SIGNED: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class RestCalls:
    """The calls of one REST API."""

    api: LocalApi

    def handle(self, received: Received) -> HttpResponse:
        """The response to one call."""
        grant: Grant | None = None
        failure: Failure | None = None
        variables = received.context()
        try:
            check_limits(received)
            received = self._routed(received)
            variables = received.context()
            grant = self._authorized(received)
            self._keyed(received, grant)
            response = self._integrated(received, grant)
        except PolicyRefusal as refusal:
            grant, failure = refusal.grant, refusal.failure
            response = self.api.responses.response(failure, received, {**variables, **grant.variables()})
        except Failure as error:
            failure = error
            said: dict[str, Any] = grant.variables() if grant is not None else {}
            response = self.api.responses.response(failure, received, {**variables, **said})
        self.api.on_call(Record(received=received, response=response, grant=grant, failure=failure))
        return response

    def _routed(self, received: Received) -> Received:
        found = None
        if received.stage in self.api.called.stages:
            found = self.api.routes.select(received.method, received.path)
        if found is None:
            raise _no_method(received)
        return replace(received, route=found.route, parameters=found.parameters)

    def _authorized(self, received: Received) -> Grant | None:
        """Who calls, as far as the method asks; with the resource policy before and beside it."""
        assert received.route is not None
        if self.api.policy is not None or received.route.authorization is not Authorization.NONE:
            check_arn(received)
        said = self.api.policy.before(received) if self.api.policy is not None else None
        if received.route.authorization is Authorization.AWS_IAM:
            raise _unsigned(received)
        authorizer = self.api.authorizer(received.route)
        grant = authorizer.check(received) if authorizer is not None else None
        if grant is None or grant.told is Told.CLAIMS:
            alone(said, received)
        elif not beside(said, grant.outcome):
            raise refused_by(grant, self.api.called.kind)
        return grant

    def _keyed(self, received: Received, grant: Grant | None) -> None:
        assert received.route is not None
        if received.route.api_key_required is False:
            return
        sent = received.request.header("x-api-key")
        key = (grant.usage_key if grant is not None else None) if self.api.usage.by_authorizer else sent
        self.api.usage.use(received.stage, key, received.at)

    def _integrated(self, received: Received, grant: Grant | None) -> HttpResponse:
        assert received.route is not None
        event = rest_proxy_event(received, grant.flat() if grant is not None else None)
        if grant is not None and grant.told is Told.CLAIMS:
            event["requestContext"]["authorizer"].pop("scopes", None)
        response = self.api.integration(received.route, received.stage).answer(event, self.api.functions)
        ids = (("x-amzn-RequestId", received.request_id), ("x-amz-apigw-id", received.extended_request_id))
        return replace(response, headers=(*response.headers, *ids))


def _no_method(received: Received) -> Failure:
    """A path, method or stage that is not there. With an Authorization header API Gateway takes it for a signed call."""
    return _no_signature(received, "no such stage, path or method") or _missing("no such stage, path or method")


def _unsigned(received: Received) -> Failure:
    """A method with AWS_IAM. Nobody here can check a signature, so nobody gets through."""
    wanted = "the method asks for a signature (AWS_IAM)"
    failure = _no_signature(received, wanted)
    if failure is not None:
        return failure
    if received.request.header("Authorization") is None and _SIGNED not in received.request.query:
        return _missing(wanted)
    message = "The security token included in the request is invalid."
    cause = f"{wanted}, which cannot be checked here: nobody gets through"
    return Failure(type=ResponseType.INVALID_SIGNATURE, message=message, cause=cause)


def _missing(cause: str) -> Failure:
    return Failure(type=ResponseType.MISSING_AUTHENTICATION_TOKEN, message="Missing Authentication Token", cause=cause)


def _no_signature(received: Received, cause: str) -> Failure | None:
    """What an Authorization header that is no signature of AWS ends with; None for one that may be, or is not there."""
    sent = received.request.header("Authorization")
    if sent is None or sent.startswith(_SIGNED):
        return None
    digest = base64.b64encode(hashlib.sha256(as_bytes(sent)).digest()).decode()
    return Failure(
        type=ResponseType.INVALID_SIGNATURE,
        message=f"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded"
        f" with Base64): '{digest}'.",
        cause=f"{cause}; what is in Authorization is no signature of AWS",
    )
