"""What `sam build` made, read and set up by SAM CLI's own classes as `sam local invoke` does, and run on the runtime
emulator instead of in Docker."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samcli.commands.local.lib.local_lambda import LocalLambdaRunner
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

from authorizer.tools.emulator import Emulator
from authorizer.tools.function_environment import PROJECT, FunctionEnvironment
from layers.environment import environment

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILT = PROJECT / ".aws-sam" / "build" / "template.yaml"
AUTHORIZERS = {
    "RestTokenAuthorizer": ("rest-token",),
    "RestRequestAuthorizer": ("rest-request",),
    "HttpAuthorizer": ("http-simple",),
    "HttpPolicyAuthorizer": ("http-policy", "http-policy-1.0"),
    "WebsocketAuthorizer": ("websocket",),
}


class BuiltProject:
    """The functions of the built template, for the processor that this machine has."""

    def __init__(self, parameters: Mapping[str, str] | None = None) -> None:
        if not BUILT.exists():
            raise FileNotFoundError(f"{BUILT.relative_to(PROJECT)} is not there: run `make build`")
        os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")  # SAM asks for one, though nothing is sent there
        chosen = {"Architecture": "x86_64"} | dict(parameters or {})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # SAM CLI's own, about SAM's translator
            stacks, _ = SamLocalStackProvider.get_stacks(str(BUILT), parameter_overrides=chosen)
            self._provider = SamFunctionProvider(stacks, ignore_code_extraction_warnings=True)

    def emulator(self, function: str, env_vars: Path | None = None, minor: str | None = None) -> Emulator:
        """The function as `sam local invoke FUNCTION --env-vars ENV_VARS` starts it."""
        overrides = json.loads(env_vars.read_text("utf-8")) if env_vars else None
        runner = LocalLambdaRunner(None, self._provider, str(PROJECT), str(PROJECT), env_vars_values=overrides)
        config = runner.get_invoke_config(self._provider.get(function))
        return Emulator(config.handler, _environment(config, minor))


def _text(variables: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in variables.items()}


def _environment(config: Any, minor: str | None) -> FunctionEnvironment:
    """Lambda's import paths: the function's code before the layers' `python` folders, as in /var/task and /opt."""
    code = Path(config.code_abs_path)
    layers = tuple(Path(layer.codeuri, "python") for layer in config.layers)
    runtime = minor or config.runtime.removeprefix("python")
    return FunctionEnvironment(
        variables={**_text(config.env_vars.resolve()), "PYTHONDONTWRITEBYTECODE": "1"},  # /opt cannot be written to
        task_root=code,
        import_paths=(code, *layers),
        timeout=config.timeout,
        python=str(environment("lambda", runtime)),
        with_project=False,
    )
