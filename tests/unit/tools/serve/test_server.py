"""What a server says of itself, and what it tells of bugs that no request has."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from authorizer.tools.serve.application import application
from authorizer.tools.serve.line_log import LineLog
from authorizer.tools.serve.server import Server, warning_for
from tests.unit.tools.serve.fake_core import SECRET, FakeCore


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:3000"), ("localhost", "http://localhost:3000"), ("::1", "http://[::1]:3000")],
)
def test_url(host: str, url: str) -> None:
    core = FakeCore()
    assert Server(application(core, core), host).url == url


def test_default_needs_no_warning() -> None:
    assert warning_for("127.0.0.1") is None
    assert warning_for("0.0.0.0") is not None


def test_bug_in_the_event_loop_is_told_without_its_text() -> None:
    written: list[str] = []
    core = FakeCore()
    server = Server(application(core, core), log=LineLog(write=written.append))
    with closing(asyncio.new_event_loop()) as loop:
        loop.set_exception_handler(server._uvicorn._tell)
        loop.call_exception_handler({"message": SECRET, "exception": ValueError(SECRET)})
        loop.call_exception_handler({"message": SECRET})
    assert written == ["internal error: ValueError"]
