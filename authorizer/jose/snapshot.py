"""A key set shipped with the function: answers the first call without network while it is fresh enough.

`{"issuer": …, "jwks_uri": …, "fetched_at": "2026-11-23T10:00:00Z", "keys": […]}`, made by `authorizer keys snapshot`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from authorizer.jose import key_set, strict_json
from authorizer.jose.key_source import Held

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class NotASnapshot(ValueError):
    """The bytes are not a snapshot with a date and a usable key."""


def read_snapshot(
    document: bytes, *, loaded_at: float, max_age: float, refresh: float, issuers: Sequence[str] | None = None
) -> Held:
    """The keys of a snapshot, usable until `max_age` seconds after its own date; `NotASnapshot` for anything else.

    They are due for a refresh `refresh` seconds after they were loaded, so that a rotation is followed as soon as with
    fetched keys. With `issuers` the snapshot must be of one of them.
    """
    try:
        members = strict_json.parse_object(document)
        keys = key_set.build(members["keys"])
    except (strict_json.NotStrictJson, key_set.NotAKeySet, KeyError, TypeError) as error:
        raise NotASnapshot(f"no key set: {type(error).__name__}") from None
    if (
        issuers is not None and members.get("issuer") not in issuers
    ):  # the file of the test system would let the test system's users in
        raise NotASnapshot("of another issuer")
    fetched_at = _date(members.get("fetched_at"))
    if fetched_at > loaded_at:
        raise NotASnapshot("dated in the future")
    return Held(keys, fetched_at, fetched_at + max_age, loaded_at + refresh, "snapshot")


def _date(value: Any) -> float:
    try:
        date = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise NotASnapshot("no date in fetched_at") from None
    if date.tzinfo is None:
        raise NotASnapshot("no time zone in fetched_at")
    return date.timestamp()
