"""Messages between parent and child arrive as they were sent."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.frames import frame, next_frame, read_frame


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_messages_arrive_in_order(messages: list[bytes]) -> None:
    stream = BytesIO(b"".join(map(frame, messages)))
    assert list(iter(lambda: next_frame(stream), None)) == messages


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_first_message_is_read_whatever_follows(message: bytes, more: bytes) -> None:
    assert read_frame(frame(message) + more) == message


@given(st.binary(max_size=200))
def test_incomplete_message_is_none(message: bytes) -> None:
    assert all(read_frame(frame(message)[:end]) is None for end in range(len(frame(message))))
