"""A credential that got out is found, wherever it was and however little of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authorizer.testing import Call, http_v2, mint
from authorizer.tools.demo.leaks import find_leaks, secrets_in, secrets_of
from tests.unit.tools.sample_project import BUILDERS

if TYPE_CHECKING:
    from authorizer.testing import SigningKey

OPAQUE = "0123456789-opaque"


@pytest.mark.parametrize("segment", [0, 1, 2])
@pytest.mark.parametrize("api", BUILDERS)
def test_planted_segment_is_found(api: str, segment: int, key: SigningKey) -> None:
    token = mint(key)
    output = b'{"decision":"deny","found":"' + token.split(".")[segment].encode() + b'"}'
    assert find_leaks(output, secrets_of(BUILDERS[api](token)))


@pytest.mark.parametrize("api", BUILDERS)
def test_clean_output_has_no_leak(api: str, key: SigningKey) -> None:
    event = BUILDERS[api](mint(key))
    output = json.dumps({"decision": "allow", "api_id": "abcdef1234", "arn": event.get("methodArn")}).encode()
    assert find_leaks(output, secrets_of(event)) == []


@pytest.mark.parametrize(
    "place", ["header:Authorization", "header:X-Token", "query:access_token", "cookie:session", "header:X-Api-Key"]
)
def test_opaque_credential_is_a_secret_in_every_usual_place(place: str) -> None:
    event = http_v2(call=Call(place=place), raw=OPAQUE)
    assert find_leaks(f"refused {OPAQUE}".encode(), secrets_of(event))


def test_jwt_is_a_secret_in_any_place(key: SigningKey) -> None:
    token = mint(key)
    event = http_v2(call=Call(query={"state": token}))
    assert find_leaks(token.split(".")[2].encode(), secrets_of(event))


def test_basic_credentials_are_a_secret() -> None:
    assert "dXNlcjpwYXNz" in secrets_of(http_v2(raw="Basic dXNlcjpwYXNz"))


def test_what_the_catalogue_says_is_no_secret() -> None:
    assert "AWS4-HMAC-SHA256" not in secrets_of(http_v2(raw="AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE"))


def test_short_parts_are_no_secret() -> None:
    assert secrets_of(http_v2(raw="Bearer a.b.c")) == {"Bearer a.b.c"}


def test_secret_variables_are_secrets() -> None:
    variables = {"AUTHORIZER_FINGERPRINT_KEY": "k" * 16, "AUTHORIZER_CONFIG": "[require]"}
    assert secrets_in(variables) == {"k" * 16}


def test_report_of_a_leak_is_no_leak(key: SigningKey) -> None:
    token = mint(key)
    secrets = secrets_of(BUILDERS["rest-token"](token))
    assert find_leaks(" ".join(find_leaks(token.encode(), secrets)).encode(), secrets) == []
