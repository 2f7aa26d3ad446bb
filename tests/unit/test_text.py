"""What can be written down, and what would become something else."""

from __future__ import annotations

import unicodedata

import pytest

from authorizer.text import is_writable

NAMES = [
    "",
    "plain",
    "Jean\u00a0Dupont",
    "\u5c71\u7530\u3000\u592a\u90ce",
    "\u0645\u06cc\u200c\u0631\u0648\u062f",
    "\U0001f468\u200d\U0001f4bb",
]
BREAKING = "\n\r\x00\x1b\x7f\x85\u2028\u2029\ud800\u202e\u2066"


@pytest.mark.parametrize("text", NAMES, ids=ascii)
def test_names_of_people_are_writable(text: str) -> None:
    assert is_writable(text)


@pytest.mark.parametrize("character", BREAKING, ids=ascii)
def test_what_breaks_or_turns_a_line_is_not(character: str) -> None:
    assert not is_writable(f"a{character}b")


def test_all_that_is_printable_is_writable() -> None:
    for code in range(0x3000):
        assert is_writable(chr(code)) or unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp", "Cf")
