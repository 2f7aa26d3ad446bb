"""A child process is heard, and ended with all that it started."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from authorizer.tools.child_process import ChildProcess

PATIENCE = 10.0
GRANDCHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], process_group=0)
print(child.pid, flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def python(code: str, folder: Path) -> ChildProcess:
    return ChildProcess([sys.executable, "-c", code], {"PATH": os.defpath}, folder)


def first_line(child: ChildProcess) -> str:
    assert child.stdout.wait_for(lambda data: b"\n" in data, 0, PATIENCE)
    return child.stdout.since(0).decode().strip()


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_output_is_kept_by_stream(tmp_path: Path) -> None:
    with python("import sys; print('out'); print('err', file=sys.stderr)", tmp_path) as child:
        assert child.stdout.wait_for(lambda data: b"out" in data, 0, PATIENCE)
        assert child.stderr.wait_for(lambda data: b"err" in data, 0, PATIENCE)


def test_waiting_ends_with_the_stream(tmp_path: Path) -> None:
    with python("", tmp_path) as child:
        assert not child.stdout.wait_for(lambda data: b"never" in data, 0, PATIENCE)


def test_what_arrived_before_a_position_does_not_count(tmp_path: Path) -> None:
    with python("print('once')", tmp_path) as child:
        first_line(child)
        assert not child.stdout.wait_for(lambda data: b"once" in data, len(child.stdout), 0.05)


def test_child_reads_what_is_sent(tmp_path: Path) -> None:
    with python("print(input()[::-1], flush=True)", tmp_path) as child:
        child.send(b"abc\n")
        assert first_line(child) == "cba"


def test_sending_to_a_child_that_has_ended_is_no_error(tmp_path: Path) -> None:
    with python("", tmp_path) as child:
        assert not child.stdout.wait_for(lambda _: False, 0, PATIENCE)
        child.send(b"x" * 1_000_000)


def test_child_gets_the_given_environment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHORIZER_CONFIG", "the user's")
    with python("import os; print('AUTHORIZER_CONFIG' in os.environ)", tmp_path) as child:
        assert first_line(child) == "False"


def test_stubborn_child_is_ended(tmp_path: Path) -> None:
    child = python(STUBBORN, tmp_path)
    first_line(child)
    child.end()
    assert not child.running


@needs_proc
def test_grandchild_in_a_group_of_its_own_is_ended(tmp_path: Path) -> None:
    child = python(GRANDCHILD, tmp_path)
    grandchild = int(first_line(child))
    child.end()
    assert not alive(grandchild)


def test_end_may_be_called_again(tmp_path: Path) -> None:
    child = python("", tmp_path)
    child.end()
    child.end()
