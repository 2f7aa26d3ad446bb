"""Every near miss is reached by a token that is wrong in exactly that; none by a token that is right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from authorizer.testing import Call, SigningKey, cognito_access_claims, default_claims, http_v2, mint
from authorizer.testing.compact import sealed
from authorizer.testing.forgery import FORGERIES
from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.explain.explanation import Explanation, explain_event
from authorizer.tools.explain.near_miss import NearMiss
from tests.unit.tools.explain.sample_deployment import (
    CLIENT,
    COGNITO,
    FORM_POOL,
    ID_CLIENT,
    ID_POOL,
    ISSUER,
    NOW,
    POOL,
    REALM,
    functions,
    id_token,
    near_misses,
    of_call,
    of_token,
    signing_keys,
    token,
    user_token,
    with_kid,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ADMIN = Call(path="/admin/users", template="/admin/{proxy+}", route_method="ANY")
CREATE = Call(method="POST", path="/orders")
PAGE = Path(__file__).parents[4] / "docs" / "explain.md"


def sent(raw: str) -> Explanation:
    """The header as it is."""
    return explain_event(http_v2(raw=raw), EntryPoint.HTTP, functions())


def lines_of(text: str) -> str:
    return "\n".join(text[start : start + 64] for start in range(0, len(text), 64))


def encrypted() -> str:
    forgery = next(one for one in FORGERIES if one.reason_code == "token_encrypted")
    return forgery.token(signing_keys()["own"], default_claims(NOW))


def of_form_pool() -> str:
    iss = f"https://issuer-cognito-idp.eu-west-1.amazonaws.com/{FORM_POOL}"
    return token(iss=iss)


def access_token_for_the_id_pool() -> str:
    claims = cognito_access_claims(user_pool_id=ID_POOL, client_id=ID_CLIENT, now=NOW, scope="openid")
    return mint(signing_keys()["members"], claims, header={"typ": ...})


def forged(**claims: Any) -> str:
    """A token with the first issuer's kid by a stranger's key."""
    return mint(with_kid("stranger", "own"), now=NOW, **claims)


def padded(text: str) -> str:
    """Each part with the padding of plain base64."""
    return ".".join(part + "=" * (-len(part) % 4) for part in text.split("."))


REACHED: dict[NearMiss, Callable[[], Explanation]] = {
    NearMiss.CREDENTIAL_QUOTED: lambda: sent(f'Bearer "{token()}"'),
    NearMiss.BEARER_TOO_OFTEN: lambda: sent(f"Bearer Bearer {token()}"),
    NearMiss.WHITE_SPACE: lambda: sent(f"Bearer {lines_of(token())}"),
    NearMiss.URL_ENCODED: lambda: sent(f"Bearer {quote(token()).replace('.', '%2E')}"),
    NearMiss.BASE64_STANDARD: lambda: sent(f"Bearer {padded(token())}"),
    NearMiss.TOKEN_CUT: lambda: of_token(token().rpartition(".")[0]),
    NearMiss.TOKEN_IS_JWE: lambda: of_token(encrypted()),
    NearMiss.TOKEN_IS_OPAQUE: lambda: of_token("q7vY2mD4sKxR9tNfWzLbHc"),
    NearMiss.TOKEN_IS_API_KEY: lambda: of_token("Zk3" * 13 + "Q"),
    NearMiss.HEADER_NAME_SENT: lambda: sent(f"Authorization: Bearer {token()}"),
    NearMiss.PLACEHOLDER_SENT: lambda: sent("Bearer {{access_token}}"),
    NearMiss.ISSUER_SLASH: lambda: of_token(token(iss=ISSUER[:-1])),
    NearMiss.ISSUER_SCHEME: lambda: of_token(token(iss=ISSUER.replace("https", "http"))),
    NearMiss.ISSUER_CASE: lambda: of_token(token(iss=ISSUER.replace("issuer", "Issuer"))),
    NearMiss.ISSUER_HOST: lambda: of_token(token(iss=REALM.replace("orders", "billing"))),
    NearMiss.ISSUER_COGNITO_FORM: lambda: of_token(of_form_pool()),
    NearMiss.ISSUER_COGNITO_POOL: lambda: of_token(user_token(iss=f"{COGNITO}/eu-west-1_Another")),
    NearMiss.UNPROVEN_DIFFERENCE: lambda: of_token(forged(aud="orders-api/")),
    NearMiss.ID_TOKEN_SENT: lambda: of_token(id_token(POOL, CLIENT)),
    NearMiss.ACCESS_TOKEN_SENT: lambda: of_token(access_token_for_the_id_pool()),
    NearMiss.AUDIENCE_IS_CLIENT: lambda: of_token(token(aud="web-app", azp="web-app")),
    NearMiss.AUDIENCE_SLASH: lambda: of_token(token(aud="orders-api/")),
    NearMiss.AUDIENCE_CASE: lambda: of_token(token(aud="Orders-API")),
    NearMiss.CLIENT_OF_OTHER_ISSUER: lambda: of_token(user_token(client_id=ID_CLIENT, scope="openid")),
    NearMiss.CLOCK_BEHIND: lambda: of_token(token(iat=NOW + 74, nbf=...)),
    NearMiss.EXPIRED_JUST_NOW: lambda: of_token(token(exp=NOW - 74)),
    NearMiss.TIME_IN_MILLISECONDS: lambda: of_token(token(exp=(NOW + 300) * 1000)),
    NearMiss.TIME_AS_TEXT: lambda: of_token(token(exp=str(NOW + 300))),
    NearMiss.KEY_OF_OTHER_ISSUER: lambda: of_token(token("realm")),
    NearMiss.KEY_OF_OTHER_KID: lambda: of_token(token("next", header={"kid": "own"})),
    NearMiss.SCOPE_CASE: lambda: of_call(token(scope="Orders:Read")),
    NearMiss.SCOPE_SEPARATOR: lambda: of_call(token(scope="orders/read")),
    NearMiss.SCOPE_PREFIX: lambda: of_call(
        token(scope="read openid"), route=[{"match": "GET /orders/{id}", "scopes": ["orders/read"]}]
    ),
    NearMiss.SCOPE_SDK_ONLY: lambda: of_call(user_token(scope="aws.cognito.signin.user.admin")),
    NearMiss.SCOPE_IN_SCP: lambda: of_call(token(scope="openid", scp=["orders:read"])),
    NearMiss.SCOPE_IN_OTHER_CLAIM: lambda: of_call(token(scope="openid", permissions=["orders:read"])),
    NearMiss.GROUP_CASE: lambda: of_call(token(groups=["Admins"]), ADMIN),
    NearMiss.GROUPS_IN_OTHER_CLAIM: lambda: of_call(token(realm_access={"roles": ["admins"]}), ADMIN),
    NearMiss.NAMES_IN_ONE_TEXT: lambda: of_call(token(groups="readers,admins"), ADMIN),
}


@pytest.mark.parametrize("near_miss", NearMiss, ids=lambda one: one.value)
def test_every_near_miss_is_reached_and_decides_nothing(near_miss: NearMiss) -> None:
    explained = REACHED[near_miss]()
    assert near_miss.value in near_misses(explained)
    assert explained.decision == "deny"


@pytest.mark.parametrize("near_miss", NearMiss, ids=lambda one: one.value)
def test_token_that_is_wrong_in_one_thing_is_near_to_that_only(near_miss: NearMiss) -> None:
    also = {NearMiss.ISSUER_COGNITO_POOL: {"key_of_other_issuer"}, NearMiss.ISSUER_HOST: {"key_of_other_issuer"}}
    assert set(near_misses(REACHED[near_miss]())) == {near_miss.value} | also.get(near_miss, set())


@pytest.mark.parametrize(
    "make",
    [token, user_token, id_token, lambda: token("next"), lambda: token("shared")],
    ids=["jwt", "access", "id", "other-key", "shared-kid"],
)
def test_good_token_is_near_to_nothing(make: Callable[[], str]) -> None:
    explained = of_call(make(), Call(path="/me"))
    assert (explained.decision, near_misses(explained)) == ("allow", [])


def test_token_of_a_stranger_is_near_to_nothing() -> None:
    stranger: SigningKey = with_kid("stranger", "own")
    assert near_misses(of_token(mint(stranger, now=NOW))) == []


def test_codes_are_told_apart_and_texts_are_sentences() -> None:
    texts = [text for one in NearMiss for text in (one.says, one.fix)]
    assert len({one.says for one in NearMiss}) == len(NearMiss)
    assert all(text.endswith(".") and len(text) <= 160 for text in texts)
    assert all(re.fullmatch(r"[a-z0-9_]+", one.value) and one.value == one.name.lower() for one in NearMiss)


def test_page_shows_the_catalogue() -> None:
    rows = re.findall(r"^\| `([a-z0-9_]+)` \| (.*) \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert rows == [(one.value, one.says, one.fix) for one in NearMiss]


def test_signed_over_the_standard_alphabet_is_not_called_forged() -> None:
    """Whoever signs the wrong encoding has signed it; only the encoding is wrong."""
    key = signing_keys()["own"]
    header, payload, _ = token().split(".")
    explained = of_token(sealed(header, payload + "=" * (-len(payload) % 4 or 4), key.sign))
    assert "signature_invalid" not in [finding.reason.value for finding in explained.findings]
