"""Tokens as issuers sign them: good ones by default, wrong in exactly what a test changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer import clock
from authorizer.testing.compact import compact_json, raw_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.testing.keys import SigningKey

ISSUER = "https://issuer.example.com/"
AUDIENCE = "orders-api"
LIFETIME = 300  # seconds: short, as an access token should be


def default_claims(now: float | None = None, **overrides: object) -> dict[str, object]:
    """Claims of an access token for the orders API, issued at `now` (seconds since 1970; default: this moment)."""
    issued = int(clock.now() if now is None else now)
    claims: dict[str, object] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-1",
        "iat": issued,
        "nbf": issued,
        "exp": issued + LIFETIME,
        "scope": "orders:read",
    }
    return changed(claims, overrides)


def mint(
    key: SigningKey,
    claims: Mapping[str, object] | None = None,
    *,
    header: Mapping[str, object] | None = None,
    now: float | None = None,
    **overrides: object,
) -> str:
    """A signed token of `claims` (default: `default_claims(now)`) with `overrides`; a value of `...` drops the claim.

    `header` changes the header `{"alg": …, "kid": …, "typ": "JWT"}` in the same way. A wrong `alg` there does not
    change how the token is signed. Nothing is checked: what is asked for is signed.
    """
    base = default_claims(now) if claims is None else claims
    return raw_token(header_bytes(key, header or {}), compact_json(changed(base, overrides)), key.sign)


def header_bytes(key: SigningKey, changes: Mapping[str, object]) -> bytes:
    """The header of a token signed with the key, with members changed as `mint` does."""
    return compact_json(changed({"alg": key.algorithm, "kid": key.kid, "typ": "JWT"}, changes))


def changed(members: Mapping[str, object], overrides: Mapping[str, object]) -> dict[str, object]:
    """A copy of `members` with `overrides` in place; those that are `...` are dropped."""
    return {name: value for name, value in {**members, **overrides}.items() if value is not ...}
