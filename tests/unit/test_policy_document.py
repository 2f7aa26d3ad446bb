from __future__ import annotations

import json

import pytest

from authorizer.expression import Expression, everything
from authorizer.path import DOUBTFUL_SIGNS, DOUBTFUL_SIGNS_EXACT
from authorizer.patterns import REST, covering
from authorizer.policy_document import MAX_BYTES, MAX_RESOURCE, Document, Patterns, fits, refusing, size, written
from authorizer.template import Template
from tests.unit.policy_tables import STAGE

INVOKE = "execute-api:Invoke"


def expression(*allowed: str, below: str = "") -> Expression:
    """What the templates allow; `below` one of them nothing is."""
    denied = ((*covering(Template.parse(below).segments), REST),) if below else ()
    return Expression(tuple(covering(Template.parse(one).segments) for one in allowed), denied)


def patterns(*templates: str, exact: bool = False) -> Patterns:
    return Patterns({"GET": expression(*templates)}, exact)


def test_allowed_denied_and_everything_else() -> None:
    made = Patterns(
        {"GET": expression("/a", "/b/{x}", below="/b/{x}"), "PUT": expression("/a"), "HEAD": Expression(())}
    )
    allowed, others, denied = written(made, STAGE)["Statement"]
    resources = [f"{STAGE}GET/a", f"{STAGE}GET/b/?*", f"{STAGE}PUT/a"]
    assert allowed == {"Effect": "Allow", "Action": INVOKE, "Resource": resources}
    assert others == {"Effect": "Deny", "Action": INVOKE, "NotResource": resources}
    assert (denied["Effect"], denied["Resource"][0]) == ("Deny", f"{STAGE}GET/b/?*/*")
    assert len(denied["Resource"]) == 1 + len(DOUBTFUL_SIGNS)


@pytest.mark.parametrize(("exact", "signs"), [(False, DOUBTFUL_SIGNS), (True, DOUBTFUL_SIGNS_EXACT)])
def test_wildcard_brings_the_doubtful_signs_along(exact: bool, signs: tuple[str, ...]) -> None:
    allowed, others, denied = written(patterns("/a/{x}", exact=exact), STAGE)["Statement"]
    assert allowed["Resource"] == others["NotResource"] == [f"{STAGE}GET/a/?*"]
    assert denied["Resource"] == [f"arn:aws-cn:execute-api:*:*:{sign}" for sign in signs]


@pytest.mark.parametrize(
    "made", [patterns("/a"), patterns("/"), Patterns({"GET": everything()}, whole=True)], ids=["literal", "root", "all"]
)
def test_where_paths_make_no_difference_none_is_doubtful(made: Patterns) -> None:
    assert [one["Effect"] for one in written(made, STAGE)["Statement"]] == ["Allow", "Deny"]


@pytest.mark.parametrize("made", [Patterns({}), Patterns({"GET": Expression(())}), Patterns({}, whole=True)])
def test_nothing_allowed_is_the_whole_stage_denied(made: Patterns) -> None:
    assert written(made, STAGE) == refusing(STAGE)
    assert refusing(STAGE)["Statement"] == [{"Effect": "Deny", "Action": INVOKE, "Resource": f"{STAGE}*"}]


def test_version_is_the_one_of_iam() -> None:
    assert {one["Version"] for one in (refusing(STAGE), written(patterns("/a"), STAGE))} == {"2012-10-17"}


def test_size_is_that_of_the_json_without_spaces() -> None:
    document = written(patterns("/a/{x}"), STAGE)
    assert size(document) == len(json.dumps(document).replace('": ', '":').replace(', "', ',"').replace(", {", ",{"))


def sized(length: int) -> Document:
    """A document of so many bytes, in short Resources."""
    document: Document = {"Version": "", "Statement": [{"Resource": ["x" * 100] * 70}]}
    return document | {"Version": "x" * (length - size(document))}


@pytest.mark.parametrize(("more", "right"), [(-1, True), (0, True), (1, False)])
def test_size_has_a_bound(more: int, right: bool) -> None:
    assert MAX_BYTES == 8192
    assert size(sized(MAX_BYTES + more)) == MAX_BYTES + more
    assert fits(sized(MAX_BYTES + more)) is right


@pytest.mark.parametrize(("more", "right"), [(-1, True), (0, True), (1, False)])
@pytest.mark.parametrize("key", ["Resource", "NotResource"])
def test_resource_has_a_bound(key: str, more: int, right: bool) -> None:
    assert fits({"Statement": [{key: ["x", "x" * (MAX_RESOURCE + more)]}]}) is right


@pytest.mark.parametrize(("segments", "right"), [(50, True), (60, False)])
def test_long_template_does_not_fit(segments: int, right: bool) -> None:
    assert fits(written(patterns("/" + "/".join(["segment"] * segments)), STAGE)) is right
