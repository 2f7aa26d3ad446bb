"""Where the gateway's own authorizers get keys from: whoever stands in for the issuers of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Unreachable(Exception):
    """The issuer cannot be asked, or nobody stands in for it. The text names the document: discovery or keys."""


class Issuers(Protocol):
    """The issuers that can be asked."""

    def key_set(self, issuer: str) -> Mapping[str, Any]:
        """The JWK Set (RFC 7517 section 5) that an issuer publishes now; `Unreachable` when it cannot be had."""
        ...
