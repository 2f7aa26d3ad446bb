"""Asks the verifier of one issuer at a time of the test's choice, with a real issuer behind real sockets."""

from __future__ import annotations

import threading
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from authorizer import jwt, oidc
from authorizer.errors import Refused, Unavailable
from authorizer.model import Credential, Principal
from authorizer.testing import mint
from authorizer.testing.mint import AUDIENCE, default_claims
from authorizer.verifiers.trusted_issuers import TrustedIssuers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.testing import FakeIssuer, SigningKey
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

NOW = 1_800_000_000.0
YEAR = 31_536_000
MAX_AGE, BACKOFF = 300.0, 10.0  # the defaults of [issuer.keys]
MARGIN = 3.0  # seconds that a busy machine may add to a deadline
PATIENCE = 10.0  # seconds until a test gives up on what another thread is about to do


def trust(issuer: FakeIssuer, kind: str, **keys: object) -> TrustedIssuer:
    """The issuer as `kind` "jwt", by the URL of its keys, or "oidc", by discovery; `keys` as in [issuer.keys]."""
    if kind == "oidc":
        return oidc(issuer.url, audience=[AUDIENCE], algorithms=["ES256"], keys=keys)
    return trust_url(issuer.jwks_uri, issuer.url, **keys)


def trust_url(jwks_uri: str, issuer: str, **keys: object) -> TrustedIssuer:
    """An issuer with its keys at any URL."""
    return jwt(issuer, audience=[AUDIENCE], algorithms=["ES256"], jwks_uri=jwks_uri, keys=keys)


def token(key: SigningKey, issuer: str, header: Mapping[str, object] | None = None) -> str:
    """A token that is valid for a year from NOW."""
    return mint(key, default_claims(NOW, iss=issuer, exp=NOW + YEAR), header=header)


def ask(trusted: TrustedIssuer, credential: str, now: float) -> str:
    """The state of the keys that proved the token ("fresh", "stale", …); or "refused" or "unavailable", and the reason."""
    try:
        answer = TrustedIssuers([trusted]).verify(Credential(value=credential, place="header:authorization"), now)
    except Refused as refused:
        return f"refused {refused.reason.value}"
    except Unavailable as unavailable:
        return f"unavailable {unavailable.reason.value}"
    assert isinstance(answer, Principal)
    assert answer.provenance is not None
    assert answer.provenance.keys is not None
    return answer.provenance.keys.name


def workers() -> list[threading.Thread]:
    """The threads that fetch keys."""
    return [thread for thread in threading.enumerate() if "_fly" in thread.name]


def no_workers() -> bool:
    """Whether no thread fetches keys, now or soon."""
    return becomes(lambda: not workers())


def later(trusted: TrustedIssuer, credential: str, now: float) -> str:
    """As `ask`, after the worker of the attempt before ended: by the clock of the test that was seconds ago."""
    assert no_workers()
    return ask(trusted, credential, now)


def becomes(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether something becomes true within a bounded time."""
    ends = perf_counter() + seconds
    while not true():
        if perf_counter() > ends:
            return False
        sleep(0.01)
    return True


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._started = perf_counter()

    def seconds(self) -> float:
        return perf_counter() - self._started
