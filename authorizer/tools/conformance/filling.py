"""Placeholders in a row: `{own}`, `{token}`, and `{fill:N}` for N letters where only the length matters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from authorizer.tools.conformance.row import OWN, TEXT, TOKEN

if TYPE_CHECKING:
    from authorizer.tools.conformance.row import Call

_FILL: Final = re.compile(r"\{fill:(\d{1,6})\}")
_AUTHORIZATION: Final = "Authorization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What a row's placeholders stand for. `own` keeps caches and subjects of rows apart."""

    own: str
    token: str | None = field(default=None, repr=False)

    def text(self, text: str) -> str:
        """A text with its placeholders filled; without a token `{token}` is empty."""
        filled = text.replace(OWN, self.own).replace(TOKEN, self.token or "")
        return _FILL.sub(lambda match: "x" * int(match[1]), filled)

    def call(self, call: Call) -> Call:
        """A request that can be sent, with the token in its place."""
        send = call.send
        if self.token is not None and not any(TOKEN in text for text in (call.path, *(value for _, value in send))):
            bare = (call.token or "").startswith(TEXT)
            send = (*send, (_AUTHORIZATION, TOKEN if bare else f"Bearer {TOKEN}"))
        return replace(
            call,
            path=self.text(call.path),
            send=tuple((name, self.text(value)) for name, value in send),
            data=None if call.data is None else self.text(call.data),
        )
