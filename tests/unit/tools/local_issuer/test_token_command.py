"""`authorizer token`, with a real server on this machine."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from authorizer import clock
from authorizer.tools.cli import group, run
from authorizer.tools.gateway.message import HttpRequest, HttpResponse
from authorizer.tools.local_issuer.broken import WAYS
from authorizer.tools.local_issuer.endpoints import LocalIssuerEndpoints
from authorizer.tools.local_issuer.local_issuers import LocalIssuers
from authorizer.tools.token_command import token
from tests.unit.tools.local_issuer.sample_stand_ins import (
    JOB,
    LOGIN,
    SCOPE,
    claims_of,
    header_of,
    issuers,
    pool,
    provider,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMANDS = group("A command alone.")
COMMANDS.command("token")(token)
COMMANDS.callback()(lambda: None)


def command(*arguments: str) -> int:
    return run(COMMANDS, "authorizer", ["token", *arguments])


@contextmanager
def listening(answer: Callable[[HttpRequest], HttpResponse]) -> Iterator[str]:
    """The URL of a server that answers so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = tuple(self.headers.items())
            sent = answer(HttpRequest(method=self.command, target=self.path, headers=headers, body=body))
            self.send_response(sent.status)
            for name, value in sent.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with listening(LocalIssuerEndpoints(issuers()).answer) as found:
        yield found


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    """What is on standard output: the token alone."""
    out, err = capsys.readouterr()
    assert err == ""
    assert out.endswith("\n")
    assert len(out.split()) == 1
    return out.strip()


def test_first_client_of_the_first_stand_in_is_the_default(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--url", url) == 0
    claims = claims_of(printed(capsys))
    assert (claims["iss"], claims["client_id"], claims["sub"]) == (pool().issuer, "web", "user-1")


def test_options_say_what_the_token_is(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--issuer", "login", "--client", "web", "--subject", "jane", "--lifetime", "60", "--alg", "ES256"]
    claims = ["--claim", 'tenant="a=b"', "--claim", "level=2", "--claim", "jti=null"]
    assert command("--url", url, *options, "--group", "a", "--group", "b", "--scope", SCOPE, *claims) == 0
    made = printed(capsys)
    found = claims_of(made)
    assert (found["iss"], found["sub"], found["groups"], found["scope"]) == (LOGIN, "jane", ["a", "b"], SCOPE)
    assert (found["tenant"], found["level"], found["exp"] - found["iat"]) == ("a=b", 2, 60)
    assert "jti" not in found
    assert header_of(made)["alg"] == "ES256"


def test_client_with_a_secret_gets_a_machine_token(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--url", url + "/", "--client", "job") == 0
    assert claims_of(printed(capsys))["sub"] == "job"


def test_id_tokens_can_be_had(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--url", url, "--use", "id") == 0
    assert claims_of(printed(capsys))["token_use"] == "id"


def test_broken_tokens_can_be_had(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--url", url, "--broken", "token_expired") == 0
    assert claims_of(printed(capsys))["exp"] < clock.now()


def test_json_is_the_answer_of_the_endpoint(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--url", url, "--json") == 0
    assert {"access_token", "expires_in", "id_token"} < json.loads(capsys.readouterr().out).keys()


def test_ways_to_break_a_token_are_listed_without_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--list-broken", "--json") == 0
    assert [row["reason"] for row in json.loads(capsys.readouterr().out)] == list(WAYS)
    assert command("--list-broken") == 0
    out = capsys.readouterr().out
    assert [code for code in WAYS if code not in out] == []


@pytest.mark.parametrize(
    "options",
    [
        ("--issuer", "nobody"),
        ("--client", "nobody"),
        ("--client", "job", "--scope", "openid"),
        ("--broken", "no_such_reason"),
        ("--broken", "keys_unreachable"),
        ("--alg", "none"),
        ("--claim", "tenant"),
        ("--claim", "tenant=north"),
        ("--claim", '="north"'),
        ("--lifetime", "0"),
        ("--use", "refresh"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_had_is_told(url: str, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--url", url, *options) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "hint: " in err
    assert str(JOB.secret) not in err


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:3000",
        "http://example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "http://192.0.2.1:3000",
        "http://localhost.example.com",
        "http://[::1",
        "http://127.0.0.1:99999",
        "127.0.0.1:3000",
        "file:///etc/hosts",
    ],
)
def test_only_this_machine_is_asked(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--url", url) == 2
    assert "--url http://127.0.0.1:3000" in capsys.readouterr().err


def test_without_a_server_the_hint_says_how_to_start_it(capsys: pytest.CaptureFixture[str]) -> None:
    with listening(LocalIssuerEndpoints(issuers()).answer) as url:
        pass
    assert command("--url", url) == 2
    assert "authorizer serve" in capsys.readouterr().err


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[]", b"\xff"])
def test_another_server_is_recognized(body: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    with listening(lambda _: HttpResponse(status=200, body=body)) as url:
        assert command("--url", url) == 2
    assert "hint: " in capsys.readouterr().err


def test_redirects_are_not_followed(url: str) -> None:
    away = HttpResponse(status=302, headers=(("location", f"{url}/_issuer/"),), body=b"[]")
    with listening(lambda _: away) as other:
        assert command("--url", other) == 2


def test_stand_in_without_clients_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with listening(LocalIssuerEndpoints(LocalIssuers([provider(clients=())])).answer) as url:
        assert command("--url", url) == 2
    assert "hint: " in capsys.readouterr().err
