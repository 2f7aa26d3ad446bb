"""The faults that are a matter of how bytes travel, done to a real connection."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from itertools import chain, repeat
from threading import Event
from typing import TYPE_CHECKING

from authorizer.testing.answers import Answer
from authorizer.testing.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DRIP = 0.05  # seconds between two bytes: far below any timeout per read

_CHUNK = 65536
_BLANK = ord(" ")
_NEVER = Event()  # waiting for it is how a thread sleeps here


def until_closed(connection: socket.socket) -> None:
    """Reads and forgets until the other side closes, or the issuer is stopped."""
    connection.settimeout(None)
    with suppress(OSError):
        while connection.recv(_CHUNK):
            pass


def end(connection: socket.socket) -> None:
    """Says that no more will come, and waits for the client: closing with unread bytes would be a reset instead."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
    until_closed(connection)


def _reset(connection: socket.socket) -> None:
    linger = struct.pack("ii", 1, 0)  # on, 0 seconds: the kernel sends RST when the socket closes
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def _plain(connection: socket.socket) -> None:
    connection.sendall(Answer(body=b"this port speaks plain HTTP", status=400).head())
    end(connection)


def _drip(connection: socket.socket, data: Iterable[int]) -> None:
    for byte in data:
        connection.sendall(bytes([byte]))
        _NEVER.wait(DRIP)


def _drip_headers(connection: socket.socket, _: Answer) -> None:
    _drip(connection, chain(b"HTTP/1.1 200 OK\r\nX-Drip: ", repeat(_BLANK)))


def _drip_body(connection: socket.socket, answer: Answer) -> None:
    connection.sendall(answer.head(framing="Cache-Control: no-store"))  # no length: it lasts as long as the connection
    _drip(connection, chain(answer.body, repeat(_BLANK)))


def _flood(connection: socket.socket, answer: Answer) -> None:
    connection.sendall(answer.head(framing="Transfer-Encoding: chunked"))
    for data in chain([answer.body], repeat(b" " * _CHUNK)):
        connection.sendall(b"%x\r\n%s\r\n" % (len(data), data))


def _hang(connection: socket.socket, _: Answer) -> None:
    until_closed(connection)


def _hang_up(connection: socket.socket, _: Answer) -> None:
    connection.shutdown(socket.SHUT_RDWR)


# Instead of a TLS handshake
BEFORE_TLS: Mapping[Fault, Callable[[socket.socket], None]] = {
    Fault.RESET: _reset,
    Fault.CLOSE: end,
    Fault.TLS_STALL: until_closed,
    Fault.TLS_GARBAGE: _plain,
}

# Instead of sending the answer at once
SENDING: Mapping[Fault, Callable[[socket.socket, Answer], None]] = {
    Fault.HANG: _hang,
    Fault.NO_ANSWER: _hang_up,
    Fault.DRIP_HEADERS: _drip_headers,
    Fault.DRIP_BODY: _drip_body,
    Fault.TOO_LARGE: _flood,
}
