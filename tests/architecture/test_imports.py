"""What a start loads: in a fresh interpreter, because the tests themselves have loaded everything."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

HEAVY = (
    "cryptography",
    "aws_lambda_powertools",
    "jwt",
    "boto3",
    "botocore",
    "typer",
    "rich",
    "tomllib",
    "ssl",
    "socket",
)
TOOLS = ("jwt", "boto3", "botocore.session", "typer", "rich", "trustme", "jsonschema")
NOT_AT_START = (*TOOLS, "http.client", "ssl", "urllib.request")  # the network is loaded when keys are first fetched
X, Y = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
KEY = json.dumps({"keys": [{"kty": "EC", "crv": "P-256", "x": X, "y": Y}]})  # RFC 7515 appendix A.3.1
SETTINGS = f"""
[[issuer]]
kind = "jwt"
issuer = "https://issuer.example.com/"
audience = ["a"]
jwks = '{KEY}'
[require]
any_valid_token = true
"""


def loaded(program: str, **environment: str) -> set[str]:
    """The modules that a program has loaded at its end."""
    program += "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("AUTHORIZER_", "COV_", "PYTEST"))
    }
    run = subprocess.run(
        [sys.executable, "-c", program], env=plain | environment, capture_output=True, text=True, check=True
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_import_of_the_package_is_light() -> None:
    modules = loaded("import authorizer")
    assert not modules & set(HEAVY)
    assert {name for name in modules if name.startswith("authorizer")} == {"authorizer", "authorizer.version"}


def test_names_are_loaded_at_their_first_use() -> None:
    modules = loaded("import authorizer\nauthorizer.Reason")
    assert "authorizer.reasons" in modules
    assert not modules & set(HEAVY)


@pytest.mark.parametrize(
    "program",
    [
        "import authorizer.handler",
        "from authorizer.handler import http",
        "from authorizer import http_authorizer, cognito",
    ],
)
def test_start_loads_no_network_and_no_tools(program: str) -> None:
    modules = loaded(program, AUTHORIZER_CONFIG=SETTINGS)
    assert not modules & set(NOT_AT_START)
    assert not {name for name in modules if name.startswith(("authorizer.tools", "authorizer.testing"))}


def test_answer_with_given_keys_needs_no_network() -> None:
    program = "from authorizer.handler import http\ntry:\n    http({}, None)\nexcept Exception: pass"
    assert not loaded(program, AUTHORIZER_CONFIG=SETTINGS) & set(NOT_AT_START)


def test_import_of_the_handler_reads_no_settings() -> None:
    assert "authorizer.handler" in loaded("import authorizer.handler", AUTHORIZER_CONFIG="[", AUTHORIZER_SCOPES="x")
