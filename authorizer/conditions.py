"""What a rule may ask for beside scopes and groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from authorizer.surface import Fact

if TYPE_CHECKING:
    from authorizer.model import Principal
    from authorizer.requirement import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimIsParameter:
    """The claim equals a segment of the called path."""

    claim: str
    parameter: str
    index: int
    reads: ClassVar[frozenset[Fact]] = frozenset({Fact.CREDENTIAL, Fact.PATH})

    def value(self, principal: Principal) -> str | None:
        """The only text that the segment may have."""
        value = principal.claims.get(self.claim)
        text = str(value) if type(value) is int else value
        return (
            text
            if type(text) is str and re.fullmatch(r"[A-Za-z0-9._~-]{1,128}", text) and text not in (".", "..")
            else None
        )

    def check(self, asked: Asked) -> None:
        """Compares."""
        raise NotImplementedError
