"""A JWK Set (RFC 7517 section 5): bad members are skipped, the rest serve; one key or none answers for a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from authorizer.errors import Fault, Refused
from authorizer.jose import strict_json
from authorizer.jose.keys import KeyRejected, PublicKey, public_key
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.jose.token import Header

MAX_MEMBERS = 256  # real providers publish 1 to 20


class NotAKeySet(ValueError):
    """The document is not a JWK Set with at least one usable key. `empty` says which of the two."""

    def __init__(self, found: str, *, empty: bool = False) -> None:
        super().__init__(found)
        self.empty = empty


class KeySet(NamedTuple):
    """The usable keys of one issuer, by kid, and why the others are not usable."""

    keys: Mapping[str | None, Sequence[PublicKey]]
    skipped: Mapping[str, Reason]

    def knows(self, kid: str | None) -> bool:
        """Whether a member, usable or not, has this kid; for a token without kid, always."""
        return kid is None or kid in self.keys or kid in self.skipped

    def find(self, header: Header) -> PublicKey:
        """The one key for a token; `Refused` when there is none, or more than one."""
        if header.kid is None:
            return self._only_key(header)
        candidates = self.keys.get(header.kid)
        if not candidates:
            reason = self.skipped.get(header.kid, Reason.KEY_UNKNOWN)
            raise Refused(reason, Fault(claim="kid", expected="a usable key of the issuer's key set", found="none"))
        if len(candidates) > 1:
            candidates = [key for key in candidates if header.algorithm in key.algorithms] or candidates
        if len(candidates) > 1:
            raise Refused(Reason.KEY_AMBIGUOUS, Fault(claim="kid", expected="one key", found=f"{len(candidates)}"))
        return candidates[0]

    def _only_key(self, header: Header) -> PublicKey:
        """RFC 7515 section 4.1.4: kid is optional; without it the key must be beyond doubt."""
        fitting = [key for keys in self.keys.values() for key in keys if header.algorithm in key.algorithms]
        if len(fitting) != 1:
            fault = Fault(claim="kid", expected="a kid, or one key for the algorithm", found=f"{len(fitting)} keys")
            raise Refused(Reason.KID_MISSING, fault)
        return fitting[0]


def parse(document: bytes) -> KeySet:
    """The keys of a JWK Set document; `NotAKeySet` when it is none, or when no member is usable."""
    try:
        return build(strict_json.parse_object(document).get("keys"))
    except strict_json.NotStrictJson as error:
        raise NotAKeySet(f"not strict JSON: {error}") from None


def build(members: object) -> KeySet:
    """The keys of the member `keys` of a JWK Set; `NotAKeySet` when it is none, or when no key is usable."""
    if not isinstance(members, list | tuple):
        raise NotAKeySet("no list of keys")
    if len(members) > MAX_MEMBERS:
        raise NotAKeySet(f"more than {MAX_MEMBERS} members")
    keys: dict[str | None, list[PublicKey]] = {}
    skipped: dict[str, Reason] = {}
    for member in members:
        _sort_in(member, keys, skipped)
    if not keys:
        raise NotAKeySet("no usable key", empty=True)
    return KeySet(keys=keys, skipped={kid: why for kid, why in skipped.items() if kid not in keys})


def _sort_in(member: object, keys: dict[str | None, list[PublicKey]], skipped: dict[str, Reason]) -> None:
    if type(member) is not dict:
        return
    try:
        key = public_key(member)
    except KeyRejected as error:
        kid = member.get("kid")
        if type(kid) is str:
            skipped[kid] = error.reason
        return
    same = keys.setdefault(key.kid, [])
    if all(other.key != key.key or other.algorithms != key.algorithms for other in same):
        same.append(key)
