"""Whether code has changed since it was looked at."""

from __future__ import annotations

import os
import threading
from itertools import islice
from typing import TYPE_CHECKING, Final

from authorizer.clock import Clock, stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_EVERY: Final = 0.3  # seconds
_MOST: Final = 5_000  # files
_ENDINGS: Final = (".py", ".toml", ".json", ".yaml")
_SKIPPED: Final = frozenset({".venv", ".git", "node_modules", "__pycache__", ".aws-sam"})

_Seen = dict[str, tuple[int, int]]


class Watched:
    """Files, and the code and settings in folders. What is looked at first counts as unchanged."""

    def __init__(self, paths: Iterable[Path], clock: Clock = stopwatch) -> None:
        self._paths = tuple(paths)
        self._clock = clock
        self._lock = threading.Lock()
        self._looked = clock()
        self._seen = self._look()

    def changed(self) -> bool:
        """Whether anything is other than at the last look, which is at most so often."""
        with self._lock:
            now = self._clock()
            if now - self._looked < _EVERY:
                return False
            self._looked = now
            before, self._seen = self._seen, self._look()
            return before != self._seen

    def _look(self) -> _Seen:
        return dict(islice(_states(self._paths), _MOST))


def _states(paths: Iterable[Path]) -> Iterator[tuple[str, tuple[int, int]]]:
    for path in paths:
        for name in _files(path):
            try:
                found = os.stat(name)
            except OSError:  # it went away, or never was
                continue
            yield name, (found.st_mtime_ns, found.st_size)


def _files(path: Path) -> Iterator[str]:
    if not path.is_dir():
        yield str(path)
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(set(folders) - _SKIPPED)
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(_ENDINGS))
