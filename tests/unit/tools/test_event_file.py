from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.event_file import entry_point_for, name_of, read_bytes
from authorizer.tools.terminal import CommandError
from tests.unit.tools.sample_project import BUILDERS


def test_file_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(b"\xff{}")
    assert (name_of(file), read_bytes(file)) == (str(file), b"\xff{}")


def test_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert (name_of(Path("-")), read_bytes(Path("-"))) == ("standard input", b"{}")


def test_chosen_entry_point_comes_before_the_folder_and_the_shape() -> None:
    event, path = BUILDERS["http-simple"](), Path("http-policy/event.json")
    assert entry_point_for(event, path, EntryPoint.REST) is EntryPoint.REST
    assert entry_point_for(event, path, None) is EntryPoint.HTTP_POLICY
    assert entry_point_for(event, Path("event.json"), None) is EntryPoint.HTTP


def test_what_has_no_shape_needs_a_choice() -> None:
    with pytest.raises(CommandError) as caught:
        entry_point_for({}, Path("event.json"), None)
    assert "--handler" in caught.value.hint
