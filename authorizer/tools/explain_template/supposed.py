"""The same token with a signature that is good: for what an authorizer says of everything but the signature.

It is signed again, byte for byte, with a key that is thrown away, and the authorizer is shown that key as the issuer's. So
the authorizer's own code judges, and no check of it is written twice. The copy leaves this process in no way.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from authorizer.errors import Refused
from authorizer.jose import token as compact
from authorizer.testing.compact import encode
from authorizer.testing.keys import ALGORITHMS, SigningKey, key_set

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """A token, and who publishes the key that it is signed with (`gateway.issuers.Issuers`)."""

    token: str = field(repr=False)
    published: Mapping[str, Any] = field(repr=False)

    def key_set(self, issuer: str) -> Mapping[str, Any]:  # noqa: ARG002 - every issuer has signed it
        """The key that signed it."""
        return self.published


def supposed(text: str) -> Supposed:
    """The token with a good signature; one that cannot be read, or that nobody could sign, as it is."""
    try:
        seen = compact.parse(text)
    except Refused:
        return Supposed(token=text, published={})
    algorithm, kid = seen.header.algorithm, seen.header.kid
    if algorithm not in ALGORITHMS or kid is None:
        return Supposed(token=text, published={})
    key = replace(_thrown_away(algorithm), kid=kid)
    signed = seen.signing_input.decode("ascii")
    return Supposed(token=f"{signed}.{encode(key.sign(seen.signing_input))}", published=key_set(key))


@cache
def _thrown_away(algorithm: str) -> SigningKey:
    return SigningKey.generate(algorithm)
