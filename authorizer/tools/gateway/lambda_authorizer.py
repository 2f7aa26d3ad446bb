"""A Lambda authorizer of an API: identity sources, cache, the function's answer, and what a policy says of the call.

Sources: API Gateway Developer Guide, "Use API Gateway Lambda authorizers", "Control access to HTTP APIs with AWS Lambda
authorizers". Identity sources that are configured are checked also where nothing is cached, as the API reference says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.authorizer_result import AuthorizerResult, PolicyResult, read_result
from authorizer.tools.gateway.cache import CachingAuthorizer, MissingIdentity
from authorizer.tools.gateway.events import connect_event, http_event, request_event, token_event
from authorizer.tools.gateway.failure import Failure, ResponseType, authorizer_error, denied, unauthorized
from authorizer.tools.gateway.grant import Grant, Told
from authorizer.tools.gateway.iam import Call, Outcome
from authorizer.tools.template import AuthorizerKind

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from authorizer.tools.gateway.received import Received
    from authorizer.tools.invocation import Invocation

PATIENCE: Final[Mapping[Kind, float]] = {Kind.HTTP: 10.0, Kind.REST: 29.0, Kind.WEBSOCKET: 29.0}  # seconds
_NO_PERMISSION: Final = (  # API Gateway's own words, in `$context.authorizer.error`
    "The IAM role configured on the authorizer or API Gateway doesn't have permissions to call the authorizer."
    " Check the permissions and try again."
)


class Functions(Protocol):
    """The functions of a template."""

    def invoke(self, logical_id: str, event: Mapping[str, Any], patience: float) -> Invocation:
        """What came of one event; an error of the kind `Gateway.Timeout` when it took longer than `patience` seconds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaAuthorizer:
    """One authorizer. `missing` says why its function cannot be called, where it cannot."""

    kind: Kind
    type: AuthorizerKind
    caching: CachingAuthorizer
    function: str
    functions: Functions
    validation: re.Pattern[str] | None = None
    payload: str = "2.0"
    simple: bool = False
    permitted: bool = True
    missing: str | None = None
    patience: float = field(default=29.0)

    def __post_init__(self) -> None:
        sources = self.caching.sources.texts
        if self.type is AuthorizerKind.TOKEN and len(sources) != 1:
            raise ValueError(f"found {len(sources)} identity sources; right would be one, the header with the token")

    def check(self, received: Received) -> Grant:
        """The grant, or the silence of a policy; a `Failure` of 401, 403 or 500."""
        visit, asked = received.visit(), []
        try:
            identity = self.caching.sources.values(visit)
            self._validate(identity)

            def ask() -> AuthorizerResult:
                asked.append(True)
                return self._ask(received, identity)

            result: AuthorizerResult = self.caching.answer(visit, received.stage, received.at, ask)
        except MissingIdentity as missing:
            raise unauthorized(f"the identity source {missing.source} is missing or empty") from None
        if isinstance(result, PolicyResult):
            return self._by_policy(result, received, cached=not asked)
        if not result.allowed:
            raise forbidden("isAuthorized is false")
        return Grant(told=Told.LAMBDA, context=result.context, cached=not asked)

    def _validate(self, identity: tuple[str, ...]) -> None:
        """TOKEN only, and the whole of the token: `\\w{5}` in AWS's own example accepts five characters."""
        validation = self.validation if self.type is AuthorizerKind.TOKEN else None
        if validation is not None and validation.fullmatch(identity[0]) is None:
            raise unauthorized("the token does not match the validation expression")

    def _ask(self, received: Received, identity: tuple[str, ...]) -> AuthorizerResult:
        if self.missing is not None:
            raise authorizer_error(self.missing)
        if not self.permitted:
            raise authorizer_error(_NO_PERMISSION)
        try:
            invocation = self.functions.invoke(self.function, self._event(received, identity), self.patience)
        except RecursionError:
            raise authorizer_error("the function answered what is nested too deeply") from None
        return read_result(invocation, self.kind, simple=self.simple)

    def _event(self, received: Received, identity: tuple[str, ...]) -> Mapping[str, Any]:
        if self.type is AuthorizerKind.TOKEN:
            return token_event(received, identity[0])
        if self.kind is Kind.WEBSOCKET:
            return connect_event(received, received.extended_request_id)
        if self.kind is Kind.HTTP:
            return http_event(received, self.payload, identity)
        return request_event(received)

    def _by_policy(self, result: PolicyResult, received: Received, *, cached: bool) -> Grant:
        verdict = result.policy.evaluate(Call(arn=received.arn, conditions=received.conditions()))
        grant = Grant(
            told=Told.LAMBDA if self.kind is Kind.HTTP else Told.CONTEXT,
            context=result.context,
            principal=result.principal,
            usage_key=result.usage_key,
            outcome=verdict.outcome,
            cached=cached,
            warnings=(*result.warnings, *verdict.warnings),
        )
        if verdict.outcome is Outcome.EXPLICIT_DENY:
            raise refused_by(grant, self.kind)
        return grant


class PolicyRefusal(Exception):
    """A policy refuses the call. `grant` is what the authorizer said beside, which gateway responses may print."""

    def __init__(self, failure: Failure, grant: Grant) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.grant = grant


def refused_by(grant: Grant, kind: Kind) -> PolicyRefusal:
    """The refusal by a policy that denies, or says nothing."""
    explicit = grant.outcome is Outcome.EXPLICIT_DENY
    cause = (
        "an explicit deny in the authorizer's policy"
        if explicit
        else "the authorizer's policy says nothing of this call"
    )
    if grant.cached:
        cause += " (from the cache)"
    failure = forbidden(cause) if kind is Kind.HTTP else denied(explicit=explicit, cause=cause)
    return PolicyRefusal(failure, grant)


def forbidden(cause: str) -> Failure:
    """403 of an HTTP API."""
    return Failure(type=ResponseType.ACCESS_DENIED, message="Forbidden", cause=cause)
