"""A token before it is signed: what makes a good one, for those who sign it and for those who break it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from authorizer.testing import mint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.testing import SigningKey
    from authorizer.tools.local_issuer.key_ring import TokenUse
    from authorizer.tools.local_issuer.stand_in import StandIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A token to be. `typ` None: its header has none. `now` and `lifetime` are in seconds."""

    stand_in: StandIn
    use: TokenUse
    key: SigningKey = field(repr=False)
    claims: Mapping[str, object] = field(repr=False)
    typ: str | None
    now: int
    lifetime: int

    def signed(self, key: SigningKey | None = None, **header: object) -> str:
        """The token; `header` replaces members of its header, or drops those that are `...`."""
        typ = ... if self.typ is None else self.typ
        return mint(key or self.key, self.claims, header={"typ": typ, **header})

    def changed(self, claims: Mapping[str, object]) -> Draft:
        """The same with other claims; those that are None are dropped."""
        merged = {name: value for name, value in {**self.claims, **claims}.items() if value is not None}
        return replace(self, claims=merged)
