"""The commands of docs/deploy.md, run as they stand there with the AWS CLI and curl: each status is that of its comment."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.function_environment import PROJECT
from layers.environment import RUNTIME, environment
from tests.integration.account.local_account import CREDENTIALS, PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.account.key_server import KeyServer
    from tests.integration.account.local_account import LocalAccount

pytestmark = pytest.mark.long

PAGE = (PROJECT / "docs" / "deploy.md").read_text("utf-8")
# The AWS CLI of this account: names of AWS that nobody resolves here become the account's own address.
AWS = """#!/bin/sh
{python} -m awscli "$@" | sed -E \
  -e 's#https://([a-z0-9]+)\\.execute-api\\.[^/ ]+$#{url}/_aws/execute-api/\\1/$default#' \
  -e 's#https://([a-z0-9]+)\\.execute-api\\.[^/ ]+#{url}/_aws/execute-api/\\1#' \
  -e 's#https://[a-z0-9-]+\\.auth\\.[^/ ]+#{url}#'
"""


def commands() -> str:
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    (block,) = (one for one in blocks if "admin-initiate-auth" in one)
    return block


def test_commands_give_the_statuses_in_their_comments(account: LocalAccount, keys: KeyServer, tmp_path: Path) -> None:
    parameters = {"SampleApi": "yes", "Architecture": "x86_64", "AccessLogRole": "create"}
    stack = "commands"
    account.deploy(stack, parameters)
    pool = account.outputs(stack)["SampleUserPoolId"]
    account.deploy(stack, parameters | {"JwksUri": f"{keys.url}/{pool}/.well-known/jwks.json"})
    aws = tmp_path / "aws"
    aws.write_text(AWS.format(python=environment("awscli", RUNTIME), url=account.url))
    aws.chmod(0o755)
    variables = CREDENTIALS | {"AWS_ENDPOINT_URL": account.url, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands().replace("lambda-authorizers-dev", stack)],
        env=variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    promised = re.findall(r"^status .*# (\d{3})", commands(), re.MULTILINE)
    assert done.stdout.split() == promised
    assert len(promised) == 8
