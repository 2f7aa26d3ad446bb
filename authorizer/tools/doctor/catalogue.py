"""The catalogue of findings: what each code means for clients, why, how it is mended, and who says so.

The prose is in `findings/*.toml`, one file per family of checks. Codes are stable: never renamed, never used again.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template_check.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).with_name("findings")
INVISIBLE: Final = Path(__file__).with_name("invisible.toml")
_FIELDS: Final = frozenset({"severity", "title", "client_sees", "why", "fix", "source", "rows"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code. `client_sees` is the status with what goes along, or what is wrong without any error; `rows` are rows of the
    tree of failures (`docs/troubleshooting.md`) that it explains; `source` is a page of AWS, an RFC, or a public report."""

    code: str
    severity: Severity
    title: str
    client_sees: str
    why: str
    fix: str
    source: str
    rows: tuple[int, ...] = ()


@cache
def catalogue() -> Mapping[str, Entry]:
    """All codes, in the order of their files; `ValueError` for an entry that is not whole, or there twice."""
    found: dict[str, Entry] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        for code, given in tomllib.loads(file.read_text("utf-8")).items():
            if code in found:
                raise ValueError(f"{file.name}: {code} is there twice")
            found[code] = _entry(file.name, code, given)
    return found


@cache
def invisible() -> Mapping[int, Mapping[str, str]]:
    """The rows of the tree of failures that no check can see, each with why, and what to look at instead."""
    rows = tomllib.loads(INVISIBLE.read_text("utf-8"))
    return {int(number): row for number, row in rows.items()}


def _entry(file: str, code: str, given: Mapping[str, Any]) -> Entry:
    if not given.keys() <= _FIELDS or not _FIELDS - given.keys() <= {"rows"}:
        raise ValueError(f"{file}: {code} has other fields than {', '.join(sorted(_FIELDS))}")
    texts = {name: str(given[name]) for name in ("title", "client_sees", "why", "fix", "source")}
    return Entry(code=code, severity=Severity(given["severity"]), rows=tuple(given.get("rows", ())), **texts)
