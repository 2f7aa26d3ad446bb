"""`--config` and `--env-vars`: the settings that a command runs the functions with."""

from __future__ import annotations

from pathlib import Path

from authorizer.tools.env_file import read_variables
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.terminal import CommandError

_DEFAULT = "authorizer.toml"


def function_environment(config: Path | None, env_vars: Path | None) -> FunctionEnvironment:
    """The environment of the functions: from one file or the other, or with `authorizer.toml` of this folder."""
    if config is not None and env_vars is not None:
        raise CommandError("two sources of settings were given", "give --config or --env-vars, not both")
    here = Path.cwd()
    _refuse_endless(config, env_vars)
    if env_vars is not None:
        return FunctionEnvironment(variables=read_variables(env_vars), task_root=here)
    file = here / (config or _DEFAULT)
    if not file.exists():
        raise CommandError(f"there are no settings: {file} does not exist", "give --config FILE or --env-vars FILE")
    return FunctionEnvironment(variables={"AUTHORIZER_CONFIG_FILE": str(file)}, task_root=here)


def _refuse_endless(*files: Path | None) -> None:
    """A folder holds no settings, and a device such as /dev/zero never ends."""
    for file in files:
        if file is not None and file.exists() and not (file.is_file() or file.is_fifo()):
            raise CommandError(f"{file} is no file", "give --config FILE or --env-vars FILE")
