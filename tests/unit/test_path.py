from __future__ import annotations

import pytest

from authorizer.path import folded, is_doubtful, normalised, split


@pytest.mark.parametrize(
    "path", ["//a", "/a//b", "/./a", "/a/..", "/a;b", "/a\\b", "/%2f", "/%2E", "/%25", "/%00", "/%%41"]
)
def test_doubtful_sign_is_seen(path: str) -> None:
    assert is_doubtful(path, exact=False)
    assert is_doubtful(path, exact=True)


@pytest.mark.parametrize(
    ("path", "exact"), [("/a", False), ("/a/", False), ("/.well-known/x", False), ("/a%20b", True), ("/%41", True)]
)
def test_escape_is_doubtful_where_paths_are_exact(path: str, exact: bool) -> None:
    assert not is_doubtful(path, exact=False)
    assert is_doubtful(path, exact=True) is exact


def test_path_is_split_at_its_slashes() -> None:
    assert [split(path) for path in ("/", "/a", "/a/", "/a/b")] == [[], ["a"], ["a", ""], ["a", "b"]]


def test_folded_path_has_neither_case_nor_escapes() -> None:
    assert folded("/Adm%69n/%C3%9Cber") == "/admin/\u00fcber"


@pytest.mark.parametrize(
    ("path", "plain"), [("/a/../b", "/b"), ("//a/./B/", "/a/b"), ("/a;v=1/b", "/a/b"), ("/a%2Fb", "/a/b"), ("/..", "/")]
)
def test_normalised_path_is_what_a_lenient_server_reads(path: str, plain: str) -> None:
    assert normalised(path) == plain
