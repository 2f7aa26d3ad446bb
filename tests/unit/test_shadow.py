from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from authorizer import shadow
from authorizer.conditions import Check
from authorizer.context import ContextMap
from authorizer.errors import ConfigError, Fault, InternalError, Refused, SettingProblem, Unavailable
from authorizer.model import Principal, VerifiedClaims
from authorizer.reasons import Reason
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.response import Statuses, Unauthorized
from authorizer.rules import Rules
from authorizer.surface import ANYTHING, Fact
from tests.entries import ENTRIES, NAMES, Entry
from tests.journal import Journal
from tests.pipelines import NOW, SOMEBODY, Says, Ticks, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from authorizer.model import Credential, Request

TOKEN = "secret-a.secret-b.secret-c"
ALL_403 = Statuses(rest=403, websocket=403, http=403)
SCOPE = Rules(everywhere=Requirement(scopes=frozenset({"a"})), context=ContextMap())
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)


class Boom(BaseException):
    """Of nobody's hierarchy."""


@dataclass
class Does:
    """A verifier that does something before it lets everybody through."""

    something: Callable[[], object]
    asked: int = 0
    reads: ClassVar[frozenset[Fact]] = ANYTHING

    def verify(self, credential: Credential, now: float) -> Principal:
        self.asked += 1
        self.something()
        return SOMEBODY


class Pair:
    """A live pipeline that lets everybody through, and a candidate; time goes by only where a test says so."""

    def __init__(self, entry: Entry = ENTRIES[0], *, live: Any = None, other: Any = None, **candidate: Any) -> None:
        self.clock, self.timer = Ticks(), Ticks(0.0)
        self.entry, self.verifier = entry, other if hasattr(other, "verify") else Says(other or SOMEBODY)
        wired = wire(
            entry, [live if hasattr(live, "verify") else Says(live or SOMEBODY)], statuses=ALL_403, clock=self.clock
        )
        self.journal = wired.journal
        self.silence = Journal()
        made = wire(entry, [self.verifier], journal=self.silence, **({"statuses": ALL_403} | candidate)).pipeline
        self.pipeline = replace(shadow.shadowed(wired.pipeline, made, shadow.Pause()), timer=self.timer)

    def answer(self, event: object = None) -> dict[str, Any]:
        return self.pipeline.answer(event or self.entry.build(TOKEN), "function-request-1")

    @property
    def asked(self) -> int:
        return self.verifier.asked if isinstance(self.verifier, Does) else len(self.verifier.asked)

    @property
    def told(self) -> list[dict[str, Any]]:
        """The lines of the shadow. The live pipeline has written its own, and the candidate none."""
        assert self.silence.text == ""
        lines = [line for line in self.journal.lines if line["message"].startswith("shadow: ")]
        assert "secret" not in repr(lines)
        return lines

    @property
    def difference(self) -> dict[str, Any]:
        (line,) = self.told
        assert line["message"] == "shadow: other outcome"
        return line


@each_entry
def test_candidate_that_agrees_is_asked_and_writes_nothing(entry: Entry) -> None:
    pair = Pair(entry)
    assert pair.answer() == wire(entry).answer(entry.build(TOKEN))
    assert (pair.asked, pair.told, len(pair.journal.lines)) == (1, [], 1)


@each_entry
def test_candidate_that_denies_is_one_line_after_the_live_one(entry: Entry) -> None:
    pair = Pair(entry, rules=SCOPE)
    assert pair.answer() == wire(entry).answer(entry.build(TOKEN))
    line = pair.difference
    assert pair.journal.lines[1] == line
    assert (line["level"], line["live"], line["candidate"]) == ("WARNING", "allow", "deny")
    assert line["differs"] == ["decision", "reason", "lets_through", "status"]
    assert (line["live_status"], line["candidate_status"]) == (200, 403)
    assert (line["live_lets_through"], line["candidate_lets_through"]) == (True, False)
    assert (line["candidate_reason"], line["candidate_rule"]) == ("scope_missing", "require")
    assert (line["surface"], line["function_request_id"]) == (entry.surface.value, "function-request-1")
    assert "decision" not in line, "what counts decision lines finds one per request"


def test_difference_is_a_metric_of_few_dimensions() -> None:
    pair = Pair(rules=SCOPE)
    pair.answer()
    (directive,) = pair.difference["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "LambdaAuthorizer"
    assert directive["Dimensions"] == [["service"], ["service", "live", "candidate"]]
    assert directive["Metrics"] == [{"Name": "ShadowDifferences", "Unit": "Count"}]


def test_candidate_that_would_allow_is_told() -> None:
    pair = Pair(live=Refused(Reason.TOKEN_EXPIRED, Fault(claim="exp", found="secret")))
    assert pair.answer()["context"]["reason"] == "token_expired"
    line = pair.difference
    assert (line["live"], line["candidate"], line["live_reason"], line["live_claim"]) == (
        "deny",
        "allow",
        "token_expired",
        "exp",
    )
    assert (line["live_lets_through"], line["candidate_lets_through"]) == (False, True)


def test_other_status_for_the_same_reason_is_told() -> None:
    pair = Pair(live=Refused(Reason.TOKEN_EXPIRED), other=Refused(Reason.TOKEN_EXPIRED), statuses=Statuses(rest=401))
    pair.answer()
    line = pair.difference
    assert (line["differs"], line["live_status"], line["candidate_status"]) == (["status"], 403, 401)


def test_live_401_is_raised_as_it_is() -> None:
    pair = Pair(live=Refused(Reason.TOKEN_EXPIRED))
    pair.pipeline = replace(pair.pipeline, respond=replace(pair.pipeline.respond, statuses=Statuses(rest=401)))
    with pytest.raises(Unauthorized, match=r"^Unauthorized$"):
        pair.answer()
    assert pair.difference["live_status"] == 401


def test_context_keys_are_named_and_no_value() -> None:
    claims = VerifiedClaims({"plan": "secret-plan", "tenant": "secret-tenant"})
    who = Principal(subject="secret-user", claims=claims)
    rules = Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap((("plan", "plan"),)))
    pair = Pair(live=Principal(subject="secret-user-2", claims=claims), other=who, rules=rules)
    pair.answer()
    assert (pair.difference["differs"], pair.difference["context"]) == (["principal", "context"], ["plan"])


def test_live_error_leaves_as_it_is_and_is_compared() -> None:
    pair = Pair(live=Unavailable(Reason.KEYS_STATUS, Fault(found="503")))
    with pytest.raises(Unavailable) as caught:
        pair.answer()
    assert caught.value.__context__ is None
    line = pair.difference
    assert (line["live"], line["candidate"], line["live_found"], line["live_status"]) == ("error", "allow", "503", 500)


def test_event_that_nobody_knows_is_the_same_error_for_both() -> None:
    pair = Pair()
    with pytest.raises(Exception, match="event_unknown"):
        pair.answer({"version": "9"})
    assert pair.told == []


@pytest.mark.parametrize(
    "bug",
    [
        ValueError(TOKEN),
        RecursionError(TOKEN),
        SystemExit(TOKEN),
        Boom(TOKEN),
        KeyboardInterrupt(),
        GeneratorExit(),
        Unauthorized(),
    ],
    ids=lambda bug: type(bug).__name__,
)
@each_entry
def test_crash_of_the_candidate_changes_nothing(entry: Entry, bug: BaseException) -> None:
    pair = Pair(entry, other=Says(bug))
    assert pair.answer() == wire(entry).answer(entry.build(TOKEN))
    line = pair.difference
    assert (line["candidate"], line["candidate_reason"], line["candidate_status"]) == ("error", "internal_error", 500)
    if not isinstance(bug, Unauthorized):
        assert line["candidate_found"].startswith(f"{type(bug).__name__} at pipelines.py:")


def test_endless_recursion_of_the_candidate_changes_nothing() -> None:
    def deeper() -> None:
        deeper()

    pair = Pair(other=Does(deeper))
    pair.answer()
    assert pair.difference["candidate_found"].startswith("RecursionError at test_shadow.py:")


def test_end_of_the_live_process_is_not_held_up() -> None:
    pair = Pair(live=SystemExit(1))
    with pytest.raises(SystemExit):
        pair.answer()
    assert (pair.told, pair.asked) == ([], 0)


def test_fault_of_the_comparison_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow, "differences", lambda one, other: 1 / 0)
    pair = Pair(rules=SCOPE)
    assert pair.answer()["principalId"] == "user-1"
    assert pair.told == []


def test_check_of_the_candidate_changes_its_own_copy_of_the_event() -> None:
    def check(principal: Principal, request: Request) -> bool:
        request.fields._event.clear()  # type: ignore[attr-defined]
        return True

    demand = Requirement(conditions=(Check(name="checks.clear", function=check),))
    pair = Pair(ENTRIES[1], rules=Rules(everywhere=demand, context=ContextMap()))
    event = pair.entry.build(TOKEN)
    pair.answer(event)
    assert event == pair.entry.build(TOKEN)


def test_both_judge_at_the_same_time() -> None:
    live = Says()
    pair = Pair(live=live)
    pair.answer()
    assert (live.asked[0][1], pair.verifier.asked[0][1], pair.clock.reads) == (NOW, NOW, 1)


def test_candidate_whose_keys_time_out_is_left_alone_for_a_while() -> None:
    pair = Pair(other=Unavailable(Reason.KEYS_TIMEOUT, Fault(found="2 s")))
    for _ in range(3):
        pair.answer()
    assert pair.asked == 1
    paused, difference = pair.told
    assert (paused["message"], paused["pause_s"], paused["ShadowStops"]) == ("shadow: paused", 60, 1)
    assert difference["candidate_reason"] == "keys_timeout"
    pair.clock.time += 59.9
    pair.answer()
    assert pair.asked == 1
    pair.clock.time += 0.2
    pair.answer()
    assert pair.asked == 2


def test_slow_candidate_is_left_alone_for_a_while() -> None:
    pair = Pair()
    verifier = pair.verifier = Does(lambda: setattr(pair.timer, "time", pair.timer.time + 1.0))
    pair.pipeline = replace(pair.pipeline, candidate=replace(pair.pipeline.candidate, verifiers=[verifier]))
    for _ in range(3):
        pair.answer()
    assert verifier.asked == 1
    assert [line["message"] for line in pair.told] == ["shadow: paused"]


def test_clock_that_was_set_back_ends_the_pause() -> None:
    pause = shadow.Pause()
    pause.begin(NOW)
    assert [pause.lasts(NOW + late) for late in (0, 59, 60, -1, -3600)] == [True, True, False, False, False]


def test_slow_live_answer_is_not_held_up_further() -> None:
    pair = Pair()
    live = Does(lambda: setattr(pair.timer, "time", pair.timer.time + 1.0))
    pair.pipeline = replace(pair.pipeline, verifiers=[live])
    pair.answer()
    assert (live.asked, pair.asked, pair.told) == (1, 0, [])


def test_wrong_settings_are_told_in_one_line() -> None:
    journal, many = Journal(), [SettingProblem("x" * 400, "this", "that")] * 30

    def build() -> None:
        raise ConfigError(many)

    assert shadow.built(build, journal.log) is None
    line = journal.line
    assert (line["message"], line["ShadowStops"], len(line["problems"])) == ("shadow: settings are wrong", 1, 20)


@pytest.mark.parametrize("bug", [ValueError(TOKEN), SystemExit(TOKEN), Boom(TOKEN)], ids=lambda bug: type(bug).__name__)
def test_module_of_a_check_that_raises_is_told_without_its_text(bug: BaseException) -> None:
    def build() -> None:
        raise bug

    journal = Journal()
    assert shadow.built(build, journal.log) is None
    assert journal.line["problems"][0].startswith(f"{type(bug).__name__} at test_shadow.py:")
    assert "secret" not in journal.text


def test_right_settings_are_built_and_nothing_is_told() -> None:
    journal = Journal()
    assert shadow.built(lambda: 5, journal.log) == 5
    assert journal.text == ""


def test_place_of_a_bug_is_that_of_the_live_pipeline() -> None:
    pair = Pair(live=ValueError(TOKEN), other=ValueError(TOKEN))
    with pytest.raises(InternalError, match=r"^ValueError at pipelines\.py:\d+ in verify$"):
        pair.answer()
    assert pair.told == []
