"""A file that a command takes an event from: its name, its bytes, and the entry point that is to answer it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from authorizer.tools.entry_point import EntryPoint, entry_point_of
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

STANDARD_INPUT = "-"
MAX_BYTES = 1_048_576  # an event has at most 10 KB of headers


def name_of(path: Path) -> str:
    """How the file is named in output."""
    return "standard input" if str(path) == STANDARD_INPUT else str(path)


def read_bytes(path: Path) -> bytes:
    """All of the file, or of standard input; raises `OSError`, and `CommandError` when it has no end in sight."""
    body = _first_bytes(path, MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise CommandError(f"{name_of(path)} has more than {MAX_BYTES} bytes", "give a file with one event")
    return body


def _first_bytes(path: Path, most: int) -> bytes:
    if str(path) != STANDARD_INPUT:
        with path.open("rb") as file:
            return file.read(most)
    if sys.stdin is None or sys.stdin.closed:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read(most)


def entry_point_for(event: object, path: Path, chosen: EntryPoint | None) -> EntryPoint:
    """The entry point for the event in a file: the chosen one, else by the folder, else by the event's shape."""
    folder = "" if str(path) == STANDARD_INPUT else path.absolute().parent.name
    entry_point = chosen or entry_point_of(event, folder)
    if entry_point is None:
        names = ", ".join(one.value for one in EntryPoint)
        message = f"{name_of(path)} has the shape of no authorizer event"
        raise CommandError(message, f"add --handler with one of {names}")
    return entry_point
