"""The rules of output."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from authorizer.tools import terminal


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\r", "\x07", "\x9b31m", "\u202e", "\x00", "\ud800", "\u200b", "\xad", "\xa0", "\U000e0041"]
)
def test_what_cannot_be_seen_is_escaped(hostile: str) -> None:
    assert hostile not in terminal.escaped(f"a{hostile}b")


def test_tabs_and_line_ends_remain() -> None:
    assert terminal.escaped("a\tb\nc") == "a\tb\nc"


def test_what_can_be_seen_remains() -> None:
    assert terminal.escaped("é 発行者 … → “x”") == "é 発行者 … → “x”"


@pytest.mark.parametrize("around", ["", "x"])
def test_token_is_taken_out_of_a_text(around: str) -> None:
    text = f"{around}eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2ln {around}"
    assert terminal.without_tokens(text) == f"{around}[a token] {around}"


def test_reader_that_went_away_is_no_deny() -> None:
    program = "from authorizer.tools.terminal import show\nfor _ in range(9999): show('x' * 100)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == terminal.CANNOT_TELL


def test_text_is_not_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_table(("event",), [("[bold]x[/bold]",)])
    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_none_is_an_empty_cell(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_table(("event", "claim"), [("x", None)])
    assert "None" not in capsys.readouterr().out


def test_no_colour_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show("fine", style="bold")
    terminal.complain("wrong", "mend it")
    assert "\x1b" not in "".join(capsys.readouterr())


def test_error_ends_with_its_hint_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.complain("wrong", "mend it")
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "error: wrong\nhint: mend it\n"


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_json({"a": "\x1b"})
    assert json.loads(capsys.readouterr().out) == {"a": "\x1b"}


def test_long_lines_are_not_wrapped_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show("x" * 500)
    assert capsys.readouterr().out == "x" * 500 + "\n"
