"""`authorizer serve` as the README shows it, and a client library of somebody else's that gets its token there."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from authorizer.tools.child_process import ChildProcess
from authorizer.tools.function_environment import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION = re.compile(r"## The API on your desk\n.*?```sh\n(.*?)```", re.DOTALL)
EXPECTED = re.compile(r"#\s+(\d{3})\b")
PATIENCE = 30  # seconds until it serves; usually one and a half


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "HOME": "/nonexistent"}
    command = [sys.executable, "-m", "authorizer.tools", "serve", "--port", "0"]
    with ChildProcess(command, environment, PROJECT) as server:
        assert server.stdout.wait_for(lambda said: b"Serving on" in said, 0, PATIENCE), server.stderr.since(0)
        found = re.search(rb"Serving on (http://127\.0\.0\.1:\d+)", server.stdout.since(0))
        assert found is not None
        yield found[1].decode()


def outage(url: str, *, down: bool) -> None:
    requests.post(f"{url}/_issuer/sampleuserpool/outage", {"down": str(down).lower()}, timeout=5).raise_for_status()


def test_readme_shows_what_happens(url: str) -> None:
    found = SECTION.search((PROJECT / "README.md").read_text("utf-8"))
    assert found is not None
    lines = [line for line in found[1].splitlines() if not line.startswith(".venv/bin/authorizer serve")]
    script = "\n".join(lines).replace("http://127.0.0.1:3000", url)
    script = script.replace("authorizer token", f"authorizer token --url {url}").replace(
        ".venv/bin/authorizer", f"{sys.executable} -m authorizer.tools"
    )
    try:
        run = subprocess.run(
            ["bash", "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120
        )
    finally:
        outage(url, down=False)
    assert [line for line in run.stdout.split() if line.isdigit()] == EXPECTED.findall(found[1]), run.stderr
    assert {"200", "401", "403", "500"} <= set(EXPECTED.findall(found[1]))


def test_client_library_gets_a_token_and_calls(url: str) -> None:
    stand_in = requests.get(f"{url}/_issuer/", timeout=5).json()[0]
    machine = next(one for one in stand_in["clients"] if "client_credentials" in one["grants"])
    discovery = f"{url}/_issuer/{stand_in['name']}/.well-known/openid-configuration"
    metadata = requests.get(discovery, timeout=5).json()
    with OAuth2Session(machine["id"], machine["secret"], scope="orders/read") as session:
        session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
        for path in (
            "/SampleRestApi/v1/token/orders/1",
            "/SampleHttpApi/simple/orders/1",
            "/SampleHttpApi/policy/orders/1",
        ):
            assert session.get(url + path, timeout=30).status_code == 200, path
        assert session.get(f"{url}/SampleRestApi/v1/token/admin/users", timeout=30).status_code == 403


def test_client_with_a_wrong_secret_gets_no_token(url: str) -> None:
    stand_in = requests.get(f"{url}/_issuer/", timeout=5).json()[0]
    machine = next(one for one in stand_in["clients"] if "secret" in one)
    form = {"grant_type": "client_credentials"}
    answer = requests.post(f"{url}/_issuer/{stand_in['name']}/token", form, auth=(machine["id"], "another"), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def token(url: str, **form: str) -> str:
    stand_in = requests.get(f"{url}/_issuer/", timeout=5).json()[0]
    user = next(one for one in stand_in["clients"] if "password" in one["grants"])
    asked = {"grant_type": "password", "username": "jane", "password": "any", "client_id": user["id"], **form}
    found: str = requests.post(f"{url}/_issuer/{stand_in['name']}/token", asked, timeout=5).json()["access_token"]
    return found


def test_connection_hears_who_connected(url: str) -> None:
    there = url.replace("http", "ws", 1) + "/SampleWebsocketApi/v1"
    with connect(f"{there}?access_token={token(url)}") as connection:
        connection.send('{"action": "anything"}')
        assert '"principalId": "jane"' in str(connection.recv(timeout=10)).replace('":"', '": "')


@pytest.mark.parametrize(("query", "status"), [("", 401), ("?access_token=x", 401)])
def test_handshake_without_a_good_token_is_refused(url: str, query: str, status: int) -> None:
    there = url.replace("http", "ws", 1) + "/SampleWebsocketApi/v1" + query
    with pytest.raises(InvalidStatus) as caught, connect(there):
        pass
    assert caught.value.response.status_code == status
