"""Text that somebody gives: a file or standard input, with an end in sight; and what of it may be shown."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.event_file import STANDARD_INPUT, name_of
from authorizer.tools.terminal import CommandError, escaped, without_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES: Final = 64 * 1024 * 1024
_MOST_SHOWN: Final = 200  # characters of one text
_MOST_TRIES: Final = 60  # opening braces that are looked at
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_+/=-]{8,60}")
_BOM: Final = "\ufeff"


def read_text(path: Path) -> str:
    """All of it; `CommandError` where it cannot be read, or has no end in sight. What is no UTF-8 becomes question marks."""
    try:
        body = _first_bytes(path)
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        raise CommandError(
            f"{name_of(path)} cannot be read ({type(error).__name__})", "give a text file, or -"
        ) from None
    if len(body) > MAX_BYTES:
        raise CommandError(
            f"{name_of(path)} has more than {MAX_BYTES} bytes", "give the lines around the time in question"
        )
    return body.decode("utf-8", "replace").removeprefix(_BOM).replace("\r\n", "\n")


def _first_bytes(path: Path) -> bytes:
    if str(path) != STANDARD_INPUT:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    if sys.stdin is None or sys.stdin.closed:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def as_json(text: str) -> Any:
    """The document; None for what is none, or nests more deeply than anybody can read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def json_objects(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects that stand somewhere in a text, each with where it begins."""
    decoder, at, tries = json.JSONDecoder(), text.find("{"), 0
    while at >= 0 and tries < _MOST_TRIES:
        tries += 1
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield at, value
        at = text.find("{", end)


def shown(value: object) -> str:
    """A text for people: no token, nothing that cannot be seen, not long."""
    return escaped(without_tokens(str(value)))[:_MOST_SHOWN]


def request_id(value: object) -> str | None:
    """The id of a request; None for what cannot be one."""
    text = value.strip() if isinstance(value, str) else ""
    return text if _REQUEST_ID.fullmatch(text) else None
