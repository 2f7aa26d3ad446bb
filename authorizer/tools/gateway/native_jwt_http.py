"""The JWT authorizer of HTTP APIs. AWS: "Control access to HTTP APIs with JWT authorizers"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.errors import Fault, Refused
from authorizer.reasons import Reason
from authorizer.tools.gateway.claim_texts import http_texts
from authorizer.tools.gateway.native import NativeGrant
from authorizer.tools.gateway.native_token import (
    DISCOVERY,
    KEYS,
    check_audience,
    check_contents,
    check_header,
    check_scopes,
    fetch_keys,
    native_refusal,
    prove,
    read,
    scopes_in,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.jose.key_set import KeySet
    from authorizer.jose.token import UnverifiedToken
    from authorizer.tools.gateway.issuers import Issuers

KEPT_FOR: Final = 7200  # seconds; AWS: "API Gateway can cache the public key for two hours"
MAX_KEY_SET: Final = 150_000  # bytes; AWS: "Quotas for configuring and running an HTTP API"
_ALGORITHMS: Final = ("RS256", "RS384", "RS512")  # AWS: "only RSA-based algorithms"; nobody has seen PS256 pass

_SEGMENTS: Final = "token contains an invalid number of segments"
_AUDIENCE: Final = "the token does not have a valid audience"
_KEYS: Final = "JWKS communication error"
_SEEN: Final = {  # in answers or access logs of API Gateway
    Reason.CREDENTIAL_MISSING: "token not provided",
    Reason.CREDENTIAL_KIND_UNKNOWN: _SEGMENTS,
    Reason.TOKEN_ENCRYPTED: _SEGMENTS,
    Reason.TOKEN_EXPIRED: "the token has expired",
    Reason.ISSUER_UNKNOWN: "issuer does not match",
    Reason.AUDIENCE_MISSING: _AUDIENCE,
    Reason.AUDIENCE_MISMATCH: _AUDIENCE,
}
_NOT_SEEN: Final = {  # guessed: the words of the Go library jwt-go, whose style the seen ones have
    Reason.CREDENTIAL_SCHEME_UNSUPPORTED: _SEGMENTS,
    Reason.CREDENTIAL_MALFORMED: _SEGMENTS,
    Reason.TOKEN_BASE64_INVALID: "illegal base64 data",
    Reason.TOKEN_JSON_INVALID: "invalid character in JSON",
    Reason.ALG_MISSING: "signing method (alg) is unspecified",
    Reason.ALG_UNSUPPORTED: "signing method (alg) is unavailable",
    Reason.SIGNATURE_MISSING: "crypto/rsa: verification error",
    Reason.SIGNATURE_INVALID: "crypto/rsa: verification error",
    Reason.TOKEN_NOT_YET_VALID: "the token is not valid yet",
    Reason.TOKEN_ISSUED_IN_FUTURE: "the token is used before issued",
    Reason.SCOPE_MISSING: "the token does not have a valid scope",
    Reason.SCOPE_INSUFFICIENT: "the token does not have a valid scope",
}
_NOT_SEEN_EITHER: Final = "the token is unverifiable"
_METHODS: Final = frozenset({Reason.ALG_NONE, Reason.ALG_SYMMETRIC, Reason.ALG_NOT_ALLOWED})


@dataclass(slots=True, kw_only=True)
class KeptKeys:
    """The keys that an authorizer holds of its issuer, and since when."""

    keys: KeySet | None = field(default=None, repr=False)
    since: float = 0

    def at(self, now: float) -> KeySet | None:
        """The keys, for two hours; None before and after."""
        return self.keys if self.since <= now < self.since + KEPT_FOR else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpJwtAuthorizer:
    """One issuer and the audiences of which a token must name one.

    Keys are kept for the whole two hours for which API Gateway may, so that a withdrawn key may verify for that long.
    For a `kid` that is not among them the issuer is asked at once: AWS does not say whether API Gateway does that too, but
    nobody tells of new keys that are refused for two hours.
    """

    issuer: str
    audience: tuple[str, ...]
    issuers: Issuers = field(repr=False)
    kept: KeptKeys = field(default_factory=KeptKeys, repr=False, compare=False)

    def check(self, token: str | None, scopes: tuple[str, ...], now: float) -> NativeGrant:
        """The grant for a header's value, with the route's scopes and the time; `NativeRefusal` for any other token.

        The order is that of AWS's page: algorithm and signature, `kid`, `iss`, `aud` or `client_id`, the times, the scopes.
        Claims are as `http_texts` writes them; `scopes` are all of the token's, those of `scope` before those of `scp`. No
        source says which of the two claims API Gateway prefers where a token has both.
        """
        try:
            unverified = read(token)
            check_header(unverified, _ALGORITHMS)
            claims = prove(unverified, self._keys(unverified, now))
            self._check_issuer(claims)
            check_audience(claims, self.audience)
            check_contents(claims, unverified.header.typ, now)
            held = check_scopes(scopes_in(claims, "scope", "scp"), scopes)
        except Refused as refused:
            raise native_refusal(refused, _description(refused)) from None
        return NativeGrant(claims=http_texts(claims), scopes=held)

    def _keys(self, unverified: UnverifiedToken, now: float) -> KeySet:
        keys = self.kept.at(now)
        if keys is None or not keys.knows(unverified.header.kid):
            keys = fetch_keys(self.issuers, self.issuer, MAX_KEY_SET)
            self.kept.keys, self.kept.since = keys, now
        if not keys.knows(
            unverified.header.kid
        ):  # not captured what is said then; that it is another's token tells more
            self._check_issuer(unverified.claims)
        return keys

    def _check_issuer(self, claims: Mapping[str, Any]) -> None:
        """RFC 7519 section 4.1.1, to the last slash."""
        if claims.get("iss") != self.issuer:
            raise Refused(Reason.ISSUER_UNKNOWN, Fault(claim="iss", expected=self.issuer, found="another"))


def _description(refused: Refused) -> str:
    """API Gateway's words for `error_description`; nothing of them is from the token but the name of a known algorithm."""
    reason, fault = refused.reason, refused.fault
    if reason in _METHODS:
        return f"signing method {fault.found} is invalid"
    if fault.claim in ("aud", "client_id"):
        return _AUDIENCE
    if fault.claim == DISCOVERY:
        return "OIDC discovery endpoint communication error"
    if fault.claim == KEYS:
        return _KEYS
    return _SEEN.get(reason) or _NOT_SEEN.get(reason, _NOT_SEEN_EITHER)
