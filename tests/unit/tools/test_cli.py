"""The command as a whole: every error has a hint and status 2."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from authorizer.testing import SigningKey, mint
from authorizer.tools import cli

WRONG = [
    [],
    ["no-such-command"],
    ["--no-such-option"],
    ["invoke"],
    ["invoke", "no-such-file.json"],
    ["invoke", "x.json", "--handler", "lambda"],
    ["explain"],
    ["explain", "no-such-file.json"],
    ["explain", "one.json", "two.json"],
    ["explain", "x.json", "--now", "soon"],
    ["reasons", "--no-such-option"],
    ["config", "check"],
    ["config", "check", "no-such-file.toml"],
    ["keys"],
    ["keys", "snapshot"],
    ["keys", "snapshot", "--out", "keys.json"],
]
HELP = [[], ["invoke"], ["explain"], ["reasons"], ["config"], ["config", "check"], ["keys"], ["keys", "snapshot"]]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_every_error_ends_with_a_hint(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(cli.commands, "authorizer", arguments) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("hint: ")


@pytest.mark.parametrize("arguments", HELP, ids=" ".join)
def test_everything_has_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(cli.commands, "authorizer", [*arguments, "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: authorizer")


def test_no_option_takes_a_token(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in HELP:
        cli.run(cli.commands, "authorizer", [*arguments, "--help"])
    assert "--token" not in capsys.readouterr().out


def test_module_is_the_command() -> None:
    command = [sys.executable, "-m", "authorizer.tools", "reasons", "no_such_reason"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "hint: " in result.stderr


@pytest.mark.parametrize("before", [[], ["reasons"], ["config"], ["invoke", "a", "--handler"]], ids=" ".join)
def test_no_error_repeats_a_token(before: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    token = mint(SigningKey.generate("ES256"))
    assert cli.run(cli.commands, "authorizer", [*before, token]) == 2
    printed = "".join(capsys.readouterr())
    assert not [part for part in token.split(".") if part[:20] in printed]


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a command has loaded at its end."""
    program = f"from authorizer.tools import cli; cli.run(cli.commands, 'authorizer', {list(arguments)!r})"
    program += "; import sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("explain", "--help")], ids=" ".join)
def test_help_needs_none_of_the_functions_libraries(arguments: tuple[str, ...]) -> None:
    assert not loaded_by(*arguments) & {"aws_lambda_powertools", "authorizer.handler", "jwt"}


def broken() -> int:
    raise KeyError("eyJhbGciOiJSUzI1NiJ9.secret-in-a-message")


def interrupted() -> int:
    raise KeyboardInterrupt


def test_bug_is_no_deny_and_tells_its_place_only(capsys: pytest.CaptureFixture[str]) -> None:
    command = cli.group("Broken.")
    command.command("broken")(broken)
    assert cli.run(command, "authorizer", []) == 2
    printed = capsys.readouterr().err
    assert "KeyError at test_cli.py" in printed
    assert printed.splitlines()[-1].startswith("hint: ")
    assert "secret" not in printed


def test_interrupted_command_is_no_deny() -> None:
    command = cli.group("Interrupted.")
    command.command("interrupted")(interrupted)
    assert cli.run(command, "authorizer", []) == 130


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_the_terminal_cannot_write_is_escaped(encoding: str) -> None:
    program = "from authorizer.tools import cli, terminal\ncommand = cli.group('x')\n"
    program += "command.command('x')(lambda: terminal.show('\u767a\u2500'))\ncli.main(command, 'x', [])"
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert (run.returncode, run.stdout) == (0, "\\u767a\\u2500\n")
