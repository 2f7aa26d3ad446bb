"""One API of a template as it runs here: routes, authorizers, integrations, and all that it sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from authorizer.tools.gateway.failure import Failure, authorizer_error
from authorizer.tools.template import Authorization, Unresolved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.tools.gateway.called_api import CalledApi
    from authorizer.tools.gateway.cors import Cors
    from authorizer.tools.gateway.gateway_responses import GatewayResponses
    from authorizer.tools.gateway.grant import Grant
    from authorizer.tools.gateway.integration import Integration
    from authorizer.tools.gateway.lambda_authorizer import Functions
    from authorizer.tools.gateway.message import HttpResponse
    from authorizer.tools.gateway.received import Received
    from authorizer.tools.gateway.resource_policy import ResourcePolicy
    from authorizer.tools.gateway.routing import Routes
    from authorizer.tools.gateway.usage_plans import UsagePlans
    from authorizer.tools.template import ApiRoute


class Authorizer(Protocol):
    """What a route asks before it lets a call through."""

    def check(self, received: Received) -> Grant:
        """The grant, or the silence of a policy; a `Failure` or `PolicyRefusal` otherwise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What became of one call, for logs. `failure` is None where an integration answered."""

    received: Received
    response: HttpResponse
    grant: Grant | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalApi:
    """One API. `integration` gives what is behind a route in a stage."""

    called: CalledApi
    routes: Routes
    authorizers: Mapping[str, Authorizer]
    types: Mapping[str, Authorization]  # what routes have to say that ask them
    integration: Callable[[ApiRoute, str], Integration]
    functions: Functions
    responses: GatewayResponses
    usage: UsagePlans
    policy: ResourcePolicy | None = None
    cors: Cors | None = None
    on_call: Callable[[Record], None] = field(default=lambda _: None)

    def authorizer(self, route: ApiRoute) -> Authorizer | None:
        """What a route asks; None for one that asks nothing, or for `AWS_IAM`. A `Failure` of 500 where nobody can tell."""
        if isinstance(route.authorization, Unresolved):
            raise authorizer_error(f"what the route asks for cannot be told: {route.authorization}")
        if route.authorization in (Authorization.NONE, Authorization.AWS_IAM):
            return None
        found = self.authorizers.get(str(route.authorizer))
        if found is None:
            raise authorizer_error(f"the API has no authorizer {route.authorizer}")
        right = self.types[str(route.authorizer)]
        if route.authorization is not right:
            said = f"the route is of type {route.authorization.value}, and its authorizer is for {right.value}"
            raise authorizer_error(said)
        return found
