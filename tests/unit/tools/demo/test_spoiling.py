"""Five events are spoiled by one byte each, and stay JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.demo.corpus import load_events
from authorizer.tools.demo.spoiling import SPOILS, spoil_copy
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    folder.mkdir()
    return folder


def test_one_byte_differs_in_each_of_five(events: Path, copy: Path) -> None:
    labels = spoil_copy(events, copy)
    pairs = zip(load_events(events), load_events(copy / "events"), strict=True)
    changed = {before.label: (before.body, after.body) for before, after in pairs if before.body != after.body}
    assert len(changed) == len(SPOILS) == 5
    assert changed.keys() < labels
    for before, after in changed.values():
        json.loads(after)
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_the_sixth_is_spoiled_in_its_answer(events: Path, copy: Path) -> None:
    assert len(spoil_copy(events, copy)) == 6
    assert json.loads((copy / "spoiled_event.json").read_text())["version"] == "2.0"
    assert (copy / "spoiled_handler.py").exists()


def test_originals_are_left_alone(events: Path, copy: Path) -> None:
    before = [event.body for event in load_events(events)]
    spoil_copy(events, copy)
    assert [event.body for event in load_events(events)] == before


def test_nothing_to_spoil_is_an_error(events: Path, copy: Path) -> None:
    (events / "rest-token" / "allow-good.json").unlink()
    with pytest.raises(CommandError):
        spoil_copy(events, copy)
