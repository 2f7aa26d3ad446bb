"""The one function that turns unverified claims into `VerifiedClaims` (RFC 7515 section 5.2, RFC 7518 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from authorizer.errors import Fault, Refused
from authorizer.jose.algorithms import ALGORITHMS
from authorizer.model import VerifiedClaims
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from authorizer.jose.keys import PublicKey
    from authorizer.jose.token import UnverifiedToken

_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    name: getattr(hashes, row.hash_name)() for name, row in ALGORITHMS.items() if row.hash_name
}
_PKCS1: Final = padding.PKCS1v15()
# RFC 7518 section 3.5: MGF1 with the same hash, salt as long as the hash.
_PSS: Final = {
    name: padding.PSS(padding.MGF1(_HASHES[name]), _HASHES[name].digest_size)
    for name, row in ALGORITHMS.items()
    if row.pss
}
_ECDSA: Final = {name: ec.ECDSA(_HASHES[name]) for name, row in ALGORITHMS.items() if row.kty == "EC"}


def prove(token: UnverifiedToken, public: PublicKey) -> VerifiedClaims:
    """The token's claims, now proven to be signed with `public`; `Refused` when they are not."""
    if token.header.algorithm not in public.algorithms:
        expected = " or ".join(sorted(public.algorithms))
        raise Refused(Reason.ALG_KEY_MISMATCH, Fault(claim="alg", expected=expected, found=token.header.algorithm))
    try:
        _verify(token, public)
    except InvalidSignature:
        fault = Fault(claim="signature", expected="a signature over these very bytes", found="another")
        raise Refused(Reason.SIGNATURE_INVALID, fault) from None
    return VerifiedClaims(token.claims)


def _verify(token: UnverifiedToken, public: PublicKey) -> None:
    key, name = public.key, token.header.algorithm
    match key:
        case rsa.RSAPublicKey():
            key.verify(token.signature, token.signing_input, _PSS.get(name, _PKCS1), _HASHES[name])
        case ec.EllipticCurvePublicKey():
            key.verify(_der(token.signature, (key.key_size + 7) // 8), token.signing_input, _ECDSA[name])
        case ed25519.Ed25519PublicKey():
            key.verify(token.signature, token.signing_input)


def _der(signature: bytes, size: int) -> bytes:
    """JWS carries r and s at full length each (RFC 7518 section 3.4); `cryptography` takes DER."""
    if len(signature) != 2 * size:
        raise InvalidSignature
    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    return utils.encode_dss_signature(r, s)
