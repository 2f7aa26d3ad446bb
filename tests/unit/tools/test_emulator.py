"""Finding the emulator, on machines that have it and on those that do not."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from authorizer.tools import emulator
from authorizer.tools.emulator import Binary, find_binary
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the emulator runs on Linux only")


@on_linux
def test_emulator_is_found_without_importing_sam() -> None:
    program = (
        "import sys; from authorizer.tools import emulator; print(emulator.find_binary().name, 'samcli' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    name, imported = done.stdout.split()
    assert name.startswith("aws-lambda-rie-")
    assert imported == "False"


@on_linux
def test_binary_without_the_bit_is_copied_and_the_copy_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "samcli"
    folder = package / "local" / "rapid"
    folder.mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copyfile(find_binary(), folder / find_binary().name)
    monkeypatch.delitem(sys.modules, "samcli", raising=False)  # other tests import it
    monkeypatch.syspath_prepend(str(tmp_path))
    with Binary() as path:
        assert path != str(folder / find_binary().name)
        assert os.access(path, os.X_OK)
    assert not os.path.exists(path)


def test_other_systems_are_told_what_else_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(CommandError) as caught:
        find_binary()
    assert "--in-process" in caught.value.hint


@on_linux
def test_other_processors_are_told_what_else_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(CommandError) as caught:
        find_binary()
    assert "--in-process" in caught.value.hint


def test_report_counts_when_its_line_is_complete() -> None:
    assert not emulator._has_report(b"REPORT RequestId: 1")
    assert emulator._has_report(b"x\nREPORT RequestId: 1\tDuration: 1 ms\n")
