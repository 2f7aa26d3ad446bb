"""What a verifier is, and how several are asked in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from authorizer.errors import Fault, Refused
from authorizer.jose.claims import usable_subject
from authorizer.model import Principal
from authorizer.provenance import Provenance
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.model import Credential
    from authorizer.surface import Fact


class NotMine(NamedTuple):
    """The credential is of another kind, or of another issuer. `issuer` is the unproven `iss` of a JWT, escaped and cut."""

    issuer: str | None = None


NOT_MINE = NotMine()


class Verifier(Protocol):
    """Proves who sent a credential."""

    reads: ClassVar[frozenset[Fact]]  # all that the answer depends on: for most, the credential and the clock

    def verify(self, credential: Credential, now: float) -> Principal | NotMine:
        """The proven principal, or `NOT_MINE` for a credential of another kind.

        `now` is in seconds since 1970. Raises `Refused` for a credential of this kind that proves nothing and `Unavailable`
        when a dependency does not answer; never returns a principal that was not proven.
        """
        ...


_NAMES = (frozenset, type(None))
_PROVENANCE = (Provenance, type(None))


def _usable(principal: Principal) -> Principal:
    """What a plug-in answers is as good as what it was made of: a text as `groups` would be read letter by letter."""
    subject, provenance, scopes, groups, _ = principal
    if not usable_subject(subject):  # it becomes the `principalId`, which API Gateway and backends read
        raise ValueError("a principal needs a subject that can be written down")
    if not (isinstance(scopes, _NAMES) and isinstance(groups, _NAMES) and isinstance(provenance, _PROVENANCE)):
        raise TypeError("a principal's scopes and groups are frozensets or None, its provenance a Provenance or None")
    return principal


def prove(verifiers: Sequence[Verifier], credential: Credential, now: float) -> Principal:
    """The principal that the first responsible verifier proves; `Refused` when none is responsible."""
    issuer = None
    for verifier in verifiers:
        answer = verifier.verify(credential, now)
        if isinstance(answer, Principal):
            return _usable(answer)
        if not isinstance(answer, NotMine):  # a plug-in that returns True has proven nothing
            raise TypeError("a verifier answers with a Principal or NOT_MINE")
        issuer = issuer or answer.issuer
    if issuer is not None:
        raise Refused(Reason.ISSUER_UNKNOWN, Fault(claim="iss", expected="a configured issuer", found=issuer))
    fault = Fault(claim="token", expected="a kind that a configured verifier knows", found="another kind")
    raise Refused(Reason.CREDENTIAL_KIND_UNKNOWN, fault)
