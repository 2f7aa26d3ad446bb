"""Tokens from a file."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.conformance.credentials import FILE, given_tokens
from authorizer.tools.conformance.row import TEXT
from authorizer.tools.conformance.table import read_table
from authorizer.tools.conformance.target import NotPlayable
from authorizer.tools.terminal import CommandError
from tests.unit.tools.conformance.fake_gateway import SECRET

if TYPE_CHECKING:
    from pathlib import Path


def test_given_token(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(f'{{"good":"{SECRET}"}}')
    tokens = given_tokens(file)
    assert tokens.token("good", "anything") == SECRET
    assert SECRET not in repr(tokens)
    with pytest.raises(NotPlayable):
        tokens.token("id", "anything")


def test_without_a_file_there_are_none() -> None:
    with pytest.raises(NotPlayable):
        given_tokens(None).token("good", "anything")


@pytest.mark.parametrize("text", [None, "{", "[]", '{"good":1}'])
def test_file_that_is_none(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "tokens.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CommandError):
        given_tokens(file)


def test_every_token_of_the_table_is_described_and_used() -> None:
    named = [
        token
        for row in read_table()
        for token in (row.call.token, *row.each, *(one.token for one in row.before))
        if token is not None and not token.startswith(TEXT)
    ]
    assert {one.partition(":")[0] for one in named} == tomllib.loads(FILE.read_text("utf-8")).keys()
