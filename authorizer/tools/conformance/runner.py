"""Plays rows against a gateway. Each row is on its own: with credentials that no other row has, and in any order."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from enum import Enum
from http.client import HTTPException
from time import sleep
from typing import TYPE_CHECKING
from uuid import uuid4

from authorizer.tools.conformance.comparison import Difference, differences
from authorizer.tools.conformance.filling import Filling
from authorizer.tools.conformance.row import TEXT, Call, Row
from authorizer.tools.conformance.target import NotPlayable, Target
from authorizer.tools.conformance.wire import converse, send

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from authorizer.tools.conformance.credentials import Credentials
    from authorizer.tools.conformance.seen import Seen


class Outcome(Enum):
    """What became of a row."""

    PASSED = "passed"
    DIFFERS = "differs"
    NOT_PLAYABLE = "not playable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of a row; with all differences, or with the reason why it cannot be played."""

    row: Row
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """Plays rows. `run` tells one run from another, so that a gateway that goes on running knows no credential of before."""

    target: Target
    credentials: Credentials
    run: str = field(default_factory=lambda: uuid4().hex[:8])

    def play_all(self, rows: Iterable[Row]) -> Iterator[Result]:
        """The results, in order, each as soon as it is there."""
        return map(self.play, rows)

    def play(self, row: Row) -> Result:
        """The result of one row; whatever a gateway does, nothing is raised for it."""
        try:
            if row.not_here is not None and self.target.local is not None:
                raise NotPlayable(row.not_here)
            found = tuple(self._variants(row))
        except NotPlayable as reason:
            return Result(row=row, outcome=Outcome.NOT_PLAYABLE, why=str(reason))
        return Result(row=row, outcome=Outcome.DIFFERS if found else Outcome.PASSED, differences=found)

    def _variants(self, row: Row) -> Iterator[Difference]:
        """The differences, of each token where a row has several."""
        if not row.each:
            yield from self._played(row, f"{row.id}-{self.run}")
        for number, token in enumerate(row.each):
            call = replace(row.call, token=token)
            before = tuple(replace(one, token=token) for one in row.before)
            variant = replace(row, call=call, before=before, each=())
            for one in self._played(variant, f"{row.id}-{number}-{self.run}"):
                yield replace(one, what=f"{token.partition('~')[0]}: {one.what}")

    def _played(self, row: Row, own: str) -> Iterator[Difference]:
        try:
            with ExitStack() as stack:
                if row.outage:
                    stack.enter_context(self.target.outage())
                yield from self._exchanged(row, own)
        except (OSError, HTTPException, EOFError) as error:
            yield Difference(what="connection", expected="an answer", seen=f"{type(error).__name__}")

    def _exchanged(self, row: Row, own: str) -> Iterator[Difference]:
        last: Seen | None = None
        for call in row.before:
            if call.flush:
                self.target.flush()
                continue
            last = self._sent(row, call, own)
            if call.status is not None and last.status != call.status:
                yield Difference(what="status before", expected=str(call.status), seen=str(last.status))
        filling = self._filled(row.call, own)
        if row.websocket:
            yield from self._conversed(row, self.target.base(row.api), filling)
        else:
            yield from differences(row.expected, self._sent(row, row.call, own), last, filling.text)

    def _sent(self, row: Row, call: Call, own: str) -> Seen:
        base = self.target.base(row.api, call.stage)
        sleep(call.wait)
        return send(base, self._filled(call, own).call(call))

    def _conversed(self, row: Row, base: str, filling: Filling) -> Iterator[Difference]:
        sent = [filling.text(message.send) for message in row.messages]
        seen, answers = converse(base, filling.call(row.call), sent)
        yield from differences(row.expected, seen, None, filling.text)
        for number, (message, answer) in enumerate(zip(row.messages, answers, strict=False), 1):
            for one in differences(message.expected, answer, None, filling.text):
                yield replace(one, what=f"message {number}: {one.what}")

    def _filled(self, call: Call, own: str) -> Filling:
        if call.token is None:
            return Filling(own=own)
        if call.token.startswith(TEXT):
            return Filling(own=own, token=Filling(own=own).text(call.token.removeprefix(TEXT)))
        return Filling(own=own, token=self.credentials.token(call.token, own))
