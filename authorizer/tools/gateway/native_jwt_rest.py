"""The JWT authorizer of REST APIs, new in 2026. AWS: "Control access to REST APIs with JWT authorizers"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.errors import Fault, Refused
from authorizer.jose.claims import missing, wrong_type
from authorizer.reasons import Reason
from authorizer.tools.gateway.claim_texts import rest_texts
from authorizer.tools.gateway.native import NativeGrant
from authorizer.tools.gateway.native_token import (
    check_audience,
    check_contents,
    check_header,
    check_scopes,
    fetch_keys,
    prove,
    read,
    rest_refusal,
    scopes_in,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.jose.token import UnverifiedToken
    from authorizer.tools.gateway.issuers import Issuers

JWT_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
RESERVED_CLAIMS: Final = frozenset({"iss", "aud", "exp", "nbf", "iat", "scope", "scp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalClaim:
    """One more claim to look at, of the format `SINGLE_STRING`; `ValueError` for what AWS does not let be set up.

    Without `required` a token may do without the claim. Without an expected value any text will do.
    """

    name: str
    required: bool = False
    expected_values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name or self.name in RESERVED_CLAIMS:
            raise ValueError(f"found the additional claim {self.name!r}; right would be one that is not checked anyway")
        if len(self.expected_values) > 1:
            raise ValueError(f"found {len(self.expected_values)} expected values of {self.name!r}; right would be one")

    def check(self, claims: Mapping[str, Any]) -> None:
        """Nothing where the claim is as it must be; `Refused` otherwise. Values are compared exactly, with their case."""
        if self.name not in claims:
            if self.required:
                raise Refused(*missing(self.name))
            return
        value = claims[self.name]
        if type(value) is not str:
            raise Refused(*wrong_type(self.name, "text", value))
        if self.expected_values and value not in self.expected_values:
            expected = " or ".join(self.expected_values)
            fault = Fault(claim=self.name, expected=expected, found="another value")
            raise Refused(Reason.CLAIM_VALUE_MISMATCH, fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedJwtIssuer:
    """An issuer as its tokens spell it, to the last slash, the audiences of which one must be named, and further claims."""

    issuer: str
    audiences: tuple[str, ...]
    additional_claims: tuple[AdditionalClaim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RestJwtAuthorizer:
    """The issuers whose tokens count, and the algorithms that all of them may sign with (`defaultAlgorithms`).

    `ValueError` for an algorithm that AWS does not offer. Keys are asked for at every check: for how long API Gateway keeps
    them is not documented, nor what it does when they cannot be had; here the token is refused.
    """

    trusted: tuple[TrustedJwtIssuer, ...]
    algorithms: tuple[str, ...]
    issuers: Issuers = field(repr=False)

    def __post_init__(self) -> None:
        for name in self.algorithms:
            if name not in JWT_ALGORITHMS:
                raise ValueError(f"found the algorithm {name!r}; right would be {', '.join(JWT_ALGORITHMS)}")

    def check(self, token: str | None, scopes: tuple[str, ...], now: float) -> NativeGrant:
        """The grant for a header's value, with the method's scopes and the time; `NativeRefusal` for any other token.

        A scope in `scope` or in `scp` will do. Not documented, and as with the other authorizers here: `client_id` counts
        where there is no `aud`, as on HTTP APIs; a `kid` is needed; claims are as `rest_texts` writes them; all that is
        refused is 401 but for scopes.
        """
        try:
            unverified = read(token)
            check_header(unverified, self.algorithms)
            issuer = self._issuer_of(unverified)
            claims = prove(unverified, fetch_keys(self.issuers, issuer.issuer))
            check_audience(claims, issuer.audiences)
            check_contents(claims, unverified.header.typ, now)
            for claim in issuer.additional_claims:
                claim.check(claims)
            held = check_scopes(scopes_in(claims, "scope", "scp"), scopes)
        except Refused as refused:
            raise rest_refusal(refused) from None
        return NativeGrant(claims=rest_texts(claims), scopes=held)

    def _issuer_of(self, unverified: UnverifiedToken) -> TrustedJwtIssuer:
        """The issuer that a token names, nothing proven (RFC 7519 section 4.1.1)."""
        for trusted in self.trusted:
            if unverified.claims.get("iss") == trusted.issuer:
                return trusted
        expected = " or ".join(trusted.issuer for trusted in self.trusted)
        raise Refused(Reason.ISSUER_UNKNOWN, Fault(claim="iss", expected=expected, found="another"))
