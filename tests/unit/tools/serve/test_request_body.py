"""A body is read within bounds, and what follows a refusal is thrown away within bounds too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest

from authorizer.tools.serve.limits import Limits
from authorizer.tools.serve.request_body import ClientGone, Refused, discard, read_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive

SMALL = Limits(body=10, body_seconds=0.01, linger_seconds=0.01)


class Sent:
    """What a client sends, and then nothing more."""

    def __init__(self, *messages: Mapping[str, Any]) -> None:
        self.left = list(messages)

    async def receive(self) -> Any:
        if not self.left:
            await anyio.sleep_forever()
        return self.left.pop(0)


def part(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def read(receive: Receive, *headers: tuple[bytes, bytes]) -> bytes:
    return anyio.run(read_body, {"headers": headers}, receive, SMALL)


def test_parts_are_one_body() -> None:
    assert read(Sent(part(b"01234"), part(b""), part(b"56789", more=False)).receive) == b"0123456789"


def test_too_long_by_announcement_is_not_read() -> None:
    sent = Sent(part(b"0", more=False))
    with pytest.raises(Refused) as told:
        read(sent.receive, (b"content-length", b"11"))
    assert told.value.response.status == 413
    assert told.value.response.json() == {"message": "Request Too Long"}
    assert len(sent.left) == 1


def test_too_long_by_what_is_sent() -> None:
    with pytest.raises(Refused) as told:
        read(Sent(part(b"01234"), part(b"567890")).receive)
    assert told.value.response.status == 413


def test_too_slow() -> None:
    with pytest.raises(Refused) as told:
        read(Sent(part(b"01234")).receive)
    assert told.value.response.status == 408


def test_client_gone() -> None:
    with pytest.raises(ClientGone):
        read(Sent(part(b"01234"), {"type": "http.disconnect"}).receive)


@pytest.mark.parametrize("length", [b"", b"x", b"-1", b"\xb2"])
def test_length_that_is_no_number_is_none(length: bytes) -> None:
    assert read(Sent(part(b"0", more=False)).receive, (b"content-length", length)) == b"0"


@pytest.mark.parametrize(
    ("messages", "left"),
    [
        ([part(b"01234"), part(b"5", more=False), part(b"next")], 1),
        ([part(b"01234"), {"type": "http.disconnect"}, part(b"next")], 1),
        ([part(b"01234")] * 5, 0),
        ([], 0),
    ],
)
def test_rest_is_thrown_away_within_bounds(messages: list[dict[str, Any]], left: int) -> None:
    sent = Sent(*messages)
    anyio.run(discard, sent.receive, SMALL)
    assert len(sent.left) == left
