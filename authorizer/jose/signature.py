"""The one function that turns unverified claims into `VerifiedClaims` (RFC 7515 section 5.2, RFC 7518 section 3)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from authorizer.errors import Fault, Refused
from authorizer.jose.algorithms import ALGORITHMS
from authorizer.model import VerifiedClaims
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from authorizer.jose.algorithms import Algorithm
    from authorizer.jose.keys import PublicKey
    from authorizer.jose.token import UnverifiedToken

# Each of these raises `InvalidSignature`, and nothing else, for a signature that is not one.
Verify = Callable[[Any, bytes, bytes], None]


def _rsa(row: Algorithm) -> Verify:
    digest = _hash(row)
    # RFC 7518 section 3.5: MGF1 with the same hash, salt as long as the hash.
    scheme = padding.PSS(padding.MGF1(digest), digest.digest_size) if row.pss else padding.PKCS1v15()

    def verify(key: rsa.RSAPublicKey, signature: bytes, signed: bytes) -> None:
        if len(signature) != (key.key_size + 7) // 8:  # RFC 8017 section 8.1.2 step 1; OpenSSL does not look for PSS
            raise InvalidSignature
        key.verify(signature, signed, scheme, digest)

    return verify


def _ecdsa(row: Algorithm) -> Verify:
    scheme = ec.ECDSA(_hash(row))

    def verify(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> None:
        key.verify(_der(signature, (key.key_size + 7) // 8), signed, scheme)

    return verify


def _eddsa(key: ed25519.Ed25519PublicKey, signature: bytes, signed: bytes) -> None:
    key.verify(signature, signed)


def _hash(row: Algorithm) -> hashes.HashAlgorithm:
    digest: hashes.HashAlgorithm = getattr(hashes, str(row.hash_name))()
    return digest


@cache  # and not a table made at import: `ec.ECDSA` alone takes 4 ms, which those who use RS256 need not pay
def _verifier(name: str) -> Verify:
    row = ALGORITHMS[name]
    match row.kty:
        case "RSA":
            return _rsa(row)
        case "EC":
            return _ecdsa(row)
    return _eddsa


def prove(token: UnverifiedToken, public: PublicKey) -> VerifiedClaims:
    """The token's claims, now proven to be signed with `public`; `Refused` when they are not."""
    if token.header.algorithm not in public.algorithms:
        expected = " or ".join(sorted(public.algorithms))
        raise Refused(Reason.ALG_KEY_MISMATCH, Fault(claim="alg", expected=expected, found=token.header.algorithm))
    try:
        _verifier(token.header.algorithm)(public.key, token.signature, token.signing_input)
    except InvalidSignature:
        fault = Fault(claim="signature", expected="a signature over these very bytes", found="another")
        raise Refused(Reason.SIGNATURE_INVALID, fault) from None
    return VerifiedClaims(token.claims)


def _der(signature: bytes, size: int) -> bytes:
    """JWS carries r and s at full length each (RFC 7518 section 3.4); `cryptography` takes DER."""
    if len(signature) != 2 * size:
        raise InvalidSignature
    r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    return utils.encode_dss_signature(r, s)
