"""The tree of failures: 93 ways in which a call can go wrong, each with what the client sees."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_name("failures.toml")
NOT_SUPPORTED: Final = ("appsync", "iot")  # their authorizers are of another kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One row. `client` is what a client sees, empty where it sees no error at all."""

    number: int
    api: str
    cause: str
    client: str


@cache
def failures() -> Mapping[int, Failure]:
    """All rows, by number."""
    rows = tomllib.loads(FILE.read_text("utf-8"))
    return {int(number): Failure(number=int(number), **row) for number, row in rows.items()}
