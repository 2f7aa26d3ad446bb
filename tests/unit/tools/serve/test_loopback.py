"""Only names and addresses of this machine are admitted, because a page may point its own name here."""

from __future__ import annotations

import pytest

from authorizer.tools.serve.loopback import HostRule, is_loopback, name_in, warning_for

OURS = ("localhost", "LOCALHOST", "localhost.", "api.localhost", "127.0.0.1", "127.1.2.3", "::1")
THEIRS = (
    "example.com",
    "localhost.example.com",
    "notlocalhost",
    "127.0.0.1.example.com",
    "0.0.0.0",
    "10.0.0.1",
    "",
    "::2",
)


@pytest.mark.parametrize("host", OURS)
def test_this_machine(host: str) -> None:
    assert is_loopback(host)
    assert warning_for(host) is None


@pytest.mark.parametrize("host", THEIRS)
def test_other_machines(host: str) -> None:
    assert not is_loopback(host)
    warning = warning_for(host)
    assert warning is not None
    assert warning.startswith(f"{host} is not loopback")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("localhost:3000", "localhost"),
        ("localhost:", "localhost"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[::1]:3000", "::1"),
        ("::1", None),
        ("", None),
        ("localhost:3000:1", None),
        ("localhost:99999999", None),
        ("localhost@example.com", None),
        ("localhost/", None),
        ("localhost example.com", None),
        ("[::1].example.com", None),
        ("localhost\n", None),
    ],
)
def test_name_in_a_host_header(header: str, name: str | None) -> None:
    assert name_in(header) == name


@pytest.mark.parametrize("header", ["localhost:3000", "a.b.localhost", "127.0.0.1:3000", "[::1]:3000"])
def test_on_loopback_local_names_are_admitted(header: str) -> None:
    assert HostRule("127.0.0.1").admits(header)


@pytest.mark.parametrize("header", ["example.com", "rebound.example.com:3000", "169.254.169.254", "", None, "[::]"])
def test_on_loopback_other_names_are_not(header: str | None) -> None:
    assert not HostRule("127.0.0.1").admits(header)


@pytest.mark.parametrize("header", ["example.com", "", None])
def test_beyond_loopback_nothing_is_checked(header: str | None) -> None:
    assert HostRule("0.0.0.0").admits(header)
