from __future__ import annotations

import pytest

from authorizer.testing import SigningKey, mint
from authorizer.tools.explain.credential_notes import parts_notes, text_notes
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.parts import read_parts

PLACEHOLDERS = ["undefined", "null", "None", "[object Object]", "${TOKEN}", "$TOKEN", "{{token}}", "<token>", "xxxx"]
API_KEYS = [
    "Zk3" * 13 + "Q",
    "sk_live_0123456789abcdefghij",
    "ghp_0123456789abcdefghij",
    "AKIA0123456789ABCDEF",
]
OPAQUE = [
    "0123456789abcdef" * 2,
    "0123456789abcdef" * 4,
    "12345678-90ab-cdef-1234-567890abcdef",
    "key-0123456789ABCDEF",
    "q7vY2mD4sKxR9tNfWzLbHc",
    "ya29.a0AfH6SMBx",
    "short",
    "a.b",
]


def of_text(text: str) -> list[NearMiss]:
    return [note.near_miss for note in text_notes(text)]


@pytest.mark.parametrize("number", range(len(PLACEHOLDERS)))
def test_placeholder_is_known(number: int) -> None:
    assert of_text(PLACEHOLDERS[number]) == [NearMiss.PLACEHOLDER_SENT]


@pytest.mark.parametrize("number", range(len(API_KEYS)))
def test_api_key_is_known_by_its_form(number: int) -> None:
    assert of_text(API_KEYS[number]) == [NearMiss.TOKEN_IS_API_KEY]


@pytest.mark.parametrize("number", range(len(OPAQUE)))
def test_other_text_is_opaque(number: int) -> None:
    assert of_text(OPAQUE[number]) == [NearMiss.TOKEN_IS_OPAQUE]


@pytest.mark.parametrize("text", ["eyJhbGciOiJSUzI1NiJ9", "eyJhbGciOiJSUzI1NiJ9.", "eyJhbGciOiJSUzI1NiJ9.eyJ"])
def test_start_of_a_token_is_cut(text: str) -> None:
    assert of_text(text) == [NearMiss.TOKEN_CUT]


@pytest.mark.parametrize("text", ["", "two words", "eyJhbG iOi", "é", "a,b"])
def test_what_is_like_nothing_is_near_to_nothing(text: str) -> None:
    assert of_text(text) == []


@pytest.mark.parametrize("algorithm", ["RS256", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"])
def test_signature_is_cut_as_soon_as_it_is_shorter_than_any(keys: dict[str, SigningKey], algorithm: str) -> None:
    text = mint(keys[algorithm])
    for end, cut in (("A", []), ("", []), (None, [NearMiss.TOKEN_CUT])):
        sent = text[:-1] if end is None else text + end
        assert [note.near_miss for note in parts_notes(read_parts(sent))] == cut


def test_encrypted_token_is_known() -> None:
    refresh = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.a.b.c.d"
    assert [note.near_miss for note in parts_notes(read_parts(refresh))] == [NearMiss.TOKEN_IS_JWE]
    assert list(parts_notes(read_parts("a.b.c.d.e"))) == []
