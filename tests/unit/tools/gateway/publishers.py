"""Issuers whose key sets a native authorizer asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.tools.gateway.issuers import Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping


class Publishers:
    """The key sets of issuers; the others cannot be reached."""

    def __init__(self, sets: Mapping[str, Any]) -> None:
        self.sets = sets

    def key_set(self, issuer: str) -> Mapping[str, Any]:
        if issuer not in self.sets:
            raise Unreachable("keys")
        found: Mapping[str, Any] = self.sets[issuer]
        return found
