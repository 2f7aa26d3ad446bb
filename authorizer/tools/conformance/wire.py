"""One request over HTTP or one WebSocket connection: sent as it is written, no path tidied up, no redirect followed."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from authorizer.tools.conformance.row import OPEN
from authorizer.tools.conformance.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.tools.conformance.row import Call

PATIENCE: Final = 40.0  # seconds: beyond the 29 and 30 for which API Gateway waits
_WEBSOCKET: Final = {"http": "ws", "https": "wss"}
_MOST_TEXT: Final = 1024 * 1024  # bytes of a message


def send(base: str, call: Call) -> Seen:
    """The answer to a request of the API at `base`; `OSError` and `HTTPException` as `http.client` has them."""
    at = urlsplit(base)
    kind = HTTPSConnection if at.scheme in ("https", "wss") else HTTPConnection
    body = b"" if call.data is None else call.data.encode()
    with closing(kind(at.netloc, timeout=PATIENCE)) as connection:
        connection.putrequest(call.method, at.path.rstrip("/") + call.path or "/", skip_accept_encoding=True)
        for name, value in call.send:
            connection.putheader(name, value.encode("latin-1"))
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        response = connection.getresponse()
        return Seen(status=response.status, headers=tuple(response.getheaders()), body=response.read())


def converse(base: str, call: Call, messages: Sequence[str]) -> tuple[Seen, list[Seen]]:
    """The answer to a handshake, and one to each message; `OSError` where none comes."""
    from websockets.exceptions import InvalidStatus, WebSocketException
    from websockets.sync.client import connect

    at = urlsplit(base)
    url = f"{_WEBSOCKET.get(at.scheme, at.scheme)}://{at.netloc}{at.path}{call.path}"
    try:
        with connect(
            url,
            additional_headers=list(call.send),
            open_timeout=PATIENCE,
            max_size=_MOST_TEXT,
            proxy=None,
            compression=None,
        ) as connection:
            answers = []
            for one in messages:
                connection.send(one)
                text = connection.recv(timeout=PATIENCE)
                answers.append(Seen(status=OPEN, body=text.encode() if isinstance(text, str) else text))
            return Seen(status=OPEN), answers
    except InvalidStatus as refused:
        response = refused.response
        headers = tuple(response.headers.raw_items())
        return Seen(status=response.status_code, headers=headers, body=bytes(response.body or b"")), []
    except WebSocketException as error:
        raise ConnectionResetError(type(error).__name__) from None
