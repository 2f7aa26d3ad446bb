from __future__ import annotations

from typing import Any

import pytest

from authorizer.model import Principal, VerifiedClaims
from authorizer.requirement import Requirement
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.scope_notes import group_notes, scope_notes

SPELLINGS: dict[tuple[str, str], NearMiss | None] = {
    ("Orders:Read", "orders:read"): NearMiss.SCOPE_CASE,
    ("orders/read", "orders:read"): NearMiss.SCOPE_SEPARATOR,
    ("orders.read", "orders/read"): NearMiss.SCOPE_SEPARATOR,
    ("read", "orders/read"): NearMiss.SCOPE_PREFIX,
    ("orders/read", "read"): NearMiss.SCOPE_PREFIX,
    ("https://api.example.com/orders:read", "orders:read"): NearMiss.SCOPE_PREFIX,
    ("api://orders/read", "read"): NearMiss.SCOPE_PREFIX,
    ("bread", "read"): None,
    ("orders/read-all", "orders/read"): None,
    ("orders/write", "orders/read"): None,
    ("", "orders/read"): None,
}


def who(scopes: set[str] | None = None, held_groups: set[str] | None = None, /, **claims: Any) -> Principal:
    return Principal(
        subject="user-1",
        scopes=None if scopes is None else frozenset(scopes),
        groups=None if held_groups is None else frozenset(held_groups),
        claims=VerifiedClaims(claims),
    )


def of_scopes(principal: Principal, *scopes: str, **others: Any) -> list[NearMiss]:
    return [note.near_miss for note in scope_notes(Requirement(scopes=frozenset(scopes), **others), principal)]


def of_groups(principal: Principal, *groups: str, claim: str = "groups") -> list[NearMiss]:
    return [note.near_miss for note in group_notes(Requirement(groups=frozenset(groups)), principal, claim)]


@pytest.mark.parametrize(("held", "wanted"), SPELLINGS)
def test_scope_in_another_spelling(held: str, wanted: str) -> None:
    near_miss = SPELLINGS[held, wanted]
    assert of_scopes(who({held, "openid"}), wanted) == ([near_miss] if near_miss else [])


def test_scope_that_is_there_is_near_to_nothing() -> None:
    assert of_scopes(who({"orders/read", "Orders/Read"}), "orders/read") == []
    assert of_scopes(who({"a", "B"}), any_scopes=frozenset({"a", "b"})) == []


def test_each_of_several_scopes_is_looked_for() -> None:
    principal = who({"A"})
    assert of_scopes(principal, any_scopes=frozenset({"a", "b"})) == [NearMiss.SCOPE_CASE]
    assert of_scopes(principal, "a", any_scopes=frozenset({"a"})) == [NearMiss.SCOPE_CASE]


def test_scope_of_the_sdk_is_known_only_alone() -> None:
    assert of_scopes(who({"aws.cognito.signin.user.admin"}), "a") == [NearMiss.SCOPE_SDK_ONLY]
    assert of_scopes(who({"aws.cognito.signin.user.admin", "openid"}), "a") == []


@pytest.mark.parametrize("scp", [["a"], "b a"])
def test_scope_in_scp_is_near_only_beside_a_scope(scp: object) -> None:
    assert of_scopes(who({"b"}, scope="b", scp=scp), "a") == [NearMiss.SCOPE_IN_SCP]
    assert of_scopes(who({"b"}, scp=scp), "a") == []


@pytest.mark.parametrize("claim", ["permissions", "roles", "authorities", "groups", "cognito:groups"])
def test_scope_in_another_claim(claim: str) -> None:
    assert of_scopes(who(None, **{claim: ["a"]}), "a") == [NearMiss.SCOPE_IN_OTHER_CLAIM]
    assert of_scopes(who(None, **{claim: {"a": 1}}), "a") == []


@pytest.mark.parametrize("text", ["b,a", "b\ta", "b; a", "a|b"])
def test_names_in_one_text(text: str) -> None:
    assert of_scopes(who({text}), "a") == [NearMiss.NAMES_IN_ONE_TEXT]
    assert of_groups(who(None, {text}), "a") == [NearMiss.NAMES_IN_ONE_TEXT]


def test_group_in_another_case() -> None:
    assert of_groups(who(None, {"Admins"}), "admins") == [NearMiss.GROUP_CASE]
    assert of_groups(who(None, {"admins", "Admins"}), "admins") == []


@pytest.mark.parametrize("claim", ["roles", "cognito:groups", "https://example.com/groups"])
def test_groups_in_another_claim(claim: str) -> None:
    assert of_groups(who(**{claim: ["admins"]}), "admins") == [NearMiss.GROUPS_IN_OTHER_CLAIM]
    assert of_groups(who(**{claim: ["readers"]}), "admins") == []
    assert of_groups(who(None, {"readers"}, **{claim: ["readers"]}), "admins") == []
    assert of_groups(who(None, {"readers"}, **{claim: ["admins"]}), "admins", claim=claim) == []


def test_roles_of_a_realm_are_nested() -> None:
    (note,) = group_notes(Requirement(groups=frozenset({"a"})), who(realm_access={"roles": ["a"]}), "groups")
    assert (note.near_miss, "realm_access.roles" in note.detail) == (NearMiss.GROUPS_IN_OTHER_CLAIM, True)


def test_no_group_of_the_token_is_shown() -> None:
    principal = who(None, {"Admins", "secret-project"}, roles=["admins", "secret-project"])
    notes = list(group_notes(Requirement(groups=frozenset({"admins"})), principal, "groups"))
    assert notes
    assert "secret-project" not in repr(notes)


@pytest.mark.parametrize(
    ("held", "misses"),
    [({"a", "B"}, [NearMiss.GROUP_CASE]), ({"a", "b"}, []), ({"A", "B"}, [NearMiss.GROUP_CASE] * 2)],
)
def test_each_of_all_groups_counts(held: set[str], misses: list[NearMiss]) -> None:
    requirement = Requirement(all_groups=frozenset("ab"))
    assert [note.near_miss for note in group_notes(requirement, who(None, held), "groups")] == misses
