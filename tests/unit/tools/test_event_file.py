from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.event_file import MAX_BYTES, entry_point_for, name_of, read_bytes
from authorizer.tools.terminal import CommandError
from tests.unit.tools.sample_project import BUILDERS


def test_file_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(b"\xff{}")
    assert (name_of(file), read_bytes(file)) == (str(file), b"\xff{}")


def test_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert (name_of(Path("-")), read_bytes(Path("-"))) == ("standard input", b"{}")


def test_standard_input_lies_in_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "http-policy").mkdir()
    monkeypatch.chdir(tmp_path / "http-policy")
    assert entry_point_for(BUILDERS["http-simple"](), Path("-"), None) is EntryPoint.HTTP


@pytest.mark.parametrize("stream", [None, "closed"])
def test_standard_input_that_is_closed_cannot_be_read(stream: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.TextIOWrapper(io.BytesIO(b"{}"))
    closed.close()
    monkeypatch.setattr(sys, "stdin", closed if stream else None)
    with pytest.raises(OSError, match="closed"):
        read_bytes(Path("-"))


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_file_has_a_bound(tmp_path: Path, step: int) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(b"x" * (MAX_BYTES + step))
    if step <= 0:
        assert len(read_bytes(file)) == MAX_BYTES + step
        return
    with pytest.raises(CommandError):
        read_bytes(file)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_file_without_an_end_is_not_read_to_its_end() -> None:
    with pytest.raises(CommandError):
        read_bytes(Path("/dev/zero"))


def test_chosen_entry_point_comes_before_the_folder_and_the_shape() -> None:
    event, path = BUILDERS["http-simple"](), Path("http-policy/event.json")
    assert entry_point_for(event, path, EntryPoint.REST) is EntryPoint.REST
    assert entry_point_for(event, path, None) is EntryPoint.HTTP_POLICY
    assert entry_point_for(event, Path("event.json"), None) is EntryPoint.HTTP


def test_what_has_no_shape_needs_a_choice() -> None:
    with pytest.raises(CommandError) as caught:
        entry_point_for({}, Path("event.json"), None)
    assert "--handler" in caught.value.hint
