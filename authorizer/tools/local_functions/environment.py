"""The environment of a template's function: the template's variables, then those of a file, then the caller's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from authorizer.tools.env_file import ALL_FUNCTIONS
from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.local_functions.code import said
from authorizer.tools.template import Unresolved

if TYPE_CHECKING:
    from authorizer.tools.local_functions.code import Code
    from authorizer.tools.local_functions.setup import Resolve, Setup
    from authorizer.tools.template import Document, Function

_TIMEOUT, _MEMORY = 3, 128  # AWS's defaults
_REGION: Final = "us-east-1"
_TASK: Final = "/var/task"
_IMPORTS: Final = "PYTHONPATH"


def environment(function: Function, code: Code, document: Document, setup: Setup) -> FunctionEnvironment:
    """What a function of the template is run with."""
    variables = _variables(function, setup)
    imports = _imports(variables.pop(_IMPORTS, ""), code.task_root)
    return FunctionEnvironment(
        variables=_of_lambda(function, code, setup.resolve) | variables,
        task_root=code.task_root,
        import_paths=(*setup.extra_import_paths, *code.import_paths, *imports),
        timeout=_number(function.timeout, setup.resolve, _TIMEOUT),
        memory=_number(function.memory, setup.resolve, _MEMORY),
        name=said(function.name, setup.resolve) or function.logical_id,
        region=region(document, setup),
    )


def environment_of_override(
    name: str, function: Function | None, document: Document, setup: Setup
) -> FunctionEnvironment:
    """What the context of an override is told: that of the function it stands for, where the template has one."""
    if function is None:
        return FunctionEnvironment(variables={}, name=name, region=region(document, setup))
    return FunctionEnvironment(
        variables={},
        timeout=_number(function.timeout, setup.resolve, _TIMEOUT),
        memory=_number(function.memory, setup.resolve, _MEMORY),
        name=said(function.name, setup.resolve) or function.logical_id,
        region=region(document, setup),
    )


def region(document: Document, setup: Setup) -> str:
    """The Region that functions believe to be in."""
    value = document.parameters.get("AWS::Region")
    return setup.region or (value if isinstance(value, str) else _REGION)


def _variables(function: Function, setup: Setup) -> dict[str, str]:
    variables = {name: said(value, setup.resolve) for name, value in function.environment.items()}
    for name in (ALL_FUNCTIONS, said(function.name, setup.resolve), function.logical_id):
        variables |= setup.variables.get(name, {})
    return variables | dict(setup.extra)


def _of_lambda(function: Function, code: Code, resolve: Resolve) -> dict[str, str]:
    """What Lambda sets beside, and what `sam local` does. Bytecode would be taken for that of code that just changed."""
    return {
        "_HANDLER": code.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{said(function.runtime, resolve)}",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{said(function.name, resolve) or function.logical_id}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "$LATEST",
        "AWS_SAM_LOCAL": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _imports(written: str, task_root: Path) -> tuple[Path, ...]:
    """The folders of a function's own PYTHONPATH, which on Lambda does not hide its code."""
    names = [Path(name) for name in written.split(":") if name]
    return tuple(task_root / (name.relative_to(_TASK) if name.is_relative_to(_TASK) else name) for name in names)


def _number(value: int | Unresolved, resolve: Resolve, default: int) -> int:
    if not isinstance(value, Unresolved):
        return value
    text = resolve(value)
    return int(text) if text.isascii() and text.isdigit() else default
