"""One line per request, for people, on standard error. Neither a query nor a header: both may hold a token."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from authorizer.errors import InternalError
from authorizer.tools.terminal import note, without_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST: Final = 200  # characters of a path or a detail: one line stays one line


class Line(NamedTuple):
    """What one request was, and what became of it. `result` is a status, or how a connection ended."""

    method: str
    path: str
    result: int | str
    seconds: float
    detail: str = ""

    def __str__(self) -> str:
        told = f"{_short(self.method)} {_short(self.path)} {self.result} {self.seconds * 1000:.0f} ms"
        return f"{told}  {_short(self.detail)}" if self.detail else told


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLog:
    """Where the lines go. `quiet` leaves out what went as it should; a bug is told in any case."""

    quiet: bool = False
    write: Callable[[str], object] = note

    def answered(self, line: Line) -> None:
        """One request was answered."""
        if not self.quiet:
            self._tell(str(line))

    def failed(self, bug: BaseException) -> None:
        """A bug of the core or the server: only its type and place, because its text may hold a token."""
        self._tell(f"internal error: {InternalError.of(bug)}")

    def _tell(self, text: str) -> None:
        with suppress(Exception, SystemExit):  # whoever read the log went away: no reason to stop serving
            self.write(text)


def _short(text: str) -> str:
    line = " ".join(without_tokens(text).split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
