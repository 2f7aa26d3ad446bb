"""JWTs of trusted issuers: each issuer with its own keys, algorithms and profile, one parse for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from authorizer.errors import Fault, Refused, Unavailable
from authorizer.jose import signature, token
from authorizer.jose.claims import is_texts, kind, problems, wrong_type
from authorizer.model import Principal
from authorizer.provenance import Provenance
from authorizer.reasons import Reason
from authorizer.surface import Fact
from authorizer.verifiers.base import NOT_MINE, NotMine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from authorizer.jose.claims import Profile
    from authorizer.jose.key_source import KeySource
    from authorizer.jose.token import UnverifiedToken
    from authorizer.model import Credential, VerifiedClaims

JWT = "jwt"  # the name of this verifier in a rule's `verifiers`
MAX_LOGGED_ISSUER = 100  # characters of an unproven `iss`


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuer:
    """One issuer whose tokens count: all spellings of its `iss`, and what its tokens must look like."""

    issuers: tuple[str, ...]
    algorithms: frozenset[str]
    profile: Profile
    keys: KeySource = field(repr=False)


class TrustedIssuers:
    """The verifier of all JWTs. An issuer's keys are asked only for tokens that name that issuer."""

    reads: ClassVar[frozenset[Fact]] = frozenset({Fact.CREDENTIAL, Fact.CLOCK})

    def __init__(self, issuers: Iterable[TrustedIssuer]) -> None:
        self._issuers = {name: issuer for issuer in issuers for name in issuer.issuers}

    def verify(self, credential: Credential, now: float) -> Principal | NotMine:
        if not token.is_jwt(credential.value):
            return NOT_MINE
        unverified = token.parse(credential.value)
        issuer = self.issuer_of(unverified)
        if issuer is None:
            return NotMine(issuer=_printable(unverified.claims.get("iss")))
        return prove_by(issuer, unverified, now)

    def issuer_of(self, unverified: UnverifiedToken) -> TrustedIssuer | None:
        """The trusted issuer that a token names, nothing proven; None when it names another, or none."""
        name = unverified.claims.get("iss")
        return self._issuers.get(name) if type(name) is str else None


def prove_by(issuer: TrustedIssuer, unverified: UnverifiedToken, now: float) -> Principal:
    """The principal of a token that names this issuer; `Refused` or `Unavailable`, both with the token's provenance."""
    header, keys = unverified.header, None
    try:
        check_algorithm(unverified, issuer)
        key, keys = issuer.keys.find(header, now)
        claims = signature.prove(unverified, key)
        for problem in problems(claims, header.typ, issuer.profile, now):
            raise Refused(*problem)
        provenance = Provenance(issuer=claims["iss"], kid=key.kid, keys=keys, verifier=JWT)
        return principal(claims, issuer.profile, provenance)
    except (Refused, Unavailable) as error:
        error.provenance = Provenance(issuer=unverified.claims["iss"], kid=header.kid, keys=keys, verifier=JWT)
        raise


def check_algorithm(unverified: UnverifiedToken, issuer: TrustedIssuer) -> None:
    """Nothing when the issuer may sign with the token's algorithm; `Refused` otherwise (RFC 8725 section 3.1)."""
    if unverified.header.algorithm not in issuer.algorithms:
        expected = " or ".join(sorted(issuer.algorithms))
        raise Refused(Reason.ALG_NOT_ALLOWED, Fault(claim="alg", expected=expected, found=unverified.header.algorithm))


def principal(claims: VerifiedClaims, profile: Profile, provenance: Provenance) -> Principal:
    """Who the verified claims name; `Refused` when their scopes or groups are not what the standards say."""
    return Principal(
        subject=claims[profile.principal_claim],
        provenance=provenance,
        scopes=scopes_of(claims),
        groups=names_of(claims, profile.groups_claim),
        claims=claims,
    )


def scopes_of(claims: Mapping[str, Any]) -> frozenset[str] | None:
    """`scope` is text with spaces (RFC 8693 section 4.2); `scp`, where there is no `scope`, text or a list. Never merged."""
    if "scope" in claims:
        value = claims["scope"]
        if type(value) is not str:
            raise Refused(*wrong_type("scope", "text with spaces", value))
        return frozenset(value.split(" "))
    value = claims.get("scp")
    return frozenset(value.split(" ")) if type(value) is str else names_of(claims, "scp")


def names_of(claims: Mapping[str, Any], name: str) -> frozenset[str] | None:
    """The names in a claim that is text or a list of text; None when there is no such claim."""
    value = claims.get(name)
    if value is None:
        return None
    if type(value) is str:
        return frozenset({value})
    if not is_texts(value):
        raise Refused(*wrong_type(name, "text or a list of text", value))
    return frozenset(value)


def _printable(value: object) -> str:
    if type(value) is not str:
        return kind(value)
    return ascii(value)[1:-1][:MAX_LOGGED_ISSUER]
