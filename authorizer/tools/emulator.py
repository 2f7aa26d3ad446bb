"""Runs a function on the real Lambda runtime emulator, the one in the wheel of aws-sam-cli. No Docker; Linux only."""

from __future__ import annotations

import http.client
import platform
import shutil
import socket
import sys
from contextlib import ExitStack, closing
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from time import sleep
from typing import TYPE_CHECKING, Self

from authorizer.clock import stopwatch
from authorizer.tools.child_process import ChildProcess
from authorizer.tools.invocation import Invocation, gave_up, read_invocation
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from authorizer.tools.function_environment import FunctionEnvironment

_PATH = "/2015-03-31/functions/function/invocations"
_BINARIES = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64", "arm64": "aws-lambda-rie-arm64"}
_START = 10.0  # seconds until it listens; usually 0.02
_ATTEMPTS = 3  # another process may take a port between our look and the emulator's
_LOGS = 2.0  # seconds until the report of an invocation that has answered
_LEAST = 0.001  # seconds; a socket takes none for "do not wait"
_MARGIN = 20.0  # seconds for a cold start, beyond the function's timeout
_IN_PROCESS = "use --in-process, which needs no emulator"


class Emulator:
    """One function on one emulator. A context manager, because the emulator never ends by itself."""

    def __init__(self, handler: str, environment: FunctionEnvironment) -> None:
        self._handler = handler
        self._environment = environment
        self._read = 0, 0  # how much of both streams belongs to earlier invocations

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            binary = stack.enter_context(Binary())
            self._child, self._port = self._start(binary)
            stack.callback(self._child.end)
            self._resources = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    def invoke(self, event: bytes, patience: float | None = None) -> Invocation:
        """What came of one event. Events go one after another to the same process, as on Lambda. Who has `patience` gets the
        error `Gateway.Timeout` when it is over before an answer; the emulator is then still busy with the event."""
        began = stopwatch()
        limit = self._environment.timeout + _MARGIN
        try:
            status, body = self._post(event, limit if patience is None else max(_LEAST, min(limit, patience)))
        except CommandError as error:
            if patience is None or patience >= limit or not isinstance(error.__cause__, TimeoutError):
                raise
            return gave_up(patience, self._output(), stopwatch() - began)
        seconds = stopwatch() - began
        self._wait_for_logs(status)
        return read_invocation(body, self._output(), seconds)

    def _start(self, binary: str) -> tuple[ChildProcess, int]:
        for _ in range(_ATTEMPTS):
            port, api_port = _free_ports()
            command = [*_command(binary, port, api_port), self._environment.python, "-m", "awslambdaric", self._handler]
            child = ChildProcess(command, self._environment.build(), self._environment.task_root)
            if _listens(child, port):
                return child, port
            child.end()
        raise CommandError("the Lambda runtime emulator does not start: " + _last_line(child), _IN_PROCESS)

    def _post(self, event: bytes, patience: float) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=patience)) as connection:
            try:
                connection.request("POST", _PATH, event)
                response = connection.getresponse()
                return response.status, response.read()
            except (OSError, http.client.HTTPException) as error:
                message = f"the Lambda runtime emulator does not answer ({type(error).__name__})"
                raise CommandError(message, _IN_PROCESS) from error

    def _wait_for_logs(self, status: int) -> None:
        """The emulator answers before it writes the report, after which no more comes. A function that could not be
        loaded gets another status and no report."""
        if status == http.client.OK:
            self._child.stdout.wait_for(_has_report, self._read[0], _LOGS)
        else:
            self._child.stderr.wait_for(lambda log: b"Invoke DONE" in log, self._read[1], _LOGS)

    def _output(self) -> bytes:
        out, err = self._child.stdout, self._child.stderr
        before, self._read = self._read, (len(out), len(err))
        return out.since(before[0]) + err.since(before[1])


class Binary:
    """The path of an emulator that can be executed; a temporary copy where the wheel was unpacked without that bit."""

    def __init__(self) -> None:
        self._copy: str | None = None

    def __enter__(self) -> str:
        path = find_binary()
        if path.stat().st_mode & 0o100:
            return str(path)
        self._copy = mkdtemp(prefix="emulator-")
        copy = Path(shutil.copy(path, self._copy))
        copy.chmod(0o700)
        return str(copy)

    def __exit__(self, *_: object) -> None:
        if self._copy:
            shutil.rmtree(self._copy, ignore_errors=True)


def runs_here() -> bool:
    """Whether there is an emulator for this system and processor at all."""
    return sys.platform == "linux" and platform.machine() in _BINARIES


def find_binary() -> Path:
    """The emulator for this machine; an error that says what else to do where there is none."""
    if sys.platform != "linux":
        raise CommandError(f"the Lambda runtime emulator runs on Linux only, not on {sys.platform}", _IN_PROCESS)
    machine = platform.machine()
    if machine not in _BINARIES:
        raise CommandError(f"there is no Lambda runtime emulator for {machine}", _IN_PROCESS)
    for package in ("samcli", "awslambdaric"):
        if find_spec(package) is None:
            hint = f"pip install -r requirements/dev.txt, or {_IN_PROCESS}"
            raise CommandError(f"the Python package {package} is not installed", hint)
    spec = find_spec("samcli")  # found, never imported: importing it costs a second
    folders = (spec.submodule_search_locations if spec else None) or []
    for folder in folders:
        path = Path(folder, "local", "rapid", _BINARIES[machine])
        if path.exists():
            return path
    raise CommandError(f"aws-sam-cli has no {_BINARIES[machine]}", _IN_PROCESS)


def _command(binary: str, port: int, api_port: int) -> list[str]:
    emulator = [binary, "--log-level", "info"]
    addresses = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    return [*emulator, *addresses, "--runtime-api-address", f"127.0.0.1:{api_port}"]


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def _listens(child: ChildProcess, port: int) -> bool:
    deadline = stopwatch() + _START
    while child.running and stopwatch() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return child.running
        except OSError:
            sleep(0.01)
    return False


def _has_report(log: bytes) -> bool:
    _, found, rest = log.rpartition(b"REPORT RequestId: ")
    return bool(found) and b"\n" in rest


def _last_line(child: ChildProcess) -> str:
    lines = child.stderr.since(0).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it says nothing"
