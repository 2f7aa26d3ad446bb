"""Everything that the local gateway refuses: from what a client gets, with and without the log, to the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.fixture import Gateways
from authorizer.tools.why.appearances import Fit, recognised
from authorizer.tools.why.causes import causes
from authorizer.tools.why.evidence import Evidence
from authorizer.tools.why.log_lines import parse_log
from authorizer.tools.why.ranking import rank
from authorizer.tools.why.response import parse_response
from authorizer.tools.why.unseen import CHANGED
from tests.unit.tools.why import http_cases, rest_cases
from tests.unit.tools.why.failing_apis import Case, answer, as_curl, http, rest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CASES = (*rest_cases.CASES, *http_cases.CASES)


@pytest.fixture(scope="module")
def stacks() -> Iterator[Gateways]:
    with Gateways() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("apis")


def first(evidence: Evidence) -> set[str]:
    return {one.cause.code for one in rank(evidence).first}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_response_leads_to_those_that_look_alike_and_with_its_log_to_the_cause(
    case: Case, stacks: Gateways, folder: Path
) -> None:
    response = parse_response(as_curl(answer(case, stacks, folder)))
    answers = recognised(response.seen())
    written = (one for one in causes().values() if one.reason is None and one.request.method is None)
    alike = {one.code for one in written if set(one.client) & answers.keys()}
    assert set(answers.values()) == {Fit.EXACT} or set(answers) == {"backend"}, answers
    assert case.code in alike
    assert first(Evidence(response=response)) == alike
    if case.log:
        evidence = Evidence(response=response, entries=parse_log("\n".join(case.log)))
        assert first(evidence) == {case.code, *case.others}


CUSTOM: dict[str, Any] = {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": {"RestApiId": {"Ref": "Api"}}}


@pytest.mark.parametrize(
    ("kind", "changes", "fit"),
    [
        ("UNAUTHORIZED", {"StatusCode": "404"}, Fit.RESTATED),
        ("UNAUTHORIZED", {"ResponseTemplates": {"application/json": '{"detail":"log in"}'}}, Fit.REWORDED),
        (
            "DEFAULT_4XX",
            {"StatusCode": "404", "ResponseTemplates": {"application/json": '{"detail":"no"}'}},
            Fit.REWORDED,
        ),
    ],
)
def test_response_that_the_api_changes_is_recognised_by_its_type(
    kind: str, changes: dict[str, Any], fit: Fit, stacks: Gateways, folder: Path
) -> None:
    resource = {**CUSTOM, "Properties": {**CUSTOM["Properties"], "ResponseType": kind, **changes}}
    case = Case(name="changed", code="token_missing", api=rest({}, more={"Changed": resource}))
    response = parse_response(as_curl(answer(case, stacks, folder)))
    assert recognised(response.seen())["rest_unauthorized"] is fit
    ranking = rank(Evidence(response=response))
    assert "token_missing" in {one.cause.code for one in ranking.first}
    assert CHANGED in ranking.unseen


@pytest.mark.parametrize(("api", "code"), [(rest({}), "preflight_missing"), (http({}), "preflight_missing")])
def test_preflight_is_told_by_its_method(api: Any, code: str, stacks: Gateways, folder: Path) -> None:
    found = answer(Case(name="preflight", code=code, api=api, method="OPTIONS"), stacks, folder)
    text = f"> OPTIONS /prod/orders HTTP/2\n> origin: https://app.example.com\n{as_curl(found)}"
    assert first(Evidence(response=parse_response(text))) == {code}
    refused = (
        text.replace(str(found.status), "401")
        .replace("Not Found", "Unauthorized")
        .replace("Missing Authentication Token", "Unauthorized")
    )
    refused = refused.replace("MissingAuthenticationTokenException", "UnauthorizedException")
    assert first(Evidence(response=parse_response(refused))) == {"options_has_authorizer"}


def test_all_statuses_are_there() -> None:
    assert len({case.code for case in CASES}) >= 60
    assert len({str(case) for case in CASES}) > len(CASES) // 2
