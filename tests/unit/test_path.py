from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from authorizer.path import DOUBTFUL_SIGNS, DOUBTFUL_SIGNS_EXACT, folded, is_doubtful, normalised, split

# Escapes of controls, of # % . / ; ? \ and DEL, and of what begins overlong UTF-8.
DOUBTFUL_ESCAPES = {*range(0x20), 0x23, 0x25, 0x2E, 0x2F, 0x3B, 0x3F, 0x5C, 0x7F, 0xC0, 0xC1}


@pytest.mark.parametrize(
    "path",
    [
        *("//a", "/a//b", "/a//", "/.", "/..", "/./a", "/../a", "/a/.", "/a/..", "/a/./b", "/a/../b"),
        *("/a;b", "/a;", "/a\\b", "/a\nb", "/a\x00", "/a\x1f", "/%2f", "/%2E", "/%25", "/%00", "/%%41", "/%4%31"),
    ],
)
def test_doubtful_sign_is_seen(path: str) -> None:
    assert is_doubtful(path, exact=False)
    assert is_doubtful(path, exact=True)


@pytest.mark.parametrize(
    ("path", "exact"),
    [
        *((path, False) for path in ("/", "/a", "/a/", "/.well-known/x", "/a..b", "/...", "/a.", "/a:b", "/é", "/a b")),
        *((path, True) for path in ("/a%20b", "/%41", "/%C3%A9", "/a%", "/100%")),
    ],
)
def test_escape_is_doubtful_only_where_paths_are_exact(path: str, exact: bool) -> None:
    assert not is_doubtful(path, exact=False)
    assert is_doubtful(path, exact=True) is exact


@pytest.mark.parametrize("form", ["%{:02x}", "%{:02X}"])
def test_escapes_of_separators_dots_and_controls_are_doubtful_and_no_others(form: str) -> None:
    assert {byte for byte in range(256) if is_doubtful("/a" + form.format(byte), exact=False)} == DOUBTFUL_ESCAPES
    assert all(is_doubtful("/a" + form.format(byte), exact=True) for byte in range(256))


@pytest.mark.parametrize(("signs", "exact"), [(DOUBTFUL_SIGNS, False), (DOUBTFUL_SIGNS_EXACT, True)])
def test_what_a_policy_denies_by_a_sign_is_doubtful_for_the_rules(signs: tuple[str, ...], exact: bool) -> None:
    for sign in signs:
        assert is_doubtful("/" + sign.replace("*", "z").replace("?", "x"), exact=exact), sign


@pytest.mark.parametrize("form", ["%{:02x}", "%{:02X}"])
def test_escape_that_is_doubtful_for_the_rules_is_denied_by_a_sign(form: str) -> None:
    for byte in range(256):
        path = "z/z" + form.format(byte) + "z"
        assert any(fnmatchcase(path, sign) for sign in DOUBTFUL_SIGNS) is (byte in DOUBTFUL_ESCAPES), path
        assert any(fnmatchcase(path, sign) for sign in DOUBTFUL_SIGNS_EXACT)


def test_path_is_split_at_its_slashes() -> None:
    paths = ("/", "/a", "/a/", "/a/b", "//", "/a//b")
    assert [split(path) for path in paths] == [[], ["a"], ["a", ""], ["a", "b"], ["", ""], ["a", "", "b"]]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/a", "/a"),
        ("/Adm%69n/%C3%9Cber", "/admin/\u00fcber"),
        ("Stra\u00dfe", "strasse"),
        ("a%2Fb", "a/b"),
        ("%2561", "%61"),  # once
        ("a+b", "a+b"),
        ("100%", "100%"),
    ],
)
def test_folded_text_has_neither_case_nor_escapes(text: str, read: str) -> None:
    assert folded(text) == read


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/", "/"),
        ("/a/b", "/a/b"),
        ("/a/../b", "/b"),
        ("//a/./B/", "/a/b"),
        ("/a;v=1/b", "/a/b"),
        ("/a%2Fb", "/a/b"),
        ("/a%252Fb", "/a/b"),
        ("/a\\b", "/a/b"),
        ("/..", "/"),
        ("/../../a", "/a"),
        ("/a/..;x/b", "/b"),
        ("/a/%2e%2E/b", "/b"),
    ],
)
def test_normalised_path_is_what_a_lenient_server_reads(path: str, plain: str) -> None:
    assert normalised(path) == plain
