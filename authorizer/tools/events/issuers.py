"""The issuers that the settings of the sample events trust: names, claims, and keys that are made anew in each run.

No private key is ever written: whoever wants another token makes all of them anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from authorizer.testing import (
    SigningKey,
    cognito_access_claims,
    cognito_id_claims,
    cognito_resource_bound_claims,
    default_claims,
    mint,
)
from authorizer.testing.cognito import CLIENT_ID, USER_POOL_ID
from authorizer.testing.mint import changed

if TYPE_CHECKING:
    from collections.abc import Mapping

ISSUED: Final = 1_704_067_200  # 2024-01-01
UNTIL: Final = 4_070_908_800  # 2099-01-01: what is valid now stays so, and what is not valid yet, too
AFTERWARDS: Final = 4_102_444_800  # 2100-01-01
LAPSED: Final = 1_577_836_800  # 2020-01-01

AUDIENCE: Final = "orders-api"
SCOPE: Final = "orders/read"
ADMINS: Final = "admins"

LOGIN: Final = "https://login.example.com/"  # kind jwt, every algorithm and every sort of key
PARTNER: Final = "https://partner.example.com"  # kind oidc with RFC 9068, required and expected claims; EdDSA only
AGED: Final = "https://aged.example.com"  # kind jwt with max_age
BRIEF: Final = "https://brief.example.com"  # kind jwt with max_lifetime
USERS: Final = USER_POOL_ID  # a pool whose access tokens count, not bound to a resource
MEMBERS: Final = "eu-west-1_JkLmNoPqR"  # a pool whose ID tokens count, and access tokens bound to RESOURCE
CLIENT: Final = CLIENT_ID
MEMBERS_CLIENT: Final = "5i68lexampleclientid67890"
RESOURCE: Final = "https://api.example.com"

LOGIN_CLAIMS: Final = default_claims(ISSUED, aud=AUDIENCE, iss=LOGIN, exp=UNTIL, scope=SCOPE)
PARTNER_CLAIMS: Final = default_claims(
    ISSUED,
    aud=AUDIENCE,
    iss=PARTNER,
    exp=UNTIL,
    scope=SCOPE,
    client_id="partner-app",
    jti="44444444-5555-4666-8777-888888888888",
    email="jane@example.com",
    tenant="north",
)
AGED_CLAIMS: Final = default_claims(ISSUED, aud=AUDIENCE, iss=AGED, exp=UNTIL, scope=SCOPE)
BRIEF_CLAIMS: Final = default_claims(ISSUED, aud=AUDIENCE, iss=BRIEF, exp=UNTIL, scope=SCOPE)

# Which algorithm each key is made for; the name is its kid.
_ALGORITHMS: Final = {
    "rsa": "RS256",
    "p256": "ES256",
    "p384": "ES384",
    "ed": "EdDSA",
    "enc": "EdDSA",  # published with use enc
    "twin": "EdDSA",  # published beside another key with the same kid
    "users": "RS256",
    "members": "RS256",
    "partner": "EdDSA",
    "aged": "EdDSA",
    "brief": "EdDSA",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuers:
    """Everyone who signs sample tokens. Each method mints a token that passes, but for what the overrides change."""

    keys: Mapping[str, SigningKey] = field(repr=False)
    other_twin: SigningKey = field(repr=False)

    @classmethod
    def new(cls) -> Issuers:
        """Issuers with new keys."""
        keys = {kid: SigningKey.generate(algorithm, kid=kid) for kid, algorithm in _ALGORITHMS.items()}
        return cls(keys=keys, other_twin=SigningKey.generate("EdDSA", kid="twin"))

    def login(self, kid: str = "rsa", *, header: Mapping[str, object] | None = None, **overrides: object) -> str:
        """An access token of the issuer with all algorithms."""
        return mint(self.keys[kid], changed(LOGIN_CLAIMS, overrides), header=header)

    def partner(self, *, header: Mapping[str, object] | None = None, **overrides: object) -> str:
        """An access token as RFC 9068 says, with the claims that the settings ask for beyond it."""
        claims = changed(PARTNER_CLAIMS, overrides)
        return mint(self.keys["partner"], claims, header={"typ": "at+jwt", **(header or {})})

    def user(self, **overrides: object) -> str:
        """A Cognito access token of a signed-in user."""
        return self._cognito("users", user_claims(), overrides)

    def member(self, **overrides: object) -> str:
        """A Cognito ID token."""
        claims = cognito_id_claims(user_pool_id=MEMBERS, client_id=MEMBERS_CLIENT, now=ISSUED, exp=UNTIL)
        return self._cognito("members", claims, overrides)

    def bound_member(self, **overrides: object) -> str:
        """A Cognito access token that is bound to a resource (RFC 8707)."""
        claims = cognito_resource_bound_claims(RESOURCE, user_pool_id=MEMBERS, client_id=MEMBERS_CLIENT, now=ISSUED)
        return self._cognito("members", claims | {"exp": UNTIL, "scope": SCOPE}, overrides)

    def _cognito(self, kid: str, claims: Mapping[str, object], overrides: Mapping[str, object]) -> str:
        return mint(self.keys[kid], changed(claims, overrides), header={"typ": ...})  # Cognito's header has no typ


def user_claims() -> dict[str, object]:
    """The claims of a Cognito access token that passes."""
    return cognito_access_claims(now=ISSUED, exp=UNTIL, scope=f"openid {SCOPE}")
