"""How functions are run here: what a caller may say beside the template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer.clock import Clock, stopwatch
from authorizer.tools.template.unresolved import Text

if TYPE_CHECKING:
    from pathlib import Path

Resolve = Callable[[Text], str]
Override = Callable[[Any, Any], Any]
OnOutput = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Nothing of it has to be given.

    `resolve` tells what the template alone does not. `variables` are those of `env_file.read_all`, by logical id or name;
    `extra` are for every function and count most, as do `extra_import_paths`. `overrides` are called in this very process
    in place of a function, by its logical id, its name, or any name that no template has. `limit` is the number of
    environments per function.
    """

    resolve: Resolve = str
    runtime: bool = False  # on the Lambda runtime emulator
    region: str | None = None  # else the template's
    variables: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    extra_import_paths: tuple[Path, ...] = ()
    overrides: Mapping[str, Override] = field(default_factory=dict)
    on_output: OnOutput | None = None
    limit: int = 2
    clock: Clock = stopwatch
