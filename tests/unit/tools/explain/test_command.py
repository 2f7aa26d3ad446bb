"""`authorizer explain`, from the arguments to the status; and that it tells nobody's secrets."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authorizer.testing import Call, SigningKey, http_v2, mint
from authorizer.tools.cli import commands, run
from authorizer.tools.function_environment import PROJECT
from tests.unit.tools.sample_project import YEAR_2100

if TYPE_CHECKING:
    from pathlib import Path

PLANTED = {
    "sub": "planted-subject-1",
    "email": "planted-email@example.com",
    "name": "Planted Name One",
    "phone_number": "+4915112345678",
    "custom:tenant": "planted-tenant-1",
    "username": "planted-user-name",
    "nonce": "planted-nonce-123",
    "jti": "planted-jti-1234567",
    "groups": ["planted-group-1"],
    "address": {"street": "planted-street-1"},
    "sid": ["planted-session-1"],
}
HEADER = {"x5t": "planted-thumbprint", "jku": "https://planted.example.com/keys", "cty": "planted-cty"}
BREAKS: dict[str, dict[str, Any]] = {
    "good": {},
    "expired": {"exp": 1},
    "type": {"exp": "planted-exp-value", "iat": "planted-iat-value", "sub": ["planted-subject-2"]},
    "issuer": {"iss": "https://issuer.example.com"},
    "scope": {"scope": "openid", "roles": ["planted-role-123"]},
    "bound": {"cnf": {"jkt": "planted-confirmation"}},
}


def explain(*arguments: object) -> int:
    return run(commands, "authorizer", ["explain", *map(str, arguments)])


@pytest.fixture
def good(tmp_path: Path, key: SigningKey) -> Path:
    return write(tmp_path, mint(key, exp=YEAR_2100))


def write(folder: Path, text: str | bytes, name: str = "given.txt") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def planted(key: SigningKey, **claims: Any) -> str:
    return mint(key, header=HEADER, **({"exp": YEAR_2100} | PLANTED | claims))


def leaks(text: str, printed: str) -> list[str]:
    """What must not be there and is: parts of the token, and everything planted."""
    parts = [part for part in text.split(".") if len(part) >= 8 and part in printed]
    return parts + [word for word in ("planted-", "Planted", "+4915") if word in printed]


def test_allowed_is_status_0(good: Path, config: Path) -> None:
    assert explain(good, "--config", config) == 0


@pytest.mark.parametrize("claims", [{"exp": 1}, {"scope": "another"}])
def test_denied_is_status_1(tmp_path: Path, config: Path, key: SigningKey, claims: dict[str, Any]) -> None:
    assert explain(write(tmp_path, mint(key, **({"exp": YEAR_2100} | claims))), "--config", config) == 1


def test_cannot_tell_is_status_2(good: Path, config: Path, tmp_path: Path) -> None:
    remote = tmp_path / "remote.toml"
    remote.write_text(
        config.read_text().split("jwks =")[0] + 'jwks_uri = "https://localhost:1/"\n[require]\nany_valid_token = true'
    )
    assert explain(good, "--config", remote, "--offline") == 2
    assert explain(good, "--config", tmp_path / "no-such.toml") == 2
    assert explain(tmp_path / "no-such.json", "--config", config) == 2


def test_wrong_settings_are_status_2(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.toml").write_text("[require]\n")
    assert explain(good, "--config", tmp_path / "wrong.toml") == 2
    assert "hint: " in capsys.readouterr().err


def test_event_is_explained_with_the_same_options_as_it_is_invoked(events: Path) -> None:
    assert explain(events / "http-policy" / "allow-good.json", "--env-vars", events / "env.json") == 0
    assert explain(events / "http-policy" / "token_expired.json", "--env-vars", events / "env.json") == 1
    assert (
        explain(events / "http-policy" / "allow-good.json", "--env-vars", events / "env.json", "--handler", "rest") == 2
    )


def test_json_is_one_document(good: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explain(good, "--config", config, "--json", "--second-opinion")
    document = json.loads(capsys.readouterr().out)
    assert (document["file"], document["decision"]) == (str(good), "allow")
    assert document["second_opinion"]["agrees"] is True


def test_closed_standard_input_cannot_be_read(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert explain("-", "--config", config) == 2
    assert "hint: " in capsys.readouterr().err


def test_time_is_told_where_it_was_given(good: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explain(good, "--config", config, "--now", "2026-11-25T16:00:00Z")
    assert "as of 2026-11-25T16:00:00Z" in capsys.readouterr().out.splitlines()
    explain(good, "--config", config)
    assert "as of" not in capsys.readouterr().out


def test_second_file_is_refused(good: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(good, good, "--config", config) == 2
    assert "one thing" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("t.txt", "--config", "s.toml"), ("--help",)], ids=["explain", "help"])
def test_shell_of_the_user_does_not_matter(
    arguments: tuple[str, ...], tmp_path: Path, config: Path, good: Path
) -> None:
    good.rename(tmp_path / "t.txt")
    config.rename(tmp_path / "s.toml")
    shell = {
        "AUTHORIZER_FINGERPRINT_KEY": "short",
        "POWERTOOLS_LOG_LEVEL": "nonsense",
        "POWERTOOLS_LOGGER_SAMPLE_RATE": "nonsense",
        "POWERTOOLS_DEV": "true",
        "POWERTOOLS_DEBUG": "true",
        "AWS_LAMBDA_LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(PROJECT),
    }
    command = [sys.executable, "-m", "authorizer.tools", "explain", *arguments]
    run = subprocess.run(
        command, cwd=tmp_path, env=os.environ | shell, capture_output=True, text=True, check=False, timeout=60
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_token_is_read_from_standard_input(
    good: Path, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(good.read_bytes())))
    assert explain("-", "--config", config, "--json") == 0
    assert json.loads(capsys.readouterr().out)["file"] == "standard input"


def test_quotes_in_a_file_are_forgiven_and_told(
    tmp_path: Path, config: Path, key: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, f'"Bearer {mint(key, exp=YEAR_2100)}"\n')
    assert explain(file, "--config", config, "--json") == 0
    assert [note["code"] for note in json.loads(capsys.readouterr().out)["notes"]] == ["credential_quoted"]


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_time_can_be_another(good: Path, config: Path, step: int) -> None:
    assert explain(good, "--config", config, "--now", YEAR_2100 + 30 + step) == (0 if step < 0 else 1)


@pytest.mark.parametrize("option", [(), ("--json",), ("--second-opinion",)], ids=["text", "json", "pyjwt"])
@pytest.mark.parametrize("name", BREAKS)
def test_no_secret_is_told(
    name: str,
    option: tuple[str, ...],
    tmp_path: Path,
    config: Path,
    key: SigningKey,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = planted(key, **BREAKS[name])
    explain(write(tmp_path, text), "--config", config, *option)
    event = http_v2(text, Call(headers={"Cookie": "session=planted-cookie-value"}, query={"q": "planted-query"}))
    explain(write(tmp_path, json.dumps(event), "event.json"), "--config", config, *option)
    told = "".join(capsys.readouterr())
    assert "issuer.example.com" in told
    assert leaks(text, told) == []


def test_no_error_repeats_a_token(
    tmp_path: Path, config: Path, good: Path, key: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    text = planted(key)
    cut = write(tmp_path, '{"headers": {"authorization": "' + text, "cut.json")
    wrong: list[tuple[object, ...]] = [
        (text,),
        (good, text),
        ("Bearer", text),
        (good, "--now", text),
        (good, "--config", text),
        (good, "--env-vars", text),
        (cut,),
        (write(tmp_path, json.dumps({"access_token": text}), "answer.json"),),
        (write(tmp_path, json.dumps([text]), "list.json"),),
    ]
    statuses = [explain(*arguments) for arguments in wrong]
    told = "".join(capsys.readouterr())
    assert statuses == [2] * len(wrong)
    assert told.count("hint: ") == len(wrong)
    assert leaks(text, told) == []


ANY = (
    st.binary(max_size=200)
    | st.text('eyJhbGciOiJub25lIn0.{}[]":,Bearer\n %', max_size=200).map(str.encode)
    | st.lists(
        st.sampled_from([b"eyJhbGciOiJFUzI1NiJ9", b".", b"e30", b"=", b" ", b"+", b'"', b"%2E"]), max_size=9
    ).map(b"".join)
)
SECRET = b"cGxhbnRlZC1zZWNyZXQ"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ANY, behind=ANY, is_there=st.booleans())
def test_any_bytes_end_in_a_status_and_are_not_repeated(
    before: bytes, behind: bytes, is_there: bool, tmp_path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, before + (SECRET if is_there else b"") + behind)
    status = explain(file, "--config", config, "--json", "--second-opinion")
    told = capsys.readouterr()
    assert status in (1, 2)
    assert status == 1 or told.err.splitlines()[-1].startswith("hint: ") or json.loads(told.out)["problems"]
    assert SECRET.decode() not in told.out + told.err


def test_session_of_the_page_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    page = (PROJECT / "docs" / "explain.md").read_text("utf-8")
    command, _, expected = page.partition("```console\n$ ")[2].partition("\n```\n")[0].partition("\n")
    assert run(commands, "authorizer", command.split()[1:]) == 1
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == expected.splitlines()


def test_page_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    explain("--help")
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert options <= set(re.findall(r"--[a-z][a-z-]+", (PROJECT / "docs" / "explain.md").read_text("utf-8")))
