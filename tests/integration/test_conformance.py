"""The conformance table over real HTTP against the local gateway, row by row; and that the table is one worth playing."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.conformance.credentials import LocalTokens
from authorizer.tools.conformance.local import local_gateway
from authorizer.tools.conformance.row import Confidence
from authorizer.tools.conformance.runner import Outcome, Runner
from authorizer.tools.conformance.table import read_table
from authorizer.tools.conformance.target import local_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.conformance.row import Row

ROWS = read_table()
LEAST = 130
PLAYED = ("call", "expected", "before", "each", "messages", "outage")
# Of the known failures by number, those that no client can see over HTTP, or that no stack can have.
UNSEEN = {
    31: "a web ACL, which costs money by the month",
    37: "logs",
    42: "a custom domain with a certificate",
    53: "the sign-in, before there is any token",
    56: "a token that is revoked, which no gateway here looks at: it is any good token",
    61: "refused when it is created",
    68: "refused when it is created",
    69: "refused when it is created",
}
KNOWN = {*range(1, 90)}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with local_gateway() as url:
        yield Runner(target=local_target(url), credentials=LocalTokens(url))


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row.id, marks=[pytest.mark.long] if row.long else []) for row in ROWS],
)
def test_local_gateway_answers_as_the_row_says(runner: Runner, row: Row) -> None:
    result = runner.play(row)
    assert [str(one) for one in result.differences] == []
    assert (result.outcome is Outcome.NOT_PLAYABLE) == (row.not_here is not None), result.why


def test_table_is_large_enough() -> None:
    assert len(ROWS) >= LEAST
    assert len({row.id for row in ROWS}) == len(ROWS)
    counts = Counter(row.confidence for row in ROWS)
    assert counts[Confidence.DOC] + counts[Confidence.MEASURED] > counts.total() / 2


def test_every_row_says_who_says_so() -> None:
    for row in ROWS:
        assert row.source.strip(), row.id
        assert row.says.strip(), row.id
        assert isinstance(row.confidence, Confidence), row.id
        assert (row.settles is not None) == (row.confidence is Confidence.UNSURE), row.id
        assert all(text.strip() for text in row.others.values()), row.id


def test_no_two_rows_are_the_same_but_for_one_value() -> None:
    """Of one route, which says what is asked and what is behind it: rows of different routes are different anyway."""
    routes: dict[tuple[str, str], list[Row]] = {}
    for row in ROWS:
        routes.setdefault((row.api, route(row.call.path)), []).append(row)
    pairs = [pair for rows in routes.values() for pair in combinations(rows, 2)]
    assert [(one.id, other.id) for one, other in pairs if len(differing(one, other)) < 2] == []


def route(path: str) -> str:
    """The first segment of a path: the routes of the stack have one of their own each."""
    return path.partition("?")[0].removeprefix("/").partition("/")[0]


def differing(one: Row, other: Row) -> set[str]:
    """The places in which what is sent or expected differs."""
    here, there = (leaves({name: getattr(row, name) for name in PLAYED}) for row in (one, other))
    return {place for place in here.keys() | there.keys() if here.get(place) != there.get(place)}


def leaves(value: Any, place: str = "") -> Mapping[str, object]:
    if hasattr(value, "__dataclass_fields__"):
        value = asdict(value)
    if isinstance(value, dict):
        return {k: v for name, one in value.items() for k, v in leaves(one, f"{place}.{name}").items()}
    if isinstance(value, tuple | list):
        return {k: v for at, one in enumerate(value) for k, v in leaves(one, f"{place}.{at}").items()}
    return {place: value}


@pytest.mark.parametrize("tool", ["sam_cli", "chalice", "serverless_offline"])
def test_what_others_get_wrong_is_among_it(tool: str) -> None:
    assert len([row for row in ROWS if tool in row.others]) >= 20


@pytest.mark.parametrize(
    ("tool", "ids"),
    [
        (
            "sam_cli",
            [
                "policy-deny-wins",
                "result-unauthorized",
                "result-gone",
                "users-forged",
                "jwt-forged",
                "cache-other-path",
            ],
        ),
        ("chalice", ["policy-deny-wins", "users-forged", "request-source-missing", "policy-condition-fails"]),
    ],
)
def test_failing_open_of_others_is_among_it(tool: str, ids: list[str]) -> None:
    found = {row.id for row in ROWS if tool in row.others}
    assert set(ids) <= found


def test_every_known_failure_has_a_row() -> None:
    shown = {number for row in ROWS for number in row.facts}
    assert KNOWN - shown == UNSEEN.keys()
