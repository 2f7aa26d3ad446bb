"""The sample's WebSocket API, with a real handshake: who may connect may send, and is known to the backend."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.account.key_server import KeyServer
    from tests.integration.account.local_account import LocalAccount
    from tests.integration.account.sample_stack import SampleStack

pytestmark = pytest.mark.long


@pytest.fixture
def url(sample: SampleStack, account: LocalAccount) -> str:
    api = sample.outputs["SampleWebsocketUrl"].partition("://")[2].partition(".")[0]
    return f"ws://{api}.execute-api.localhost:{account.port}/v1"


@contextmanager
def connected(url: str, account: LocalAccount, token: str | None = None) -> Iterator[ClientConnection]:
    """The name of the API is no name that anybody resolves: the connection goes to the account's port."""
    query = f"?access_token={token}" if token else ""
    plain = socket.create_connection(("127.0.0.1", account.port))
    with connect(url + query, sock=plain, proxy=None) as connection:
        yield connection


def refused(url: str, account: LocalAccount, token: str | None = None) -> int:
    with pytest.raises(InvalidStatus) as error, connected(url, account, token):
        pass
    return error.value.response.status_code


def test_connection_is_opened_and_the_backend_knows_who(url: str, account: LocalAccount, sample: SampleStack) -> None:
    with connected(url, account, sample.tokens.machine) as connection:
        connection.send(json.dumps({"action": "anything"}))
        answer = json.loads(connection.recv(timeout=30))
    assert answer["authorizer"]["user"] == sample.outputs["SampleMachineClientId"]
    assert sample.last_decision()["route"] == "$connect"


def test_handshake_without_token_is_401(url: str, account: LocalAccount) -> None:
    assert refused(url, account) == 401


def test_handshake_with_an_id_token_is_refused(url: str, account: LocalAccount, sample: SampleStack) -> None:
    """The function raises `Unauthorized`, by AWS's guide a 401. The emulator answers every exception with 500."""
    assert refused(url, account, sample.tokens.id) == 500
    assert sample.last_decision()["reason"] == "token_use_mismatch"


def test_handshake_of_who_may_not_is_403(url: str, account: LocalAccount, sample: SampleStack) -> None:
    """An access token of the same pool and client, without the scope: the one that refreshes after the trigger is gone."""
    assert refused(url, account, sample.without_scope()) == 403
    assert sample.last_decision()["reason"] == "scope_insufficient"


def test_outage_of_the_keys_is_500(url: str, account: LocalAccount, sample: SampleStack, keys: KeyServer) -> None:
    functions, name = account.client("lambda"), sample.outputs["WebsocketAuthorizerArn"]
    functions.update_function_configuration(FunctionName=name, MemorySize=513)
    keys.down = True
    try:
        assert refused(url, account, sample.tokens.machine) == 500
    finally:
        keys.down = False
    assert sample.last_decision()["class"] == "dependency"
    functions.update_function_configuration(FunctionName=name, MemorySize=512)
    with connected(url, account, sample.tokens.machine):
        pass
