"""The proof of a policy: every wildcard explained, and one path of every kind tried."""

from __future__ import annotations

import pytest

from authorizer import arn
from authorizer.context import ContextMap
from authorizer.policy import Policies
from authorizer.policy_document import Document, refusing
from authorizer.requirement import ANY_VALID_TOKEN
from authorizer.route import METHODS
from authorizer.rules import Rules
from authorizer.surface import Api
from authorizer.tools.policy_proof import Wildcard, trials, wildcards
from tests.unit.policy_tables import NOW, STAGE, rules, who

CALLED = arn.parse(f"{STAGE}GET/")
GET, OTHERS = ("GET",), tuple(method for method in METHODS if method != "GET")
EVERYWHERE = Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap())


def explained(table: Rules, *scopes: str, api: Api = Api.REST) -> list[Wildcard]:
    policies = Policies(rules=table)
    return wildcards(policies, policies.entitlements.of(who(*scopes), NOW), api, STAGE)


def tried(
    table: Rules, *scopes: str, api: Api = Api.REST, document: Document | None = None
) -> dict[str, tuple[bool, bool]]:
    """By call: what the rules say, and the policy."""
    policies = Policies(rules=table)
    made = document or policies.of(who(*scopes), CALLED, api, NOW)
    assert made is not None
    found = trials(policies, who(*scopes), api, NOW, STAGE, made)
    return {one.call: (one.by_rules, one.by_policy) for one in found}


def test_wildcard_is_told_with_all_that_it_matches_and_the_denials() -> None:
    table = rules({"GET /a/{x}": "s1", "GET /a/{x}/b": "s2", "GET /c": "s1"})
    assert explained(table, "s1") == [
        Wildcard(GET, "a/?*", ("GET /a/{x}",), (("no rule", "a/?*/*"), ("GET /a/{x}/b", "a/?*/*")))
    ]


def test_wildcard_of_several_routes_names_them() -> None:
    (found,) = explained(rules({"GET /a/{p+}": "s1", "GET /a/{x}/b": "s1"}), "s1")
    assert (found.routes, found.exceptions) == (("GET /a/{p+}", "GET /a/{x}/b"), ())


def test_refused_literal_is_told_with_its_denial() -> None:
    (found,) = explained(rules({"GET /a/{x}": "s1", "GET /a/new": "s2"}, exact=True), "s1")
    assert ("GET /a/new", "a/new") in found.exceptions
    assert found.document() == {
        "methods": ["GET"],
        "pattern": "a/?*",
        "routes": ["GET /a/{x}"],
        "but": [{"matches": what, "denied_by": by} for what, by in found.exceptions],
    }


def test_methods_with_the_same_routes_are_told_together() -> None:
    found = explained(rules({"ANY /a/{x}": "s1", "GET /b/{x}": "s1"}), "s1")
    assert [(one.methods, one.pattern) for one in found] == [(GET, "a/?*"), (GET, "b/?*"), (OTHERS, "a/?*")]


@pytest.mark.parametrize("scopes", [(), ("s2",)])
def test_policy_without_a_wildcard_has_nothing_to_explain(scopes: tuple[str, ...]) -> None:
    assert explained(rules({"GET /a/{x}": "s1", "GET /b": "s2"}), *scopes) == []


def test_requirement_for_everything_has_nothing_to_explain() -> None:
    assert explained(EVERYWHERE) == []


def test_path_that_does_not_exist_needs_no_denial() -> None:
    (found,) = explained(rules({"GET /a/{x}": "s1"}, complete=True), "s1")
    assert found.exceptions == (("no rule", "nothing: no such path exists"),)


def test_one_path_of_every_kind_is_tried_with_every_method() -> None:
    found = tried(rules({"GET /a/{x}": "s1", "PUT /b": "s2"}), "s1")
    assert all(by_rules is by_policy for by_rules, by_policy in found.values())
    assert [call for call, (granted, _) in found.items() if granted] == ["GET /a/x-1", "GET /a/a"]
    assert {"GET /", "GET /a/x-1/x-1", "GET /x-1/x-1", "PUT /b", "PUT /b/x-1", "HEAD /"} <= set(found)


def test_literals_are_tried_in_the_place_of_values() -> None:
    found = tried(rules({"GET /a/{x}": "s1", "GET /a/new": "s2"}, exact=True), "s1")
    assert found["GET /a/x-1"] == (True, True)
    assert found["GET /a/new"] == (False, False)


def test_requirement_for_everything_is_tried() -> None:
    assert tried(EVERYWHERE) == {f"{method} /": (True, True) for method in METHODS}


@pytest.mark.parametrize("complete", [True, False])
def test_wrong_policy_is_found_out(complete: bool) -> None:
    table = rules({"GET /a/{x}": "s1", "GET /b": "s2"}, complete=complete)
    everything = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": f"{STAGE}*"}],
    }
    assert tried(table, "s1", document=everything)["GET /b"] == (False, True)
    assert tried(table, "s1", document=refusing(STAGE))["GET /a/x-1"] == (True, False)


def test_paths_that_do_not_exist_are_not_tried() -> None:
    table = {"GET /a/{x}": "s1", "GET /b": "s2"}
    assert "GET /a/x-1/x-1" in tried(rules(table), "s1")
    found = tried(rules(table, complete=True), "s1")
    assert found == {
        "GET /a/x-1": (True, True),
        "GET /a/a": (True, True),
        "GET /a/b": (True, True),
        "GET /b": (False, False),
    }


@pytest.mark.parametrize(("scopes", "granted"), [(("s1",), True), ((), False)])
def test_paths_of_the_default_route_are_tried_on_an_http_api(scopes: tuple[str, ...], granted: bool) -> None:
    table = rules({"$default": "s1", "GET /a": "s2"}, exact=True, complete=True)
    found = tried(table, *scopes, api=Api.HTTP)
    assert found["GET /a/x-1"] == found["PUT /"] == (granted, granted)
    assert found["GET /a"] == (False, False)
    assert set(tried(table, *scopes, api=Api.REST)) == {"GET /a"}
