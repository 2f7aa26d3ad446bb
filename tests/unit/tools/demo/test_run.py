"""What a demo is loaded with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.demo.run import load_demo
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_without_an_emulator_the_demo_says_so_and_runs_in_process(
    events: Path, system: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert load_demo(events, in_process=False).in_process
    assert "in-process" in capsys.readouterr().err


def test_sizes_count_every_event(events: Path) -> None:
    assert sum(load_demo(events, in_process=True).sizes.values()) == 24


def test_settings_are_relative_to_the_parent_of_the_events(events: Path) -> None:
    assert load_demo(events, in_process=True).environment.task_root == events.parent


def test_missing_variables_are_an_error(events: Path) -> None:
    (events / "env.json").unlink()
    with pytest.raises(CommandError):
        load_demo(events, in_process=True)
