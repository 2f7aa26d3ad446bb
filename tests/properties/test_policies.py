"""A policy for a whole stage says what the rules say, by an evaluator that knows nothing of how it was made."""

from __future__ import annotations

from itertools import combinations

import pytest

from authorizer.expression import Why
from authorizer.inexpressible import table_conflicts
from authorizer.model import Principal
from authorizer.policy import Policies
from authorizer.policy_document import fits
from authorizer.surface import Api
from tests.properties.policy_cases import NOW, SCOPES, STAGE, Generator, Report


def check(report: Report) -> None:
    assert report.differences == []
    assert report.literals / report.values > 0.1
    assert report.allowed > report.cases / 20
    assert 0 < report.inexpressible < report.tables / 2


@pytest.mark.parametrize("seed", range(4))
def test_policy_says_what_the_rules_say(seed: int) -> None:
    check(Generator(seed).run(500))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 108))
def test_policy_says_what_the_rules_say_for_many(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    report = Generator(seed).run(3000)
    with capsys.disabled():
        print(f"\npolicies, seed {seed}: {report}")
    check(report)


@pytest.mark.parametrize("seed", range(3))
def test_table_alone_tells_whether_some_principal_has_no_policy(seed: int) -> None:
    generator = Generator(1000 + seed)
    found = set()
    for _ in range(60):
        rules = generator.rules()
        policies = Policies(rules=rules)
        conflicts = []
        for count in range(len(SCOPES) + 1):
            for scopes in combinations(SCOPES, count):
                who = Principal(subject="user-1", scopes=frozenset(scopes))
                made = policies.compiled(policies.entitlements.of(who, NOW), Api.REST, STAGE).conflicts
                conflicts += [one for one in made if one.why is not Why.TOO_LARGE]
        bound = any(route.requirement.conditions for route in rules.routes)  # this principal has no such claim
        alone = bool(table_conflicts(rules))
        assert alone or not conflicts
        assert bound or bool(conflicts) is alone
        found.add(alone)
    assert found == {True, False}


@pytest.mark.parametrize("seed", range(3))
def test_policy_fits_or_is_not_given(seed: int) -> None:
    generator = Generator(2000 + seed)
    documents = [
        Policies(rules=generator.rules()).of(
            generator.principal(), generator.call(generator.rules()).arn, Api.REST, NOW
        )
        for _ in range(50)
    ]
    made = [document for document in documents if document is not None]
    assert made
    assert all(map(fits, made))
