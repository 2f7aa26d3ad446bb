"""Identity sources in every spelling."""

from __future__ import annotations

import pytest

from authorizer.credential import Place, Where
from authorizer.surface import Api
from authorizer.tools.template_check.identity import AUTHORIZATION, SOURCE_IP, Identity, holding, parsed, spelled


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("method.request.header.Authorization", AUTHORIZATION),
        ("$request.header.authorization", AUTHORIZATION),
        ("route.request.querystring.Token", Identity("querystring", "Token")),
        ("context.identity.sourceIp", SOURCE_IP),
        ("$context.identity.sourceIp", SOURCE_IP),
        ("$stageVariables.a", Identity("stageVariables", "a")),
        ("request.body.a", None),
        ("", None),
    ],
)
def test_spellings(text: str, found: Identity | None) -> None:
    assert parsed(text) == found


def test_cookie_is_in_a_header() -> None:
    assert holding(Place(Where.COOKIE, "session")) == Identity("header", "cookie")
    assert holding(Place(Where.QUERY, "t")) == Identity("querystring", "t")


@pytest.mark.parametrize(
    ("api", "texts"),
    [
        (Api.REST, ["method.request.header.Authorization", "context.identity.sourceIp"]),
        (Api.HTTP, ["$request.header.Authorization", "$context.identity.sourceIp"]),
        (Api.WEBSOCKET, ["route.request.header.Authorization", "context.identity.sourceIp"]),
    ],
)
def test_each_api_has_its_own(api: Api, texts: list[str]) -> None:
    assert spelled({SOURCE_IP, AUTHORIZATION}, api) == texts
