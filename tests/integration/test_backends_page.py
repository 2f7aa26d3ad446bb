"""The examples for backends run, each in an interpreter of its own, and their tables say what the settings say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from authorizer.context import MAX_KEY, MAX_TOTAL, MAX_VALUE
from authorizer.context_settings import read_context
from authorizer.section import Section

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "backends.md").read_text("utf-8")
SETTINGS = (DOCS / "settings.md").read_text("utf-8")
CODE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_page_has_examples() -> None:
    assert len(CODE) == 3


@pytest.mark.parametrize("code", CODE, ids=["guard", "require", "shapes"])
def test_python_runs(code: str) -> None:
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    for line in run.stdout.splitlines():
        assert f"# {line}" in code


def test_settings_of_the_context_are_fine() -> None:
    (text,) = (block for block in re.findall(r"```toml\n(.*?)```", SETTINGS, re.DOTALL) if "[context]" in block)
    root = Section(tomllib.loads(text))
    read = read_context(root)
    root.finish()
    root.raise_problems()
    assert len(read.claims) + len(read.entries) == 4


@pytest.mark.parametrize("limit", [MAX_KEY, MAX_VALUE, MAX_TOTAL])
def test_limits_are_named(limit: int) -> None:
    assert f"{limit:,}" in SETTINGS.partition("## `[context]`")[2].partition("\n## ")[0]
