"""How evidence is weighed, what would tell causes apart, and what cannot be seen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from authorizer.tools.why import unseen
from authorizer.tools.why.causes import causes
from authorizer.tools.why.evidence import Evidence
from authorizer.tools.why.log_lines import parse_log
from authorizer.tools.why.matching import View
from authorizer.tools.why.ranking import Ranking, rank
from authorizer.tools.why.response import parse_response

RID = "394365dc-1b10-411f-9668-70521cec1205"
HEAD = f"HTTP/2 {{status}}\nx-amzn-requestid: {RID}\nx-amz-apigw-id: a=\nx-amzn-errortype: {{kind}}\n\n"
DENIED = (
    HEAD.format(status=403, kind="AccessDeniedException")
    + '{"Message":"User is not authorized to access this resource%s"}'
)
EXPLICIT = DENIED % " with an explicit deny in an identity-based policy"
UNAUTHORIZED = HEAD.format(status=401, kind="UnauthorizedException") + '{"message":"Unauthorized"}'
BROKEN = HEAD.format(status=500, kind="AuthorizerConfigurationException") + '{"message":null}'


def decision(**fields: Any) -> str:
    return json.dumps({"request_id": RID, **fields})


def ranked(response: str | None = None, *lines: str, **given: Any) -> Ranking:
    parsed = parse_response(response) if response is not None else None
    return rank(Evidence(response=parsed, entries=parse_log("\n".join(lines)), **given))


def codes(ranking: Ranking) -> list[str]:
    return [one.cause.code for one in ranking.first]


def test_each_view_outweighs_all_weaker_ones() -> None:
    weights = [view.weight for view in View if view is not View.REQUEST]
    assert all(weight > sum(weights[at + 1 :]) for at, weight in enumerate(weights))
    assert View.REQUEST.weight < View.CLIENT.weight


@pytest.mark.parametrize(
    ("response", "line", "code", "status"),
    [
        (UNAUTHORIZED, decision(decision="deny", reason="token_expired", surface="rest_request"), "token_expired", 0),
        (EXPLICIT, decision(decision="deny", reason="scope_missing", surface="rest_request"), "scope_missing", 0),
        (BROKEN, decision(decision="error", reason="keys_timeout", surface="rest_request"), "keys_timeout", 0),
        (EXPLICIT, f'{{"requestId":"{RID}","status":"403","authorizer.reason":"group_required"}}', "group_required", 0),
    ],
)
def test_reason_of_our_function_goes_before_what_it_causes(response: str, line: str, code: str, status: int) -> None:
    ranking = ranked(response, line)
    assert (codes(ranking), ranking.status) == ([code], status)


def test_reason_is_never_guessed() -> None:
    assert not {one.cause.code for one in ranked(UNAUTHORIZED).ranked if one.cause.reason}


def test_unknown_reason_leaves_the_general_cause() -> None:
    assert codes(ranked(EXPLICIT, decision(decision="deny", reason="unheard_of"))) == ["authorizer_explicit_deny"]


def test_line_of_our_function_rules_out_what_never_asks_it() -> None:
    ranking = ranked(UNAUTHORIZED, decision(decision="deny", reason="token_expired"))
    assert all(one.cause.asks is not False for one in ranking.ranked)


def test_line_of_our_function_rules_out_what_lets_it_write_none() -> None:
    ranking = ranked(BROKEN, decision(decision="error", reason="keys_timeout"))
    assert not {"authorizer_import_error", "authorizer_timeout", "authorizer_throttled"} & {
        one.cause.code for one in ranking.ranked
    }


def test_allow_of_our_function_leaves_what_comes_after_it() -> None:
    text = HEAD.format(status=403, kind="ForbiddenException") + '{"message":"Forbidden"}'
    found = codes(ranked(text, decision(decision="allow", surface="rest_request")))
    assert set(found) == {"usage_key_missing", "api_key_missing"}


def test_answer_rules_out_causes_with_other_answers() -> None:
    assert all("rest_explicit_deny" in one.cause.client for one in ranked(EXPLICIT).ranked)


def test_log_of_another_function_does_not_outweigh_the_answer() -> None:
    text = HEAD.format(status=502, kind="InternalServerErrorException") + '{"message":"Internal server error"}'
    found = ranked(text, "[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named 'x'")
    assert codes(found) == ["integration_failed"]
    assert "authorizer_import_error" not in {one.cause.code for one in found.ranked}


def test_line_of_the_request_outweighs_an_answer_that_was_pasted_in_part() -> None:
    line = f'{{"requestId":"{RID}","status":"401","authorizer.error":"invalid_token: the token has expired"}}'
    assert codes(ranked(f"HTTP/2 401\napigw-requestid: {RID}\n\n" + '{"message":"Unauthorized"}', line)) == [
        "jwt_expired"
    ]


def test_status_in_a_log_takes_nothing_from_an_answer_that_says_more() -> None:
    line = f'{{"requestId":"{RID}","status":"401","api":"http"}}'
    assert codes(ranked(f"HTTP/2 401\napigw-requestid: {RID}\n\nlogin first", line)) == ["backend_answered"]


def test_given_api_rules_out_others() -> None:
    text = '403 {"message":"Forbidden"}'
    for api in ("rest", "http", "websocket"):
        found = ranked(text, given_apis=frozenset({api}))
        assert found.first
        assert all(api in one.cause.apis for one in found.ranked)


def test_denial_from_the_cache_is_told_from_a_fresh_one_by_the_access_log() -> None:
    line = f'{{"requestId":"{RID}","status":"403","authorizer.requestId":"%s"}}'
    assert codes(ranked(EXPLICIT, line % "758a8c2f-35eb-4713-b55e-56879fbc968b")) == ["authorizer_explicit_deny"]
    assert codes(ranked(EXPLICIT, line % "-")) == ["cached_denial"]


@pytest.mark.parametrize(
    ("response", "status"),
    [(EXPLICIT, 1), ("HTTP/2 302\n\nmoved", 2), ('403 {"message":"Missing Authentication Token"}', 1)],
)
def test_status_says_how_sure_it_is(response: str, status: int) -> None:
    assert ranked(response).status == status


def test_what_tells_apart_is_what_is_missing() -> None:
    views = [view for view, _ in ranked(BROKEN).tells_apart()]
    assert views == [View.EXECUTION, View.ACCESS, View.FUNCTION]
    with_log = ranked(BROKEN, f"({RID}) Method completed with status: 500")
    assert View.EXECUTION not in [view for view, _ in with_log.tells_apart()]
    assert ranked(UNAUTHORIZED, decision(decision="deny", reason="token_expired")).tells_apart() == ()


def test_what_tells_apart_says_what_each_shows() -> None:
    shows = dict(ranked(BROKEN).tells_apart())[View.ACCESS]
    assert {"authorizer_throttled", "function_deleted"} <= shows.keys()
    assert all(code in causes() and text for code, text in shows.items())


@pytest.mark.parametrize(
    ("response", "lines", "notes"),
    [
        (UNAUTHORIZED, (), {unseen.NOT_ASKED, unseen.CACHED, unseen.TOKEN_EVENT, unseen.LOGS_OFF}),
        (
            EXPLICIT.replace("403", "404"),
            (),
            {unseen.CHANGED, unseen.NOT_ASKED, unseen.CACHED, unseen.TOKEN_EVENT, unseen.LOGS_OFF},
        ),
        (
            "apigw-requestid: abcdefgh\n\n" + '{"message":"Forbidden"}',
            (),
            {unseen.NOT_ASKED, unseen.CACHED, unseen.NO_EXECUTION_LOG},
        ),
        (UNAUTHORIZED, (decision(decision="deny", reason="token_expired"),), set()),
        (BROKEN, (f"({RID}) Authorizer result body before parsing: x [TRUNCATED]",), {unseen.CUT}),
    ],
)
def test_what_cannot_be_seen_is_told(response: str, lines: tuple[str, ...], notes: set[str]) -> None:
    assert set(ranked(response, *lines).unseen) == notes


def test_document_has_all_of_it() -> None:
    document = ranked(EXPLICIT).document()
    assert [one["code"] for one in document["causes"]] == ["authorizer_explicit_deny", "cached_denial"]
    assert document["certain"] is False
    assert {"less_likely", "tells_apart", "cannot_be_seen", "lines", "joined_by_time"} < document.keys()
    assert document["causes"][0]["for"][0]["view"] == "response"
    assert json.loads(json.dumps(document)) == document
