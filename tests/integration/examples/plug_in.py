"""The modules of examples/custom-verifier, importable as they are in its function."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.sam_project import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = EXAMPLES / "custom-verifier"


@contextmanager
def module(name: str) -> Iterator[Any]:
    """The module of this name, forgotten afterwards."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PROJECT)
        patch.syspath_prepend(PROJECT / "functions")
        yield import_module(name)
    for imported in {"api_keys", "key_table", "new_key"} & (set(sys.modules) - before):
        del sys.modules[imported]
