"""An issuer in memory, in place of the network."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from authorizer.errors import Fault, Unavailable
from authorizer.reasons import Reason
from tests.unit.tools.doctor.deployed.right import ISSUER

if TYPE_CHECKING:
    from collections.abc import Callable


def issuer_of(document: Any, keys: Any) -> Callable[[str], bytes]:
    """Two documents; `Unavailable` for one that is None."""

    def get(url: str) -> bytes:
        found = document if url.endswith("/openid-configuration") else keys
        if found is None:
            raise Unavailable(Reason.KEYS_STATUS, Fault(claim="jwks_uri", expected="status 200", found="status 404"))
        return found if isinstance(found, bytes) else json.dumps(found).encode()

    return get


def discovery(**changed: Any) -> dict[str, Any]:
    """The discovery document of the pool."""
    return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/.well-known/jwks.json", **changed}


def right_issuer() -> Callable[[str], bytes]:
    """One with an RSA key."""
    return issuer_of(discovery(), {"keys": [rsa_key()]})


@cache
def rsa_key(bits: int = 2048) -> dict[str, Any]:
    """A JWK."""
    numbers = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key().public_numbers()
    return {"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", "n": number(numbers.n), "e": number(numbers.e)}


@cache
def curve_key() -> dict[str, Any]:
    """A JWK of P-256."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return {"kty": "EC", "kid": "2", "crv": "P-256", "x": number(numbers.x, 32), "y": number(numbers.y, 32)}


def number(value: int, size: int = 0) -> str:
    """As a JWK has it."""
    raw = value.to_bytes(size or (value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
