"""Near misses of a time: clocks that differ, and times that are written wrongly."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from authorizer.jose.claims import MAX_TIME
from authorizer.reasons import Reason
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.explain.finding import Findings

NEAR: Final = 300  # seconds: more than clocks differ, less than a token lives
_AHEAD: Final = (Reason.TOKEN_NOT_YET_VALID, Reason.TOKEN_ISSUED_IN_FUTURE)


def time_notes(claims: Mapping[str, Any], findings: Findings, now: float) -> Iterator[Note]:
    """What a refused time is near to."""
    for finding in findings:
        name = finding.fault.claim or ""
        if finding.reason in _AHEAD and (gap := claims[name] - now) <= NEAR:
            yield Note(NearMiss.CLOCK_BEHIND, f"{name} is {gap:.0f} s ahead of this clock")
        elif finding.reason is Reason.TOKEN_EXPIRED and (gap := now - claims[name]) <= NEAR:
            yield Note(NearMiss.EXPIRED_JUST_NOW, f"{name} was {gap:.0f} s ago")
        elif finding.reason is Reason.CLAIM_TYPE_INVALID and name in ("exp", "nbf", "iat"):
            yield from _spelling(name, claims[name])


def _spelling(name: str, value: object) -> Iterator[Note]:
    if type(value) in (int, float) and MAX_TIME < value <= MAX_TIME * 1000:  # type: ignore[operator]
        yield Note(NearMiss.TIME_IN_MILLISECONDS, name)
    elif type(value) is str and _is_time(value):
        yield Note(NearMiss.TIME_AS_TEXT, name)


def _is_time(text: str) -> bool:
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return text.strip().replace(".", "", 1).isdigit()
