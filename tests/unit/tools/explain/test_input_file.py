"""What a file holds, and what is never taken from the command line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from authorizer.testing import http_v1, http_v2, rest_token
from authorizer.tools.entry_point import EntryPoint
from authorizer.tools.event_file import MAX_BYTES
from authorizer.tools.explain.input_file import (
    GivenEvent,
    GivenToken,
    given_token,
    read_input,
    refuse_tokens,
)
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.terminal import CommandError

GOOD = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2ln"
AROUND: dict[str, set[NearMiss]] = {
    GOOD: set(),
    f"{GOOD}\n": set(),
    f"{GOOD}\r\n": set(),
    f"Bearer {GOOD}\n": set(),
    f"bearer   {GOOD}": set(),
    f"Authorization: Bearer {GOOD}\n": set(),
    f"authorization:{GOOD}": set(),
    f"  {GOOD}\n": {NearMiss.WHITE_SPACE},
    f"{GOOD}\n\n": {NearMiss.WHITE_SPACE},
    f'"{GOOD}"\n': {NearMiss.CREDENTIAL_QUOTED},
    f"'Bearer {GOOD}'": {NearMiss.CREDENTIAL_QUOTED},
    f'Bearer "{GOOD}"': {NearMiss.CREDENTIAL_QUOTED},
    f'"Authorization: Bearer {GOOD}"\n': {NearMiss.CREDENTIAL_QUOTED},
    f' "{GOOD}" ': {NearMiss.CREDENTIAL_QUOTED, NearMiss.WHITE_SPACE},
}


def written(folder: Path, content: bytes | str, name: str = "given.txt") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@pytest.mark.parametrize("number", range(len(AROUND)))
def test_token_is_taken_from_what_is_around_it(number: int) -> None:
    text, near_misses = list(AROUND.items())[number]
    given = given_token(text)
    assert given.text == GOOD
    assert {note.near_miss for note in given.notes} == near_misses
    assert GOOD not in repr(given)


@pytest.mark.parametrize(
    "text", [f"Bearer Bearer {GOOD}", f"{GOOD[:9]}\n{GOOD[9:]}", GOOD.replace(".", "%2E")], ids=range(3)
)
def test_what_is_wrong_inside_is_left_as_it_is(text: str) -> None:
    assert given_token(text).text == text.removeprefix("Bearer ")


@pytest.mark.parametrize("build", [http_v2, http_v1, rest_token])
def test_event_is_known_by_its_shape(tmp_path: Path, build: object) -> None:
    assert callable(build)
    given = read_input(written(tmp_path, json.dumps(build(GOOD))), None)
    assert isinstance(given, GivenEvent)
    assert given.event == build(GOOD)
    assert GOOD not in repr(given)


def test_folder_and_option_say_which_entry_point_answers(tmp_path: Path) -> None:
    (tmp_path / "http-policy").mkdir()
    file = written(tmp_path / "http-policy", json.dumps(http_v2(GOOD)), "event.json")
    given = read_input(file, None)
    assert isinstance(given, GivenEvent)
    assert given.entry_point is EntryPoint.HTTP_POLICY
    given = read_input(file, EntryPoint.REST)
    assert isinstance(given, GivenEvent)
    assert given.entry_point is EntryPoint.REST


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_is_no_part_of_a_token(tmp_path: Path, mark: bytes) -> None:
    given = read_input(written(tmp_path, mark + GOOD.encode()), None)
    assert given == GivenToken(GOOD)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    assert read_input(Path("-"), None) == GivenToken(GOOD)


@pytest.mark.parametrize(
    "content",
    [b"", b" \n", b"\xff\xfe", b"[]", b'{"a": 1', b'{"a": 1}', b"[" * 100_000, b"{" * 9, b"a" * (MAX_BYTES + 1)],
    ids=["empty", "blank", "utf-16", "list", "cut", "no-event", "nested", "braces", "large"],
)
def test_what_cannot_be_read_is_told_without_a_word_of_it(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CommandError) as caught:
        read_input(written(tmp_path, content), None)
    assert caught.value.hint
    assert "aaaa" not in str(caught.value)


def test_no_file_is_told_by_its_name() -> None:
    with pytest.raises(CommandError) as caught:
        read_input(Path("no/such/file.json"), None)
    assert "no/such/file.json" in str(caught.value)


TOKENS = [
    GOOD,
    GOOD * 40,
    "Bearer",
    f"Bearer {GOOD}",
    f"{GOOD}\n",
    "q7vY2mD4sKxR9tNfWzLbHc",
    "sk_live_0123456789abcdefghij",
    "a.b.c.d.e.f.g.h.i.j.k.l",
    "abcd/efghIJKLmnop+qrstUV/secretTAIL==",
    "Basic amFuZTpleGFtcGxl",
    "AccessToken=c2VjcmV0",
    "sk_live_12345 67890",
    "a" * 60 + ".json",
    "a\nb",
    "a\0b",
]
FILES = [
    "-",
    "event.json",
    "events/rest-token/token_expired--cognito.json",
    "my.token.of.the.day.txt",
    "t",
    "prod.toml",
]


@pytest.mark.parametrize("number", range(len(TOKENS)))
def test_token_on_the_command_line_is_refused_and_not_repeated(number: int) -> None:
    with pytest.raises(CommandError) as caught:
        refuse_tokens([Path("event.json"), Path(TOKENS[number])])
    assert TOKENS[number].removeprefix("Bearer ") not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("name", FILES)
def test_file_names_are_taken_for_files(name: str) -> None:
    refuse_tokens([Path(name)])


def test_file_that_is_there_is_a_file_whatever_its_name(tmp_path: Path) -> None:
    refuse_tokens([written(tmp_path, "x", "a-long-name-without-any-suffix")])


def test_name_that_cannot_be_one_is_no_crash() -> None:
    with pytest.raises(CommandError):
        refuse_tokens([Path("a" * 5000)])


@pytest.mark.parametrize("name", ["access_token", "id_token", "AuthenticationResult"])
def test_answer_of_a_token_endpoint_is_told_from_an_event(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError) as caught:
        read_input(written(tmp_path, json.dumps({name: GOOD})), EntryPoint.REST)
    assert "token endpoint" in str(caught.value)
    assert GOOD not in str(caught.value)
