"""template.yaml declares every variable that the product knows."""

from __future__ import annotations

import re
from pathlib import Path

from authorizer import variables

ROOT = Path(__file__).parents[2]


def test_every_variable_is_declared() -> None:
    declared = set(re.findall(r"^ +(AUTHORIZER_\w+): ", (ROOT / "template.yaml").read_text("utf-8"), re.MULTILINE))
    assert declared == {*variables.VARIABLES, *variables.WHOLE, *variables.BESIDE}
