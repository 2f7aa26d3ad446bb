"""The table, from its files. What is wrong with a row is told when it is read, not when it is played."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.conformance.row import OPEN, Call, Confidence, Expected, Message, Row
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLE: Final = Path(__file__).parent / "table"
TOOLS: Final = ("sam_cli", "chalice", "serverless_offline")  # of `others`

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CALL: Final = ("method", "path", "token", "send", "data", "stage", "wait")
_EXPECTED: Final = frozenset(
    {
        "status",
        "body",
        "text",
        "headers",
        "headers_like",
        "no_headers",
        "at",
        "like",
        "null",
        "missing",
        "same",
        "changed",
    }
)
_ROW: Final = frozenset(
    {"id", "says", "api", "source", "settles", "others", "note", "not_here", "outage", "websocket", "long"}
)
_LISTS: Final = ("before", "each", "messages", "facts", "confidence")
_USUAL: Final = "usual"  # of a file: what its rows have where they do not say otherwise


class BadRow(ValueError):
    """A row that cannot be played: says which, and what is wrong."""


def read_table(folder: Path = TABLE) -> tuple[Row, ...]:
    """All rows, in the order of files and in them; `CommandError` for what is no row, and for an id that is there twice."""
    rows: dict[str, Row] = {}
    try:
        for file in sorted(folder.glob("*.toml")):
            for row in _rows(tomllib.loads(file.read_text("utf-8"))):
                if row.id in rows:
                    raise BadRow(f"{row.id}: the id is there twice")
                rows[row.id] = row
    except (BadRow, tomllib.TOMLDecodeError, OSError) as error:
        raise CommandError(f"the table cannot be read: {error}", f"mend it in {folder}") from None
    return tuple(rows.values())


def _rows(document: Mapping[str, Any]) -> Iterator[Row]:
    usual = document.get(_USUAL, {})
    for given in document.get("row", []):
        yield row_of({**usual, **given})


def row_of(given: Mapping[str, Any]) -> Row:
    """The row of one table of TOML; `BadRow` for what is none."""
    name = str(given.get("id"))
    try:
        return _row(given)
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise BadRow(f"{name}: {type(error).__name__} {error}") from None


def _row(given: Mapping[str, Any]) -> Row:
    _known(given, _ROW | _EXPECTED | {*_CALL, *_LISTS})
    if not _ID.fullmatch(given["id"]):
        raise ValueError("the id is made of a-z, 0-9 and single hyphens")
    _known(given.get("others", {}), frozenset(TOOLS))
    confidence = Confidence(given["confidence"])
    if (confidence is Confidence.UNSURE) != ("settles" in given):
        raise ValueError("`settles` is for unsure rows, and those have it")
    call = {name: given[name] for name in _CALL if name in given}
    return Row(
        **{name: given[name] for name in _ROW if name in given},
        call=_call(call),
        expected=_expected(given),
        before=tuple(_call({**call, **one}) for one in given.get("before", ())),
        each=tuple(given.get("each", ())),
        messages=tuple(_message(one) for one in given.get("messages", ())),
        facts=tuple(given.get("facts", ())),
        confidence=confidence,
    )


def _known(given: Mapping[str, Any], names: frozenset[str]) -> None:
    unknown = sorted(given.keys() - names)
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}")


def _call(given: Mapping[str, Any]) -> Call:
    """A header with several values has a list of them; an empty token is none."""
    _known(given, frozenset({*_CALL, "status", "flush"}))
    sent = given.get("send", {})
    pairs = tuple(
        (name, one) for name, value in sent.items() for one in (value if isinstance(value, list) else [value])
    )
    return Call(**{**given, "send": pairs, "token": given.get("token") or None})


def _message(given: Mapping[str, Any]) -> Message:
    return Message(send=given["send"], expected=_expected({**given, "status": OPEN}, "send"))


def _expected(given: Mapping[str, Any], *beside: str) -> Expected:
    found: dict[str, Any] = {name: value for name, value in given.items() if name in _EXPECTED}
    if beside:
        _known(given, _EXPECTED | set(beside))
    if "body" in found:
        json.loads(found["body"])
    for pattern in (*found.get("like", {}).values(), *found.get("headers_like", {}).values()):
        re.compile(pattern)
    found |= {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    return Expected(**found)
