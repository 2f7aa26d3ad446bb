"""The row about the built layer: what its `.pyc` files are worth at a cold start, on the runtime that the template names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from authorizer.tools.emulator import Emulator, find_binary
from authorizer.tools.function_environment import PROJECT, FunctionEnvironment
from authorizer.tools.terminal import CommandError
from benchmarks.package import SETTINGS
from benchmarks.rounds import measure
from benchmarks.row import Row
from benchmarks.traffic import Traffic
from layers.environment import RUNTIME, NoInterpreter, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME = "cold start: the built layer, net of an empty function"
AGAINST = "the same without .pyc files"
TARGET = 0.75
LAYER = PROJECT / ".aws-sam" / "build" / "LayerX8664" / "python"


def built_rows(starts: int) -> Iterator[Row]:
    """One row; a skipped one where there is no layer, no emulator, or no Python for it."""
    try:
        find_binary()
        python = str(environment("lambda", RUNTIME))
    except (CommandError, NoInterpreter) as error:
        yield _skipped(str(error))
        return
    if not LAYER.exists():
        yield _skipped("no layer was built: make build")
        return
    with TemporaryDirectory(prefix="benchmark-") as folder:
        yield _row(Path(folder), python, starts)


def _row(folder: Path, python: str, starts: int) -> Row:
    traffic = Traffic.of("RS256")
    code, bare = folder / "code", folder / "bare"
    code.mkdir()
    (code / "keys.json").write_text(json.dumps(traffic.jwks), "utf-8")
    (code / "authorizer.toml").write_text(SETTINGS, "utf-8")
    shutil.copy(Path(__file__).parent / "functions" / "empty_function.py", code)
    shutil.copytree(LAYER, bare, ignore=shutil.ignore_patterns("__pycache__"))
    event = json.dumps(traffic.http_events()[0]).encode()
    seconds = measure(
        {
            "ours": _start("authorizer.handler.http", (code, LAYER), python, event),
            "other": _start("authorizer.handler.http", (code, bare), python, event),
            "empty": _start("empty_function.handler", (code,), python, event),
        },
        starts,
    )
    ours, other, empty = seconds["ours"], seconds["other"], seconds["empty"]
    return Row(name=NAME, against=AGAINST, target=TARGET, ours=ours, other=other, net_of=empty)


def _start(handler: str, paths: tuple[Path, ...], python: str, event: bytes) -> Callable[[], float]:
    """A new process each time; the seconds until its first answer. Lambda cannot write `.pyc` files, so neither may it."""
    environment = FunctionEnvironment(
        variables={"PYTHONDONTWRITEBYTECODE": "1"},
        task_root=paths[0],
        import_paths=paths,
        python=python,
        with_project=False,
    )

    def start() -> float:
        with Emulator(handler, environment) as function:
            invocation = function.invoke(event)
        if invocation.error:
            raise RuntimeError(f"{handler} does not answer as it should: {invocation.error}")
        return invocation.seconds

    return start


def _skipped(why: str) -> Row:
    return Row(name=NAME, against=AGAINST, ours=(), other=(), target=TARGET, skipped=why)
