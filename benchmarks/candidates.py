"""Who is measured: ours with and without its line, PyJWT, Powertools' verifier, and the signature alone."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jwt
from aws_lambda_powertools.utilities.auth_alpha import JWTVerifier
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from authorizer import Authorizer
from authorizer.telemetry import DecisionLog, Line
from benchmarks.traffic import AUDIENCE, ISSUER, SCOPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from authorizer.model import Decision
    from benchmarks.traffic import Traffic

Answer = dict[str, Any]


class Context:
    """What we read of Lambda's context object."""

    aws_request_id = "b3a7c1f0-0f5a-4f6a-9d8e-7a3f0c2d1e4b"


class SilentLog(DecisionLog):
    """A log that writes nothing."""

    __slots__ = ()

    def write(self, line: Line, decision: Decision) -> None:
        pass


@contextmanager
def stdout_to_nowhere() -> Iterator[None]:
    """A Logger that is made meanwhile writes to the null device, one system call per line, as it does on Lambda."""
    standard, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the Logger keeps it
    try:
        yield
    finally:
        sys.stdout = standard


def ours(settings: Mapping[str, Any]) -> Authorizer:
    """Our handlers, with their line through Powertools Logger."""
    with stdout_to_nowhere():
        return Authorizer.from_config(settings)


def ours_silent(settings: Mapping[str, Any]) -> Authorizer:
    """Our handlers, without the line."""
    authorizer = ours(settings)
    loud = authorizer._http.log
    assert isinstance(loud, DecisionLog)
    log = SilentLog(logger=loud.logger, fingerprint=loud.fingerprint)
    authorizer._http = replace(authorizer._http, log=log)
    authorizer._rest = replace(authorizer._rest, log=log)
    return authorizer


def http(authorizer: Authorizer) -> Callable[[Answer], Answer]:
    """Event of an HTTP API → answer."""
    context = Context()
    return lambda event: authorizer.http(event, context)


def rest(authorizer: Authorizer) -> Callable[[Answer], Answer]:
    """Event of a REST API → answer."""
    context = Context()
    return lambda event: authorizer.rest(event, context)


def pyjwt(traffic: Traffic) -> Callable[[str], Any]:
    """Token → claims: `jwt.decode` with the key already made."""
    key, algorithms = jwt.PyJWK(traffic.key.jwk()), [traffic.key.algorithm]
    required = {"require": ["exp", "iss", "aud"]}

    def decode(token: str) -> Any:
        return jwt.decode(token, key, algorithms=algorithms, audience=AUDIENCE, issuer=ISSUER, options=required)  # type: ignore[arg-type]

    return decode


def powertools(traffic: Traffic) -> Callable[[Answer], Answer]:
    """Event of an HTTP API → answer, by Powertools' verifier."""
    verifier = JWTVerifier(issuer=ISSUER, audience=AUDIENCE, algorithms=[traffic.key.algorithm], jwks=traffic.jwks)
    return lambda event: verifier.authorize(event, scopes=[SCOPE], response_format="simple")


def signature_alone(traffic: Traffic) -> Callable[[tuple[bytes, bytes]], None]:
    """Signature and signed bytes → nothing: what no verifier of RS256 can be faster than."""
    public = traffic.key.private.public_key()
    assert isinstance(public, RSAPublicKey)
    padding, digest = PKCS1v15(), SHA256()
    return lambda pair: public.verify(pair[0], pair[1], padding, digest)
