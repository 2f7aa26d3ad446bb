"""Near misses of a key: whose key it is that signed. Keys of one issuer still never serve another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from authorizer.jose import signature
from authorizer.reasons import Class
from authorizer.tools.explain.deployment import known_keys
from authorizer.tools.explain.examination import Proof
from authorizer.tools.explain.finding import quietly
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from authorizer.jose.keys import PublicKey
    from authorizer.jose.token import UnverifiedToken
    from authorizer.reasons import Reason
    from authorizer.tools.explain.examination import Examination
    from authorizer.verifiers.trusted_issuers import TrustedIssuer


class Signer(NamedTuple):
    """A published key that a signature is good under."""

    issuer: TrustedIssuer
    key: PublicKey

    def __str__(self) -> str:
        name = quoted(self.issuer.issuers[0])
        return f"{name}, kid {quoted(self.key.kid)}" if self.key.kid is not None else name


def key_notes(examination: Examination, reasons: frozenset[Reason], issuers: Sequence[TrustedIssuer]) -> Iterator[Note]:
    """Who signed a token that the named issuer did not sign with the named key; asks nobody for keys."""
    parts = examination.parts
    if parts is None or parts.seen is None or not parts.whole or examination.proof is Proof.PROVEN:
        return
    if type(parts.seen.claims.get("iss")) is not str:
        return
    if any(reason.klass is Class.DEPENDENCY for reason in reasons):  # it may well be the named issuer's
        return
    signer = _signer(parts.seen, issuers)
    if signer is not None:
        own = signer.issuer is examination.issuer
        near_miss = NearMiss.KEY_OF_OTHER_KID if own else NearMiss.KEY_OF_OTHER_ISSUER
        yield Note(near_miss, f"the signature is by {signer}")


def _signer(token: UnverifiedToken, issuers: Sequence[TrustedIssuer]) -> Signer | None:
    for issuer in issuers:
        keys = known_keys(issuer)
        for key in (key for same in (keys.keys if keys else {}).values() for key in same):
            if quietly(partial(signature.prove, token, key)) is not None:
                return Signer(issuer, key)
    return None
