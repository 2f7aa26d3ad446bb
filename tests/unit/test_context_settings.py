from __future__ import annotations

from typing import Any

import pytest

from authorizer.context import MAX_KEY, MAX_KEYS, MAX_VALUE, ContextMap, Entry
from authorizer.context_settings import read_context
from authorizer.section import Section
from tests.outcomes import problem_paths


def read(context: Any) -> ContextMap:
    root = Section({"context": context})
    made = read_context(root)
    root.finish()
    root.raise_problems()
    return made


def wrong(context: Any) -> list[str]:
    return problem_paths(lambda: read(context))


def wrong_entry(**entry: Any) -> list[str]:
    return wrong({"user": "sub", "key": {"claim": "c", **entry}})


def test_nothing_is_no_context() -> None:
    assert read_context(Section({})) == ContextMap()
    assert read({}) == ContextMap()


def test_names_stay_as_quick_as_they_were() -> None:
    assert read({"user": "sub", "mail": "email"}) == ContextMap((("user", "sub"), ("mail", "email")))


ENTRIES = [
    ({}, Entry("key", "c")),
    ({"join": ","}, Entry("key", "c", join=",")),
    ({"type": "number"}, Entry("key", "c", kind="number")),
    ({"max": 64}, Entry("key", "c", longest=64)),
    ({"max": MAX_VALUE, "type": "text"}, Entry("key", "c", kind="text", longest=MAX_VALUE)),
    ({"required": True}, Entry("key", "c", required=True)),
    ({"default": "free"}, Entry("key", "c", default="free")),
    ({"default": False, "type": "boolean"}, Entry("key", "c", kind="boolean", default=False)),
    ({"default": 0}, Entry("key", "c", default=0)),
    ({"default": ["a", "b"], "join": " "}, Entry("key", "c", join=" ", default="a b")),
    ({"default": [], "join": " "}, Entry("key", "c", join=" ", default="")),
]


@pytest.mark.parametrize(("table", "entry"), ENTRIES, ids=lambda value: str(value)[:40])
def test_table_says_more(table: dict[str, Any], entry: Entry) -> None:
    assert read({"user": "sub", "key": {"claim": "c", **table}}) == ContextMap((("user", "sub"),), (entry,))


@pytest.mark.parametrize("context", [5, ["sub"], "sub", True])
def test_context_is_a_table(context: object) -> None:
    assert wrong(context) == ["context"]


@pytest.mark.parametrize("value", [5, "", ["sub"], True])
def test_key_has_the_name_of_a_claim_or_a_table(value: object) -> None:
    assert wrong({"user": value}) == ["context.user"]


@pytest.mark.parametrize("key", ["principalId", "reason", "a-b", "1a", "é", "", "k" * (MAX_KEY + 1)])
@pytest.mark.parametrize("value", ["sub", {"claim": "sub"}], ids=["plain", "table"])
def test_key_is_a_free_and_short_name(key: str, value: object) -> None:
    assert wrong({key: value}) == [f"context.{key}"]


def test_key_may_be_as_long_as_said() -> None:
    assert read({"k" * MAX_KEY: "sub"}).claims == (("k" * MAX_KEY, "sub"),)


def test_names_and_tables_share_one_limit() -> None:
    keys: dict[str, object] = {f"k{number}": {"claim": "sub"} for number in range(MAX_KEYS)}
    assert len(read(keys).entries) == MAX_KEYS
    assert wrong(keys | {"one_more": "sub"}) == ["context"]


@pytest.mark.parametrize("claim", [..., "", 5, ["a"]])
def test_table_names_a_claim(claim: object) -> None:
    assert wrong({"key": {} if claim is ... else {"claim": claim}})[0] == "context.key.claim"


BAD = [
    ("type", "list"),
    ("type", 5),
    ("join", ""),
    ("join", ", "),
    ("join", "\n"),
    ("join", True),
    ("max", 0),
    ("max", MAX_VALUE + 1),
    ("max", 1.5),
    ("max", "64"),
    ("required", "true"),
    ("default", ["a"]),
    ("default", {}),
    ("default", "a\nb"),
    ("default", float("nan")),
    ("rename", "x"),
]


@pytest.mark.parametrize(("name", "value"), BAD, ids=repr)
def test_bad_value_is_named(name: str, value: object) -> None:
    assert wrong_entry(**{name: value}) == [f"context.key.{name}"]


CONTRADICTIONS: list[tuple[str, dict[str, Any]]] = [
    ("join", {"join": ",", "type": "text"}),
    ("max", {"max": 5, "type": "number"}),
    ("max", {"max": 5, "type": "boolean"}),
    ("default", {"default": "a", "required": True}),
    ("default", {"default": 5, "type": "text"}),
    ("default", {"default": "5", "type": "number"}),
    ("default", {"default": True, "type": "number"}),
    ("default", {"default": "abc", "max": 2}),
    ("default", {"default": "a,b", "join": ","}),
]


@pytest.mark.parametrize(("name", "entry"), CONTRADICTIONS, ids=repr)
def test_contradiction_is_named(name: str, entry: dict[str, Any]) -> None:
    assert wrong_entry(**entry) == [f"context.key.{name}"]
