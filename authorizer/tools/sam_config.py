"""What `samconfig.toml` says for running a template here: the parameters that `sam local start-api` would take.

Source: SAM developer guide, "Configuring the AWS SAM CLI" (sections `global` and `local_start_api`).
"""

from __future__ import annotations

import re
import shlex
import tomllib
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.template.shape import as_map
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "samconfig.toml"
_LONG: Final = re.compile(r"ParameterKey=([^,]*),ParameterValue=(.*)", re.DOTALL)


def local_parameters(template: Path, environment: str = "default") -> dict[str, str]:
    """The overrides in the file beside a template; none where there is no file. `CommandError` for one that is no TOML."""
    file = template.parent / FILE
    if not file.is_file():
        return {}
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} cannot be read ({type(error).__name__})", "mend it, or move it away") from None
    found: dict[str, str] = {}
    for command in ("global", "local_start_api"):
        section = as_map(as_map(as_map(document.get(environment)).get(command)).get("parameters"))
        found |= dict(_pairs(section.get("parameter_overrides"), file))
    return found


def _pairs(given: Any, file: Path) -> list[tuple[str, str]]:
    """A list, or one text with blanks between; each `Name=Value` or `ParameterKey=Name,ParameterValue=Value`."""
    if given is None:
        return []
    if isinstance(given, dict):
        return [(str(name), str(value)) for name, value in given.items()]
    try:
        texts = shlex.split(given) if isinstance(given, str) else list(map(str, given))
    except (TypeError, ValueError):
        raise CommandError(f"{file} has parameter_overrides of another shape", 'write ["Name=Value", …]') from None
    return [_pair(text) for text in texts]


def _pair(text: str) -> tuple[str, str]:
    long = _LONG.fullmatch(text)
    name, _, value = (long[1], "", long[2]) if long else text.partition("=")
    return name, value.strip('"')
