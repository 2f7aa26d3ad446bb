from __future__ import annotations

import traceback
from typing import Any

import pytest

from authorizer.context import ContextMap
from authorizer.errors import EventError, Fault, InternalError, Refused, Unavailable
from authorizer.model import Principal, VerifiedClaims
from authorizer.provenance import KeyState, Provenance
from authorizer.reasons import Class, Reason
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.response import Statuses, Unauthorized
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.template import Template, parse_match
from authorizer.testing import Call
from authorizer.verifiers.base import NOT_MINE, NotMine
from tests.entries import ENTRIES, NAMES, Entry, allows
from tests.outcomes import event_error, outcome
from tests.pipelines import NOW, Says, Ticks, wire

TOKEN = "secret-a.secret-b.secret-c"
ALL_403 = Statuses(rest=403, websocket=403, http=403)
ALL_401 = Statuses(rest=401, websocket=401, http=401)
DENIALS = [reason for reason in Reason if reason.klass in (Class.AUTHN, Class.AUTHZ)]
FAULTS = [reason for reason in Reason if reason.klass is Class.DEPENDENCY]
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)


def arn(event: Any) -> str:
    return str(event.get("routeArn") or event["methodArn"])


def public(match: str) -> Rules:
    method, template = parse_match(match)
    return Rules(routes=[Route(method=method, template=template, public=True)], context=ContextMap())


@each_entry
def test_proven_caller_is_allowed(entry: Entry) -> None:
    event = entry.build(TOKEN)
    wired = wire(entry)
    assert allows(wired.answer(event), arn(event))
    assert wired.journal.line["decision"] == "allow"


@each_entry
def test_verifier_is_asked_once_with_the_bare_token_and_the_time(entry: Entry) -> None:
    verifier, clock = Says(), Ticks()
    wire(entry, [verifier], clock=clock).answer(entry.build(TOKEN))
    ((credential, now),) = verifier.asked
    assert (credential.value, credential.place, now) == (TOKEN, "header:authorization", NOW)
    assert clock.reads == 1


@pytest.mark.parametrize("reason", DENIALS, ids=lambda reason: reason.value)
def test_refusal_of_every_reason_is_never_an_allow(reason: Reason) -> None:
    for entry in ENTRIES:
        event = entry.build(TOKEN)
        wired = wire(entry, [Says(Refused(reason, Fault(claim="c", expected="e", found="f")))], statuses=ALL_403)
        answer = wired.answer(event)
        assert not allows(answer, arn(event)), entry
        assert answer["context"]["reason"] == reason.value
        line = wired.journal.line
        assert (line["decision"], line["reason"], line["class"]) == ("deny", reason.value, reason.klass.value)
        assert (line["claim"], line["expected"], line["found"]) == ("c", "e", "f")
        assert line["surface"] == entry.surface.value


@pytest.mark.parametrize("reason", DENIALS, ids=lambda reason: reason.value)
def test_refused_credential_raises_where_401_is_wanted_and_is_logged(reason: Reason) -> None:
    for entry in ENTRIES:
        wired = wire(entry, [Says(Refused(reason))], statuses=ALL_401)
        if reason.klass is Class.AUTHN:
            with pytest.raises(Unauthorized):
                wired.answer(entry.build(TOKEN))
        else:
            assert wired.answer(entry.build(TOKEN))["context"]["reason"] == reason.value
        assert wired.journal.line["reason"] == reason.value


@pytest.mark.parametrize("reason", FAULTS, ids=lambda reason: reason.value)
@each_entry
def test_fault_of_a_dependency_leaves_as_an_error_and_never_as_an_answer(entry: Entry, reason: Reason) -> None:
    wired = wire(entry, [Says(Unavailable(reason, Fault(found="refused")))], statuses=ALL_403)
    with pytest.raises(Unavailable) as caught:
        wired.answer(entry.build(TOKEN))
    assert caught.value.reason is reason
    assert str(caught.value) != "Unauthorized"
    assert (wired.journal.line["decision"], wired.journal.line["reason"]) == ("error", reason.value)


@each_entry
def test_missing_credential_is_refused_before_anybody_is_asked(entry: Entry) -> None:
    verifier = Says()
    wired = wire(entry, [verifier], statuses=ALL_403)
    assert wired.answer(entry.build(None))["context"]["reason"] == "credential_missing"
    assert verifier.asked == []


@each_entry
def test_event_of_another_function_is_an_error_and_logged(entry: Entry) -> None:
    for other in ENTRIES:
        wired = wire(entry)
        if other.surface in wired.pipeline.surfaces:
            continue
        with event_error(Reason.EVENT_FOR_ANOTHER_FUNCTION):
            wired.answer(other.build(TOKEN))
        assert wired.journal.line["reason"] == "event_for_another_function"


@pytest.mark.parametrize("event", [None, [], "x", {}, {"type": TOKEN}, {"Records": []}], ids=repr)
@each_entry
def test_unknown_event_is_an_error_and_logged(entry: Entry, event: object) -> None:
    wired = wire(entry)
    with event_error(Reason.EVENT_UNKNOWN):
        wired.answer(event)
    assert wired.journal.line["reason"] == "event_unknown"
    assert "secret" not in wired.journal.text


@pytest.mark.parametrize(
    "bug",
    [
        ValueError(TOKEN),
        KeyError(TOKEN),
        RuntimeError("Unauthorized"),
        RecursionError(),
        MemoryError(),
        StopIteration(TOKEN),
        UnicodeEncodeError("utf-8", TOKEN, 0, 1, "bad"),
        Unauthorized(),
    ],
    ids=lambda bug: type(bug).__name__,
)
@each_entry
def test_bug_of_a_plug_in_is_an_error_that_tells_its_place_and_not_its_text(entry: Entry, bug: Exception) -> None:
    wired = wire(entry, [Says(bug)])
    with pytest.raises(InternalError) as caught:
        wired.answer(entry.build(TOKEN))
    assert str(caught.value).startswith(f"{type(bug).__name__} at pipelines.py:")
    assert str(caught.value).endswith("in verify")
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    line = wired.journal.line
    assert (line["decision"], line["reason"], line["level"]) == ("error", "internal_error", "ERROR")
    assert "secret" not in wired.journal.text


@pytest.mark.parametrize("answer", [None, True, "user-1", {"subject": "user-1"}, object(), ("user-1",)], ids=type)
def test_plug_in_that_answers_something_else_is_a_bug_that_is_logged(answer: object) -> None:
    wired = wire(ENTRIES[0], [Says(answer)])
    with pytest.raises(InternalError):
        wired.answer(ENTRIES[0].build(TOKEN))
    assert wired.journal.line["reason"] == "internal_error"


@pytest.mark.parametrize(
    "subject", [None, 5, ["user-1"], "", "\ud800", "a\nb", "x" * 256], ids=lambda one: ascii(one)[:10]
)
def test_plug_in_whose_principal_has_no_usable_name_allows_nothing_and_is_logged(subject: Any) -> None:
    event = ENTRIES[0].build(TOKEN)
    wired = wire(ENTRIES[0], [Says(Principal(subject=subject))], statuses=ALL_403)
    answer = outcome(lambda: wired.answer(event), InternalError)
    assert isinstance(answer, InternalError) or not allows(answer, arn(event))
    assert wired.journal.line["decision"] in ("deny", "error")


@each_entry
def test_end_of_the_process_is_not_caught(entry: Entry) -> None:
    with pytest.raises(SystemExit):
        wire(entry, [Says(SystemExit(1))]).answer(entry.build(TOKEN))


@each_entry
def test_without_verifiers_everything_is_refused(entry: Entry) -> None:
    wired = wire(entry, [], statuses=ALL_403)
    assert wired.answer(entry.build(TOKEN))["context"]["reason"] == "credential_kind_unknown"


@each_entry
def test_verifiers_that_are_not_responsible_refuse(entry: Entry) -> None:
    wired = wire(entry, [Says(NOT_MINE), Says(NotMine(issuer="https://x/"))], statuses=ALL_403)
    assert wired.answer(entry.build(TOKEN))["context"]["reason"] == "issuer_unknown"
    assert wired.journal.line["found"] == "https://x/"


@each_entry
def test_rules_are_asked_after_the_proof(entry: Entry) -> None:
    rules = Rules(everywhere=Requirement(scopes=frozenset({"a"})), context=ContextMap())
    wired = wire(entry, [Says(Principal(subject="u", scopes=frozenset({"b"})))], rules=rules)
    assert wired.answer(entry.build(TOKEN))["context"] == {
        "reason": "scope_insufficient",
        "error": "insufficient_scope",
    }
    wired = wire(entry, [Says(Refused(Reason.TOKEN_EXPIRED))], rules=rules, statuses=ALL_403)
    assert wired.answer(entry.build(TOKEN))["context"]["reason"] == "token_expired"


@each_entry
def test_public_route_looks_at_no_credential(entry: Entry) -> None:
    verifier, clock = Says(Refused(Reason.TOKEN_EXPIRED)), Ticks()
    match = "$connect" if entry.name == "websocket" else "GET /orders/{id}"
    for token in (None, TOKEN):
        event = entry.build(token)
        wired = wire(entry, [verifier], rules=public(match), clock=clock)
        assert allows(wired.answer(event), arn(event))
        assert wired.journal.line["rule"] == match
        assert "token" not in wired.journal.line
        assert "subject" not in wired.journal.line
    assert (verifier.asked, clock.reads) == ([], 2)


@each_entry
def test_route_beside_a_public_one_needs_a_credential(entry: Entry) -> None:
    wired = wire(entry, rules=public("POST /other"), statuses=ALL_403)
    assert wired.answer(entry.build(None))["context"]["reason"] == "credential_missing"


@pytest.mark.parametrize(("path", "reason"), [("/a*", "path_unsupported"), ("/" + "x" * 600, "path_too_long")])
@pytest.mark.parametrize(
    "entry", [one for one in ENTRIES if one.name not in ("websocket", "http-simple")], ids=lambda e: e.name
)
def test_allow_that_cannot_be_written_is_a_denial_and_logged_as_one(entry: Entry, path: str, reason: str) -> None:
    event = entry.build(TOKEN, Call(path=path, template="/{proxy+}"))
    table = [Route(method="GET", template=Template.parse(text)) for text in ("/{proxy+}", "/{x}/y/{z}", "/{x}/y")]
    denied = Route(method="GET", template=Template.parse("/{x}/y/z"), deny=True)
    wired = wire(entry, rules=Rules(routes=(*table, denied), context=ContextMap()))  # no pattern keeps these apart
    answer = wired.answer(event)
    assert answer["context"] == {"reason": reason}
    assert {statement["Effect"] for statement in answer["policyDocument"]["Statement"]} == {"Deny"}
    assert (wired.journal.line["decision"], wired.journal.line["reason"]) == ("deny", reason)


@each_entry
def test_context_that_cannot_be_made_is_a_denial(entry: Entry) -> None:
    rules = Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap((("roles", "roles"),)))
    who = Principal(subject="u", claims=VerifiedClaims({"roles": ["a"]}))
    assert wire(entry, [Says(who)], rules=rules).answer(entry.build(TOKEN))["context"] == {
        "reason": "context_value_invalid"
    }


@each_entry
def test_provenance_is_logged_for_allow_deny_and_error(entry: Entry) -> None:
    provenance = Provenance("https://issuer.example.com/", "k1", KeyState("stale", 301.26))
    refusal, fault = Refused(Reason.TOKEN_EXPIRED), Unavailable(Reason.KEYS_TIMEOUT)
    refusal.provenance = fault.provenance = provenance
    for said in (Principal(subject="u", provenance=provenance), refusal, fault):
        wired = wire(entry, [Says(said)], statuses=ALL_403)
        try:
            wired.answer(entry.build(TOKEN))
        except Unavailable:
            assert said is fault
        line = wired.journal.line
        assert (line["issuer"], line["kid"]) == ("https://issuer.example.com/", "k1")
        assert (line["keys"], line["keys_age_s"], line["KeysAgeSeconds"]) == ("stale", 301.3, 301.3)


@each_entry
def test_one_line_per_invocation(entry: Entry) -> None:
    wired = wire(entry, statuses=ALL_403)
    for number, event in enumerate([entry.build(TOKEN), entry.build(None), entry.build(raw="Basic x")], 1):
        wired.answer(event)
        assert len(wired.journal.lines) == number


@each_entry
def test_same_event_gets_the_same_answer(entry: Entry) -> None:
    wired = wire(entry)
    event = entry.build(TOKEN)
    assert wired.answer(event) == wired.answer(event)
    assert event == entry.build(TOKEN), "the event is not changed"


@pytest.mark.parametrize("error", [EventError(Reason.EVENT_UNKNOWN), Unavailable(Reason.KEYS_STATUS)], ids=type)
def test_errors_are_never_the_word_that_means_401(error: Exception) -> None:
    assert str(error) != "Unauthorized"
