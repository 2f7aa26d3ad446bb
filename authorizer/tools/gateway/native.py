"""What API Gateway's own authorizers, for user pools and for JWTs, say of a token: a grant with claims, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Refusal(Enum):
    """Why a token is refused, as far as clients can tell the cases apart."""

    MISSING = "missing"  # no token: 401; on HTTP APIs with the challenge `Bearer` alone
    INVALID = "invalid"  # 401; on HTTP APIs with `error="invalid_token"` and a description
    EXPIRED = "expired"  # 401; REST APIs have the gateway response EXPIRED_TOKEN for it
    SCOPE = "scope"  # the scopes of the route: 403 on HTTP APIs; on REST APIs sources differ


class NativeRefusal(Exception):
    """A token that is refused. `reason` is our own code for the cause (`authorizer reasons`), `description` API Gateway's
    words for it, in `error_description` and in the access log; neither holds anything of the token."""

    def __init__(self, refusal: Refusal, reason: str, description: str) -> None:
        super().__init__(reason)
        self.refusal = refusal
        self.reason = reason
        self.description = description


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeGrant:
    """A token that passed. `claims` are the texts that integrations get; `scopes` is None where the route asks for none."""

    claims: Mapping[str, str] = field(repr=False)
    scopes: tuple[str, ...] | None = None
