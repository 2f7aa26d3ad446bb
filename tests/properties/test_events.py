"""Whatever arrives, it ends in an answer, in `Unauthorized` or in an `EventError`, and in one line of the log."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authorizer.arn import MAX_RESOURCE
from authorizer.context import ContextMap
from authorizer.credential import AUTHORIZATION, Place, Sources, Where, find
from authorizer.errors import EventError, Refused
from authorizer.model import Credential, Request
from authorizer.request import read
from authorizer.requirement import ANY_VALID_TOKEN
from authorizer.response import Statuses, Unauthorized
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.surface import Surface
from authorizer.template import parse_match
from authorizer.testing import Call
from tests.entries import BUILDERS, ENTRIES, Entry, Event, allows
from tests.outcomes import every_text, outcome
from tests.pipelines import wire
from tests.properties.json_values import ANY_TEXT, VALUES

SECRET = "secret-aaaaaaaa.bbbbbbbb.cccccccc"
ALL_403 = Statuses(rest=403, websocket=403, http=403)
MATCHES = ("GET /orders/{id}", "ANY /{proxy+}", "$default", "$connect")
ROUTES = Rules(
    routes=[Route(method=method, template=template) for method, template in map(parse_match, MATCHES)],
    context=ContextMap(),
)
EVERYTHING = Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap())
RULES = st.sampled_from([ROUTES, EVERYTHING])
PLACES = (AUTHORIZATION, Place(Where.HEADER, "x"), Place(Where.QUERY, "x"), Place(Where.COOKIE, "x"))
EACH = st.sampled_from(ENTRIES)


def paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every field of an event, at every depth."""
    if not isinstance(value, dict):
        return []
    return [found for name, item in value.items() for found in ((*path, name), *paths(item, (*path, name)))]


def put(event: Event, path: tuple[str, ...], value: object) -> Event:
    """A copy of the event with one field replaced."""
    copied: Event = json.loads(json.dumps(event))
    target = copied
    for name in path[:-1]:
        target = target[name]
    target[path[-1]] = value
    return copied


def arn(event: Any) -> str:
    return str(event.get("routeArn") or event["methodArn"])


def check(entry: Entry, event: Any, rules: Rules) -> None:
    """The event is answered as the API reads answers, or is an error that shows nothing of it; one line says so."""
    wired = wire(entry, rules=rules, statuses=ALL_403)
    answer = outcome(lambda: wired.answer(event), EventError)
    (line,) = wired.journal.lines
    assert "secret-a" not in wired.journal.text
    if isinstance(answer, EventError):
        assert line["decision"] == "error"
        assert "secret-a" not in every_text(answer)
        return
    assert line["decision"] in ("allow", "deny")
    assert allows(answer, arn(event)) == (line["decision"] == "allow")
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    if not entry.simple:
        check_policy(answer, arn(event))


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def statement_allows(statements: list[Event], statement: Event) -> bool:
    """The Allow, and the Deny of all else."""
    return statement["Effect"] == "Allow" or (statements[0]["Effect"] == "Allow" and "NotResource" in statement)


def check_policy(answer: Event, called: str) -> None:
    """Explicit, of one stage, and without wildcards in the position of API, stage or method where something is allowed."""
    statements = answer["policyDocument"]["Statement"]
    assert statements
    stage_of_call = "/".join(called.split("/")[:2])
    for statement in (one for one in statements if statement_allows(statements, one)):
        for resource in listed(statement.get("Resource") or statement["NotResource"]):
            prefix, stage, method, *_ = resource.split("/")
            assert not set("*?") & {*prefix, *stage, *method}
            assert f"{prefix}/{stage}" == stage_of_call
            assert len(resource) <= MAX_RESOURCE
    assert statements[1].get("NotResource") == statements[0]["Resource"]
    if statements[0]["Effect"] == "Deny":
        assert [statement["Effect"] for statement in statements] == ["Deny", "Deny"]
        assert statements[0]["Resource"] == statements[1]["NotResource"]
        assert statements[0]["Resource"] in (called, "/".join([*called.split("/")[:3], "*"]))


@settings(max_examples=120)
@given(
    entry=EACH,
    event=VALUES | st.dictionaries(st.sampled_from(["type", "version", "methodArn", "routeArn"]), VALUES),
    rules=RULES,
)
def test_any_json_is_answered_or_is_an_event_error(entry: Entry, event: Any, rules: Rules) -> None:
    wired = wire(entry, rules=rules)
    with pytest.raises(EventError):
        wired.answer(event)
    assert wired.journal.line["decision"] == "error"


@settings(max_examples=250)
@given(entry=EACH, data=st.data(), rules=RULES, value=VALUES | st.just("Bearer dddddddd.eeeeeeee.ffffffff"))
def test_event_with_one_field_replaced_is_answered_or_is_an_event_error(
    entry: Entry, data: st.DataObject, rules: Rules, value: object
) -> None:
    event = entry.build(SECRET, Call(query={"x": "1"}, cookies={"x": "1"}))
    path = data.draw(st.sampled_from(paths(event)))
    check(entry, put(event, path, value), rules)


@settings(max_examples=120)
@given(
    entry=EACH, path=st.text(max_size=40) | st.text("abc*?$/{}.:% \n", max_size=40) | st.just("x" * 600), rules=RULES
)
def test_any_path_is_answered(entry: Entry, path: str, rules: Rules) -> None:
    check(entry, entry.build(SECRET, Call(path=f"/{path}", template="/{proxy+}", path_parameters={})), rules)


@settings(max_examples=120)
@given(entry=EACH, header=ANY_TEXT | ANY_TEXT.map(lambda text: f"Bearer {text}"))
def test_any_header_is_answered(entry: Entry, header: str) -> None:
    check(entry, entry.build(raw=header), EVERYTHING)


@settings(max_examples=120)
@given(entry=EACH, header=ANY_TEXT)
def test_any_header_is_answered_where_refusals_raise(entry: Entry, header: str) -> None:
    wired = wire(entry, statuses=Statuses(rest=401, websocket=401, http=401))
    answer = outcome(lambda: wired.answer(entry.build(raw=header)), Unauthorized)
    assert isinstance(answer, Unauthorized) == (wired.journal.line["decision"] == "deny")


@given(
    surface=st.sampled_from(list(Surface)),
    raw=ANY_TEXT | ANY_TEXT.map(lambda text: f"bearer {text}"),
    place=st.sampled_from(PLACES),
)
def test_credential_of_any_text_is_found_or_refused(surface: Surface, raw: str, place: Place) -> None:
    if surface is Surface.REST_TOKEN and place.where is not Where.HEADER:
        return
    request: Request = read(BUILDERS[surface](raw=raw, call=Call(place=str(place))), tuple(Surface))
    found = outcome(lambda: find(request, Sources(places=(place,))), Refused)
    if isinstance(found, Credential):
        assert found.value in raw
        assert found.value.isascii()
        assert not set(found.value) & set(' ,"{}\n')
    else:
        assert len(raw) < 12 or raw not in every_text(found)
