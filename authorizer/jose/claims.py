"""What is wrong with the claims of a token: one list of checks, in order of priority, for the Lambda and for the tools.

RFC 7519 section 4.1, RFC 8725 section 3, RFC 9068 section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from authorizer.errors import Fault
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


LEEWAY = 30  # seconds; clocks of well-run hosts differ by less, and a token lives for minutes at least
MAX_TIME = 253402300799  # 9999-12-31T23:59:59Z: later is milliseconds or nonsense
MAX_SUBJECT = 255  # characters; OpenID Connect Core section 2
ANY_AUDIENCE = "ANY_AUDIENCE"  # written out where any audience is accepted
PLAIN_TYPES = frozenset({"jwt", "at+jwt"})  # RFC 8725 section 3.11: a logout token or a DPoP proof is no access token
_TEXTS = ("sub", "jti")
RFC9068_CLAIMS = ("iss", "exp", "aud", "sub", "client_id", "iat", "jti")  # RFC 9068 section 2.2


class Problem(NamedTuple):
    """One thing wrong with a token."""

    reason: Reason
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one issuer's tokens must look like. `audience` None means any, and was spelled `ANY_AUDIENCE`."""

    audience: frozenset[str] | None
    token_types: frozenset[str | None] = PLAIN_TYPES | {None}
    required: tuple[str, ...] = ()
    expected: tuple[tuple[str, tuple[str | int | bool, ...]], ...] = ()
    leeway: float = LEEWAY
    max_age: float | None = None
    max_lifetime: float | None = None
    principal_claim: str = "sub"
    groups_claim: str = "groups"
    checks: tuple[Callable[[Mapping[str, Any]], Problem | None], ...] = ()  # of the issuer's kind, asked first


def problems(claims: Mapping[str, Any], typ: str | None, profile: Profile, now: float) -> Iterator[Problem]:
    """All that is wrong, most telling first. `typ` is the header's, in lower case and without `application/`."""
    for check in profile.checks:
        if problem := check(claims):
            yield problem
    if typ not in profile.token_types:
        expected = " or ".join(sorted(str(name) for name in profile.token_types if name))
        yield Problem(Reason.TOKEN_TYPE_REJECTED, Fault(claim="typ", expected=expected, found=typ and typ[:40]))
    yield from _times(claims, profile, now)
    if profile.audience is not None and (problem := _audience(claims, profile.audience)):
        yield problem
    yield from _contents(claims, profile)


def _times(claims: Mapping[str, Any], profile: Profile, now: float) -> list[Problem]:
    """RFC 7519 sections 4.1.4 to 4.1.6. At `exp` a token is already expired."""
    wrong: list[Problem] = []
    exp, nbf, iat = _time_of(claims, "exp", wrong), _time_of(claims, "nbf", wrong), _time_of(claims, "iat", wrong)
    if "exp" not in claims:
        wrong.append(missing("exp"))
    if exp is not None and now >= exp + profile.leeway:
        wrong.append(_time(Reason.TOKEN_EXPIRED, "exp", "a time to come", f"{now - exp:.0f} s ago"))
    if nbf is not None and now < nbf - profile.leeway:
        wrong.append(_time(Reason.TOKEN_NOT_YET_VALID, "nbf", "a time past", f"in {nbf - now:.0f} s"))
    if iat is not None and now < iat - profile.leeway:
        wrong.append(_time(Reason.TOKEN_ISSUED_IN_FUTURE, "iat", "a time past", f"in {iat - now:.0f} s"))
    if profile.max_age is not None or profile.max_lifetime is not None:
        wrong.extend(_spans(exp, iat, profile, now))
    return wrong


def _time_of(claims: Mapping[str, Any], name: str, wrong: list[Problem]) -> float | None:
    """RFC 7519 section 2 "NumericDate". `True` is not a number, and neither is infinity."""
    if name not in claims:
        return None
    value = claims[name]
    if (type(value) is int or type(value) is float) and 0 <= value <= MAX_TIME:
        return value
    wrong.append(wrong_type(name, "seconds since 1970 as a number", value))
    return None


def _spans(exp: float | None, iat: float | None, profile: Profile, now: float) -> Iterator[Problem]:
    if iat is None:
        yield missing("iat")
        return
    if profile.max_age is not None and now - iat > profile.max_age + profile.leeway:
        yield _time(Reason.TOKEN_TOO_OLD, "iat", f"at most {profile.max_age:g} s ago", f"{now - iat:.0f} s ago")
    if profile.max_lifetime is not None and exp is not None and exp - iat > profile.max_lifetime:
        yield _time(Reason.TOKEN_LIFETIME_EXCEEDED, "exp", f"at most {profile.max_lifetime:g} s", f"{exp - iat:.0f} s")


def _audience(claims: Mapping[str, Any], accepted: frozenset[str]) -> Problem | None:
    """RFC 7519 section 4.1.3: text or a list of text, compared exactly."""
    value = claims.get("aud")
    if value is None:
        return Problem(Reason.AUDIENCE_MISSING, Fault(claim="aud", expected=_either(accepted), found="missing"))
    if type(value) is str:
        named = value in accepted
    elif is_texts(value):
        named = not accepted.isdisjoint(value)
    else:
        return wrong_type("aud", "text or a list of text", value)
    return (
        None
        if named
        else Problem(Reason.AUDIENCE_MISMATCH, Fault(claim="aud", expected=_either(accepted), found="another"))
    )


def _contents(claims: Mapping[str, Any], profile: Profile) -> list[Problem]:
    wrong: list[Problem] = []
    subject = claims.get(profile.principal_claim)
    if not usable_subject(subject):
        expected = f"1 to {MAX_SUBJECT} printable characters"
        fault = Fault(claim=profile.principal_claim, expected=expected, found=kind(subject))
        wrong.append(Problem(Reason.SUBJECT_MISSING, fault))
    for name in _TEXTS:
        if name in claims and type(claims[name]) is not str:
            wrong.append(wrong_type(name, "text", claims[name]))
    if "cnf" in claims:  # RFC 9449 section 7, RFC 8705 section 3: a bound token is no bearer token
        fault = Fault(claim="cnf", expected="a bearer token", found="a sender-constrained one")
        wrong.append(Problem(Reason.TOKEN_SENDER_CONSTRAINED, fault))
    if profile.required:
        wrong.extend(missing(name) for name in profile.required if claims.get(name) is None)
    if profile.expected:
        wrong.extend(problem for name, values in profile.expected if (problem := _expected(claims, name, values)))
    return wrong


def _expected(claims: Mapping[str, Any], name: str, values: tuple[str | int | bool, ...]) -> Problem | None:
    """Exactly one of the values, of the same JSON type: `true` is not 1."""
    if name not in claims:
        return missing(name)
    if any(type(claims[name]) is type(value) and claims[name] == value for value in values):
        return None
    expected = " or ".join(map(str, values))
    return Problem(Reason.CLAIM_VALUE_MISMATCH, Fault(claim=name, expected=expected, found="another value"))


def is_texts(value: object) -> bool:
    """Whether a claim is a list of text."""
    return type(value) is list and all(type(one) is str for one in value)


def usable_subject(value: object) -> bool:
    """Whether a claim can name a principal."""
    return type(value) is str and 0 < len(value) <= MAX_SUBJECT and value.isprintable()


def missing(name: str) -> Problem:
    """A required claim is not there."""
    return Problem(Reason.CLAIM_MISSING, Fault(claim=name, expected="the claim", found="missing"))


def wrong_type(name: str, expected: str, value: object) -> Problem:
    """A claim is there, but of another JSON type."""
    found = "null" if value is None else kind(value)
    return Problem(Reason.CLAIM_TYPE_INVALID, Fault(claim=name, expected=expected, found=found))


def kind(value: object) -> str:
    """What kind of JSON value something is; never the value itself."""
    names = {type(None): "missing", str: "text", bool: "a boolean", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def _time(reason: Reason, claim: str, expected: str, found: str) -> Problem:
    return Problem(reason, Fault(claim=claim, expected=expected, found=found))


def _either(values: frozenset[str]) -> str:
    return " or ".join(sorted(values))
