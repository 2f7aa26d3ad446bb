"""API keys, known by their digests: a verifier that stands beside the one of JWTs."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from authorizer import NOT_MINE, Fact, Fault, Principal, Provenance, Reason, Refused

if TYPE_CHECKING:
    from authorizer import Credential, NotMine

PREFIX = "ak_"  # tells a key from every other credential, and secret scanners what they found
SHAPE = re.compile(r"ak_[A-Za-z0-9_-]{43}")  # 256 random bits: nobody guesses one back from its digest, salted or not
PROVENANCE = Provenance(issuer="key-table", verifier="api_key")  # for the log, and for `verifiers` of a rule


class Row(NamedTuple):
    """What is known of a key."""

    subject: str
    scopes: frozenset[str]
    expires: float  # seconds since 1970


class KeyTable(Protocol):
    """Where the digests of keys are."""

    def row(self, digest: str) -> Row | None:
        """The row of a digest; None when there is none. Raises `Unavailable` when the table does not answer."""
        ...


class ApiKeys:
    """The verifier of API keys."""

    reads: ClassVar[frozenset[Fact]] = frozenset({Fact.CREDENTIAL, Fact.CLOCK})  # of the call

    def __init__(self, table: KeyTable) -> None:
        self._table = table

    def verify(self, credential: Credential, now: float) -> Principal | NotMine:
        """Who the key was given to; `NOT_MINE` for all that does not begin as a key does."""
        if not credential.value.startswith(PREFIX):
            return NOT_MINE
        if not SHAPE.fullmatch(credential.value):
            raise _refused(Reason.CREDENTIAL_MALFORMED, "ak_ and 43 characters", "another shape")
        row = self._table.row(sha256(credential.value.encode("ascii")).hexdigest())
        if row is None:
            raise _refused(Reason.CLIENT_NOT_ALLOWED, "a key in the table", "none with this digest")
        if now >= row.expires:
            raise _refused(Reason.TOKEN_EXPIRED, "a time to come", f"{now - row.expires:.0f} s ago")
        return Principal(subject=row.subject, provenance=PROVENANCE, scopes=row.scopes)


def _refused(reason: Reason, expected: str, found: str) -> Refused:
    return Refused(reason, Fault(claim="api key", expected=expected, found=found))
