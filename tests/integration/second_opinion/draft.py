"""A good token before it is signed: what every mutation starts from, so that it breaks one thing only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from authorizer.testing.compact import Signer, compact_json, encode, sealed
from authorizer.testing.mint import changed

if TYPE_CHECKING:
    from random import Random

    from authorizer.testing import SigningKey

NOW = 1_795_428_000  # seconds since 1970: all voices are asked about this moment
LEEWAY = 30
ISSUER = "https://issuer.example.com/"
AUDIENCE = "orders-api"
OTHER_AUDIENCE = "billing-api"  # accepted as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What would be a good token, with the keys that an attack on it may use. Every method returns a token."""

    key: SigningKey  # published; signs unless a mutation says otherwise
    next_key: SigningKey  # published too, for the same algorithm
    foreign: SigningKey = field(repr=False)  # published by nobody
    published: Mapping[str, SigningKey] = field(repr=False)  # by algorithm
    header: Mapping[str, object]
    claims: Mapping[str, object]
    random: Random = field(repr=False)

    def good(self) -> str:
        """Nothing is wrong with it."""
        return self.of_bytes()

    def with_claims(self, **changes: object) -> str:
        """The token of other claims; those that are `...` are dropped."""
        return self.of_bytes(payload=compact_json(changed(self.claims, changes)))

    def with_header(self, *, signer: Signer | None = None, **changes: object) -> str:
        """The token of another header, signed with the same key unless there is a `signer`."""
        return self.of_bytes(header=compact_json(changed(self.header, changes)), signer=signer)

    def of_bytes(
        self, *, header: bytes | None = None, payload: bytes | None = None, signer: Signer | None = None
    ) -> str:
        """The token of any bytes at all, signed as they are."""
        return self.of_segments(
            encode(self.header_bytes if header is None else header),
            encode(self.payload_bytes if payload is None else payload),
            signer,
        )

    def of_segments(self, header: str, payload: str, signer: Signer | None = None) -> str:
        """The token of any text at all, signed as it is."""
        return sealed(header, payload, signer or self.key.sign)

    @property
    def header_bytes(self) -> bytes:
        """The header as it would be signed."""
        return compact_json(self.header)

    @property
    def payload_bytes(self) -> bytes:
        """The claims as they would be signed."""
        return compact_json(self.claims)


Mutate = Callable[[Draft], str]
