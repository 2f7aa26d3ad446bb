"""Whatever a candidate is and does: the live answer and the live line are, byte for byte, those without it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer import shadow, telemetry
from authorizer.context import ContextMap
from authorizer.errors import AuthorizerError, Refused, Unavailable
from authorizer.model import Principal, VerifiedClaims
from authorizer.reasons import Class, Reason
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.response import Statuses, Unauthorized
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.template import Template
from authorizer.testing import Call
from tests.entries import ENTRIES
from tests.journal import Journal
from tests.pipelines import NOW, Says, wire

FAULTS = [reason for reason in Reason if reason.klass is Class.DEPENDENCY]
CRASHES = [ValueError, RecursionError, SystemExit, KeyboardInterrupt, GeneratorExit, BaseException, StopIteration]
PRINCIPALS = st.builds(
    Principal,
    subject=st.sampled_from(["u", "v"]),
    scopes=st.sampled_from([None, frozenset(), frozenset({"a"}), frozenset({"a", "b"})]),
    claims=st.fixed_dictionaries({}, optional={"plan": st.sampled_from(["x", 1, True, ["z"]])}).map(VerifiedClaims),
)
ORDERLY = (
    PRINCIPALS | st.sampled_from(list(Reason)).map(Refused) | st.sampled_from(FAULTS).map(Unavailable) | st.just(None)
)
SAYS = ORDERLY | st.sampled_from(CRASHES).map(lambda kind: kind())
TEMPLATES = st.sampled_from(["/orders/{id}", "/orders", "/{proxy+}", "/orders/{proxy+}", "/x"])
DEMANDS = st.sampled_from([ANY_VALID_TOKEN, *(Requirement(scopes=frozenset({one})) for one in "abc")])
CONTEXTS = st.sampled_from([ContextMap(), ContextMap((("plan", "plan"),)), ContextMap((("who", "sub"),))])


@st.composite
def all_rules(draw: st.DrawFn) -> Rules:
    context = draw(CONTEXTS)
    if draw(st.booleans()):
        return Rules(everywhere=draw(DEMANDS), context=context)
    kinds = st.sampled_from(["public", "deny", "demand"])
    routes = []
    for template in draw(st.lists(TEMPLATES, unique=True, max_size=4)):
        parts: dict[str, Any] = {"demand": {"requirement": draw(DEMANDS)}}.get(kind := draw(kinds), {kind: True})
        routes.append(Route(method="GET", template=Template.parse(template), **parts))
    return Rules(routes=routes, context=context)


@given(
    st.sampled_from(ENTRIES),
    st.sampled_from(["/orders/1", "/x", "/a*", "//orders"]),
    st.sampled_from([None, "a.b.c"]),
    st.tuples(ORDERLY, all_rules(), st.sampled_from([401, 403])),
    st.tuples(SAYS, all_rules(), st.sampled_from([401, 403])),
)
def test_live_answer_and_line_are_those_without_a_candidate(
    entry: Any, path: str, token: str | None, live: Any, other: Any
) -> None:
    call = Call() if entry.name == "websocket" else Call(path=path, template="/{proxy+}")
    event = entry.build(token, call)

    def ask(pipeline: Any) -> tuple[str, str]:
        try:
            return "answer", json.dumps(pipeline.answer(event, "request-1"))
        except (AuthorizerError, Unauthorized) as error:
            return type(error).__name__, str(error)

    def wired(made: tuple[Any, Rules, int], journal: Journal) -> Any:
        said, rules, status = made
        return wire(
            entry, [Says(said)], rules=rules, statuses=Statuses(status, status, status), journal=journal
        ).pipeline

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telemetry, "now", lambda: NOW)
        alone, beside, silent = Journal(), Journal(), Journal()
        expected = ask(wired(live, alone))
        both = shadow.shadowed(wired(live, beside), wired(other, silent), shadow.Pause())
        assert ask(both) == expected
        if isinstance(other[0], BaseException):
            assert ask(both) == expected, "once more, also while it pauses"
    assert silent.text == ""
    lines = [line for line in _steady(beside) if not line["message"].startswith("shadow: ")]
    assert lines == _steady(alone) * len(lines)
    assert "a.b.c" not in beside.text


def _steady(journal: Journal) -> list[dict[str, Any]]:
    """The lines, without when and for which service they were written, and how long it took."""
    varying = ("timestamp", "service", "DurationMs")
    return [{name: part for name, part in line.items() if name not in varying} for line in journal.lines]
