"""Shadow mode: a candidate's settings judge what the live ones judge. The live answer counts; where the candidate would have
done something else, one line says so, which is also its metric.

Nothing that the candidate does changes the live answer or its line: it is asked after both, gets a copy of the event, and
whatever it raises ends here. What it can do is take time, so after a timeout or a slow answer it is left alone for a while.

Where both agree nothing is written. The live line counts every request (`Decisions`), so agreements are those less
`ShadowDifferences`, as long as `ShadowStops` is 0: it counts every time that the candidate ceased to be asked.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from authorizer.clock import stopwatch
from authorizer.errors import AuthorizerError, ConfigError, InternalError
from authorizer.outcome import Outcome, Witness, context_keys, crashed, differences
from authorizer.pipeline import Pipeline
from authorizer.reasons import Reason
from authorizer.response import Unauthorized
from authorizer.telemetry import MAX_TEXT, Log, called, embedded
from authorizer.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.clock import Clock
    from authorizer.response import Answer

PAUSE: Final = 60.0  # seconds
PATIENCE: Final = 1.0  # seconds
MAX_PROBLEMS: Final = 20  # of wrong settings, in one line

T = TypeVar("T")


class Pause:
    """Until when the candidate is not asked, by wall clock: environments freeze between invocations."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self, now: float) -> None:
        """From now on."""
        self._until = now + PAUSE

    def lasts(self, now: float) -> bool:
        """Whether it does. A clock that was set back ends it."""
        return 0 < self._until - now <= PAUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed(Pipeline):
    """The live pipeline, with a candidate beside it. `pause` is shared by all that a function answers."""

    candidate: Pipeline
    pause: Pause
    timer: Clock = field(default=stopwatch)

    def answer(self, event: object, function_request_id: str | None) -> Answer:
        """What the live pipeline answers or raises."""
        call = _Call(event, function_request_id, self.clock())
        live, started = Witness(self.log), self.timer()
        answer, unauthorized = None, False
        try:
            answer = _ask(self, live, call)
            return answer
        except Unauthorized:
            unauthorized = True
            raise
        finally:
            if self.timer() - started < PATIENCE and not self.pause.lasts(call.now):  # else there is no time left
                self._compare(live, lambda: live.outcome(answer, unauthorized=unauthorized), call)

    def _compare(self, live: Witness, said: Callable[[], Outcome | None], call: _Call) -> None:
        try:
            one = said()
            if one is not None:  # else the process ends
                other = self._asked(call)
                if found := differences(one, other):
                    self.log.note("shadow: other outcome", _difference(one, other, found, live, call))
        except BaseException:  # noqa: BLE001 - the live answer leaves, whatever was not foreseen here
            return

    def _asked(self, call: _Call) -> Outcome:
        started = self.timer()
        outcome = _outcome(self.candidate, call)
        if outcome.reason == Reason.KEYS_TIMEOUT.value or self.timer() - started >= PATIENCE:
            self.pause.begin(call.now)
            self.log.note("shadow: paused", {"pause_s": PAUSE} | _stop())
        return outcome


def shadowed(live: Pipeline, candidate: Pipeline, pause: Pause) -> Shadowed:
    """The live pipeline of an entry point, with the candidate's beside it."""
    parts: dict[str, Any] = {part.name: getattr(live, part.name) for part in fields(Pipeline)}
    return Shadowed(**parts, candidate=candidate, pause=pause)


def built(build: Callable[[], T], log: Log) -> T | None:
    """A candidate, or None when its settings are wrong, which is told: the live ones do not depend on it."""
    try:
        return build()
    except ConfigError as error:
        problems = [str(problem)[:MAX_TEXT] for problem in error.problems[:MAX_PROBLEMS]]
    except BaseException as bug:  # noqa: BLE001 - the module of a check may raise anything
        problems = [str(InternalError.of(bug))]
    log.note("shadow: settings are wrong", {"problems": problems} | _stop())
    return None


class _Call(NamedTuple):
    """What is judged twice, at one time: no token expires in between."""

    event: object
    function_request_id: str | None
    now: float


def _ask(pipeline: Pipeline, witness: Witness, call: _Call) -> Answer:
    heard = replace(pipeline, log=witness, clock=lambda: call.now)
    return Pipeline.answer(heard, call.event, call.function_request_id)


def _outcome(candidate: Pipeline, call: _Call) -> Outcome:
    """What the candidate makes of its own copy of an event, so that no check of it changes what others hold.

    The copy is always made: 2 to 30 µs, and only where there is a candidate.
    """
    witness, answer, unauthorized = Witness(Log()), None, False
    try:
        answer = _ask(candidate, witness, _Call(deepcopy(call.event), *call[1:]))
    except Unauthorized:
        unauthorized = True
    except AuthorizerError:
        pass  # the witness has heard it
    except BaseException as bug:  # noqa: BLE001 - also the SystemExit of a check
        return crashed(str(InternalError.of(bug)))
    return witness.outcome(answer, unauthorized=unauthorized) or crashed("nothing")


def _difference(one: Outcome, other: Outcome, found: list[str], live: Witness, call: _Call) -> dict[str, Any]:
    line: dict[str, Any] = {"live": one.decision, "candidate": other.decision, "differs": found}
    if "context" in found:
        line["context"] = context_keys(one, other)
    line |= _said("live", one) | _said("candidate", other)
    line |= {"function_request_id": call.function_request_id, "version": VERSION}
    if live.request is not None:
        line |= called(live.request)
    return line | {"ShadowDifferences": 1, "_aws": embedded(_BY_DECISIONS, _DIFFERENCES)}


def _said(who: str, outcome: Outcome) -> dict[str, Any]:
    """What one of them said. Of what was found only what kind of error it was: other findings may be a caller's words."""
    parts: dict[str, Any] = {
        "reason": outcome.reason,
        "rule": outcome.rule,
        "claim": outcome.fault.claim,
        "found": outcome.fault.found if outcome.decision == "error" else None,
        "policy": outcome.policy,
    }
    texts = {f"{who}_{name}": text[:MAX_TEXT] for name, text in parts.items() if text is not None}
    return texts | {f"{who}_status": outcome.status, f"{who}_lets_through": outcome.lets_through}


def _stop() -> dict[str, Any]:
    return {"version": VERSION, "ShadowStops": 1, "_aws": embedded([["service"]], _STOPS)}


# All dimensions have few values: an alarm takes the first, and nothing that a caller could multiply is in the second.
_BY_DECISIONS: Final = [["service"], ["service", "live", "candidate"]]
_DIFFERENCES: Final = [{"Name": "ShadowDifferences", "Unit": "Count"}]
_STOPS: Final = [{"Name": "ShadowStops", "Unit": "Count"}]
