"""What a token says of itself, as far as it may be shown: registered names and times, of all else the names only.

No part of the token, no signature, and no value that tells who somebody is: never `sub`, `email` or their like.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from authorizer.jose.claims import MAX_TIME, is_texts, kind
from authorizer.tools.explain.note import shortened

if TYPE_CHECKING:
    from authorizer.tools.explain.examination import Examination

HEADER: Final = ("alg", "kid", "typ")
SHOWN: Final = ("iss", "aud", "client_id", "azp", "token_use", "scope", "scp")
TIMES: Final = ("iat", "nbf", "exp")
MAX_NAMES: Final = 100  # of other claims


def facts(examination: Examination, now: float) -> dict[str, Any] | None:
    """For people and for `--json`; None where no token can be read."""
    parts = examination.parts
    if parts is None or (parts.seen is None and not parts.members):
        return None
    claims, key = examination.claims, examination.key
    others = sorted(claims.keys() - {*SHOWN, *TIMES})
    return {
        "header": {name: _shown(parts.members[name]) for name in HEADER if name in parts.members},
        "claims": {name: _shown(claims[name]) for name in SHOWN if name in claims},
        "times": {name: _moment(claims[name], now) for name in TIMES if name in claims},
        "other_claims": [_name(name) for name in others[:MAX_NAMES]],
        "trusted_issuer": examination.issuer.issuers[0] if examination.issuer is not None else None,
        "named": examination.named,
        "signature": examination.proof.value,
        "keys": key.state.name if key is not None else None,
    }


def _shown(value: object) -> str | list[str] | dict[str, str]:
    """A text, several texts, or the kind of anything else."""
    if type(value) is str:
        return shortened(value)
    return [shortened(one) for one in value] if is_texts(value) else {"kind": kind(value)}  # type: ignore[attr-defined]


def _name(name: str) -> str:
    """A claim may be named after a person."""
    return "(a name with @)" if "@" in name else shortened(name)


def _moment(value: object, now: float) -> str:
    if type(value) not in (int, float) or not 0 <= value <= MAX_TIME:  # type: ignore[operator]
        return kind(value)
    at = datetime.fromtimestamp(value, UTC)  # type: ignore[arg-type]
    return f"{at:%Y-%m-%dT%H:%M:%SZ}, {distance(value - now)}"  # type: ignore[operator]


def distance(seconds: float) -> str:
    """How far a time lies ahead or back."""
    far = abs(seconds)
    size, unit = next(
        (size, unit)
        for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
        if far >= 2 * size or size == 1
    )
    count = f"{far / size:.0f} {unit}"
    return f"in {count}" if seconds > 0 else f"{count} ago"
