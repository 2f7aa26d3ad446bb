"""An HTTP request as a client sent it, and its response. No socket: the server and the test fixture both speak it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

LOOPBACK: Final = "127.0.0.1"
Headers = tuple[tuple[str, str], ...]
_UNSENDABLE: Final = re.compile(r"[^\t\x20-\x7e\x80-\xff]")  # RFC 9110 section 5.5


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request. `target` is the path with the query as sent, nothing decoded; headers are as sent, in order.

    What may hold a credential is not shown: a test that fails prints its requests.
    """

    method: str = "GET"
    target: str = field(default="/", repr=False)
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    source_ip: str = LOOPBACK
    host: str = "localhost"
    protocol: str = "HTTP/1.1"

    @property
    def path(self) -> str:
        """The path as sent, without the query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query as sent, without its question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The last value of a header, whose name has no case; None when it was not sent."""
        found = [value for one, value in self.headers if one.lower() == name.lower()]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """A response."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The last value of a header, whose name has no case; None when there is none."""
        found = [value for one, value in self.headers if one.lower() == name.lower()]
        return found[-1] if found else None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; `ValueError` when it is none."""
        return json.loads(self.body)


def json_response(status: int, document: object, *headers: tuple[str, str]) -> HttpResponse:
    """A response with a JSON body."""
    body = as_bytes(json.dumps(document, separators=(",", ":"), ensure_ascii=False))
    return HttpResponse(status=status, headers=(("content-type", "application/json"), *headers), body=body)


def as_bytes(text: str) -> bytes:
    """A text as UTF-8. JSON can name halves of characters (`\\ud800`), which are none: each becomes a question mark."""
    return text.encode("utf-8", "replace")


def as_header(value: str) -> str:
    """The value of a header; what none can hold becomes a question mark: a line end would begin another header."""
    return _UNSENDABLE.sub("?", value)
