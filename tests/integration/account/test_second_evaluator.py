"""A second evaluator votes on what policies say: MiniStack's. Where it differs, the table argues who is right."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random
from typing import Any

from authorizer.tools.gateway.iam import Call, Outcome, evaluate
from layers.environment import RUNTIME, environment
from tests.unit.tools.gateway.iam_cases import API, CASES, INVOKE

OUTCOMES = {"Allow": Outcome.ALLOW, "Deny": Outcome.EXPLICIT_DENY, "ImplicitDeny": Outcome.IMPLICIT_DENY}
ARGUED = {
    "before a date": "MiniStack compares with its own clock; the case says what time it is",
    "star that is meant": "MiniStack does not know `${*}`, which IAM documents as a star that is no wildcard",
}
PARTS = ("GET", "pets", "a", "b/c", "x:y", "", "admin")
WILD = ("*", "?", "?*", "pet?", "a*", "*c")
RANDOM_CASES = 400


def case(document: dict[str, Any], arn: str, action: str, conditions: dict[str, Any]) -> dict[str, Any]:
    return {"document": document, "arn": arn, "action": action, "conditions": conditions}


def random_cases() -> list[dict[str, Any]]:
    random = Random(7)

    def path(parts: tuple[str, ...]) -> str:
        return f"{API}/prod/" + "/".join(random.choice(parts) for _ in range(random.randint(1, 4)))

    def statement() -> dict[str, Any]:
        element = random.choice(("Resource", "Resource", "NotResource"))
        resources = [path((*PARTS, *WILD)) for _ in range(random.randint(1, 3))]
        return {"Effect": random.choice(("Allow", "Allow", "Deny")), "Action": INVOKE, element: resources}

    return [
        case(
            {"Version": "2012-10-17", "Statement": [statement() for _ in range(random.randint(1, 4))]},
            path(PARTS),
            INVOKE,
            {},
        )
        for _ in range(RANDOM_CASES)
    ]


def votes(cases: list[dict[str, Any]]) -> list[str]:
    command = [str(environment("account", RUNTIME)), str(Path(__file__).with_name("second_evaluator.py"))]
    run = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    made: list[str] = json.loads(run.stdout)
    return made


def ours(one: dict[str, Any]) -> Outcome:
    return evaluate(one["document"], Call(one["arn"], one["action"], one["conditions"])).outcome


def test_both_say_the_same_of_the_documented_cases() -> None:
    asked = [
        case({"Version": "2012-10-17", "Statement": one.statements}, one.arn, one.action, dict(one.conditions))
        for one in CASES
    ]
    answers = zip(CASES, votes(asked), strict=True)
    assert {one.name for one, vote in answers if OUTCOMES.get(vote) is not one.outcome} == set(ARGUED)


def test_both_say_the_same_of_many_random_ones() -> None:
    asked = random_cases()
    expected = list(map(ours, asked))
    assert [OUTCOMES.get(vote) for vote in votes(asked)] == expected
    assert all(expected.count(outcome) > RANDOM_CASES / 20 for outcome in Outcome)
