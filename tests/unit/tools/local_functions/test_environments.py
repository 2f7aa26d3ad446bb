"""Environments are kept warm, limited and replaced. Every one of them is a real process."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.function_environment import FunctionEnvironment
from authorizer.tools.in_process import InProcess
from authorizer.tools.invocation import GATEWAY_TIMEOUT
from authorizer.tools.local_functions.environments import ClosedError, Environments

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from authorizer.tools.invocation import Invocation

LONG = 20.0  # seconds; nothing here takes so long
FUNCTION = """
import glob, os, threading, time

def handler(event, context):
    print("called")
    return globals()[event["do"]](event)

def answer(event):
    return os.getpid()

def work(event):
    time.sleep(0.02)
    return os.getpid()

def end(event):
    os._exit(3)

def leave(event):
    raise SystemExit(0)

def hang(event):
    threading.Event().wait()

def meet(event):
    open("begun", "w").close()
    while not os.path.exists("go"):
        time.sleep(0.005)
    return os.getpid()

def babble(event):
    for name in glob.glob("/proc/self/fd/*") or map(str, range(3, 10)):
        try:
            if int(name.rpartition("/")[2]) > 2:
                os.write(int(name.rpartition("/")[2]), b"babble\\n")
        except OSError:
            pass
    return os.getpid()
"""


class Pool:
    """Environments of the function above, and how many have been started."""

    def __init__(self, folder: Path, limit: int) -> None:
        (folder / "busy_function.py").write_text(FUNCTION)
        self.folder = folder
        about = FunctionEnvironment(variables={}, task_root=folder, import_paths=(folder,), timeout=5)
        self.started: list[InProcess] = []

        def start() -> InProcess:
            self.started.append(InProcess("busy_function.handler", about))
            return self.started[-1]

        self.environments = Environments(start, limit)

    def call(self, do: str = "answer", patience: float = LONG) -> Invocation:
        return self.environments.invoke(json.dumps({"do": do}).encode(), patience)

    def wait_until_begun(self) -> None:
        while not (self.folder / "begun").exists():
            sleep(0.005)

    def pid(self, do: str = "answer") -> Any:
        result = self.call(do)
        assert result.error is None, result
        return result.answer


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    pool = Pool(tmp_path, limit=2)
    yield pool
    pool.environments.close()
    assert not any(one._child.running for one in pool.started)


def kind(result: Invocation) -> str:
    return result.error.kind if result.error else ""


def test_environment_is_kept_warm(pool: Pool) -> None:
    assert len({pool.pid() for _ in range(5)}) == 1


def test_process_without_a_pool_starts_anew_after_it_was_given_up(pool: Pool) -> None:
    before = pool.pid()
    one = pool.started[0]
    assert kind(one.invoke(b'{"do": "hang"}', 0.1)) == GATEWAY_TIMEOUT
    assert one.invoke(b'{"do": "answer"}').answer not in (None, before)


@pytest.mark.parametrize("do", ["end", "leave", "babble"])
def test_environment_that_ended_or_babbled_is_replaced(pool: Pool, do: str) -> None:
    before = pool.pid()
    assert kind(pool.call(do)) == "Sandbox.Failure"
    assert pool.pid() != before


def test_environment_that_hangs_is_given_up_and_replaced(pool: Pool) -> None:
    before = pool.pid()
    result = pool.call("hang", patience=0.2)
    assert kind(result) == GATEWAY_TIMEOUT
    assert b"called" in result.output
    assert pool.pid() != before


def test_who_waits_for_a_free_environment_has_no_more_patience_than_otherwise(tmp_path: Path) -> None:
    pool = Pool(tmp_path, limit=1)
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(pool.pid, "meet")
        pool.wait_until_begun()
        assert kind(pool.call(patience=0.05)) == GATEWAY_TIMEOUT
        (tmp_path / "go").touch()
        before = working.result(LONG)
    assert pool.pid() == before
    pool.environments.close()


@pytest.mark.parametrize("callers", [20, 100])
def test_many_callers_share_the_environments_there_may_be(pool: Pool, callers: int) -> None:
    with ThreadPoolExecutor(callers) as threads:
        pids = set(threads.map(pool.pid, ["work"] * callers))
    assert len(pids) == len(pool.started) == 2


def test_crashes_among_many_callers_concern_no_other(pool: Pool) -> None:
    with ThreadPoolExecutor(20) as threads:
        kinds = [kind(result) for result in threads.map(pool.call, ["work", "end"] * 10)]
    assert kinds == ["", "Sandbox.Failure"] * 10


def test_recycled_environment_is_replaced(pool: Pool) -> None:
    before = pool.pid()
    pool.environments.recycle()
    assert pool.pid() != before


def test_environment_at_work_ends_after_its_call(pool: Pool) -> None:
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(pool.pid, "meet")
        pool.wait_until_begun()
        pool.environments.recycle()
        (pool.folder / "go").touch()
        before = working.result(LONG)
    assert pool.pid() != before


def test_closing_ends_what_is_at_work(pool: Pool) -> None:
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(pool.call, "meet")
        pool.wait_until_begun()
        pool.environments.close()
        assert kind(working.result(LONG)) == "Sandbox.Failure"
    with pytest.raises(ClosedError):
        pool.call()
