"""Every kind of event, with the builder that makes it and the entry point that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer.surface import Surface
from authorizer.testing import http_v1, http_v2, rest_request, rest_token, websocket_connect
from authorizer.tools.gateway.iam import Call, Outcome, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

Event = dict[str, Any]


class Entry(NamedTuple):
    """One row of the table."""

    name: str
    method: str  # of `Authorizer`
    surface: Surface
    build: Callable[..., Event]

    @property
    def simple(self) -> bool:
        """Whether the answer is a simple response."""
        return self.method == "http"


ENTRIES = (
    Entry("rest-token", "rest", Surface.REST_TOKEN, rest_token),
    Entry("rest-request", "rest", Surface.REST_REQUEST, rest_request),
    Entry("websocket", "websocket", Surface.WEBSOCKET, websocket_connect),
    Entry("http-simple", "http", Surface.HTTP_V2, http_v2),
    Entry("http-policy", "http_policy", Surface.HTTP_V2, http_v2),
    Entry("http-policy-1.0", "http_policy", Surface.HTTP_V1, http_v1),
)
NAMES = [entry.name for entry in ENTRIES]
BUILDERS = {entry.surface: entry.build for entry in ENTRIES}


def allows(answer: Event, called: str) -> bool:
    """Whether an answer lets the called method through, as API Gateway reads it: a Deny wins, silence is no allow."""
    if "isAuthorized" in answer:
        return answer["isAuthorized"] is True
    return allowed_by(answer["policyDocument"], called)


def allowed_by(document: Event, called: str) -> bool:
    """Whether a policy allows a method."""
    return evaluate(document, Call(arn=called)).outcome is Outcome.ALLOW
