"""Near misses of a key: whose key it is that did not fit. Keys of one issuer still never serve another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from authorizer.jose import signature
from authorizer.reasons import Class
from authorizer.tools.explain.deployment import known_keys
from authorizer.tools.explain.examination import Proof
from authorizer.tools.explain.finding import quietly
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note, brief, briefly

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.jose.keys import PublicKey
    from authorizer.jose.token import UnverifiedToken
    from authorizer.reasons import Reason
    from authorizer.tools.explain.deployment import Deployment
    from authorizer.tools.explain.examination import Examination
    from authorizer.verifiers.trusted_issuers import TrustedIssuer


class Signer(NamedTuple):
    """A published key that a signature is good under."""

    issuer: TrustedIssuer
    key: PublicKey

    def __str__(self) -> str:
        name = self.issuer.issuers[0]
        return f"{brief(name)}, kid {brief(self.key.kid)}" if self.key.kid is not None else brief(name)


def key_notes(examination: Examination, reasons: frozenset[Reason], deployment: Deployment) -> Iterator[Note]:
    """Who signed a token that the named issuer did not sign with the named key. Asks each configured issuer for its keys."""
    parts = examination.parts
    if parts is None or parts.seen is None or not parts.whole or examination.proof is Proof.PROVEN:
        return
    if any(reason.klass is Class.DEPENDENCY for reason in reasons):  # it may well be the named issuer's
        return
    token, own = parts.seen, examination.issuer
    for issuer in deployment.issuers:  # so that the keys are there
        quietly(partial(issuer.keys.find, token.header, deployment.now))
    signer = _signer(token, deployment.issuers)
    if signer is not None:
        if signer.issuer is not own or signer.key.kid != token.header.kid:
            yield Note(_kind(signer, token, own), f"the signature is by {signer}")
    elif own is None or not _knows(own, token.header.kid):
        others = [one.issuers[0] for one in deployment.issuers if _knows(one, token.header.kid)]
        if others:
            yield Note(NearMiss.KEY_OF_OTHER_ISSUER, f"a key with this kid is one of {briefly(others)}")


def _kind(signer: Signer, token: UnverifiedToken, own: TrustedIssuer | None) -> NearMiss:
    if signer.issuer is own:
        return NearMiss.KEY_OF_OTHER_KID
    same = token.header.kid is not None and signer.key.kid == token.header.kid
    return (
        NearMiss.KID_REUSED
        if same and own is not None and _knows(own, token.header.kid)
        else NearMiss.KEY_OF_OTHER_ISSUER
    )


def _signer(token: UnverifiedToken, issuers: Sequence[TrustedIssuer]) -> Signer | None:
    for issuer in issuers:
        keys = known_keys(issuer)
        for key in (key for same in (keys.keys if keys else {}).values() for key in same):
            if quietly(partial(signature.prove, token, key)) is not None:
                return Signer(issuer, key)
    return None


def _knows(issuer: TrustedIssuer, kid: str | None) -> bool:
    keys = known_keys(issuer)
    return kid is not None and keys is not None and keys.knows(kid)
