"""What decides about a call says what it looks at: a cached answer may depend on nothing else."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from authorizer.conditions import ClaimIs
from authorizer.surface import Fact
from authorizer.verifiers.trusted_issuers import TrustedIssuers
from tests.architecture.sources import CORE, PROJECT, files, name, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

DECIDES = {"check": ["self", "asked"], "verify": ["self", "credential", "now"]}
WITHOUT = {"Requirement"}  # what it reads depends on its conditions: a property, tested with it
EXAMPLES = files(PROJECT / "examples")


def deciders(module: ast.Module) -> Iterator[ast.ClassDef]:
    """The classes with a method of one of the two forms; `expected_claims` and the like have `check` in another one."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and any(_decides(item) for item in node.body):
            yield node


def _decides(item: ast.stmt) -> bool:
    return isinstance(item, ast.FunctionDef) and DECIDES.get(item.name) == [one.arg for one in item.args.args]


def declares(node: ast.ClassDef) -> bool:
    """Whether a class says it for itself: an inherited one may be of another that reads less."""
    return any(
        isinstance(item, ast.AnnAssign) and ast.unparse(item.target) == "reads" and "ClassVar" in ast.unparse(item)
        for item in node.body
    )


FOUND = [
    pytest.param(node, id=f"{path.stem}.{node.name}")
    for path in (*CORE, *EXAMPLES)
    for node in deciders(tree(path))
    if node.name not in WITHOUT
]


@pytest.mark.parametrize("node", FOUND)
def test_what_decides_declares_what_it_reads(node: ast.ClassDef) -> None:
    assert declares(node)


def test_all_kinds_of_deciders_are_found() -> None:
    found = {(name(path), node.name) for path in CORE for node in deciders(tree(path))}
    assert {("conditions.py", "ClaimIs"), ("networks.py", "FromNetworks"), ("requirement.py", "Condition")} <= found
    assert {("verifiers/base.py", "Verifier"), ("verifiers/trusted_issuers.py", "TrustedIssuers")} <= found
    assert {name for _, name in found} >= WITHOUT
    assert any(deciders(tree(path)) for path in EXAMPLES)


@pytest.mark.parametrize(
    ("body", "good"),
    [
        ("reads: ClassVar[frozenset[Fact]] = ANYTHING", True),
        ("reads: frozenset[Fact] = ANYTHING", False),  # another one for each
        ("read: ClassVar[frozenset[Fact]] = ANYTHING", False),
        ("", False),
    ],
)
def test_class_that_does_not_declare_it_is_caught(body: str, good: bool) -> None:
    module = ast.parse(f"class One:\n    {body or 'pass'}\n    def verify(self, credential, now): ...\n")
    assert [declares(node) for node in deciders(module)] == [good]


def test_what_is_declared_is_a_set_of_facts() -> None:
    assert ClaimIs.reads == {Fact.CREDENTIAL}
    assert TrustedIssuers.reads == {Fact.CREDENTIAL, Fact.CLOCK}
