"""A pasted response, in whichever form people have it: `curl -i` or `-v`, a browser's tools, HAR, a status and a body.

Nothing of it is kept but its status, some headers, its message, and the names of what was sent: no value of a header of the
request, no path and no query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.terminal import CommandError
from authorizer.tools.why.appearances import Seen
from authorizer.tools.why.archive import exchange
from authorizer.tools.why.pasted_text import as_json, json_objects, request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADERS: Final = (
    "x-amzn-errortype",
    "x-amzn-requestid",
    "x-amz-apigw-id",
    "apigw-requestid",
    "www-authenticate",
    "x-amzn-trace-id",
    "x-amz-cf-id",
)
_IDS: Final = ("x-amzn-requestid", "x-amz-apigw-id", "apigw-requestid")
_HEADER: Final = re.compile(
    r"(?im)^[< \t]{0,8}(" + "|".join(HEADERS) + r")[ \t]{0,4}:[ \t]{0,8}(?:\n[ \t]{0,8})?([^\n]*)$"
)
_STATUS: Final = (
    re.compile(r"(?im)^[< \t]{0,8}HTTP/[\d.]+\s+([2-5]\d\d)\b"),
    re.compile(r"(?im)^[ \t]{0,8}:status:?\s{0,8}([2-5]\d\d)\b"),
    re.compile(r"(?im)\bstatus(?:[ _-]?code)?[\"']?\s{0,4}[:=]?\s{0,8}([2-5]\d\d)\b"),
    re.compile(r"(?m)^[ \t]{0,8}([2-5]\d\d)\b"),
    re.compile(r"\b([45]\d\d) \(?(?:Unauthorized|Forbidden|Internal Server Error|Too Many Requests|Not Found)"),
    re.compile(r"\b(?:returned|response:|Response:|HTTP) ([2-5]\d\d)\b"),
)
_HANDSHAKE: Final = re.compile(r"(?im)^[< \t]{0,8}HTTP/[\d.]+\s+101\b")
_HEAD: Final = re.compile(r"(?im)^[< \t]{0,8}HTTP/[\d.]+\s+\d\d\d\b")
_VERBOSE: Final = re.compile(r"[*<>](?: |$)|[{}] \[")  # what `curl -v` writes around a body
_SENT: Final = re.compile(r"(?m)^> ?(?:([A-Z]{3,10}) (\S+) HTTP/|([\w-]{1,60}):)")
_BROWSER_SENT: Final = re.compile(
    r"(?im)^[ \t]{0,8}(request method|request url|authorization|x-api-key)[ \t]{0,4}(?::|\n)\s{0,8}(\S+)"
)
_MESSAGES: Final = ("Message", "message", "errorMessage", "error_description")
_NO_MESSAGE: Final = "(JSON without a message)"
_MOST_PASTED: Final = 500_000  # characters
_MOST: Final = 20_000  # characters of a text that is no HTTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What is known of the request: its method, the names of its headers, and whether its path has a colon."""

    method: str | None = None
    headers: frozenset[str] = frozenset()
    colon: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response. `headers` is None where none was pasted; `capital`: its body says `Message`, as a policy's denial does."""

    status: int | None
    headers: Mapping[str, str] | None = field(repr=False)
    message: str | None = field(repr=False)
    capital: bool = False
    apis: frozenset[str] = frozenset()
    sent: Sent | None = None
    text: str | None = field(default=None, repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the request."""
        found = (request_id((self.headers or {}).get(name)) for name in _IDS)
        return tuple(one for one in found if one is not None)

    def seen(self) -> Seen:
        """What is known of the answer."""
        known = self.headers is not None
        headers = self.headers or {}
        return Seen(
            status=self.status,
            error_type=headers.get("x-amzn-errortype", "").partition(":")[0] if known else None,
            message=self.message,
            challenge=headers.get("www-authenticate", "" if known else None),
            text=self.text,
            apis=self.apis,
        )


def parse_response(text: str) -> Response:
    """The response; `CommandError` for a text in which there is none."""
    if not text.strip():
        raise CommandError("the response is empty", "paste what the client got: curl -i URL > FILE")
    document = as_json(text)
    found = exchange(document)
    if found is not None:
        return _response(found.status, found.headers, found.body, Sent(**found.sent()))
    text = text[:_MOST_PASTED]
    headers = {name.lower(): value.strip() for name, value in _HEADER.findall(text)} or None
    return _response(_status(text), headers, text, _sent(text))


def _response(status: int | None, headers: Mapping[str, str] | None, body: str, sent: Sent | None) -> Response:
    document = _body(body)
    message, capital = _message(document)
    http = document is not None or headers is not None
    if message is None:
        message = _plain(body, head=headers is not None) if document is None else _NO_MESSAGE
    return Response(
        status=status,
        headers=headers if _known(headers) else None,
        message=message,
        capital=capital,
        apis=_apis(headers or {}, document or {}) or _handshake(body),
        sent=sent,
        text=None if http else body[:_MOST],
    )


def _known(headers: Mapping[str, str] | None) -> bool:
    """Whether so many headers were pasted that a missing one is really missing, or just the one that says why."""
    telling = {*_IDS, "x-amzn-errortype", "www-authenticate"}
    return headers is not None and bool(telling & headers.keys())


def _status(text: str) -> int | None:
    for pattern in _STATUS:
        found = pattern.findall(text)
        if found:
            return int(found[-1])
    return 101 if _HANDSHAKE.search(text) else None


def _body(text: str) -> dict[str, Any] | None:
    """The JSON object that is, or is in, the body: the last one that says something, else the last."""
    found = [one for _, one in json_objects(text)]
    telling = [one for one in found if _message(one)[0] is not None]
    return next(iter((telling or found)[-1:]), None)


def _message(document: Mapping[str, Any] | None) -> tuple[str | None, bool]:
    """What the body says, the empty text for null, and whether it says so under a capital letter."""
    if document is None:
        return None, False
    errors = document.get("errors")
    inner = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else document
    for name in _MESSAGES:
        if name in inner:
            value = inner[name]
            kind = inner.get("__type")
            said = "" if value is None else value if isinstance(value, str) else ""
            return (f"{kind}: {said}" if isinstance(kind, str) else said), name == "Message"
    kind = inner.get("__type")
    return (kind if isinstance(kind, str) else None), False


def _plain(body: str, *, head: bool) -> str | None:
    """A body that is no JSON: what follows the first empty line after the head, or all where there is no head."""
    normal = "\n".join(line for line in body.split("\n") if not _VERBOSE.match(line))
    if head or _HEAD.search(body):
        normal = normal.partition("\n\n")[2]
    return normal.strip()[:_MOST] or None


def _apis(headers: Mapping[str, str], document: Mapping[str, Any]) -> frozenset[str]:
    """The types of API whose mark the answer has; none where it has no mark."""
    if "apigw-requestid" in headers:
        return frozenset({"http"})
    if {"connectionId", "requestId"} <= document.keys():
        return frozenset({"websocket"})
    if isinstance(document.get("errors"), list):
        return frozenset({"appsync"})
    return frozenset({"rest"}) if "x-amz-apigw-id" in headers else frozenset()


def _handshake(text: str) -> frozenset[str]:
    """What wscat and the Node library `ws` say of a refused handshake."""
    return frozenset({"websocket"}) if "Unexpected server response:" in text else frozenset()


def _sent(text: str) -> Sent | None:
    """What `curl -v` and browsers say of the request."""
    method, target, names = None, "", set()
    for found in (*_SENT.finditer(text), *_BROWSER_SENT.finditer(text)):
        name = (found[3] if found.re is _SENT else found[1]) or ""
        if found.re is _SENT and found[1]:
            method, target = found[1], found[2]
        elif name.lower() == "request method":
            method = found[2].upper()[:10]
        elif name.lower() == "request url":
            target = found[2]
        else:
            names.add(name.lower())
    seen = method is not None or names
    return Sent(method=method, headers=frozenset(names), colon=colon(target) if target else None) if seen else None


def colon(target: str) -> bool:
    """Whether the path of a URL has a colon."""
    return ":" in re.sub(r"^[a-z]+://[^/]*", "", target.partition("?")[0])
