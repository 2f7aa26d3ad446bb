"""A pipeline of the parts that a test gives; what it does not give lets everything through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from authorizer import handler
from authorizer.context import ContextMap
from authorizer.credential import Sources
from authorizer.model import Credential, Principal
from authorizer.pipeline import Pipeline
from authorizer.policy import Policies
from authorizer.requirement import ANY_VALID_TOKEN
from authorizer.response import PolicyResponder, SimpleResponder, Statuses
from authorizer.rules import Rules
from authorizer.surface import ANYTHING, Fact
from tests.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from authorizer.clock import Clock
    from authorizer.verifiers.base import NotMine, Verifier
    from tests.entries import Entry

NOW = 1_795_428_000.0
SOMEBODY = Principal(subject="user-1")
EVERYTHING = Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap())
SURFACES = {
    "rest": handler.REST,
    "websocket": handler.WEBSOCKET,
    "http": handler.HTTP,
    "http_policy": handler.HTTP_POLICY,
}


@dataclass
class Says:
    """A verifier that always gives the same answer, or raises it; keeps what it was asked."""

    answer: Any = SOMEBODY
    asked: list[tuple[Credential, float]] = field(default_factory=list)
    reads: ClassVar[frozenset[Fact]] = ANYTHING

    def verify(self, credential: Credential, now: float) -> Principal | NotMine:
        self.asked.append((credential, now))
        if isinstance(self.answer, BaseException):
            raise self.answer
        given: Principal | NotMine = self.answer
        return given


@dataclass
class Ticks:
    """A clock that stands still and counts how often it is read."""

    time: float = NOW
    reads: int = 0

    def __call__(self) -> float:
        self.reads += 1
        return self.time


@dataclass
class Wired:
    """One pipeline, what it logs, and the way to ask it."""

    pipeline: Pipeline
    journal: Journal

    def answer(self, event: object) -> dict[str, Any]:
        return self.pipeline.answer(event, "function-request-1")


def wire(
    entry: Entry,
    verifiers: Sequence[Verifier] | None = None,
    *,
    rules: Rules = EVERYTHING,
    statuses: Statuses | None = None,
    sources: Sources | None = None,
    journal: Journal | None = None,
    clock: Clock | None = None,
) -> Wired:
    """The pipeline of one entry point."""
    journal, statuses = journal or Journal(), statuses or Statuses()
    pipeline = Pipeline(
        surfaces=SURFACES[entry.method],
        sources=sources or Sources(),
        verifiers=[Says()] if verifiers is None else verifiers,
        rules=rules,
        respond=SimpleResponder(statuses=statuses)
        if entry.simple
        else PolicyResponder(policies=Policies(rules=rules), statuses=statuses),
        log=journal.log,
        clock=clock or Ticks(),
    )
    return Wired(pipeline, journal)
