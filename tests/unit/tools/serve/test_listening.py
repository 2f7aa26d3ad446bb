"""A port that cannot be had is told with what to do."""

from __future__ import annotations

import errno
import socket

import pytest

from authorizer.tools.serve.listening import listen
from authorizer.tools.terminal import CommandError


def test_free_port() -> None:
    with listen("127.0.0.1", 0, 1) as listener:
        assert listener.getsockname()[1] > 0


def test_taken_port() -> None:
    with listen("127.0.0.1", 0, 1) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CommandError) as told:
            listen("127.0.0.1", port, 1)
    assert str(told.value) == f"port {port} is taken"
    assert told.value.hint == "--port 0 takes a free one"


def test_port_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(CommandError, match="port 80 may not be opened"):
        listen("127.0.0.1", 80, 1)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 65536), ("127.0.0.1", -1), ("192.0.2.1", 0), ("a" * 64, 0)])
def test_what_is_no_place_to_listen(host: str, port: int) -> None:
    with pytest.raises(CommandError, match="cannot be listened on") as told:
        listen(host, port, 1)
    assert "--host" in told.value.hint
