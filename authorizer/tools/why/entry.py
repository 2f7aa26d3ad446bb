"""What one line of a log is: of which log, of which request, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(Enum):
    """Which log a line is of. A line that may be of several is OTHER."""

    DECISION = "decision"  # our functions: one line per invocation
    ACCESS = "access"
    EXECUTION = "execution"
    FUNCTION = "function"  # what Lambda and code write
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. `ids` are those of API Gateway's request and of the function's; `at` is in seconds since 1970."""

    kind: Kind
    ids: tuple[str, ...] = ()
    at: float | None = None
    text: str = field(default="", repr=False)
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> str:
        """A field as text, the empty text where there is none."""
        value = self.fields.get(name)
        return "" if value is None else str(value)
