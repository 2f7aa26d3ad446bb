"""Verified claims → the context that the backend and the access log see: chosen, scalar, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer.errors import Fault, Refused
from authorizer.jose.claims import kind
from authorizer.reasons import Reason
from authorizer.text import is_writable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.model import Principal

Scalar = str | int | float | bool

MAX_KEYS = 32
MAX_VALUE = 1024  # characters; what an integration puts into a header shares 10,240 bytes with all other headers
# Set by API Gateway itself in `requestContext.authorizer`, or, in a denial, by us.
RESERVED = frozenset(
    {"principalId", "integrationLatency", "claims", "scopes", "jwt", "lambda", "iam", "reason", "error"}
)


class ContextMap(NamedTuple):
    """Context key → claim name. A claim that the token does not have leaves its key out."""

    claims: tuple[tuple[str, str], ...] = ()

    def of(self, principal: Principal) -> Mapping[str, Scalar]:
        """The context of a grant; `Refused` when a chosen claim is not a bounded scalar."""
        claims = principal.claims
        return {key: _scalar(name, claims[name]) for key, name in self.claims if claims.get(name) is not None}


def _scalar(name: str, value: Any) -> Scalar:
    if type(value) is str and len(value) <= MAX_VALUE and is_writable(value):
        return value
    if (
        type(value) is bool
        or (type(value) is float and value - value == 0)
        or (type(value) is int and abs(value) < 2**63)
    ):
        return value
    expected = f"a number, a boolean, or at most {MAX_VALUE} characters, none of them for control"
    raise Refused(Reason.CONTEXT_VALUE_INVALID, Fault(claim=name, expected=expected, found=kind(value)))
