"""One issuer that we stand in for: the names it answers for, its clients, and the keys it signs with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from authorizer.testing import ALGORITHMS
from authorizer.tools.local_issuer.key_ring import ALWAYS, KeyRing

if TYPE_CHECKING:
    from authorizer.tools.local_issuer.client import Client

Kind = Literal["cognito", "oidc"]
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """One issuer. `issuers` are all forms of its `iss`, tokens have the first; `name` is its place in our own URLs.

    `audience`: the APIs its access tokens are for; a user pool writes it only where there is one, as for a token that is
    bound to a resource (RFC 8707). `keys_at`: where its keys are published beside the places that discovery names.
    """

    name: str
    kind: Kind
    issuers: tuple[str, ...]
    audience: tuple[str, ...] = ()
    clients: tuple[Client, ...] = ()
    scopes: tuple[str, ...] = ()
    keys_at: tuple[str, ...] = ()
    keys: KeyRing = field(default_factory=KeyRing, repr=False, compare=False)

    def __post_init__(self) -> None:
        if _SLUG.fullmatch(self.name) is None:
            raise ValueError("the name of a stand-in is made of a-z, 0-9 and -, and has at most 63 characters")
        if not self.issuers:
            raise ValueError("a stand-in answers for one issuer at least")

    @property
    def issuer(self) -> str:
        """The `iss` of its tokens."""
        return self.issuers[0]

    @property
    def algorithms(self) -> tuple[str, ...]:
        """What it can sign with. User pools sign with RS256, whatever is asked of them."""
        return (ALWAYS,) if self.kind == "cognito" else ALGORITHMS

    @property
    def groups_claim(self) -> str:
        """The claim with the groups of a user."""
        return "cognito:groups" if self.kind == "cognito" else "groups"

    def client(self, client_id: str) -> Client | None:
        """The client with this id; None when there is none."""
        return next((client for client in self.clients if client.id == client_id), None)
