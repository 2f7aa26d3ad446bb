"""A row of the table: what is sent, what comes back, who says so, and who gets it wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Pairs = tuple[tuple[str, str], ...]
TEXT: Final = "text:"  # what follows is sent as it is
OWN: Final = "{own}"  # a text that no other row has
TOKEN: Final = "{token}"
ARN: Final = "{arn}"  # in a pattern: the ARN of an API, up to its stage
OPEN: Final = 101  # the status of a handshake that succeeds


class Confidence(Enum):
    """How it is known."""

    DOC = "doc"  # AWS documents it
    MEASURED = "measured"  # somebody measured it, or a response was captured
    COMMUNITY = "community"  # users say so, without a capture
    UNSURE = "unsure"  # an inference, or sources contradict each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `path` has the query too; `send` are headers. A token without a place goes to `Authorization`: a text as
    it is, any other behind `Bearer`. `status` is that of a request before, where it matters; `flush` empties caches, and
    `wait` lets so many seconds go by. `stage` is another one than the API's first by name."""

    method: str = "GET"
    path: str = "/"
    token: str | None = field(default=None, repr=False)
    send: Pairs = field(default=(), repr=False)
    data: str | None = field(default=None, repr=False)
    status: int | None = None
    flush: bool = False
    wait: float = 0.0
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What comes back. Paths lead into the body: `authorizer.event.type`; a text on the way is read as JSON.

    `like` are regular expressions for the whole of a value. `same` and `changed` are values beside those of the last request
    before. `body` is the whole of it, as JSON; `text` the whole of it, as it is.
    """

    status: int
    body: str | None = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    headers_like: Mapping[str, str] = field(default_factory=dict)
    no_headers: tuple[str, ...] = ()
    at: Mapping[str, Any] = field(default_factory=dict)
    like: Mapping[str, str] = field(default_factory=dict)
    null: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to a WebSocket API, and what comes back."""

    send: str
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`each` are tokens that are all to be tried in turn. `not_here` says why the local gateway cannot show it; with
    `outage` the issuers are down meanwhile, which only local ones can be. `facts` are numbers of known failures.
    With `websocket` the request is a handshake, and `messages` follow it."""

    id: str
    says: str
    api: str
    call: Call
    expected: Expected
    before: tuple[Call, ...] = ()
    each: tuple[str, ...] = field(default=(), repr=False)
    messages: tuple[Message, ...] = ()
    source: str
    confidence: Confidence
    settles: str | None = None
    others: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[int, ...] = ()
    note: str | None = None
    not_here: str | None = None
    outage: bool = False
    websocket: bool = False
    long: bool = False
