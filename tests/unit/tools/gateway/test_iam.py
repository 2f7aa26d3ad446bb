from __future__ import annotations

from typing import Any

import pytest

from authorizer.tools.gateway.iam import Call, MalformedPolicy, Outcome, Policy, combined, evaluate
from tests.unit.tools.gateway.iam_cases import ALLOW, API, CASES, DENY, INVOKE, PETS, SILENT, Case, allow, deny

VERSION = "2012-10-17"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_policy_says_what_the_documentation_says(case: Case) -> None:
    call = Call(arn=case.arn, action=case.action, conditions=case.conditions)
    assert evaluate(case.document, call).outcome is case.outcome


def test_there_are_many_cases_and_none_twice() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
    assert {case.outcome for case in CASES} == set(Outcome)


def test_statement_that_decided_is_told() -> None:
    policy = Policy.parse(document(allow(f"{API}/x/GET/"), allow(PETS), deny(f"{PETS}/1")))
    assert policy.evaluate(Call(arn=PETS)).statement == 1
    assert policy.evaluate(Call(arn=f"{PETS}/1")).statement == 2
    assert Policy.parse(document(allow(PETS), allow("*"))).evaluate(Call(arn=PETS)).statement == 0
    assert policy.evaluate(Call(arn=f"{PETS}/2")).statement is None


def test_one_statement_may_stand_alone() -> None:
    assert evaluate({"Version": VERSION, "Statement": allow(PETS)}, Call(arn=PETS)).outcome is ALLOW


def test_condition_key_that_is_not_documented_is_warned_about() -> None:
    statement = allow(PETS, Condition={"StringEquals": {"aws:PrincipalTag/team": "x"}})
    verdict = evaluate(document(statement), Call(arn=PETS))
    assert verdict.outcome is SILENT
    assert len(verdict.warnings) == 1


def test_warning_says_which_variable_has_no_value() -> None:
    statement = allow(f"{PETS}/${{aws:UserAgent}}")
    warnings = evaluate(document(statement, statement), Call(arn=PETS)).warnings
    assert len(warnings) == 1
    assert "${aws:UserAgent}" in warnings[0]


def test_principal_that_no_caller_is_is_warned_about() -> None:
    statement = deny(PETS, Principal={"AWS": "arn:aws:iam::123456789012:role/a"})
    verdict = evaluate(document(statement), Call(arn=PETS))
    assert verdict.outcome is SILENT
    assert len(verdict.warnings) == 1


def test_actions_have_no_variables() -> None:
    statement = allow(PETS, Action="execute-api:${*}")
    assert evaluate(document(statement), Call(arn=PETS, action="execute-api:*")).outcome is SILENT
    assert evaluate(document(statement), Call(arn=PETS, action="execute-api:${Invoke}")).outcome is ALLOW


def test_conditions_of_the_old_version_have_no_variables() -> None:
    given = {"Statement": allow(PETS, Condition={"StringEquals": {"aws:Referer": "${aws:UserAgent}"}})}
    assert evaluate(given, Call(PETS, conditions={"aws:Referer": "a", "aws:UserAgent": "a"})).outcome is SILENT
    assert evaluate(given, Call(PETS, conditions={"aws:Referer": "${aws:UserAgent}"})).outcome is ALLOW


def test_version_that_is_not_given_is_the_old_one() -> None:
    given = {"Statement": [allow(f"{PETS}/${{aws:UserAgent}}")]}
    assert evaluate(given, Call(arn=f"{PETS}/${{aws:UserAgent}}")).outcome is ALLOW


MALFORMED: list[tuple[object, str]] = [
    (None, "policyDocument"),
    ([], "policyDocument"),
    ("{}", "policyDocument"),
    ({}, "Statement"),
    ({"Version": "2020-01-01", "Statement": []}, "Version"),
    ({"Version": VERSION, "Statement": "Allow"}, "Statement"),
    ({"Version": VERSION, "Statement": [], "statement": []}, "statement"),
    (document(allow(PETS, Principal="*", NotPrincipal="*")), "Statement[0]"),
    (document(allow(PETS, Condition={"NullIfExists": {"aws:Referer": "true"}})), "Statement[0].Condition.NullIfExists"),
    (document("Allow"), "Statement[0]"),  # type: ignore[arg-type]
    (document(allow(PETS), {"Effect": "allow", "Action": INVOKE, "Resource": "*"}), "Statement[1].Effect"),
    (document({"Action": INVOKE, "Resource": "*"}), "Statement[0].Effect"),
    (document({"Effect": "Allow", "Action": INVOKE}), "Statement[0]"),
    (document({"Effect": "Allow", "Resource": "*"}), "Statement[0]"),
    (document(allow("*", NotResource="*")), "Statement[0]"),
    (document(allow("*", NotAction="*")), "Statement[0]"),
    (document(allow([])), "Statement[0].Resource"),
    (document(allow([PETS, 7])), "Statement[0].Resource"),  # type: ignore[list-item]
    (document(allow("")), "Statement[0].Resource"),
    (document(allow(PETS, Action=None)), "Statement[0].Action"),
    (document(allow(PETS, Resources="*")), "Statement[0].Resources"),
    (document(allow(PETS, Condition=[])), "Statement[0].Condition"),
    (document(allow(PETS, Condition={"Equals": {"a": "b"}})), "Statement[0].Condition.Equals"),
    (
        document(allow(PETS, Condition={"IpAddress": {"aws:SourceIp": "x"}})),
        "Statement[0].Condition.IpAddress.aws:SourceIp",
    ),
    (document(allow(PETS, Condition={"StringEquals": "x"})), "Statement[0].Condition.StringEquals"),
]


@pytest.mark.parametrize(("given", "where"), MALFORMED)
def test_what_api_gateway_cannot_read_is_an_error_that_says_where(given: object, where: str) -> None:
    with pytest.raises(MalformedPolicy) as caught:
        Policy.parse(given)
    assert str(caught.value).startswith(f"{where}: found ")


@pytest.mark.parametrize(
    ("resource_policy", "authorizer", "outcome"),
    [
        (None, ALLOW, ALLOW),
        (None, SILENT, SILENT),
        (None, DENY, DENY),
        (ALLOW, ALLOW, ALLOW),
        (ALLOW, SILENT, ALLOW),  # silence is not denial
        (ALLOW, DENY, DENY),
        (SILENT, ALLOW, ALLOW),
        (SILENT, SILENT, SILENT),
        (SILENT, DENY, DENY),
        (DENY, ALLOW, DENY),
        (DENY, SILENT, DENY),
        (DENY, DENY, DENY),
    ],
)
def test_table_a(resource_policy: Outcome | None, authorizer: Outcome, outcome: Outcome) -> None:
    assert combined(resource_policy, authorizer) is outcome
