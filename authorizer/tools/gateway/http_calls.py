"""A call of an HTTP API, from what was sent to what comes back. Read this to see in which order things happen.

Source: API Gateway Developer Guide, "Working with HTTP APIs". HTTP APIs have no gateway responses: these bodies are fixed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from authorizer.tools.gateway.events import http_proxy_event
from authorizer.tools.gateway.failure import Failure, ResponseType
from authorizer.tools.gateway.iam import Outcome
from authorizer.tools.gateway.lambda_authorizer import PolicyRefusal, forbidden, refused_by
from authorizer.tools.gateway.limits import check_arn, check_limits
from authorizer.tools.gateway.local_api import LocalApi, Record
from authorizer.tools.gateway.message import HttpResponse, as_header, json_response
from authorizer.tools.template import Authorization

if TYPE_CHECKING:
    from authorizer.tools.gateway.grant import Grant
    from authorizer.tools.gateway.received import Received


@dataclass(frozen=True, slots=True)
class HttpCalls:
    """The calls of one HTTP API."""

    api: LocalApi

    def handle(self, received: Received) -> HttpResponse:
        """The response to one call."""
        grant: Grant | None = None
        failure: Failure | None = None
        preflight: HttpResponse | None = None
        try:
            check_limits(received)
            preflight = self._preflight(received)
            if preflight is not None:
                response = preflight
            else:
                received = self._routed(received)
                grant = self._authorized(received)
                response = self._integrated(received, grant)
        except PolicyRefusal as refusal:
            grant, failure = refusal.grant, refusal.failure
            response = _refusal(failure)
        except Failure as error:
            failure = error
            response = _refusal(failure)
        if self.api.cors is not None and preflight is None:
            response = self.api.cors.on(received.request, response)
        response = replace(response, headers=(*response.headers, ("apigw-requestid", received.extended_request_id)))
        self.api.on_call(Record(received=received, response=response, grant=grant, failure=failure))
        return response

    def _preflight(self, received: Received) -> HttpResponse | None:
        """API Gateway's own answer, unless a route takes the call whose authorizer has to be asked first."""
        found = self.api.routes.select(received.method, received.path)
        if found is not None and found.route.authorization is not Authorization.NONE:
            return None
        return self.api.cors.preflight(received.request) if self.api.cors is not None else None

    def _routed(self, received: Received) -> Received:
        found = None
        if received.stage in self.api.called.stages:
            found = self.api.routes.select(received.method, received.path)
        if found is None:
            raise Failure(type=ResponseType.NOT_FOUND, message="Not Found", cause="no such stage or route")
        return replace(received, route=found.route, parameters=found.parameters)

    def _authorized(self, received: Received) -> Grant | None:
        assert received.route is not None
        if received.route.authorization is not Authorization.NONE:
            check_arn(received)
        if received.route.authorization is Authorization.AWS_IAM:
            raise forbidden("the route asks for a signature (AWS_IAM), which cannot be checked here")
        authorizer = self.api.authorizer(received.route)
        grant = authorizer.check(received) if authorizer is not None else None
        if grant is not None and grant.outcome is not Outcome.ALLOW:
            raise refused_by(grant, self.api.called.kind)
        return grant

    def _integrated(self, received: Received, grant: Grant | None) -> HttpResponse:
        assert received.route is not None
        integration = self.api.integration(received.route, received.stage)
        told = None
        if grant is not None:
            told = grant.nested() if integration.payload == "2.0" else grant.flat()
        event = http_proxy_event(received, integration.payload, told)
        return integration.answer(event, self.api.functions)


def _refusal(failure: Failure) -> HttpResponse:
    message = failure.message if failure.message is not None else "Internal Server Error"
    challenge = (("www-authenticate", as_header(failure.challenge)),) if failure.challenge is not None else ()
    return json_response(failure.type.status, {"message": message}, *challenge)
