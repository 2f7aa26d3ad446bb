"""docs/integrations.md says what its commands print."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.function_environment import PROJECT
from tests.console_page import Console, blocks

if TYPE_CHECKING:
    from tests.console_page import Step

PAGE = (PROJECT / "docs" / "integrations.md").read_text("utf-8")
BLOCKS = blocks(PAGE)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands need curl")
@pytest.mark.parametrize("steps", BLOCKS, ids=range(len(BLOCKS)))
def test_commands_print_what_the_page_says(steps: list[Step]) -> None:
    with Console() as console:
        for step in steps:
            assert console.run(step.command) == step.printed, step.command


def test_every_status_of_every_integration_is_shown() -> None:
    for integration in ("REST API, Cognito", "REST API, Lambda", "HTTP API, JWT", "HTTP API, Lambda"):
        section = PAGE.partition(f"## {integration} authorizer\n")[2].partition("\n## ")[0]
        for status in ("401", "403", "500"):
            part = section.partition(f"### {status}\n")[2].partition("\n### ")[0]
            assert status in part.partition("```console")[2], (integration, status)
    assert "### The pre token generation trigger" in PAGE
