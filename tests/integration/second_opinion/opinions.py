"""What three implementations say about a token, all configured for the same issuer, audiences, keys, algorithms and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from joserfc import jwt as joserfc
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

import authorizer
from authorizer.errors import Refused
from authorizer.model import Credential
from authorizer.testing import key_set
from authorizer.verifiers.base import prove
from authorizer.verifiers.trusted_issuers import TrustedIssuers
from tests.integration.second_opinion.draft import AUDIENCE, ISSUER, LEEWAY, NOW, OTHER_AUDIENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.testing import SigningKey

ALLOW = "allow"
AUDIENCES = [AUDIENCE, OTHER_AUDIENCE]
RFC9864_NAME = "Ed25519"  # PyJWT knows this algorithm as EdDSA only


class Ours:
    """A TrustedIssuers verifier with static keys. Says `allow` or the code of the reason."""

    def __init__(self, keys: Sequence[SigningKey], algorithms: Sequence[str]) -> None:
        issuer = authorizer.jwt(ISSUER, audience=AUDIENCES, algorithms=algorithms, jwks=key_set(*keys), leeway=LEEWAY)
        self._verifiers = [TrustedIssuers([issuer])]

    def judge(self, token: str) -> str:
        try:
            prove(self._verifiers, Credential(value=token, place="header:authorization"), NOW)
        except Refused as refused:
            return str(refused.reason.value)
        return ALLOW


class _FrozenClock(jwt.PyJWT):
    """PyJWT's own checks of time, asked about `NOW`: it takes the time from the machine otherwise."""

    def _validate_iat(self, payload: dict[str, Any], now: float, leeway: float) -> None:
        super()._validate_iat(payload, NOW, leeway)

    def _validate_nbf(self, payload: dict[str, Any], now: float, leeway: float) -> None:
        super()._validate_nbf(payload, NOW, leeway)

    def _validate_exp(self, payload: dict[str, Any], now: float, leeway: float) -> None:
        super()._validate_exp(payload, NOW, leeway)


class PyJwt:
    """PyJWT as strict as its options make it, with the key that the header's kid names. Says `allow` or the exception.

    PyJWT does not know the name Ed25519 (RFC 9864). It is registered, so that those tokens get a real second opinion too;
    when PyJWT learns the name, registering fails and this goes.
    """

    def __init__(self, keys: Sequence[SigningKey], algorithms: Sequence[str]) -> None:
        self._jwt = _FrozenClock({"enforce_minimum_key_length": True})
        self._jwt._jws.register_algorithm(RFC9864_NAME, jwt.get_algorithm_by_name("EdDSA"))
        self._algorithms = list(algorithms)
        self._keys = {key.kid: key for key in keys}

    def judge(self, token: str) -> str:
        try:
            key = self._key(jwt.get_unverified_header(token))
            self._decode(token, key)
        except (jwt.PyJWTError, UnicodeEncodeError) as error:  # the latter for a token with a lone surrogate
            return type(error).__name__
        return ALLOW

    def _key(self, header: Mapping[str, Any]) -> SigningKey:
        """By kid; without one the only key for the algorithm. The same choice as ours, made by whoever calls PyJWT."""
        fitting = [key for key in self._keys.values() if key.algorithm == header.get("alg")]
        if "kid" not in header and len(fitting) == 1:
            return fitting[0]
        if header.get("kid") not in self._keys:
            raise jwt.PyJWKSetError("no key")
        return self._keys[header["kid"]]

    def _decode(self, token: str, key: SigningKey) -> None:
        plain = key.algorithm == RFC9864_NAME
        jwk = jwt.PyJWK(key.jwk(), "EdDSA" if plain else None)
        self._jwt.decode(
            token,
            jwk.key if plain else jwk,
            algorithms=[name for name in self._algorithms if name == key.algorithm],
            audience=AUDIENCES,
            issuer=ISSUER,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )


class Joserfc:
    """joserfc with a registry of required claims; a third voice. Says `allow` or the exception."""

    def __init__(self, keys: Sequence[SigningKey], algorithms: Sequence[str]) -> None:
        self._keys = KeySet.import_key_set(key_set(*keys))  # type: ignore[arg-type]
        self._algorithms = list(algorithms)
        self._claims = JWTClaimsRegistry(
            now=NOW,
            leeway=LEEWAY,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "values": AUDIENCES},
            sub={"essential": True},
            exp={"essential": True},
        )

    def judge(self, token: str) -> str:
        try:
            self._claims.validate(joserfc.decode(token, self._keys, algorithms=self._algorithms).claims)
        except (JoseError, ValueError) as error:
            return type(error).__name__
        return ALLOW
