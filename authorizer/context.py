"""Verified claims → the context that the backend and the access log see: chosen, scalar, bounded.

It depends on the principal alone: API Gateway caches it with the answer, and gives it to calls that nobody has asked about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.errors import Fault, Refused
from authorizer.jose.claims import is_texts, kind
from authorizer.reasons import Reason
from authorizer.text import is_writable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.model import Principal

Scalar = str | int | float | bool

MAX_KEYS = 32
MAX_KEY = 64  # characters
MAX_VALUE = 1024  # characters; what an integration puts into a header shares 10,240 bytes with all other headers
MAX_TOTAL = 4096  # characters of keys and values; the whole result of a WebSocket authorizer has 8 KB
UNMEASURED: Final = MAX_TOTAL // (MAX_KEY + MAX_VALUE)  # so many keys can never be too long together
# Set by API Gateway itself in `requestContext.authorizer`, or, in a denial, by us.
RESERVED = frozenset(
    {"principalId", "integrationLatency", "claims", "scopes", "jwt", "lambda", "iam", "reason", "error"}
)
KINDS: Final[Mapping[str, tuple[type, ...]]] = {"text": (str,), "number": (int, float), "boolean": (bool,)}


class Entry(NamedTuple):
    """A context key whose setting says more than the name of a claim."""

    key: str
    claim: str
    kind: str | None = None  # one of KINDS; None: any of them
    join: str | None = None  # the separator, one character, of a list of text
    longest: int = MAX_VALUE
    required: bool = False
    default: Scalar | None = None

    def of(self, claims: Mapping[str, Any]) -> Scalar | None:
        """What the key holds, None for nothing; `Refused` when the claim is not what the setting says."""
        value = claims.get(self.claim)
        if value is None:
            if self.required:
                raise _refused(self.claim, "the claim", value)
            return self.default
        return self.shaped(value)

    def shaped(self, value: Any) -> Scalar:
        """The value of a claim as the key holds it."""
        if self.kind is not None and type(value) not in KINDS[self.kind]:
            raise _refused(self.claim, f"a value of the kind {self.kind}", value)
        made = _scalar(self.claim, value if self.join is None else _joined(self.claim, value, self.join))
        if type(made) is str and len(made) > self.longest:
            raise _refused(self.claim, f"at most {self.longest} characters", value)
        return made


class ContextMap(NamedTuple):
    """Context key → claim name, and entries that say more. A claim that the token does not have leaves its key out."""

    claims: tuple[tuple[str, str], ...] = ()
    entries: tuple[Entry, ...] = ()

    def of(self, principal: Principal) -> Mapping[str, Scalar]:
        """The context of a grant; `Refused` when a chosen claim is not a bounded scalar, or not what its entry says."""
        claims = principal.claims
        made = {key: _scalar(name, value) for key, name in self.claims if (value := claims.get(name)) is not None}
        if self.entries or len(made) > UNMEASURED:
            _complete(made, self.entries, claims)
        return made


def _complete(made: dict[str, Scalar], entries: Sequence[Entry], claims: Mapping[str, Any]) -> None:
    for entry in entries:
        value = entry.of(claims)
        if value is not None:
            made[entry.key] = value
    size = 0
    for key, held in made.items():
        size += len(key) + len(held if type(held) is str else str(held))
    if size > MAX_TOTAL:
        fault = Fault(claim="context", expected=f"at most {MAX_TOTAL} characters in all", found=f"{size} characters")
        raise Refused(Reason.CONTEXT_VALUE_INVALID, fault)


def _joined(name: str, value: Any, separator: str) -> str:
    """A list of text as one text that splits into the same list: no element is empty or holds the separator."""
    texts = [value] if type(value) is str else value
    if not is_texts(texts) or any(not text or separator in text for text in texts):
        raise _refused(name, f"a list of text, no element empty or with {separator!r} in it", value)
    return separator.join(texts)


def _scalar(name: str, value: Any) -> Scalar:
    if type(value) is str and len(value) <= MAX_VALUE and is_writable(value):
        return value
    if (
        type(value) is bool
        or (type(value) is float and value - value == 0)
        or (type(value) is int and abs(value) < 2**63)
    ):
        return value
    raise _refused(name, f"a number, a boolean, or at most {MAX_VALUE} characters, none of them for control", value)


def _refused(name: str, expected: str, value: Any) -> Refused:
    return Refused(Reason.CONTEXT_VALUE_INVALID, Fault(claim=name, expected=expected, found=kind(value)))
