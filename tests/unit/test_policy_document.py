from __future__ import annotations

import pytest

from authorizer.expression import Expression
from authorizer.path import DOUBTFUL_SIGNS, DOUBTFUL_SIGNS_EXACT
from authorizer.patterns import covering
from authorizer.policy_document import MAX_BYTES, MAX_RESOURCE, Patterns, fits, refusing, size, written
from authorizer.template import Template
from tests.unit.policy_tables import STAGE


def patterns(template: str, *, exact: bool = False) -> Patterns:
    return Patterns({"GET": Expression((covering(Template.parse(template).segments),))}, exact)


@pytest.mark.parametrize(("exact", "signs"), [(False, DOUBTFUL_SIGNS), (True, DOUBTFUL_SIGNS_EXACT)])
def test_wildcard_brings_the_doubtful_signs_along(exact: bool, signs: tuple[str, ...]) -> None:
    allowed, others, denied = written(patterns("/a/{x}", exact=exact), STAGE)["Statement"]
    assert allowed["Resource"] == others["NotResource"] == [f"{STAGE}GET/a/?*"]
    assert denied["Resource"] == [f"arn:aws-cn:execute-api:*:*:{sign}" for sign in signs]


def test_literal_needs_none() -> None:
    assert [one["Effect"] for one in written(patterns("/a"), STAGE)["Statement"]] == ["Allow", "Deny"]


@pytest.mark.parametrize(("more", "right"), [(-1, True), (0, True), (1, False)])
def test_size_has_a_bound(more: int, right: bool) -> None:
    document = refusing("")
    document["Statement"][0]["Resource"] = []
    while size(document) < MAX_BYTES + more - 600:
        document["Statement"][0]["Resource"].append("x" * 100)
    document["Version"] = "x" * (MAX_BYTES + more - size(document) + len(document["Version"]))
    assert size(document) == MAX_BYTES + more
    assert fits(document) is right


@pytest.mark.parametrize(("more", "right"), [(-1, True), (0, True), (1, False)])
def test_resource_has_a_bound(more: int, right: bool) -> None:
    document = {"Statement": [{"Resource": ["x" * (MAX_RESOURCE + more)]}]}
    assert fits(document) is right
