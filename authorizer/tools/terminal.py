"""What every command prints, and how. The one console is here.

Rules of output:
1. Results go to standard output; progress, errors and hints go to standard error. So `--json | jq` always works.
2. An error says what is wrong, then `hint:` says what to do next. The exit status is then 2: cannot tell.
3. Colour only on a terminal, never because of a setting in a file; `NO_COLOR` is honoured.
4. Nothing that came from outside is printed raw: what nobody could see, or what moves the cursor, is escaped, and no text
   is read as markup.
5. `--json` prints one JSON document and nothing else on standard output.
6. No credential is printed, and none is taken from the command line: the process list and the shell's history show it.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CANNOT_TELL = 2

_WIDE = 200  # columns where nobody looks: in a file or a pipe nothing needs to be wrapped
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_.~+/=-]{17,}")  # every JWT begins so: `{"` in base64url


class CommandError(Exception):
    """A command cannot do what it was asked for; `hint` says what to do next."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def plain(value: object) -> Text:
    """Text as it is: no markup, control characters escaped, nothing for None."""
    return Text("" if value is None else escaped(str(value)))


def escaped(text: str) -> str:
    """The text with each character that cannot be seen (controls, directions, zero width, odd spaces) written as its
    escape; tabs and line ends remain."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in "\t\n" else repr(one)[1:-1] for one in text)


def without_tokens(text: str) -> str:
    """The text without any JWT in it: a library's message may repeat an argument, and a claim may hold a token."""
    return _TOKEN.sub("[a token]", text)


def show(value: object = "", style: str = "") -> None:
    """One line of result."""
    _console().print(plain(value) if isinstance(value, str) else value, style=style, soft_wrap=True)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows under headings."""
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(plain, row))
    _console().print(table)


def show_json(document: object) -> None:
    """One JSON document."""
    sys.stdout.write(json.dumps(document, indent=2, default=str) + "\n")


def note(text: str) -> None:
    """One line of progress."""
    progress_console().print(plain(text), soft_wrap=True)


def progress_console() -> Console:
    """The console on standard error, for progress."""
    return _at(sys.stderr)


def complain(message: str, hint: str) -> None:
    """What is wrong, and what to do next."""
    console = progress_console()
    console.print(Text.assemble(("error: ", "bold red"), escaped(without_tokens(message))), soft_wrap=True)
    console.print(Text.assemble(("hint: ", "bold"), escaped(hint)), soft_wrap=True)


def fail(error: CommandError) -> NoReturn:
    """Ends the command with status 2."""
    complain(str(error), error.hint)
    raise SystemExit(CANNOT_TELL)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Whoever read the output went away, which is no deny: Rich would end with status 1."""
        with suppress(SystemExit):
            super().on_broken_pipe()
        raise SystemExit(CANNOT_TELL)


def _console() -> Console:
    return _at(sys.stdout)


def _at(stream: object) -> Console:
    width = None if getattr(stream, "isatty", bool)() else _WIDE
    return _Console(file=stream, width=width, highlight=False, markup=False, emoji=False)  # type: ignore[arg-type]
