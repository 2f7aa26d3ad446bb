"""What is wrong in a template, as data. Codes are stable, words are not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from authorizer.tools.template import Place


class Severity(Enum):
    """An error is answered wrongly, or not at all; a warning is hardly meant; a note is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing: where it stands, what was found there, what is right, and the lines that say so."""

    code: str
    severity: Severity = Severity.ERROR
    place: Place
    line: int | None = None
    found: str
    right: str
    fix: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "place": str(self.place),
            "line": self.line,
            "found": self.found,
            "right": self.right,
            "fix": list(self.fix),
        }

    def __str__(self) -> str:
        where = f"{self.place} (line {self.line})" if self.line is not None else str(self.place)
        return f"{self.severity.value}: {self.code}: {where}: found {self.found}; right would be {self.right}"
