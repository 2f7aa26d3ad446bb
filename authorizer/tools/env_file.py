"""Variables of functions in the shape of `sam local invoke --env-vars`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ALL_FUNCTIONS = "Parameters"  # SAM's name for the variables of every function
_SHAPE = '{"Parameters": {"NAME": "value"}}, or one such object per function'


def read_variables(path: Path) -> dict[str, str]:
    """The variables of all functions and of the one function that the file names, if it names one."""
    document = _read(path)
    functions = [name for name in document if name != ALL_FUNCTIONS]
    if len(functions) > 1:
        message = f"{path} has variables of several functions: {', '.join(sorted(functions))}"
        raise CommandError(message, f"keep one of them beside {ALL_FUNCTIONS}")
    variables: dict[str, str] = {}
    for name in (ALL_FUNCTIONS, *functions):
        variables |= {key: _text(value) for key, value in document.get(name, {}).items()}
    return variables


def read_all(path: Path) -> dict[str, dict[str, str]]:
    """The variables of each function that the file names, and those of all functions by SAM's name for these."""
    return {name: {key: _text(value) for key, value in given.items()} for name, given in _read(path).items()}


def _read(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read ({type(error).__name__})", f"write {_SHAPE}") from error
    if not isinstance(document, dict) or not all(isinstance(value, dict) for value in document.values()):
        raise CommandError(f"{path} has another shape than SAM's", f"write {_SHAPE}")
    return document


def _text(value: object) -> str:
    """As SAM hands values over: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
