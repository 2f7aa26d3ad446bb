"""What a gateway answered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final


class Nothing(Enum):
    """What is seen where nothing is."""

    ABSENT = "nothing"


ABSENT: Final = Nothing.ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An answer. A message of a WebSocket API has the status of its handshake and no headers."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def document(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def header(self, name: str) -> str | None:
        """The values of a header, whose name has no case, with commas between them; None when there is none."""
        found = [value for one, value in self.headers if one.lower() == name.lower()]
        return ", ".join(found) if found else None

    def at(self, path: str) -> Any:
        """What a path leads to in the body; `KeyError` where it leads nowhere. A text on the way is read as JSON."""
        value = self.document
        for part in path.split("."):
            value = _member(value, part)
        return value


def _member(value: Any, name: str) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise KeyError(name) from None
    if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
        return value[int(name)]
    if isinstance(value, dict) and name in value:
        return value[name]
    raise KeyError(name)
