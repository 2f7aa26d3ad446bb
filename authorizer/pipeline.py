"""The way of every request, from event to answer. Read this first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from authorizer import credential, request
from authorizer.errors import EventError, Fault, InternalError, Refused, Unavailable
from authorizer.model import Allow, Decision, Deny
from authorizer.reasons import Reason
from authorizer.telemetry import Line
from authorizer.verifiers.base import prove

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.clock import Clock
    from authorizer.credential import Sources
    from authorizer.model import Request
    from authorizer.response import Answer, Responder
    from authorizer.rules import Rules
    from authorizer.surface import Surface
    from authorizer.telemetry import Log
    from authorizer.verifiers.base import Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """All that decides, wired by `handler.py`. One pipeline answers for one kind of function."""

    surfaces: Sequence[Surface]
    sources: Sources
    verifiers: Sequence[Verifier]
    rules: Rules
    respond: Responder
    log: Log
    clock: Clock

    def answer(self, event: object, function_request_id: str | None) -> Answer:
        """What API Gateway is told. Raises `Unauthorized` for a 401, and an error (500, not cached) for what is no deny."""
        line = Line(function_request_id=function_request_id)
        try:
            called = line.request = request.read(event, self.surfaces)  # 1. Read the event.
            now = self.clock()
            decision, answer = self._judge(called, line, now)
        except (Unavailable, EventError) as error:
            line.provenance = error.provenance
            self.log.error(line, error.reason, error.fault)
            raise
        except Exception as bug:  # noqa: BLE001 - its text may hold a credential: only its type and place leave
            place = InternalError.of(bug)
            self.log.error(line, Reason.INTERNAL_ERROR, Fault(found=str(place)))
            raise place from None
        self.log.write(line, decision)  # 5. Say it once in the log.
        return answer if answer is not None else self.respond(decision, called, now)

    def _judge(self, called: Request, line: Line, now: float) -> tuple[Decision, Answer | None]:
        try:
            grant = self._grant(called, line, now)
            return grant, self.respond(grant, called, now)  # 6. Answer in the API's words.
        except Refused as refused:
            line.provenance = line.provenance or refused.provenance
            return Deny(refused.reason, refused.fault, refused.rule, line.principal), None

    def _grant(self, called: Request, line: Line, now: float) -> Allow:
        if self.rules.is_public(called):
            return self.rules.grant_public(called)
        found = line.credential = credential.find(called, self.sources)  # 2. Find the credential.
        who = line.principal = prove(self.verifiers, found, now)  # 3. Prove who sent it.
        line.provenance = who.provenance
        return self.rules.decide(who, called, now)  # 4. Decide.
