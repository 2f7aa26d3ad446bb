"""Powertools' response builders make our answers, but for those that they cannot express. Each such case has its reason."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

import pytest
from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import APIGatewayAuthorizerResponseV2

from tests.entries import allows
from tests.integration.real_parts.answers import answers
from tests.integration.real_parts.powertools.policies import ANOTHER, SAME, WAYS, Rebuilt, rebuild

pytestmark = pytest.mark.long


@dataclass(frozen=True, slots=True, kw_only=True)
class Inexpressible:
    """Answers that Powertools makes differently, or not at all."""

    samples: str
    way: str
    outcome: str
    why: str

    def covers(self, rebuilt: Rebuilt) -> bool:
        return rebuilt[1:] == (self.way, self.outcome) and fnmatchcase(rebuilt.sample, self.samples)


ALPHABET = (
    "the builder takes letters, digits and /.-_*{}+ only, but a path may hold all of RFC 3986 section 3.3's pchar"
)
NOTHING = "the builder wants at least one character of a path; the ARN of `GET /` ends with the slash after the method"
PARTITION = "from_route_arn forgets the partition, so that in China and GovCloud the policy names no method of the API"
COLON = "from_route_arn ends the path at its first colon, so that the policy names another path than the called one"

INEXPRESSIBLE = (
    *(
        Inexpressible(samples=samples, way=way, outcome="ValueError", why=ALPHABET)
        for samples in ("*/allow-path-with-other-signs", "*/allow-path-with-percent-encoding")
        for way in WAYS
    ),
    Inexpressible(samples="*/allow-path-with-colon", way="parts", outcome="ValueError", why=ALPHABET),
    Inexpressible(samples="*/allow-root-path", way="from_route_arn", outcome="ValueError", why=NOTHING),
    Inexpressible(samples="*/allow-partition-*", way="from_route_arn", outcome=ANOTHER, why=PARTITION),
    Inexpressible(samples="*/allow-path-with-colon", way="from_route_arn", outcome=ANOTHER, why=COLON),
)


@cache
def rebuilt() -> list[Rebuilt]:
    return rebuild()


def test_policies_are_the_same_but_for_what_cannot_be_expressed() -> None:
    different = [one for one in rebuilt() if one.outcome != SAME]
    assert [one for one in different if not any(row.covers(one) for row in INEXPRESSIBLE)] == []


def test_every_reason_is_needed() -> None:
    assert [row for row in INEXPRESSIBLE if not any(row.covers(one) for one in rebuilt())] == []


@pytest.mark.parametrize("way", WAYS)
def test_most_policies_are_the_same(way: str) -> None:
    outcomes = [one.outcome for one in rebuilt() if one.way == way]
    assert outcomes.count(SAME) > 60
    assert outcomes.count(SAME) > len(outcomes) * 0.8


def test_what_our_policies_say_beyond_theirs_is_that_the_rest_is_denied() -> None:
    policies = [answered for answered in answers() if answered.is_for_the_method and answered.allows]
    others = {answered.arn for answered in answers()}
    for answered in policies:
        (rest,) = [one for one in answered.answer["policyDocument"]["Statement"] if one["Effect"] != "Allow"]
        assert rest == {"Effect": "Deny", "Action": "execute-api:Invoke", "NotResource": answered.arn}
        assert not any(allows(answered.answer, other) for other in others - {answered.arn})


def test_simple_responses_are_the_same() -> None:
    """Powertools leaves an empty context out."""
    simple = [answered for answered in answers() if not answered.is_policy]
    assert {answered.allows for answered in simple} == {True, False}
    for answered in simple:
        theirs = APIGatewayAuthorizerResponseV2(answered.allows, answered.answer["context"]).asdict()
        assert {"context": {}} | theirs == answered.answer
