"""Pages whose ```console blocks are run: after `$ ` a command, then what it prints. A server gets a port of its own.

`python -m tests.console_page docs/integrations.md` writes what the commands print now.
"""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Self

from authorizer.tools.child_process import ChildProcess
from authorizer.tools.function_environment import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

URL: Final = "http://127.0.0.1:3000"
PATIENCE: Final = 30  # seconds until a server serves; usually one and a half
_BLOCK: Final = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
_SERVING: Final = re.compile(rb"Serving on (http://127\.0\.0\.1:\d+)")
_SERVER: Final = re.compile(r"authorizer serve (.*?) *&")


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what it prints according to the page."""

    command: str
    printed: str


class Console:
    """A shell in the project, with its own folder for files that commands write (`$TMP`)."""

    def __enter__(self) -> Self:
        self._resources = ExitStack()
        self._folder = self._resources.enter_context(TemporaryDirectory())
        self._server: ChildProcess | None = None
        self._url = URL
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._resources.close()

    def run(self, command: str) -> str:
        """What a command prints on both streams."""
        serve = _SERVER.fullmatch(command)
        if serve is not None:
            self._start(serve[1].split())
            return ""
        if command == "kill %1":
            self._stop()
            return ""
        script = command.replace(URL, self._url)
        script = re.sub(r"\bauthorizer token\b", f"authorizer token --url {self._url}", script)
        run = subprocess.run(
            ["bash", "-c", script],
            cwd=PROJECT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        lines = (line.rstrip() for line in run.stdout.replace(self._url, URL).splitlines())
        return "".join(f"{line}\n" for line in lines if line)

    def _start(self, arguments: list[str]) -> None:
        self._stop()
        command = [sys.executable, "-m", "authorizer.tools", "serve", "--port", "0", *arguments]
        self._server = ChildProcess(command, self._environment(), PROJECT)
        if not self._server.stdout.wait_for(lambda said: b"Serving on" in said, 0, PATIENCE):
            raise AssertionError(self._server.stderr.since(0).decode("utf-8", "replace"))
        found = _SERVING.search(self._server.stdout.since(0))
        assert found is not None
        self._url = found[1].decode()

    def _stop(self) -> None:
        if self._server is not None:
            self._server.end()
            self._server = None
        self._url = URL

    def _environment(self) -> dict[str, str]:
        binaries = Path(sys.executable).parent
        return {"PATH": f"{binaries}:/usr/bin:/bin", "PYTHONUTF8": "1", "TMP": self._folder, "COLUMNS": "200"}


def blocks(page: str) -> list[list[Step]]:
    """The steps of each block of a page."""
    return [list(_steps(block)) for block in _BLOCK.findall(page)]


def _steps(block: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield Step(command, printed)


def written(page: str) -> str:
    """The page with what its commands print now."""
    with Console() as console:

        def block(match: re.Match[str]) -> str:
            return "".join(f"$ {step.command}\n{console.run(step.command)}" for step in _steps(match[0]))

        return _BLOCK.sub(block, page)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = Path(name)
        file.write_text(written(file.read_text("utf-8")), "utf-8")
