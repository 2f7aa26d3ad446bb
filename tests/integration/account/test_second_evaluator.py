"""A second evaluator votes on what policies say: MiniStack's. Where it differs, the table argues who is right."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from authorizer.tools.gateway.iam import Call, Outcome, evaluate
from layers.environment import RUNTIME, environment
from tests.integration.account.random_policies import OPERATORS, random_cases
from tests.unit.tools.gateway.iam_cases import CASES

OUTCOMES = {"Allow": Outcome.ALLOW, "Deny": Outcome.EXPLICIT_DENY, "ImplicitDeny": Outcome.IMPLICIT_DENY}
CLOCK = "it compares with its own clock; the case says what time it is"
ESCAPES = "it does not know `${*}` and `${$}`, which IAM documents as a star and a dollar (Variables and tags)"
VARIABLES = "it replaces no variables; IAM does, in policies of version 2012-10-17 (Variables and tags)"
PRINCIPALS = "it reads Principal only in trust policies; it is an evaluator of identity-based ones, which have none"
ARGUED = {
    "before a date": CLOCK,
    "star that is meant": ESCAPES,
    "dollar that is meant": ESCAPES,
    "variable": VARIABLES,
    "variable has no case": VARIABLES,
    "variable's default": VARIABLES,
    "variable in a text to compare with": VARIABLES,
    "star takes a new line": "its star is that of a regular expression; IAM's is any characters (Resource)",
    "principal is a role": PRINCIPALS,
    "key of callers with AWS credentials": "it takes any key; API Gateway documents this one for IAM authorization only",
    "parts of an ARN are compared each for itself": "it compares ARNs as texts (Condition operators says part by part)",
}
RANDOM_CASES = 600


def votes(cases: list[dict[str, Any]]) -> list[Outcome | None]:
    command = [str(environment("account", RUNTIME)), str(Path(__file__).with_name("second_evaluator.py"))]
    run = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    return [OUTCOMES.get(vote) for vote in json.loads(run.stdout)]


def ours(one: dict[str, Any]) -> Outcome:
    return evaluate(one["document"], Call(one["arn"], one["action"], one["conditions"])).outcome


class Votes(NamedTuple):
    """The other evaluator's, asked once."""

    documented: list[Outcome | None]
    random: list[Outcome | None]


@pytest.fixture(scope="module")
def theirs() -> Votes:
    documented = [
        {"document": one.document, "arn": one.arn, "action": one.action, "conditions": dict(one.conditions)}
        for one in CASES
    ]
    answers = votes(documented + random_cases(RANDOM_CASES))
    return Votes(answers[: len(CASES)], answers[len(CASES) :])


def test_both_say_the_same_of_the_documented_cases(theirs: Votes) -> None:
    pairs = zip(CASES, theirs.documented, strict=True)
    assert {one.name for one, vote in pairs if vote is not one.outcome} == set(ARGUED)


def test_both_say_the_same_of_many_random_ones(theirs: Votes) -> None:
    triples = [(one, ours(one), vote) for one, vote in zip(random_cases(RANDOM_CASES), theirs.random, strict=True)]
    assert [triple for triple in triples if triple[1] is not triple[2]] == []


def test_random_ones_have_every_outcome_and_operator() -> None:
    asked = random_cases(RANDOM_CASES)
    outcomes = Counter(map(ours, asked))
    assert all(outcomes[outcome] > RANDOM_CASES / 20 for outcome in Outcome)
    used = {
        name.removesuffix("IfExists")
        for one in asked
        for statement in one["document"]["Statement"]
        for name in statement.get("Condition", ())
    }
    assert used == {"Null"}.union(*OPERATORS.values())
