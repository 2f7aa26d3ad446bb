"""The socket of a server, or what keeps it from one."""

from __future__ import annotations

import errno
import os
import socket
from typing import NamedTuple

from authorizer.tools.terminal import CommandError


def listen(host: str, port: int, backlog: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `CommandError`."""
    try:
        if not 0 <= port <= 65535:  # getaddrinfo would take 65536 for 0
            raise OverflowError
        return _bound(_place(host, port), backlog)
    except (OSError, OverflowError, UnicodeError) as error:
        raise _refusal(error, host, port) from error


class _Place(NamedTuple):
    """What getaddrinfo tells."""

    family: int
    kind: int
    protocol: int  # asyncio sends without delay only where it is said to be TCP: 40 ms for each answer
    name: str
    address: tuple[str | int | bytes, ...]


def _place(host: str, port: int) -> _Place:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE)
    return _Place(*min(found, key=lambda one: one[0] != socket.AF_INET))  # `localhost` has both; more clients try IPv4


def _bound(place: _Place, backlog: int) -> socket.socket:
    listener = socket.socket(place.family, place.kind, place.protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place.address)
        listener.listen(backlog)
    except BaseException:
        listener.close()
        raise
    return listener


def _refusal(error: Exception, host: str, port: int) -> CommandError:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return CommandError(f"port {port} is taken", "--port 0 takes a free one")
    if number == errno.EACCES:
        return CommandError(
            f"port {port} may not be opened by this user", "take a port above 1023, such as --port 3000"
        )
    hint = "--host is a name or an address of this machine, and --port is between 0 and 65535"
    return CommandError(f"{host} port {port} cannot be listened on ({type(error).__name__})", hint)
