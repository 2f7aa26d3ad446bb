"""A token asked everything that the Lambda asks, past the first fault. It decides nothing: it collects what stages say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast

from authorizer.jose import signature
from authorizer.jose.claims import Profile, problems, usable_subject
from authorizer.jose.key_source import StaticKeys
from authorizer.jose.token import is_jwt
from authorizer.model import Credential, Principal
from authorizer.provenance import Provenance
from authorizer.tools.explain.finding import Findings
from authorizer.tools.explain.issuer_notes import same_issuer
from authorizer.tools.explain.parts import read_parts
from authorizer.verifiers.base import prove
from authorizer.verifiers.trusted_issuers import JWT, check_algorithm, names_of, principal, scopes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.jose.key_source import FoundKey
    from authorizer.model import VerifiedClaims
    from authorizer.tools.explain.deployment import Deployment
    from authorizer.tools.explain.parts import Parts
    from authorizer.tools.explain.sent_credential import SentCredential
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

_TIMES: Final = ("exp", "nbf", "iat")  # all that can be said of the claims of an unknown issuer
_UNNAMED: Final = "unnamed"  # stands where the token has no usable subject


class Proof(Enum):
    """What became of the signature."""

    PROVEN = "good"
    DISPROVEN = "not by the key that the token names"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What the stages got out of a token. `issuer` is the one that it names, or, not `named`, the one it almost names."""

    parts: Parts | None = None
    issuer: TrustedIssuer | None = None
    named: bool = False
    key: FoundKey | None = None
    proof: Proof = Proof.UNCHECKED
    principal: Principal | None = None  # whom it would name; proven only if its signature is

    @property
    def claims(self) -> Mapping[str, Any]:
        """As the token has them, proven or not; none where they cannot be read."""
        return self.parts.seen.claims if self.parts is not None and self.parts.seen is not None else {}


def examine(sent: SentCredential, deployment: Deployment, findings: Findings) -> Examination:
    """The token from its form to its principal; whatever a stage refuses for is a finding."""
    parts = _parts(sent, deployment, findings)
    if parts is None or parts.seen is None:
        return Examination(parts=parts)
    named = deployment.trusted.issuer_of(parts.seen)
    issuer = named or _almost_named(parts, deployment, findings)
    if issuer is None:
        _say_times(parts, deployment.now, findings)
        return Examination(parts=parts)
    key, proof = _proof(parts, issuer, deployment.now, findings, recoded=sent.recoded)
    return Examination(
        parts=parts,
        issuer=issuer,
        named=named is not None,
        key=key,
        proof=proof,
        principal=_principal(parts, issuer, deployment.now, findings, unproven=proof is not Proof.PROVEN),
    )


def _parts(sent: SentCredential, deployment: Deployment, findings: Findings) -> Parts | None:
    """The parts of what was meant, after what is wrong with the form of what was sent."""
    found, parts = sent.found, None
    if found is not None and not is_jwt(found.value):
        findings.passed(lambda: prove(deployment.verifiers, found, deployment.now))
    elif found is not None:
        parts = read_parts(found.value)
        findings.add_all(parts.problems)
    if sent.token is None or (found is not None and found.value == sent.token):
        return parts
    parts = read_parts(sent.token)
    findings.add_all(parts.problems)
    return parts


def _almost_named(parts: Parts, deployment: Deployment, findings: Findings) -> TrustedIssuer | None:
    findings.passed(lambda: prove(deployment.verifiers, Credential(parts.shell, ""), deployment.now))
    assert parts.seen is not None
    name = parts.seen.claims.get("iss")
    near = same_issuer(name, deployment.issuer_names) if isinstance(name, str) else None
    return next((issuer for issuer in deployment.issuers if near in issuer.issuers), None)


def _say_times(parts: Parts, now: float, findings: Findings) -> None:
    assert parts.seen is not None
    typ = parts.seen.header.typ
    profile = Profile(audience=None, token_types=frozenset({typ}))
    wrong = (problem for problem in problems(parts.seen.claims, typ, profile, now) if problem.fault.claim in _TIMES)
    findings.add_all(wrong, unproven=True)


def _proof(
    parts: Parts, issuer: TrustedIssuer, now: float, findings: Findings, *, recoded: bool
) -> tuple[FoundKey | None, Proof]:
    """Algorithm, key and signature, as far as the header can be read. `recoded`: the signed bytes may have been others."""
    token = parts.seen
    assert token is not None
    before = len(findings)
    if parts.faulty.isdisjoint(("header", "alg")):
        findings.passed(lambda: check_algorithm(token, issuer))
    refused = len(findings) > before
    if not parts.faulty <= {"payload", "signature"} or (refused and not isinstance(issuer.keys, StaticKeys)):
        return None, Proof.UNCHECKED  # nothing is fetched for a token whose key nobody would look for
    key = findings.passed(lambda: issuer.keys.find(token.header, now))
    if key is None or not parts.whole:
        return key, Proof.UNCHECKED
    asked = Findings() if recoded else findings
    if asked.passed(lambda: signature.prove(token, key.key)) is not None:
        return key, Proof.PROVEN
    return key, Proof.UNCHECKED if recoded else Proof.DISPROVEN


def _principal(
    parts: Parts, issuer: TrustedIssuer, now: float, findings: Findings, *, unproven: bool
) -> Principal | None:
    """Whom the claims would name; None when their scopes or groups cannot be read."""
    assert parts.seen is not None
    claims, profile = parts.seen.claims, issuer.profile
    typ = parts.seen.header.typ if "header" not in parts.faulty else min(profile.token_types, key=str)
    findings.add_all(problems(claims, typ, profile, now), unproven=unproven)
    before = len(findings)
    findings.passed(lambda: scopes_of(claims), unproven=unproven)
    findings.passed(lambda: names_of(claims, profile.groups_claim), unproven=unproven)
    if len(findings) > before:
        return None
    name = profile.principal_claim
    subject = claims[name] if usable_subject(claims.get(name)) else _UNNAMED
    # The only place that takes unproven claims for proven ones: for the rules to say what they would say.
    supposed = cast("VerifiedClaims", claims | {name: subject})
    return principal(supposed, profile, Provenance(issuer=issuer.issuers[0], verifier=JWT))
