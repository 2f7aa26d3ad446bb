"""The values that travel down the pipeline: `Request`, `Credential`, `Principal`, `Allow | Deny`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, NewType

from authorizer.errors import NO_FAULT, Fault
from authorizer.fields import NO_FIELDS, Fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.arn import MethodArn
    from authorizer.provenance import Provenance
    from authorizer.reasons import Reason
    from authorizer.surface import Surface

# Only `authorizer.jose.signature.prove` makes one: a claims object whose bytes were signed by a key we trust.
VerifiedClaims = NewType("VerifiedClaims", "Mapping[str, Any]")
NO_CLAIMS = VerifiedClaims(MappingProxyType({}))  # of a principal that no token proved

# What every request makes is a NamedTuple: as immutable as a frozen dataclass, and made in a third of the time.


class Request(NamedTuple):
    """What was called, in words that no longer depend on the API type."""

    surface: Surface
    arn: MethodArn
    method: str
    template: str | None  # "/orders/{id}", "$default", "$connect"; None where the event has none (TOKEN)
    fields: Fields = NO_FIELDS  # headers, query, cookies: untrusted
    token: str | None = None  # the one header value of a TOKEN event: untrusted
    request_id: str | None = None

    def __repr__(self) -> str:
        return f"Request(surface={self.surface!r}, route={self.route!r})"

    @property
    def route(self) -> str:
        """`GET /orders/{id}`; for a TOKEN event, which has no template, the called path."""
        template = self.template if self.template is not None else self.arn.path
        return template if template.startswith("$") else f"{self.method} {template}"


class Credential(NamedTuple):
    """The one credential of a request. Untrusted; the value never appears in a representation."""

    value: str
    place: str  # "header:authorization", "query:access_token", "cookie:session"

    def __repr__(self) -> str:
        return f"Credential(place={self.place!r})"


class Principal(NamedTuple):
    """Who sent the request, proven. Scopes and groups are None where the credential has no such claim at all."""

    subject: str
    provenance: Provenance | None = None
    scopes: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    claims: VerifiedClaims = NO_CLAIMS

    def __repr__(self) -> str:
        return f"Principal(provenance={self.provenance!r})"


class Allow(NamedTuple):
    """The request is granted. Only `rules.py` makes one."""

    principal: Principal
    rule: str
    context: Mapping[str, str | int | float | bool]

    def __repr__(self) -> str:
        return f"Allow(rule={self.rule!r})"


class Deny(NamedTuple):
    """The request is refused, for one reason. `principal` is whom the credential had proven by then."""

    reason: Reason
    fault: Fault = NO_FAULT
    rule: str | None = None
    principal: Principal | None = None

    def __repr__(self) -> str:
        return f"Deny(reason={self.reason!r}, fault={self.fault!r}, rule={self.rule!r})"


Decision = Allow | Deny
