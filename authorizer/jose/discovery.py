"""From an issuer to its keys: OpenID Connect Discovery 1.0 section 4, with the exact issuer echo of section 4.3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.errors import Fault, Unavailable
from authorizer.jose import fetch, key_set, strict_json
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from authorizer.clock import Clock
    from authorizer.jose.fetch import Deadline
    from authorizer.jose.key_set import KeySet

DISCOVERY_MAX_AGE = 3600  # seconds


class KeysAt:
    """Fetches the key set behind one URL."""

    def __init__(self, jwks_uri: str, max_bytes: int) -> None:
        self._jwks_uri = jwks_uri
        self._max_bytes = max_bytes

    def __call__(self, deadline: Deadline) -> KeySet:
        return read_keys(fetch.get(self._jwks_uri, deadline, max_bytes=self._max_bytes))


class DiscoveredKeys:
    """Fetches the key set that the issuer's discovery document names. Both documents share the one deadline.

    The name is kept for an hour, or until it fails: a moved `jwks_uri` must not need a deployment, and a refresh every five
    minutes must not need two connections.
    """

    def __init__(self, issuer: str, max_bytes: int, clock: Clock) -> None:
        self._issuer = issuer
        self._max_bytes = max_bytes
        self._clock = clock
        self._known: tuple[str, float] | None = None

    def __call__(self, deadline: Deadline) -> KeySet:
        jwks_uri = self._jwks_uri(deadline)
        try:
            return read_keys(fetch.get(jwks_uri, deadline, max_bytes=self._max_bytes))
        except Unavailable as error:
            if error.reason is not Reason.KEYS_TIMEOUT:  # else two documents that never fit into one deadline never end
                self._known = None
            raise

    def _jwks_uri(self, deadline: Deadline) -> str:
        now = self._clock()
        if self._known is None or not 0 <= now - self._known[1] < DISCOVERY_MAX_AGE:
            document = fetch.get(metadata_url(self._issuer), deadline, max_bytes=self._max_bytes)
            self._known = read_jwks_uri(document, self._issuer), now
        return self._known[0]


def metadata_url(issuer: str) -> str:
    """Where the discovery document of an issuer is."""
    return issuer.removesuffix("/") + "/.well-known/openid-configuration"


def read_jwks_uri(document: bytes, issuer: str) -> str:
    """The `jwks_uri` of a discovery document; `Unavailable` when the document is not this issuer's."""
    try:
        members = strict_json.parse_object(document)
    except strict_json.NotStrictJson as error:
        raise _unusable(Reason.DISCOVERY_INVALID, "document", "one strict JSON object", str(error)) from None
    if members.get("issuer") != issuer:
        raise _unusable(Reason.DISCOVERY_ISSUER_MISMATCH, "issuer", issuer, repr(members.get("issuer"))[:200])
    jwks_uri = members.get("jwks_uri")
    if not isinstance(jwks_uri, str) or not fetch.is_https(jwks_uri):
        raise _unusable(Reason.DISCOVERY_INVALID, "jwks_uri", "an https URL", "none")
    return jwks_uri


def read_keys(document: bytes) -> KeySet:
    """The key set of a document; `Unavailable` when it is none."""
    try:
        return key_set.parse(document)
    except key_set.NotAKeySet as error:
        reason = Reason.KEYS_EMPTY if error.empty else Reason.KEYS_RESPONSE_INVALID
        raise _unusable(reason, "keys", "a JWK Set with a usable key", str(error)) from None


def _unusable(reason: Reason, claim: str, expected: str, found: str) -> Unavailable:
    return Unavailable(reason, Fault(claim=claim, expected=expected, found=found))
