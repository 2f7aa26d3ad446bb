"""template.yaml declares every variable that the product knows, and SAM finds nothing wrong with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from authorizer import variables

ROOT = Path(__file__).parents[2]


def test_every_variable_is_declared() -> None:
    declared = set(re.findall(r"^ +(AUTHORIZER_\w+): ", (ROOT / "template.yaml").read_text("utf-8"), re.MULTILINE))
    assert declared == {*variables.VARIABLES, *variables.WHOLE, *variables.BESIDE}


@pytest.mark.long
def test_sam_finds_nothing_wrong() -> None:
    environment = os.environ | {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-west-1"}
    command = [str(Path(sys.executable).with_name("sam")), "validate", "--lint"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
