"""What a rule may ask for beside scopes and groups: claims, who proved them, how and when the user logged in, from where."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from authorizer.errors import EventError, Fault, Refused
from authorizer.jose.claims import LEEWAY, MAX_TIME, is_texts, kind
from authorizer.path import split
from authorizer.reasons import Reason
from authorizer.requirement import OF_A_PARAMETER
from authorizer.surface import ANYTHING, Fact

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.model import Principal, Request
    from authorizer.requirement import Asked

    Facts = frozenset[Fact]

OF_THE_CREDENTIAL: Final = frozenset({Fact.CREDENTIAL})
_SEGMENT: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}")  # RFC 3986 section 2.3: what nobody escapes


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimIs:
    """A claim has exactly one of these values, of the same JSON type: `true` is not 1, and a list is none of its members."""

    claim: str
    values: tuple[str | int | bool, ...]
    _types: tuple[type, ...] = field(init=False, repr=False)  # to Python, what asks for 1 equals what asks for `true`
    reads: ClassVar[Facts] = OF_THE_CREDENTIAL

    def __post_init__(self) -> None:
        object.__setattr__(self, "_types", tuple(map(type, self.values)))

    def check(self, asked: Asked) -> None:
        """`Refused` with `rule_claim_missing` or `rule_claim_mismatch`."""
        value = _claim(asked.principal, self.claim)
        if not any(type(value) is type(one) and value == one for one in self.values):
            raise _refused(Reason.RULE_CLAIM_MISMATCH, self.claim, self._either(), "another value")

    def _either(self) -> str:
        return " or ".join(map(str, self.values))

    def __str__(self) -> str:
        return f"the claim {self.claim} to be {self._either()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPresent:
    """A claim is there, and not null."""

    claim: str
    reads: ClassVar[Facts] = OF_THE_CREDENTIAL

    def check(self, asked: Asked) -> None:
        """`Refused` with `rule_claim_missing`."""
        _claim(asked.principal, self.claim)

    def __str__(self) -> str:
        return f"the claim {self.claim}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimIsParameter:
    """A claim equals a path parameter, which is the segment at `index`: a customer reads only their own orders."""

    claim: str
    parameter: str
    index: int
    reads: ClassVar[Facts] = OF_A_PARAMETER

    def value(self, principal: Principal) -> str | None:
        """The only text that the segment may have; None when the claim is none that a path can hold as it is."""
        value = principal.claims.get(self.claim)
        text = str(value) if type(value) is int else value
        fits = type(text) is str and _SEGMENT.fullmatch(text) is not None and text not in (".", "..")
        return text if fits else None

    def check(self, asked: Asked) -> None:
        """`Refused` with `parameter_mismatch`."""
        parts = split(asked.request.arn.path) if asked.request is not None else []
        text = self.value(asked.principal)
        if text is None:
            found = kind(asked.principal.claims.get(self.claim))
            raise _refused(Reason.PARAMETER_MISMATCH, self.claim, "a name or number that a path can hold", found)
        if parts[self.index : self.index + 1] != [text]:
            raise _refused(
                Reason.PARAMETER_MISMATCH, self.claim, f"the path parameter {self.parameter}", "another value"
            )

    def __str__(self) -> str:
        return f"the claim {self.claim} to be the path parameter {self.parameter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenBy:
    """The credential was proven by one of these issuers, or by one of these verifiers."""

    issuers: frozenset[str] = frozenset()
    verifiers: frozenset[str] = frozenset()
    reads: ClassVar[Facts] = OF_THE_CREDENTIAL

    def check(self, asked: Asked) -> None:
        """`Refused` with `issuer_not_permitted` or `verifier_not_permitted`."""
        provenance = asked.principal.provenance
        if self.issuers and (provenance is None or provenance.issuer not in self.issuers):
            raise _refused(Reason.ISSUER_NOT_PERMITTED, "iss", _one_of(self.issuers), "another issuer")
        if self.verifiers and (provenance is None or provenance.verifier not in self.verifiers):
            raise _refused(Reason.VERIFIER_NOT_PERMITTED, "credential", _one_of(self.verifiers), "another verifier")

    def __str__(self) -> str:
        return "a credential proven by " + _one_of(self.issuers | self.verifiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcrIsOneOf:
    """The login met one of these authentication context classes. RFC 9470; OpenID Connect Core section 2."""

    values: tuple[str, ...]
    reads: ClassVar[Facts] = OF_THE_CREDENTIAL

    def check(self, asked: Asked) -> None:
        """`Refused` with `acr_insufficient`."""
        if asked.principal.claims.get("acr") not in self.values:
            found = kind(asked.principal.claims.get("acr"))
            raise _refused(Reason.ACR_INSUFFICIENT, "acr", " or ".join(self.values), found)

    def __str__(self) -> str:
        return f"a login with acr {' or '.join(self.values)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmrHasAll:
    """The login used all of these methods, such as `mfa`. RFC 8176."""

    values: frozenset[str]
    reads: ClassVar[Facts] = OF_THE_CREDENTIAL

    def check(self, asked: Asked) -> None:
        """`Refused` with `amr_insufficient`."""
        value: Any = asked.principal.claims.get("amr")
        if not is_texts(value) or not self.values <= set(value):
            raise _refused(Reason.AMR_INSUFFICIENT, "amr", " and ".join(sorted(self.values)), kind(value))

    def __str__(self) -> str:
        return f"a login by {' and '.join(sorted(self.values))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthTimeWithin:
    """The user logged in at most so many seconds ago. RFC 9470; OpenID Connect Core section 2, `auth_time`."""

    seconds: float
    reads: ClassVar[Facts] = OF_THE_CREDENTIAL | {Fact.CLOCK}

    def check(self, asked: Asked) -> None:
        """`Refused` with `auth_time_too_old`. A login in the future is none."""
        value: Any = asked.principal.claims.get("auth_time")
        if type(value) not in (int, float) or not 0 <= value <= MAX_TIME or value > asked.now + LEEWAY:
            raise _refused(Reason.AUTH_TIME_TOO_OLD, "auth_time", "a time past", kind(value))
        if asked.now - value > self.seconds:
            raise _refused(
                Reason.AUTH_TIME_TOO_OLD,
                "auth_time",
                f"at most {self.seconds:g} s ago",
                f"{asked.now - value:.0f} s ago",
            )

    def __str__(self) -> str:
        return f"a login at most {self.seconds:g} s ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A Python function of the deployment's own, for the rest: `(principal, request) -> bool`."""

    name: str
    function: Callable[[Principal, Request], bool]
    reads: ClassVar[Facts] = ANYTHING

    def check(self, asked: Asked) -> None:
        """`Refused` with `check_refused` for False; a `TypeError`, which is a 500, for what is no boolean."""
        assert asked.request is not None  # it reads everything, so it is asked about single requests only
        require(asked.request, self.reads, self.name)
        answer = self.function(asked.principal, asked.request)
        if type(answer) is not bool:
            raise TypeError("a check answers True or False")
        if not answer:
            raise _refused(Reason.CHECK_REFUSED, "check", self.name, "False")

    def __str__(self) -> str:
        return f"the check {self.name}"


def require(request: Request, reads: Facts, what: str) -> None:
    """`EventError` when the event of a call does not carry what is read: the authorizer is of the wrong type."""
    missing = reads - request.surface.facts
    if missing:
        found = f"{request.surface.value}, without {' and '.join(sorted(fact.value for fact in missing))}"
        fault = Fault(claim=what, expected="a REQUEST authorizer", found=found)
        raise EventError(Reason.EVENT_FOR_ANOTHER_FUNCTION, fault)


def _claim(principal: Principal, name: str) -> object:
    value = principal.claims.get(name)
    if value is None:
        raise _refused(Reason.RULE_CLAIM_MISSING, name, "the claim", "missing")
    return value


def _refused(reason: Reason, claim: str, expected: str, found: str) -> Refused:
    return Refused(reason, Fault(claim=claim, expected=expected, found=found))


def _one_of(names: frozenset[str]) -> str:
    return " or ".join(sorted(names))
