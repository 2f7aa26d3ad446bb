"""Messages on a pipe between parent and child: a line with the length, then that many bytes."""

from __future__ import annotations

from typing import BinaryIO


def frame(message: bytes) -> bytes:
    """A message as it travels."""
    return b"%d\n" % len(message) + message


def read_frame(data: bytes) -> bytes | None:
    """The first message in what has arrived; None while it is not complete."""
    length, line_end, rest = data.partition(b"\n")
    if not line_end or len(rest) < int(length):
        return None
    return rest[: int(length)]


def next_frame(stream: BinaryIO) -> bytes | None:
    """The next message of a pipe; None at its end."""
    length = stream.readline()
    return stream.read(int(length)) if length else None
