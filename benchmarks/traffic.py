"""Tokens and events, all different, so that no cache of results can help anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer.testing import Call, SigningKey, default_claims, http_v2, key_set, mint, rest_token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ISSUER = "https://issuer.example.com/"
AUDIENCE = "orders-api"
SCOPE = "orders:read"
DISTINCT = 500
DAY = 86_400  # seconds: longer than any run


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """One signing key, and what arrives with its tokens."""

    key: SigningKey = field(repr=False)
    tokens: Sequence[str] = field(repr=False)

    @classmethod
    def of(cls, algorithm: str) -> Traffic:
        """`DISTINCT` tokens of different subjects, by a new key."""
        key = SigningKey.generate(algorithm)
        claims = default_claims(iss=ISSUER, aud=AUDIENCE, scope=f"{SCOPE} orders:write", client_id="web")
        claims["exp"] = int(str(claims["iat"])) + DAY
        tokens = [mint(key, claims, sub=f"user-{number}", jti=f"{number:032x}") for number in range(DISTINCT)]
        return cls(key=key, tokens=tokens)

    @property
    def jwks(self) -> dict[str, Any]:
        """The key set of the issuer."""
        return key_set(self.key)

    def http_events(self, call: Call | None = None) -> list[dict[str, Any]]:
        """An event of payload 2.0 for each token."""
        return [http_v2(token, call or Call()) for token in self.tokens]

    def token_events(self, call: Call) -> list[dict[str, Any]]:
        """An event of a TOKEN authorizer for each token."""
        return [rest_token(token, call) for token in self.tokens]

    def settings(self, routes: Sequence[str] = ("GET /orders/{id}",)) -> Mapping[str, Any]:
        """Settings with static keys and a scope for each route."""
        issuer = {"kind": "jwt", "issuer": ISSUER, "audience": [AUDIENCE], "jwks": self.jwks}
        issuer["algorithms"] = ["Ed25519" if self.key.algorithm == "EdDSA" else self.key.algorithm]
        return {
            "issuer": [issuer],
            "route": [{"match": match, "scopes": [SCOPE]} for match in routes],
            "log": {"service": "benchmark"},
        }
