"""A child process in a session of its own, whose output is kept as it arrives, and which is always ended."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import IO, TYPE_CHECKING, Self

from authorizer.clock import stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_PATIENCE = 2.0  # seconds between asking a process to end and ending it
_CHUNK = 65536


class Stream:
    """Everything that a pipe has delivered so far."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._arrived = threading.Condition()
        self._bytes = bytearray()
        self._ended = False
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()

    def __len__(self) -> int:
        with self._arrived:
            return len(self._bytes)

    def since(self, position: int) -> bytes:
        """What arrived after the first `position` bytes."""
        with self._arrived:
            return bytes(self._bytes[position:])

    def wait_for(self, enough: Callable[[bytes], bool], position: int, seconds: float) -> bool:
        """Waits until what arrived after `position` is enough; False when time is up or the pipe ended before that."""

        def arrived() -> bool:
            return enough(bytes(self._bytes[position:]))

        with self._arrived:
            self._arrived.wait_for(lambda: self._ended or arrived(), seconds)
            return arrived()

    def join(self) -> None:
        """Waits for the last bytes of a process that has ended."""
        self._reader.join(_PATIENCE)

    def _drain(self) -> None:
        with self._pipe:
            while data := os.read(self._pipe.fileno(), _CHUNK):
                with self._arrived:
                    self._bytes += data
                    self._arrived.notify_all()
        with self._arrived:
            self._ended = True
            self._arrived.notify_all()


class ChildProcess:
    """A running command. A context manager; what is forgotten is ended when Python ends."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that all it starts can be ended, and nothing else
        )
        atexit.register(self.end)
        self._input = _pipe(self._process.stdin)
        self.stdout = Stream(_pipe(self._process.stdout))
        self.stderr = Stream(_pipe(self._process.stderr))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its session."""
        return self._process.pid

    def send(self, data: bytes) -> None:
        """Writes to its standard input. A child that has ended reads nothing: the missing answer tells."""
        with suppress(OSError):
            self._input.write(data)
            self._input.flush()

    def end(self) -> None:
        """Ends it with all that it started. May be called again."""
        atexit.unregister(self.end)
        with suppress(OSError):
            self._input.close()
        _end_session(self._process)
        self.stdout.join()
        self.stderr.join()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # all three were asked for
    return pipe


def _end_session(process: subprocess.Popen[bytes]) -> None:
    """Asks the process to end, then kills whatever is left of its session: the emulator puts the runtime into a process
    group of its own, which ending the emulator's group would miss."""
    if os.name == "nt":
        process.kill()
    else:
        _signal_group(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
    deadline = stopwatch() + _PATIENCE
    while (left := _groups_of_session(process.pid)) and stopwatch() < deadline:
        for group in left:
            _signal_group(group, signal.SIGKILL)
        sleep(0.01)
    process.wait()


def _groups_of_session(session: int) -> set[int]:
    """The process groups in a session; without /proc only the first one, which has the session's id."""
    if os.name == "nt":
        return set()
    if not Path("/proc/self/stat").exists():
        return {session} if _exists(session) else set()
    return {group for group, of in _groups_and_sessions() if of == session}


def _groups_and_sessions() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):  # it ended while we looked
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
            if fields[0] != "Z":
                yield int(fields[2]), int(fields[3])


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return True


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS answers the latter for a group that has ended
        os.killpg(group, number)
