"""A route table in the settings' words, as far as OpenAPI has words for it: written, read, and compared."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from authorizer import config
from authorizer.errors import ConfigError
from authorizer.template import parse_match
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from authorizer.template import Segment

Key = tuple[str, "tuple[Segment, ...]"]  # `/a/{id}` and `/a/{key}` are one template
_SAID: Final = {"match", "scopes", "any_scopes", "any_valid_token", "public"}
_HINT: Final = "authorizer config check says what is wrong with settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One [[route]]. A row that asks for no scope and is not public takes any valid token, but for `beside`: the names of
    what else it asks for, which OpenAPI has no words for and nothing is compared with."""

    match: str
    scopes: frozenset[str] = frozenset()
    any_scopes: frozenset[str] = frozenset()
    public: bool = False
    beside: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> Key:
        """What is matched; `ValueError` when it is nothing that API Gateway would accept."""
        method, template = parse_match(self.match)
        return method, template.segments

    @property
    def needs(self) -> dict[str, Any]:
        """What is asked for, as the settings say it."""
        if self.public:
            return {"public": True}
        said = {"scopes": sorted(self.scopes), "any_scopes": sorted(self.any_scopes)}
        return {name: scopes for name, scopes in said.items() if scopes} or {"any_valid_token": True}

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return {"match": self.match, **self.needs}

    def __str__(self) -> str:
        said = {name: value for name, value in self.needs.items() if not (self.beside and name == "any_valid_token")}
        texts = (name if value is True else f"{name} {' '.join(value)}" for name, value in said.items())
        return "; ".join((*texts, *self.beside))


class Drift(Enum):
    """How a settings file differs from a document in one route."""

    MISSING = "missing"
    ADDED = "added"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One route that is not the same in both."""

    drift: Drift
    expected: Row | None = None
    found: Row | None = None

    @property
    def match(self) -> str:
        """The route, as the document names it where it does."""
        return (self.expected or self.found or Row(match="")).match


def written(rows: Iterable[Row]) -> Iterator[str]:
    """Lines of TOML."""
    for row in rows:
        yield ""
        yield "[[route]]"
        yield f"match = {json.dumps(row.match)}"  # matches and scopes are ASCII, so that a JSON text is a TOML text
        for name, value in row.needs.items():
            yield f"{name} = {json.dumps(value)}"


def from_settings(file: Path) -> Sequence[Row]:
    """The [[route]] tables of a settings file, whatever else is in it. What OpenAPI has no words for, such as groups, is
    named only. `CommandError` when there is no table that could be read."""
    try:
        tables = config.from_file(file).raw("route")
    except ConfigError as error:
        raise CommandError(f"cannot read {file}: {error.problems[0].found}", _HINT) from None
    if not isinstance(tables, list) or not tables:
        raise CommandError(f"{file} has no [[route]]", "give settings with a route table")
    return [_row(table, f"{file}: route[{index}]") for index, table in enumerate(tables)]


def differences(expected: Iterable[Row], found: Iterable[Row]) -> Sequence[Difference]:
    """All routes that are not the same in both, in order of the routes."""
    wanted, given = ({row.key: row for row in rows} for rows in (expected, found))
    several = [
        *(Difference(drift=Drift.MISSING, expected=row) for key, row in wanted.items() if key not in given),
        *(Difference(drift=Drift.ADDED, found=row) for key, row in given.items() if key not in wanted),
        *(
            Difference(drift=Drift.DIFFERENT, expected=row, found=given[key])
            for key, row in wanted.items()
            if key in given and given[key].needs != row.needs
        ),
    ]
    return sorted(several, key=lambda one: in_order(one.match))


def in_order(match: str) -> tuple[str, str]:
    """Sorts matches by path, then by method."""
    method, _, path = match.rpartition(" ")
    return path, method


def _row(table: Any, where: str) -> Row:
    given = table if isinstance(table, dict) else {}
    scopes, any_scopes = given.get("scopes", []), given.get("any_scopes", [])
    row = Row(
        match=str(given.get("match")),
        scopes=frozenset(_texts(scopes, where)),
        any_scopes=frozenset(_texts(any_scopes, where)),
        public=given.get("public", False) is True,
        beside=tuple(sorted(set(given) - _SAID)),
    )
    try:
        row.key  # noqa: B018  # is refused here, with its place
    except ValueError:
        raise CommandError(f"{where} has no match that could be read", _HINT) from None
    return row


def _texts(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise CommandError(f"{where} has scopes that are no list of texts", _HINT)
    return value
