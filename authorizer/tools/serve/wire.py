"""Between ASGI and the core: a request exactly as it was sent, a response exactly as it was given."""

from __future__ import annotations

import re
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.tools.gateway.message import LOOPBACK, HttpRequest, HttpResponse, json_response
from authorizer.tools.serve.backend import NOTE_HEADER
from authorizer.tools.serve.loopback import name_in

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_SENT: Final = "authorizer.as_sent"  # ASGI extension of our protocols: what ASGI itself has no place for
INTERNAL_ERROR: Final = json_response(500, {"message": "Internal server error"})
LATIN: Final = "iso-8859-1"  # what HTTP's bytes are as text; each byte survives
_FRAMING: Final = {"content-length", "transfer-encoding", NOTE_HEADER}  # ours to write, or not to be sent at all
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_HEAD: Final = "HEAD"
_NO_BODY: Final = {204, 304}  # RFC 9110 sections 15.3.5 and 15.4.5


class AsSent(NamedTuple):
    """A request line's target and the headers with the client's spelling of their names."""

    target: bytes
    headers: list[tuple[bytes, bytes]]


class Unsendable(Exception):
    """A response that is none in HTTP: a bug of the core."""


def read_request(scope: Mapping[str, Any], body: bytes = b"") -> HttpRequest:
    """The request of an ASGI scope. A server that is not ours gives header names in lower case."""
    sent = scope.get("extensions", {}).get(AS_SENT) or AsSent(_target(scope), scope["headers"])
    headers = tuple((name.decode(LATIN), value.decode(LATIN)) for name, value in sent.headers)
    return HttpRequest(
        method=scope.get("method", "GET"),
        target=sent.target.decode(LATIN),
        headers=headers,
        body=body,
        source_ip=(scope.get("client") or (LOOPBACK,))[0],
        host=name_in(host_header(scope) or "") or "localhost",
        protocol=f"HTTP/{scope['http_version']}",
    )


def _target(scope: Mapping[str, Any]) -> bytes:
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    return path + b"?" + query if query else path


def host_header(scope: Mapping[str, Any]) -> str | None:
    """The Host header of an ASGI scope."""
    return next((value.decode(LATIN) for name, value in scope["headers"] if name.lower() == b"host"), None)


def checked(response: HttpResponse) -> HttpResponse:
    """The response, when it can be sent as it is; otherwise `Unsendable`."""
    if not 200 <= response.status <= 599:
        raise Unsendable("status")
    for name, value in response.headers:
        if not _TOKEN.fullmatch(name):
            raise Unsendable("header name")
        if not _VALUE.fullmatch(value):
            raise Unsendable("header value")
    return response


class Ready(NamedTuple):
    """A response as ASGI takes it, and the detail that is for the log only."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    detail: str


def ready(response: HttpResponse, method: str) -> Ready:
    """What is sent for a response to a method: its headers in order, and how long its body is."""
    body = b"" if response.status in _NO_BODY else response.body
    headers = [(name, value) for name, value in response.headers if name.lower() not in _FRAMING]
    if response.status not in _NO_BODY:
        told = response.header("content-length") if method == _HEAD and not body else None
        headers.append(("Content-Length", told if told and told.isdecimal() else str(len(body))))
    if response.header("date") is None:
        headers.append(("Date", formatdate(usegmt=True)))
    return Ready(
        status=response.status,
        headers=[(name.encode(LATIN), value.strip(" \t").encode(LATIN)) for name, value in headers],
        body=b"" if method == _HEAD else body,
        detail=response.header(NOTE_HEADER) or "",
    )
