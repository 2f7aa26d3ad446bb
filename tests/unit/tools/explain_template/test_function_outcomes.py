"""Our Lambda authorizers: the function's own settings are asked, with the token where it looks for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import SigningKey, key_set
from authorizer.testing.cognito import CLIENT_ID, USER_POOL_ID
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain_template.engine import verdicts
from authorizer.tools.explain_template.scene import Asked, Scene
from authorizer.tools.explain_template.verdict import Case
from authorizer.tools.gateway.names import Names
from authorizer.tools.template import read_template
from tests.unit.tools.explain_template.templates import (
    NOW,
    READ,
    Published,
    access,
    identity,
    met,
    oidc,
    our_http,
    our_rest,
    our_websocket,
    settings_of,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.explain_template.verdict import RouteVerdict
    from tests.unit.tools.explain_template.templates import Resources


@pytest.fixture(scope="module")
def rsa(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


def one(found: list[RouteVerdict]) -> RouteVerdict:
    (verdict,) = found
    return verdict


def rules(*tables: str) -> str:
    return "".join(f"[[route]]\n{one}\n" for one in tables)


def apis(settings: str) -> dict[str, Resources]:
    policy: dict[str, Any] = {"EnableSimpleResponses": False}
    resources = our_http(settings, **policy)
    resources["Function"]["Properties"]["Handler"] = "authorizer.handler.http_policy"
    older = our_http(settings, **policy, AuthorizerPayloadFormatVersion="1.0")
    older["Function"]["Properties"]["Handler"] = "authorizer.handler.http_policy"
    return {
        "rest-token": our_rest(settings),
        "rest-request": our_rest(settings, "REQUEST"),
        "http-simple": our_http(settings),
        "http-policy": resources,
        "http-policy-1.0": older,
        "websocket": our_websocket(settings),
    }


def settings_for(api: str, key: SigningKey, text: str = f'[require]\nscopes = ["{READ}"]\n') -> str:
    where = '[credential]\nwebsocket = ["query:access_token"]\n' if api == "websocket" else ""
    return settings_of(key, text + where)


REFUSALS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "expired": ({"exp": NOW - 31}, "token_expired", True),
    "client": ({"client_id": "another"}, "client_not_allowed", True),
    "token_use": ({"token_use": "id"}, "token_use_mismatch", True),
    "issuer": ({"iss": "https://another.example.com"}, "issuer_unknown", True),
    "scope": ({"scope": "openid"}, "scope_insufficient", False),
    "sdk": ({"scope": "aws.cognito.signin.user.admin"}, "scope_insufficient", False),
}


@pytest.mark.parametrize("api", apis(""))
def test_good_token_passes_at_each_kind_of_api(api: str, rsa: SigningKey, tmp_path: Path) -> None:
    verdict = met(tmp_path, apis(settings_for(api, rsa))[api], access(rsa))[0]
    assert (verdict.case, verdict.status, verdict.opens) == (Case.PASSES, 200, True)
    assert verdict.outcome.place == ("query:access_token" if api == "websocket" else "header:authorization")


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("api", apis(""))
def test_refusal_at_each_kind_of_api(api: str, name: str, rsa: SigningKey, tmp_path: Path) -> None:
    claims, reason, unproven_caller = REFUSALS[name]
    verdict = met(tmp_path, apis(settings_for(api, rsa))[api], access(rsa, **claims))[0]
    status = 401 if unproven_caller and not api.startswith("http") else 403
    assert (verdict.case, verdict.status, verdict.reason) == (Case.REFUSED, status, reason)
    assert verdict.fix


def test_status_is_that_of_the_settings(rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(rsa, f'[require]\nscopes = ["{READ}"]\n[answers]\nrest = 403\n')
    assert one(met(tmp_path, our_rest(text), access(rsa, exp=NOW - 31))).status == 403


@pytest.mark.parametrize(
    ("claims", "status", "reason", "unproven"),
    [
        ({}, 200, None, True),
        ({"exp": NOW - 31}, 401, "token_expired", False),
        ({"scope": "openid"}, 403, "scope_insufficient", True),
    ],
)
def test_offline_supposes_that_the_signature_is_good(
    claims: dict[str, Any], status: int, reason: str | None, unproven: bool, rsa: SigningKey, tmp_path: Path
) -> None:
    verdict = one(met(tmp_path, our_rest(settings_of(None)), access(rsa, **claims)))
    assert (verdict.status, verdict.reason, verdict.outcome.unproven) == (status, reason, unproven)
    assert not verdict.opens


def test_signature_of_another_key(keys: dict[str, SigningKey], rsa: SigningKey, tmp_path: Path) -> None:
    verdict = one(met(tmp_path, our_rest(settings_of(keys["RS512"])), access(rsa)))
    assert verdict.reason == "key_unknown"


@pytest.mark.parametrize(
    ("expression", "status"),
    [("Bearer [-\\w.]+", 200), ("[-\\w.]+", 401), ("Bearer .{5}", 401)],
)
def test_validation_expression(expression: str, status: int, rsa: SigningKey, tmp_path: Path) -> None:
    resources = our_rest(settings_of(rsa), IdentityValidationExpression=expression)
    verdict = one(met(tmp_path, resources, access(rsa)))
    assert verdict.status == status
    assert verdict.case is (Case.PASSES if status == 200 else Case.EXPRESSION)


@pytest.mark.parametrize(
    ("settings", "source", "place"),
    [
        ('["header:X-Token"]', "$request.header.X-Token", "header:x-token"),
        ('["query:token"]', "$request.querystring.token", "query:token"),
        ('["cookie:session"]', "$request.header.Cookie", "cookie:session"),
        ('["header:X-Token", "query:token"]', "$request.querystring.token", "query:token"),
        ('["header:X-Token"]', "$request.header.X-Other", "header:x-token"),
    ],
)
def test_token_goes_where_authorizer_and_settings_look(
    settings: str, source: str, place: str, rsa: SigningKey, tmp_path: Path
) -> None:
    text = settings_of(rsa, f'[require]\nscopes = ["{READ}"]\n[credential]\nfrom = {settings}\n')
    verdict = one(met(tmp_path, our_http(text, IdentitySource=[source]), access(rsa)))
    assert (verdict.status, verdict.outcome.place) == (200, place)
    assert place.partition(":")[2] in verdict.why


def test_header_of_token_authorizer(rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(rsa, f'[require]\nscopes = ["{READ}"]\n[credential]\nfrom = ["header:X-Token"]\n')
    verdict = one(met(tmp_path, our_rest(text, IdentitySource="method.request.header.X-Token"), access(rsa)))
    assert (verdict.status, verdict.outcome.place) == (200, "header:x-token")


def test_other_identity_sources_are_told(rsa: SigningKey, tmp_path: Path) -> None:
    sources = ["$request.header.Authorization", "$request.header.X-Tenant", "$request.querystring.v", "$context.path"]
    verdict = one(met(tmp_path, our_http(settings_of(rsa), IdentitySource=sources), access(rsa)))
    assert verdict.status == 200
    assert "x-tenant" in verdict.why
    assert "query parameter v" in verdict.why


def test_identity_source_that_no_call_has(rsa: SigningKey, tmp_path: Path) -> None:
    sources = ["$request.header.Authorization", "$stageVariables.none"]
    verdict = one(met(tmp_path, our_http(settings_of(rsa), IdentitySource=sources), access(rsa)))
    assert (verdict.case, verdict.status) == (Case.IDENTITY_MISSING, 401)


@pytest.mark.parametrize("change", [{"EnableSimpleResponses": False}, {"AuthorizerPayloadFormatVersion": "1.0"}])
def test_answer_that_the_api_cannot_read(change: dict[str, Any], rsa: SigningKey, tmp_path: Path) -> None:
    verdict = one(met(tmp_path, our_http(settings_of(rsa), **change), access(rsa)))
    assert (verdict.case, verdict.status) == (Case.WRONG_FUNCTION, 500)


def test_function_of_another_kind_of_api(rsa: SigningKey, tmp_path: Path) -> None:
    resources = our_rest(settings_of(rsa))
    resources["Function"]["Properties"]["Handler"] = "authorizer.handler.http"
    assert one(met(tmp_path, resources, access(rsa))).case is Case.WRONG_FUNCTION


def test_token_authorizer_without_a_header_in_the_settings(rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(rsa, f'[require]\nscopes = ["{READ}"]\n[credential]\nfrom = ["query:token"]\n')
    verdict = one(met(tmp_path, our_rest(text), access(rsa)))
    assert (verdict.case, verdict.status, verdict.reason) == (Case.WRONG_FUNCTION, 500, "event_for_another_function")


def test_each_rule_of_a_wide_route_has_its_line(rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(
        rsa,
        rules(
            f'match = "GET /orders/{{id}}"\nscopes = ["{READ}"]',
            'match = "ANY /admin/{proxy+}"\ngroups = ["admins"]',
            'match = "GET /health"\npublic = true',
            'match = "DELETE /orders/{id}"\ndeny = true',
        ),
    )
    found = met(tmp_path, our_http(text, "ANY /{proxy+}"), access(rsa))
    assert {verdict.rule: (verdict.case.value, verdict.status, verdict.reason) for verdict in found} == {
        "GET /orders/{id}": ("passes", 200, None),
        "ANY /admin/{proxy+}": ("refused", 403, "group_required"),
        "GET /health": ("public", 200, None),
        "DELETE /orders/{id}": ("refused", 403, "route_denied"),
    }
    assert {verdict.route for verdict in found} == {"ANY /{proxy+}"}


def test_default_route_has_the_rules_lines(rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(rsa, rules(f'match = "GET /orders/{{id}}"\nscopes = ["{READ}"]'))
    found = met(tmp_path, our_http(text, "$default"), access(rsa))
    assert [(verdict.rule, verdict.status) for verdict in found] == [("GET /orders/{id}", 200)]


def test_route_without_rule_is_refused(rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(rsa, rules(f'match = "GET /others"\nscopes = ["{READ}"]'))
    verdict = one(met(tmp_path, our_http(text), access(rsa)))
    assert (verdict.status, verdict.reason, verdict.rule) == (403, "route_unknown", None)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ('networks = ["198.51.100.0/24"]', "network_not_permitted"),
        ('claims = { username = { parameter = "id" } }', "parameter_mismatch"),
    ],
)
def test_what_a_call_decides_is_not_told(rule: str, reason: str, rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(rsa, rules(f'match = "GET /orders/{{id}}"\n{rule}') + "[cache]\nttl = 0\n")
    verdict = one(met(tmp_path, our_http(text, "GET /orders/{id}"), access(rsa)))
    assert (verdict.case, verdict.status, verdict.reason) == (Case.DEPENDS_ON_REQUEST, None, reason)


def test_rules_that_cannot_be_cached_end_at_the_start(rsa: SigningKey, tmp_path: Path) -> None:
    rule = 'match = "GET /orders"\nnetworks = ["198.51.100.0/24"]'
    text = settings_of(rsa, rules(rule, 'match = "GET /health"\npublic = true') + "[cache]\nttl = 300\n")
    assert one(met(tmp_path, our_http(text), access(rsa))).case is Case.SETTINGS_WRONG


def test_settings_may_be_a_file_beside_the_template(rsa: SigningKey, tmp_path: Path) -> None:
    resources = our_http("")
    (tmp_path / "authorizer.toml").write_text(settings_of(rsa))
    assert one(met(tmp_path, resources, access(rsa))).opens


def test_settings_may_be_plain_variables(rsa: SigningKey, tmp_path: Path) -> None:
    resources = our_http("")
    resources["Function"]["Properties"]["Environment"]["Variables"] = {
        "AUTHORIZER_USER_POOL_ID": USER_POOL_ID,
        "AUTHORIZER_CLIENT_IDS": CLIENT_ID,
        "AUTHORIZER_TOKEN_USE": "access",
        "AUTHORIZER_SCOPES": READ,
        "AUTHORIZER_JWKS": json.dumps(key_set(rsa)),
    }
    assert one(met(tmp_path, resources, access(rsa))).opens


def test_keys_that_cannot_be_had_here(rsa: SigningKey, tmp_path: Path) -> None:
    text = settings_of(None, jwks_uri="https://localhost:1/")
    for claims, status, case in (({}, None, Case.KEYS_UNKNOWN), ({"scope": "openid"}, 403, Case.REFUSED)):
        verdict = one(met(tmp_path, our_rest(text), access(rsa, **claims), Published(rsa)))
        assert (verdict.status, verdict.case, verdict.opens) == (status, case, False)
        assert verdict.reason == ("keys_unreachable" if status is None else "scope_insufficient")


def test_function_is_made_ready_once_for_all_of_its_routes(rsa: SigningKey, tmp_path: Path) -> None:
    resources = our_http(settings_of(rsa))
    second = resources["Route"]["Properties"] | {"RouteKey": "GET /second"}
    resources["Second"] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": second}
    document = read_template(write(tmp_path, resources))
    asked = Asked(token=access(rsa), now=NOW, issuers=Published(rsa))
    scene = Scene(document=document, names=Names(document), asked=asked)
    assert [verdict.opens for verdict in verdicts(scene)] == [True, True]
    assert list(scene.kept) == ["Function"]


@pytest.mark.parametrize("text", ["opaque", "a.b.c", "a b", "é", '"x"', "%00"])
def test_text_that_is_no_token_is_refused(text: str, rsa: SigningKey, tmp_path: Path) -> None:
    for resources in apis(settings_for("websocket", rsa)).values():
        verdict = met(tmp_path, resources, text)[0]
        assert verdict.status in (401, 403)


def test_id_token_gets_the_fix_that_says_so(rsa: SigningKey, tmp_path: Path) -> None:
    verdict = one(met(tmp_path, our_rest(settings_of(rsa)), identity(rsa)))
    assert (verdict.reason, verdict.fix) == ("token_use_mismatch", NearMiss.ID_TOKEN_SENT.fix)


def test_other_provider_is_unknown(rsa: SigningKey, tmp_path: Path) -> None:
    assert one(met(tmp_path, our_rest(settings_of(rsa)), oidc(rsa))).reason == "issuer_unknown"
