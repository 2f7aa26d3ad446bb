"""All functions of a template, ready to be invoked as API Gateway invokes them."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Self

from authorizer.tools.emulator import Emulator, find_binary
from authorizer.tools.in_process import InProcess
from authorizer.tools.invocation import Invocation, failed
from authorizer.tools.local_functions.code import Code, NotHere, located, said
from authorizer.tools.local_functions.environment import environment, environment_of_override
from authorizer.tools.local_functions.environments import ClosedError, Environments
from authorizer.tools.local_functions.overrides import call
from authorizer.tools.local_functions.reload import Watched
from authorizer.tools.local_functions.setup import Setup
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.local_functions.setup import Override
    from authorizer.tools.template import Document, Function

NOT_HERE: Final = "Gateway.NotHere"  # the kind of error of a function that cannot be run here
_FAILED: Final = "Sandbox.Failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Warm:
    """A function that has been invoked: its environments, and the code they have loaded."""

    environments: Environments
    watched: Watched


class LocalFunctions:
    """A context manager; may be used by many threads. A function's processes start with its first invocation, and anew
    after its code or settings have changed."""

    def __init__(self, document: Document, setup: Setup | None = None) -> None:
        self._document = document
        self._setup = setup or Setup()
        self._found: Mapping[str, Code | NotHere] = {}
        self._warm: dict[str, _Warm] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        if self._setup.runtime:
            find_binary()
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(TemporaryDirectory(prefix="functions-"))).resolve()
            stack.callback(self._close)
            own = (one for one in self._document.functions if self._override(one.logical_id) is None)
            resolve = self._setup.resolve
            self._found = {one.logical_id: located(one, self._document, resolve, scratch=scratch) for one in own}
            self._resources = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._resources.close()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may differ from Lambda, each once."""
        codes = (one for one in self._found.values() if isinstance(one, Code))
        return tuple(dict.fromkeys(warning for code in codes for warning in code.warnings))

    def has(self, name: str) -> bool:
        """Whether there is such a function here, by logical id or by name, or something that is called in its place."""
        return self.why_not(name) is None

    def why_not(self, name: str) -> str | None:
        """Why a function cannot be invoked here; None for one that can."""
        if self._override(name) is not None:
            return None
        function = self._function(name)
        if function is None:
            return f"the template has no function {name}"
        found = self._found.get(function.logical_id)
        return found.why if isinstance(found, NotHere) else None

    def invoke(self, name: str, event: Mapping[str, Any], patience: float) -> Invocation:
        """What came of one event. Never raises for what a function does: after `patience` seconds there is the error
        `Gateway.Timeout`, and `Gateway.NotHere` where `has` is false."""
        body = json.dumps(event).encode()
        override = self._override(name)
        if override is not None:
            about = environment_of_override(name, self._function(name), self._document, self._setup)
            result = call(override, body, about)
        else:
            result = self._invoke(name, body, patience)
        if self._setup.on_output is not None and result.output:
            self._setup.on_output(name, result.output)
        return result

    def recycle(self) -> None:
        """Every function starts anew with its next invocation."""
        with self._lock:
            warm = list(self._warm.values())
        for one in warm:
            one.environments.recycle()

    def _invoke(self, name: str, event: bytes, patience: float) -> Invocation:
        function = self._function(name)
        code = self._found.get(function.logical_id) if function else None
        if function is None or not isinstance(code, Code):
            return failed(NOT_HERE, self.why_not(name) or "", b"", 0.0)
        try:
            warm = self._started(function, code)
            if warm.watched.changed():
                warm.environments.recycle()
            return warm.environments.invoke(event, patience)
        except (CommandError, ClosedError, OSError, http.client.HTTPException) as error:
            return failed(_FAILED, str(error) or type(error).__name__, b"", 0.0)

    def _started(self, function: Function, code: Code) -> _Warm:
        with self._lock:
            warm = self._warm.get(function.logical_id)
            if warm is None:
                about = environment(function, code, self._document, self._setup)
                run = Emulator if self._setup.runtime else InProcess
                watched = Watched(code.watched, self._setup.clock)
                warm = _Warm(
                    environments=Environments(lambda: run(code.handler, about), self._setup.limit), watched=watched
                )
                self._warm[function.logical_id] = warm
        return warm

    def _override(self, name: str) -> Override | None:
        function = self._function(name)
        names = (name, function.logical_id, said(function.name, self._setup.resolve)) if function else (name,)
        return next((self._setup.overrides[one] for one in names if one in self._setup.overrides), None)

    def _function(self, name: str) -> Function | None:
        found = self._document.function(name)
        named = (one for one in self._document.functions if said(one.name, self._setup.resolve) == name)
        return found or next(named, None)

    def _close(self) -> None:
        with self._lock:
            warm = list(self._warm.values())
        for one in warm:
            one.environments.close()
