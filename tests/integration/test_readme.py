"""README and docs say only what is so: their blocks are run, compared or read by the code they describe."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from authorizer import settings
from authorizer.reasons import Reason
from authorizer.section import Section

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SETTINGS = (ROOT / "docs/settings.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    every = re.findall(
        r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE
    )  # all, or an end would be a beginning
    return [text for name, text in every if name == language]


def test_help_is_what_the_command_prints() -> None:
    environment = os.environ | {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "authorizer.tools", "--help"]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    lines = [
        line.rstrip() for line in printed.replace("python -m authorizer.tools", "authorizer").rstrip().splitlines()
    ]
    assert "\n".join(lines) + "\n" in blocks("")


@pytest.mark.parametrize("code", blocks("python"), ids=["own-function", "test-kit"])
def test_python_runs(code: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, check=True, capture_output=True)


MARKS = ("needs an AWS account", "needs Docker")
SERVED = "authorizer serve"  # this block is run by test_serve.py
LINES = [line for block in blocks("sh") if SERVED not in block for line in block.splitlines()]


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_command_is_run_or_says_what_it_needs(line: str) -> None:
    """`make` targets are run by CI; the commands of an account are run by tests/integration/account."""
    if any(mark in line for mark in MARKS):
        return
    if line.startswith("make "):
        target = line.split()[1]
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        return
    assert line.startswith(".venv/bin/authorizer ")
    arguments = line.partition("#")[0].split()[1:]
    command = [sys.executable, "-m", "authorizer.tools", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.parametrize("text", [*blocks("toml"), (ROOT / "authorizer.toml").read_text("utf-8")])
def test_settings_are_fine(text: str) -> None:
    settings.read(Section(tomllib.loads(text)))


def test_decision_line_has_the_published_shape() -> None:
    (line,) = (json.loads(block) for block in blocks("json"))
    schema = json.loads((ROOT / "authorizer/decision.schema.json").read_text("utf-8"))
    left_out = {"timestamp", "_aws"}
    jsonschema.validate(line, schema | {"required": sorted(set(schema["required"]) - left_out)})
    assert line["fix"] == {reason.value: reason for reason in Reason}[line["reason"]].remedy.fix


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README + SETTINGS))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists() or (ROOT / "docs" / target).exists()


@pytest.mark.parametrize("target", re.findall(r"`?make ([a-z-]+)`?\b", README))
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
