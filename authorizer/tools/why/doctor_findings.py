"""What `authorizer doctor` can find of a cause, before the next call meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.tools.doctor.catalogue import catalogue

if TYPE_CHECKING:
    from authorizer.tools.why.causes import Cause


def doctor_findings(cause: Cause) -> tuple[str, ...]:
    """The finding that is the same thing, then those that explain the same rows of the tree of failures."""
    same = (cause.finding,) if cause.finding is not None else ()
    rows = set(cause.rows)
    related = (code for code, entry in catalogue().items() if rows & set(entry.rows))
    return tuple(dict.fromkeys((*same, *related)))
