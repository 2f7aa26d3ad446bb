"""The file that is explained: an authorizer event, or a bare token. A token itself is never taken from the command line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.tools.event_file import entry_point_for, name_of, read_bytes
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.note import Note
from authorizer.tools.explain.repair import HEADER_NAME, without_quotes
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from authorizer.tools.entry_point import EntryPoint

_BEARER: Final = re.compile(r"\A\s*bearer\s+", re.IGNORECASE)
_TOKEN_START: Final = re.compile(r"eyJ|bearer\b", re.IGNORECASE)
_NO_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_.~+=-]{20,}", re.ASCII)
_PATH: Final = re.compile(r"[\w./\\:~-]{1,64}")  # what else has no name that is safe to repeat
_SUFFIXES: Final = (".json", ".txt", ".jwt", ".token", ".toml")
_TOKEN_ANSWER: Final = frozenset({"access_token", "id_token", "AuthenticationResult"})  # RFC 6749 section 5.1; Cognito
_SHAPE: Final = "a file holds one authorizer event (a JSON object) or one bare token"


class GivenEvent(NamedTuple):
    """An event, and the entry point that is to answer it."""

    event: Any
    entry_point: EntryPoint

    def __repr__(self) -> str:
        return f"GivenEvent(entry_point={self.entry_point!r})"


class GivenToken(NamedTuple):
    """What follows `Bearer ` in a file, without the quotes and the white space around it, which `notes` tell of."""

    text: str
    notes: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        return f"GivenToken(notes={self.notes!r})"


def read_input(path: Path, chosen: EntryPoint | None) -> GivenEvent | GivenToken:
    """What a file, or standard input, holds; `CommandError` when it is neither event nor token."""
    text = _text(path)
    if text.lstrip().startswith(("{", "[")):
        event = _event(text, path)
        return GivenEvent(event, entry_point_for(event, path, chosen))
    return given_token(text)


def given_token(text: str) -> GivenToken:
    """The token in a text; what was around it is forgiven and told. The line end of a file is no news."""
    line = text.removesuffix("\n").removesuffix("\r")
    bare = line.strip()
    inner = without_quotes(bare)
    inner = _BEARER.sub("", HEADER_NAME.sub("", inner, count=1), count=1)
    token = without_quotes(inner).strip()
    quoted = without_quotes(bare) != bare or without_quotes(inner) != inner
    around = ((NearMiss.WHITE_SPACE, bare != line), (NearMiss.CREDENTIAL_QUOTED, quoted))
    return GivenToken(token, tuple(Note(near_miss, "in the file; forgiven") for near_miss, was in around if was))


def _text(path: Path) -> str:
    name = name_of(path)
    try:
        body = read_bytes(path)
        text = body.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise CommandError(f"{name} cannot be read ({type(error).__name__})", _SHAPE) from error
    if not text.strip():
        raise CommandError(f"{name} is empty", _SHAPE)
    return text


def _event(text: str, path: Path) -> Any:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{name_of(path)} cannot be read as JSON ({type(error).__name__})", _SHAPE) from None
    if not isinstance(event, dict):
        raise CommandError(f"{name_of(path)} holds no JSON object", _SHAPE)
    if not _TOKEN_ANSWER.isdisjoint(event):
        hint = "give one of its tokens alone: jq -r .access_token FILE | authorizer explain -"
        raise CommandError(f"{name_of(path)} is the answer of a token endpoint", hint)
    return event


def refuse_tokens(arguments: Iterable[Path]) -> None:
    """`CommandError` when an argument may be a credential: the usual errors would repeat it."""
    if any(_may_be_token(path) for path in arguments):
        hint = "put it into a file, or pipe it: authorizer explain - < token.txt (process lists show arguments)"
        message = "an argument is no file that exists, and may be a token; none is taken from the command line"
        raise CommandError(message, hint)


def _may_be_token(path: Path) -> bool:
    if _exists(path):
        return False
    if _TOKEN_START.match(path.name) or _PATH.fullmatch(str(path)) is None:
        return True
    return _NO_FILE_NAME.fullmatch(path.name) is not None and path.suffix not in _SUFFIXES


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than file names may be, or with a NUL in it
        return False
