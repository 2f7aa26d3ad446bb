"""Ids that only a deployment knows: told, supposed, or the reason why nobody can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing.cognito import CLIENT_ID, USER_POOL_ID
from authorizer.tools.explain_template.verdict import Case
from authorizer.tools.gateway.names import Names
from authorizer.tools.template import Unresolved, read_template
from tests.unit.tools.explain_template.templates import (
    NOW,
    READ,
    Published,
    access,
    cognito,
    http_jwt,
    identity,
    met,
    oidc,
    our_rest,
    settings_of,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.testing import SigningKey
    from authorizer.tools.explain_template.verdict import RouteVerdict
    from tests.unit.tools.explain_template.templates import Resources

REGION = {"AWS::Region": "eu-west-1"}
OTHER_POOL = "eu-west-1_AnotherOne"
NAMED: dict[str, dict[str, Any]] = {
    "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {}},
    "Web": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool"}}},
    "Machine": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool"}}},
}
ISSUER = {"Fn::Sub": "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${Pool}"}
TOLD = {"Pool": USER_POOL_ID, "Web": CLIENT_ID}


def rest_api(*scopes: str) -> Resources:
    return cognito(({"Fn::GetAtt": "Pool.Arn"},), scopes) | NAMED


def http_api(*scopes: str) -> Resources:
    return http_jwt(ISSUER, ({"Ref": "Web"}, {"Ref": "Machine"}), scopes) | NAMED


def ours(key: SigningKey | None, rules: str = f'[require]\nscopes = ["{READ}"]\n') -> Resources:
    text = settings_of(key, rules, user_pool_id="${Pool}", client_ids=["${Web}", "${Machine}"])
    return our_rest({"Fn::Sub": text}) | NAMED


@pytest.fixture(scope="module")
def rsa(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


def asked(folder: Path, resources: Resources, token: str, rsa: SigningKey, **given: str) -> RouteVerdict:
    (verdict,) = met(folder, resources, token, Published(rsa), parameters=REGION, given=given)
    return verdict


def both(rsa: SigningKey) -> dict[str, tuple[Resources, str]]:
    return {
        "cognito": (rest_api(READ), access(rsa)),
        "http": (http_api(READ), access(rsa)),
        "ours": (ours(rsa), access(rsa)),
    }


@pytest.mark.parametrize("name", ["cognito", "http", "ours"])
def test_pool_that_is_told_decides(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, token = both(rsa)[name]
    verdict = asked(tmp_path, resources, token, rsa, **TOLD)
    assert (verdict.case, verdict.status, verdict.outcome.unproven) == (Case.PASSES, 200, False)


@pytest.mark.parametrize("name", ["cognito", "http", "ours"])
def test_pool_that_is_not_told_cannot_be_told(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, token = both(rsa)[name]
    verdict = asked(tmp_path, resources, token, rsa)
    assert (verdict.case, verdict.status, verdict.reason) == (Case.DEPLOYMENT_KNOWS, None, None)
    assert "--resource Pool=" in verdict.fix


@pytest.mark.parametrize("name", ["cognito", "http", "ours"])
def test_what_a_token_claims_is_never_offered_as_the_answer(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, token = both(rsa)[name]
    verdict = asked(tmp_path, resources, token, rsa)
    assert USER_POOL_ID not in verdict.fix + verdict.why
    assert CLIENT_ID not in verdict.fix + verdict.why


@pytest.mark.parametrize("name", ["cognito", "http", "ours"])
def test_another_pool_is_another(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, token = both(rsa)[name]
    verdict = asked(tmp_path, resources, token, rsa, Pool=OTHER_POOL)
    assert (verdict.case, verdict.status, verdict.reason) == (Case.REFUSED, 401, "issuer_unknown")


@pytest.mark.parametrize("name", ["cognito", "http", "ours"])
def test_another_provider_is_refused_whichever_pool_it_is(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, _ = both(rsa)[name]
    verdict = asked(tmp_path, resources, oidc(rsa), rsa)
    assert (verdict.case, verdict.status, verdict.reason) == (Case.REFUSED, 401, "issuer_unknown")


def test_nobody_is_asked_for_the_keys_of_a_pool_that_is_made_up(rsa: SigningKey, tmp_path: Path) -> None:
    issuers = Published(rsa)
    for resources, token in both(rsa).values():
        met(tmp_path, resources, token, issuers, parameters=REGION)
    assert issuers.asked == []


@pytest.mark.parametrize(
    ("resources", "claims", "reason"),
    [
        (rest_api(), {}, "token_use_mismatch"),
        (rest_api(READ), {"exp": NOW - 31}, "token_expired"),
        (rest_api(READ), {"scope": "openid"}, "scope_insufficient"),
        (http_api(READ), {"exp": NOW - 31}, "token_expired"),
    ],
)
def test_what_is_refused_whichever_pool_it_is(
    resources: Resources, claims: dict[str, Any], reason: str, rsa: SigningKey, tmp_path: Path
) -> None:
    verdict = asked(tmp_path, resources, access(rsa, **claims), rsa)
    assert (verdict.status, verdict.reason, verdict.outcome.unproven) == (401, reason, False)


def test_403_supposes_the_pool(rsa: SigningKey, tmp_path: Path) -> None:
    verdict = asked(tmp_path, http_api("another"), access(rsa), rsa)
    assert (verdict.status, verdict.reason, verdict.outcome.unproven) == (403, "scope_insufficient", True)
    assert "Pool" in verdict.why


def test_rule_of_ours_supposes_the_pool(rsa: SigningKey, tmp_path: Path) -> None:
    verdict = asked(tmp_path, ours(rsa, '[require]\ngroups = ["admins"]\n'), access(rsa), rsa)
    assert (verdict.status, verdict.reason) == (403, "group_required")


@pytest.mark.parametrize("name", ["http", "ours"])
def test_client_that_is_not_told_may_be_the_tokens(name: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, token = both(rsa)[name]
    verdict = asked(tmp_path, resources, token, rsa, Pool=USER_POOL_ID, Web="another")
    assert (verdict.case, verdict.status) == (Case.DEPLOYMENT_KNOWS, None)
    assert "--resource Machine=" in verdict.fix
    assert "Pool=" not in verdict.fix


@pytest.mark.parametrize(("name", "reason"), [("http", "audience_mismatch"), ("ours", "client_not_allowed")])
def test_clients_that_are_all_told_decide(name: str, reason: str, rsa: SigningKey, tmp_path: Path) -> None:
    resources, token = both(rsa)[name]
    verdict = asked(tmp_path, resources, token, rsa, Pool=USER_POOL_ID, Web="another", Machine="athird")
    assert (verdict.status, verdict.reason) == (401, reason)


def test_proven_refusal_stays_where_another_client_is_not_told(rsa: SigningKey, tmp_path: Path) -> None:
    verdict = asked(tmp_path, http_api("another"), access(rsa), rsa, **TOLD)
    assert (verdict.status, verdict.reason, verdict.outcome.unproven) == (403, "scope_insufficient", False)


def test_id_token_names_its_client_in_the_audience(rsa: SigningKey, tmp_path: Path) -> None:
    assert asked(tmp_path, http_api(), identity(rsa), rsa, **TOLD).opens
    assert asked(tmp_path, http_api(), identity(rsa), rsa, Pool=USER_POOL_ID).case is Case.DEPLOYMENT_KNOWS


def test_region_of_another_pool_is_refused(rsa: SigningKey, tmp_path: Path) -> None:
    (verdict,) = met(tmp_path, http_api(), access(rsa), parameters={"AWS::Region": "us-east-1"})
    assert (verdict.status, verdict.reason) == (401, "issuer_unknown")


def test_parameter_without_a_value_is_asked_for(rsa: SigningKey, tmp_path: Path) -> None:
    sections: dict[str, Any] = {"Parameters": {"Provider": {"Type": "String"}}}
    (verdict,) = met(tmp_path, http_jwt({"Ref": "Provider"}), oidc(rsa), **sections)
    assert verdict.case is Case.DEPLOYMENT_KNOWS
    assert "--parameter Provider=" in verdict.fix
    told = {"Provider": "https://issuer.example.com/"}
    (verdict,) = met(tmp_path, http_jwt({"Ref": "Provider"}), oidc(rsa), Published(rsa), parameters=told, **sections)
    assert verdict.opens


def test_parameter_of_a_setting_is_asked_for(rsa: SigningKey, tmp_path: Path) -> None:
    sections: dict[str, Any] = {"Parameters": {"Settings": {"Type": "String"}}}
    (verdict,) = met(tmp_path, our_rest({"Ref": "Settings"}), access(rsa), **sections)
    assert verdict.case is Case.DEPLOYMENT_KNOWS
    assert "--parameter Settings=" in verdict.fix


def test_two_pools_may_each_be_the_tokens(rsa: SigningKey, tmp_path: Path) -> None:
    two = cognito(({"Fn::GetAtt": "Pool.Arn"}, {"Fn::GetAtt": "Second.Arn"})) | NAMED | {"Second": NAMED["Pool"]}
    assert asked(tmp_path, two, identity(rsa), rsa).case is Case.DEPLOYMENT_KNOWS
    assert asked(tmp_path, two, identity(rsa), rsa, Second=USER_POOL_ID).opens
    assert asked(tmp_path, two, identity(rsa), rsa, Pool=OTHER_POOL).case is Case.DEPLOYMENT_KNOWS


@pytest.mark.parametrize("client", ['x"]\njwks_file = "/etc/hostname"\n#', "${Pool}", "", "ü", "a" * 129])
def test_nothing_but_an_id_of_a_client_is_supposed(client: str, rsa: SigningKey, tmp_path: Path) -> None:
    verdict = asked(tmp_path, ours(rsa), access(rsa, client_id=client), rsa)
    assert (verdict.case, verdict.reason) == (Case.REFUSED, "client_not_allowed")


def test_made_up_ids_are_not_told(rsa: SigningKey, tmp_path: Path) -> None:
    verdict = asked(tmp_path, http_api(), access(rsa, aud="https://api.example.com"), rsa, Pool=USER_POOL_ID)
    assert verdict.reason == "audience_mismatch"
    assert "Web and Machine of the template" in verdict.why


def test_given_name_is_what_everything_is_made_of(tmp_path: Path) -> None:
    names = Names(read_template(write(tmp_path, rest_api()), REGION), {"Pool": USER_POOL_ID})
    assert names.of("Pool") == USER_POOL_ID
    assert names.text(Unresolved("GetAtt Pool.Arn")).endswith(f":userpool/{USER_POOL_ID}")
    assert names.text(Unresolved("GetAtt Pool.ProviderURL")).endswith(f".amazonaws.com/{USER_POOL_ID}")
    assert names.of("Web") == Names(names.document).of("Web")
