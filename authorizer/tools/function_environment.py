"""The environment of a function that is run here: built up from nothing, so that no variable of the user's leaks in."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import authorizer

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(authorizer.__file__).resolve().parents[1]

_WINDOWS = ("SYSTEMROOT",)  # without it Python has no sockets and no random numbers there


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionEnvironment:
    """What a function is run with. `task_root` is the folder that relative file names in the settings start from."""

    variables: Mapping[str, str] = field(repr=False)
    task_root: Path = PROJECT
    import_paths: tuple[Path, ...] = ()  # before the project's own
    timeout: int = 10  # seconds
    python: str = sys.executable
    with_project: bool = True  # False for a built function, which brings its code along
    name: str = "authorizer"
    memory: int = 512  # MB
    region: str = "eu-west-1"

    def build(self) -> dict[str, str]:
        """All variables, as Lambda sets them beside the function's own."""
        paths = (*self.import_paths, *([PROJECT] if self.with_project else []))
        return {
            **{name: os.environ[name] for name in _WINDOWS if name in os.environ},
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PYTHONUTF8": "1",
            "TZ": ":UTC",
            "LAMBDA_TASK_ROOT": str(self.task_root),
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(self.timeout),
            **self.variables,
        }
