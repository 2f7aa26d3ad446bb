"""The time that something is explained for: now, or the one that `--now` gives."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from authorizer import clock
from authorizer.jose.claims import MAX_TIME
from authorizer.tools.terminal import CommandError

_SECONDS: Final = re.compile(r"[0-9]{9,12}(?:\.[0-9]+)?")  # fewer digits are a year or a date without its signs
_HINT: Final = "give seconds since 1970, or a date with its zone, such as 2026-11-25T16:00:00Z"


def moment(text: str | None) -> float:
    """Seconds since 1970; `CommandError` for what is no time. What was given is not repeated: it may be anything."""
    if text is None:
        return clock.now()
    seconds = _seconds(text)
    if seconds is None or not 0 <= seconds <= MAX_TIME:
        raise CommandError("--now is no time", _HINT)
    return seconds


def _seconds(text: str) -> float | None:
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        date = datetime.fromisoformat(text)
        return date.timestamp() if date.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
