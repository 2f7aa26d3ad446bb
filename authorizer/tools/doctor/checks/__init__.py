"""The checks, by family. A check looks at a view and yields what is wrong; it says nothing of what it cannot tell."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template_check.finding import Finding


class Check(Protocol):
    """One question, or several about the same thing."""

    def __call__(self, view: View) -> Iterator[Finding]:
        """What is wrong."""
        ...


def checks() -> tuple[Check, ...]:
    """Those of every module of this package (`CHECKS`), in the order of their names."""
    modules = sorted(one.name for one in iter_modules(__path__, f"{__name__}."))
    return tuple(check for name in modules for check in import_module(name).CHECKS)
