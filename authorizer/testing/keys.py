"""Signing keys that tests make for themselves, and the public JWKs of them (RFC 7517)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from authorizer.testing.compact import compact_json, encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurve

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey


class _Family(NamedTuple):
    """What an algorithm needs of its key."""

    pyjwt: str  # the name PyJWT knows the algorithm by
    members: tuple[str, ...]  # of the public JWK, in the order of RFC 7638 section 3.2
    curve: EllipticCurve | None = None


_RSA = ("e", "kty", "n")
_EC = ("crv", "kty", "x", "y")
_OKP = ("crv", "kty", "x")

_FAMILIES = {
    **{name: _Family(name, _RSA) for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")},
    "ES256": _Family("ES256", _EC, SECP256R1()),
    "ES384": _Family("ES384", _EC, SECP384R1()),
    "ES512": _Family("ES512", _EC, SECP521R1()),
    "EdDSA": _Family("EdDSA", _OKP),
    "Ed25519": _Family("EdDSA", _OKP),  # RFC 9864 spells it so; the signature is the same
}

ALGORITHMS = tuple(_FAMILIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key, the algorithm it signs with and its kid. `replace(key, algorithm="PS256")` shares an RSA key."""

    algorithm: str  # what goes into the header: one of ALGORITHMS
    kid: str
    private: PrivateKey = field(repr=False)

    @classmethod
    def generate(
        cls, algorithm: str = "RS256", *, kid: str | None = None, bits: int = 2048, exponent: int = 65537
    ) -> SigningKey:
        """A new key; `kid` is its RFC 7638 thumbprint unless given. `bits` and `exponent` (3 or 65537) are for RSA."""
        family = _family(algorithm)
        private = _generate(family, bits, exponent)
        return cls(algorithm=algorithm, kid=kid or _thumbprint(_public_members(family, private)), private=private)

    def jwk(self, **overrides: object) -> dict[str, Any]:
        """The public JWK; `overrides` replace members, or drop those that are None."""
        members: dict[str, Any] = dict(_public_members(_family(self.algorithm), self.private))
        members |= {"kid": self.kid, "use": "sig", "alg": self.algorithm} | overrides
        return {name: value for name, value in members.items() if value is not None}

    def public_pem(self) -> bytes:
        """The public key as PEM: what an attacker signs HS256 with (RFC 8725 section 2.1)."""
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, message: bytes) -> bytes:
        """The JWS signature (RFC 7515 section 5.1) of any bytes whatever, made by PyJWT."""
        algorithm = jwt.get_algorithm_by_name(_family(self.algorithm).pyjwt)
        return algorithm.sign(message, self.private)


def key_set(*keys: SigningKey | Mapping[str, object]) -> dict[str, Any]:
    """A JWK Set (RFC 7517 section 5) of keys and of JWKs as they are."""
    return {"keys": [key.jwk() if isinstance(key, SigningKey) else dict(key) for key in keys]}


def _family(algorithm: str) -> _Family:
    if algorithm not in _FAMILIES:
        raise ValueError(f"no such algorithm: {algorithm}; there are {', '.join(ALGORITHMS)}")
    return _FAMILIES[algorithm]


def _generate(family: _Family, bits: int, exponent: int) -> PrivateKey:
    if family.members == _RSA:
        return generate_rsa(exponent, bits)
    if family.curve is not None:
        return generate_private_key(family.curve)
    return Ed25519PrivateKey.generate()


def _public_members(family: _Family, private: PrivateKey) -> dict[str, str]:
    algorithm = jwt.get_algorithm_by_name(family.pyjwt)
    members = algorithm.to_jwk(private.public_key(), as_dict=True)
    return {name: members[name] for name in family.members}


def _thumbprint(members: Mapping[str, str]) -> str:
    """RFC 7638 section 3: `members` hold the required ones only, in lexical order."""
    digest = Hash(SHA256())
    digest.update(compact_json(members))
    return encode(digest.finalize())
