"""Lambda authorizers for Amazon API Gateway: who sent this request, and may they?

Importing this package reads no settings and loads nothing heavy; every name below is loaded at its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from authorizer.version import VERSION as __version__

if TYPE_CHECKING:
    from authorizer.api import (
        ANY_AUDIENCE,
        ANY_CLIENT,
        cognito,
        http_authorizer,
        http_policy_authorizer,
        jwt,
        oidc,
        rest_authorizer,
        websocket_authorizer,
    )
    from authorizer.errors import ConfigError, EventError, Fault, Refused, Unavailable
    from authorizer.handler import Authorizer
    from authorizer.model import Credential, Principal
    from authorizer.provenance import Provenance
    from authorizer.reasons import Reason
    from authorizer.response import Unauthorized
    from authorizer.surface import Fact
    from authorizer.verifiers.base import NOT_MINE, NotMine, Verifier

_HOMES = {
    "authorizer.api": (
        "ANY_AUDIENCE",
        "ANY_CLIENT",
        "cognito",
        "http_authorizer",
        "http_policy_authorizer",
        "jwt",
        "oidc",
        "rest_authorizer",
        "websocket_authorizer",
    ),
    "authorizer.errors": ("ConfigError", "EventError", "Fault", "Refused", "Unavailable"),
    "authorizer.handler": ("Authorizer",),
    "authorizer.model": ("Credential", "Principal"),
    "authorizer.provenance": ("Provenance",),
    "authorizer.reasons": ("Reason",),
    "authorizer.response": ("Unauthorized",),
    "authorizer.surface": ("Fact",),
    "authorizer.verifiers.base": ("NOT_MINE", "NotMine", "Verifier"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ANY_AUDIENCE",
    "ANY_CLIENT",
    "NOT_MINE",
    "Authorizer",
    "ConfigError",
    "Credential",
    "EventError",
    "Fact",
    "Fault",
    "NotMine",
    "Principal",
    "Provenance",
    "Reason",
    "Refused",
    "Unauthorized",
    "Unavailable",
    "Verifier",
    "__version__",
    "cognito",
    "http_authorizer",
    "http_policy_authorizer",
    "jwt",
    "oidc",
    "rest_authorizer",
    "websocket_authorizer",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
