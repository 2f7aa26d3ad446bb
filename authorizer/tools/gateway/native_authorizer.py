"""API Gateway's own authorizers in an API: where the token is, and what a client sees of a refusal.

Sources: API Gateway Developer Guide, "Control access to REST APIs using Amazon Cognito user pools as an authorizer",
"Control access to HTTP APIs with JWT authorizers" and "Troubleshooting JWT authorizer issues".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.cache import MissingIdentity
from authorizer.tools.gateway.failure import Failure, ResponseType, unauthorized
from authorizer.tools.gateway.grant import Grant, Told
from authorizer.tools.gateway.lambda_authorizer import forbidden
from authorizer.tools.gateway.native import NativeGrant, NativeRefusal, Refusal

if TYPE_CHECKING:
    from authorizer.tools.gateway.cache import IdentitySources
    from authorizer.tools.gateway.received import Received

EXPIRED: Final = "The incoming token has expired"


class Native(Protocol):
    """What checks a token."""

    def check(self, token: str | None, scopes: tuple[str, ...], now: float) -> NativeGrant:
        """The grant; `NativeRefusal` for a token that does not pass. `scopes` are those of the route."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeAuthorizer:
    """One authorizer."""

    kind: Kind
    sources: IdentitySources
    native: Native

    def check(self, received: Received) -> Grant:
        """The grant; a `Failure` of 401 or 403."""
        scopes = received.scopes
        try:
            found = self.native.check(self.token(received), scopes, received.at)
        except NativeRefusal as refused:
            raise self._failure(refused, scopes) from None
        return Grant(told=Told.CLAIMS, context=found.claims, scopes=found.scopes)

    def token(self, received: Received) -> str | None:
        """What is in the identity source; None where nothing is."""
        try:
            return next(iter(self.sources.values(received.visit())), None)
        except MissingIdentity:
            return None

    def _failure(self, refused: NativeRefusal, scopes: tuple[str, ...]) -> Failure:
        cause = f"{refused.reason}: {refused.description}"
        if self.kind is not Kind.HTTP:
            return _of_rest(refused, cause)
        if refused.refusal is Refusal.SCOPE:
            return forbidden(cause)
        if refused.refusal is Refusal.MISSING:
            return unauthorized(cause, "Bearer")
        wanted = f' scope="{" ".join(scopes)}"' if scopes else ""
        return unauthorized(cause, f'Bearer{wanted} error="invalid_token" error_description="{refused.description}"')


def _of_rest(refused: NativeRefusal, cause: str) -> Failure:
    """Of the scope the sources say 401 and 403; here it is 401."""
    if refused.refusal is Refusal.EXPIRED:
        return Failure(type=ResponseType.EXPIRED_TOKEN, message=EXPIRED, cause=cause)
    return unauthorized(cause)
