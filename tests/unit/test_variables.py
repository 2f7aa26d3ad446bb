from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from authorizer import config, settings
from authorizer.credential import Place, Where
from authorizer.errors import ConfigError
from authorizer.requirement import Requirement
from authorizer.response import Statuses
from authorizer.surface import Api
from authorizer.telemetry import SubjectLogging
from authorizer.variables import BESIDE, VARIABLES, WHOLE, plain_settings, sources
from authorizer.verifiers.cognito import CognitoClaims
from tests.outcomes import problem_paths

POOL = {
    "AUTHORIZER_USER_POOL_ID": "eu-west-1_AbCdEfGhI",
    "AUTHORIZER_CLIENT_IDS": "client-1",
    "AUTHORIZER_TOKEN_USE": "access",
    "AUTHORIZER_SCOPES": "orders/read",
}
OIDC = {
    "AUTHORIZER_ISSUER": "https://issuer.example.com/",
    "AUTHORIZER_AUDIENCE": "orders-api",
    "AUTHORIZER_ANY_VALID_TOKEN": "true",
}
DOCS = Path(config.__file__).parents[1] / "docs" / "settings.md"


def read(environ: dict[str, str]) -> settings.Settings:
    return settings.read(config.from_environment(environ))


def wrong(environ: dict[str, str]) -> list[str]:
    return problem_paths(lambda: read(environ))


def test_pool_needs_no_file() -> None:
    made = read(POOL | {"AUTHORIZER_CLIENT_IDS": "client-1, client-2", "AUTHORIZER_TOKEN_USE": "access id"})
    (issuer,) = made.issuers
    (check,) = issuer.profile.checks
    assert isinstance(check, CognitoClaims)
    assert (check.clients, check.token_use) == (frozenset({"client-1", "client-2"}), frozenset({"access", "id"}))
    assert made.rules.everywhere == Requirement(scopes=frozenset({"orders/read"}))


def test_oidc_issuer_needs_no_file() -> None:
    (issuer,) = read(OIDC).issuers
    assert (issuer.issuers, issuer.profile.audience) == (("https://issuer.example.com/",), frozenset({"orders-api"}))


def test_lists_are_separated_by_commas_or_spaces() -> None:
    made = read(POOL | {"AUTHORIZER_SCOPES": " a,b  c ,d "})
    assert made.rules.everywhere == Requirement(scopes=frozenset("abcd"))


def test_empty_variable_counts_as_not_set() -> None:
    empty = dict.fromkeys(set(VARIABLES) - set(OIDC), "")
    assert read(OIDC | empty).issuers[0].profile == read(OIDC).issuers[0].profile


def test_laxity_is_spelled_out() -> None:
    made = read(OIDC | {"AUTHORIZER_AUDIENCE": "ANY_AUDIENCE"})
    assert made.issuers[0].profile.audience is None
    (check,) = read(POOL | {"AUTHORIZER_CLIENT_IDS": "ANY_CLIENT"}).issuers[0].profile.checks
    assert isinstance(check, CognitoClaims)
    assert check.clients is None


EFFECTS: dict[str, tuple[str, Any]] = {
    "AUTHORIZER_LEEWAY": ("5", lambda made: made.issuers[0].profile.leeway == 5),
    "AUTHORIZER_GROUPS_CLAIM": ("roles", lambda made: made.issuers[0].profile.groups_claim == "roles"),
    "AUTHORIZER_ALGORITHMS": ("ES256,EdDSA", lambda made: made.issuers[0].algorithms == {"ES256", "Ed25519"}),
    "AUTHORIZER_CREDENTIAL_FROM": (
        "header:X-Token query:access_token",
        lambda made: (
            made.sources[Api.REST].places == (Place(Where.HEADER, "x-token"), Place(Where.QUERY, "access_token"))
        ),
    ),
    "AUTHORIZER_REST_STATUS": ("403", lambda made: made.statuses == Statuses(rest=403)),
    "AUTHORIZER_WEBSOCKET_STATUS": ("403", lambda made: made.statuses == Statuses(websocket=403)),
    "AUTHORIZER_HTTP_STATUS": ("401", lambda made: made.statuses == Statuses(http=401)),
    "AUTHORIZER_LOG_ALLOWS": ("0.25", lambda made: made.log.allows == 0.25),
    "AUTHORIZER_LOG_SUBJECT": ("off", lambda made: made.log.subject is SubjectLogging.OFF),
    "AUTHORIZER_LOG_SERVICE": ("orders-auth", lambda made: made.log.service == "orders-auth"),
    "AUTHORIZER_JWKS_URI": ("https://keys.example.com/", lambda made: len(made.issuers) == 1),
}


@pytest.mark.parametrize("name", EFFECTS)
def test_variable_sets_its_setting(name: str) -> None:
    value, holds = EFFECTS[name]
    assert holds(read(OIDC | {name: value}))


@pytest.mark.parametrize(
    ("name", "requirement"),
    [
        ("AUTHORIZER_SCOPES", Requirement(scopes=frozenset({"a", "b"}))),
        ("AUTHORIZER_ANY_SCOPES", Requirement(any_scopes=frozenset({"a", "b"}))),
        ("AUTHORIZER_GROUPS", Requirement(groups=frozenset({"a", "b"}))),
        ("AUTHORIZER_ANY_VALID_TOKEN", Requirement()),
    ],
)
def test_each_demand_has_its_variable(name: str, requirement: Requirement) -> None:
    plain = {key: value for key, value in OIDC.items() if key != "AUTHORIZER_ANY_VALID_TOKEN"}
    made = read(plain | {name: "true" if requirement == Requirement() else "a,b"})
    assert made.rules.everywhere == requirement


def test_groups_may_have_spaces_in_their_names() -> None:
    plain = {key: value for key, value in OIDC.items() if key != "AUTHORIZER_ANY_VALID_TOKEN"}
    made = read(plain | {"AUTHORIZER_GROUPS": "Site Admins, staff"})
    assert made.rules.everywhere == Requirement(groups=frozenset({"Site Admins", "staff"}))


WRONG = [
    (OIDC, "AUTHORIZER_ISSUER", "http://issuer.example.com/"),
    (OIDC, "AUTHORIZER_AUDIENCE", ","),
    (OIDC, "AUTHORIZER_AUDIENCE", "a a"),
    (OIDC, "AUTHORIZER_ALGORITHMS", "HS256"),
    (OIDC, "AUTHORIZER_ALGORITHMS", "rs256"),
    (OIDC, "AUTHORIZER_JWKS_URI", "http://keys.example.com/"),
    (OIDC, "AUTHORIZER_JWKS_FILE", "no-such-file.json"),
    (OIDC, "AUTHORIZER_JWKS", "{}"),
    (OIDC, "AUTHORIZER_SNAPSHOT", "no-such-file.json"),
    (OIDC, "AUTHORIZER_LEEWAY", "601"),
    (OIDC, "AUTHORIZER_LEEWAY", "5s"),
    (OIDC, "AUTHORIZER_LEEWAY", "-1"),
    (OIDC, "AUTHORIZER_LEEWAY", "1.2.3"),
    (OIDC, "AUTHORIZER_LEEWAY", "inf"),
    (OIDC, "AUTHORIZER_ANY_VALID_TOKEN", "yes"),
    (OIDC, "AUTHORIZER_ANY_VALID_TOKEN", "True"),
    (OIDC, "AUTHORIZER_CREDENTIAL_FROM", "Authorization"),
    (OIDC, "AUTHORIZER_REST_STATUS", "402"),
    (OIDC, "AUTHORIZER_WEBSOCKET_STATUS", "forty"),
    (OIDC, "AUTHORIZER_HTTP_STATUS", "true"),
    (OIDC, "AUTHORIZER_LOG_ALLOWS", "some"),
    (OIDC, "AUTHORIZER_LOG_SUBJECT", "clear"),
    (POOL, "AUTHORIZER_USER_POOL_ID", "AbCdEfGhI"),
    (POOL, "AUTHORIZER_TOKEN_USE", "refresh"),
    (POOL, "AUTHORIZER_CLIENT_IDS", ","),
]


@pytest.mark.parametrize(("base", "name", "value"), WRONG)
def test_problem_is_named_by_its_variable(base: dict[str, str], name: str, value: str) -> None:
    assert set(wrong(base | {name: value})) == {name}


@pytest.mark.parametrize("name", sorted(POOL.keys() - {"AUTHORIZER_USER_POOL_ID", "AUTHORIZER_SCOPES"}))
def test_missing_part_of_a_pool_is_named_by_its_variable(name: str) -> None:
    assert wrong({key: value for key, value in POOL.items() if key != name}) == [name]


def test_missing_issuer_and_audience_are_named_by_their_variables() -> None:
    assert set(wrong({"AUTHORIZER_SCOPES": "a"})) == {"AUTHORIZER_ISSUER", "AUTHORIZER_AUDIENCE"}


def test_missing_requirement_is_named() -> None:
    assert wrong({key: value for key, value in OIDC.items() if "TOKEN" not in key}) == ["require"]


def test_pool_and_issuer_contradict_each_other() -> None:
    assert "AUTHORIZER_ISSUER" in wrong(POOL | {"AUTHORIZER_ISSUER": "https://issuer.example.com/"})


def test_two_places_for_keys_contradict_each_other() -> None:
    assert (
        wrong(OIDC | {"AUTHORIZER_JWKS_URI": "https://k.example.com/", "AUTHORIZER_JWKS": "{}"})[0]
        == "AUTHORIZER_JWKS_URI"
    )


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("AUTHORIZER_AUDIANCE", "AUTHORIZER_AUDIENCE"),
        ("AUTHORIZER_SCOPE", "AUTHORIZER_SCOPES"),
        ("AUTHORIZER_CLIENT_ID", "AUTHORIZER_CLIENT_IDS"),
        ("AUTHORIZER_REST_STATU", "AUTHORIZER_REST_STATUS"),
    ],
)
def test_unknown_variable_comes_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(OIDC | {name: "x"})
    assert [(problem.path, problem.right) for problem in caught.value.problems] == [(name, near)]


@pytest.mark.parametrize(
    "name",
    ["AUTHORIZER_NOW", "AUTHORIZER_CLOCK", "AUTHORIZER_TIME", "AUTHORIZER_SKEW", "AUTHORIZER_TTL", "AUTHORIZER_DEBUG"],
)
def test_no_variable_moves_the_clock(name: str) -> None:
    assert wrong(OIDC | {name: "0"}) == [name]


def test_variables_of_others_are_not_looked_at() -> None:
    others = {"AWS_REGION": "eu-west-1", "AUTHORIZE": "x", "MY_AUTHORIZER_SCOPES": "x", "authorizer_scopes": "x"}
    assert sources(others) == ()
    assert read(OIDC | others).rules.everywhere == Requirement()


def test_secret_key_of_fingerprints_is_no_setting() -> None:
    assert sources({BESIDE[0]: "x"}) == ()
    assert BESIDE[0] not in repr(plain_settings(OIDC | {BESIDE[0]: "x" * 20}, "")._values)


@pytest.mark.parametrize("name", [*VARIABLES, *WHOLE, *BESIDE])
def test_variable_is_in_the_documentation(name: str) -> None:
    assert f"`{name}`" in DOCS.read_text("utf-8")


def test_each_variable_stands_for_one_setting() -> None:
    paths = [variable.path for variable in VARIABLES.values()]
    assert len(set(paths)) == len(paths)
