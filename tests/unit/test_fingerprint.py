from __future__ import annotations

import hashlib
import hmac

import pytest

from authorizer.fingerprint import HEX, Fingerprint

KEY = b"a key of the tests"


@pytest.mark.parametrize("secret", ["", "a", "a.b.c", "é", "x" * 10_000])
def test_fingerprint_is_the_start_of_an_hmac(secret: str) -> None:
    assert Fingerprint(KEY)(secret) == hmac.digest(KEY, secret.encode(), hashlib.sha256).hex()[:HEX]


def test_same_secret_has_the_same_fingerprint_each_time() -> None:
    fingerprint = Fingerprint(KEY)
    assert len({fingerprint("a"), fingerprint("b"), fingerprint("a"), Fingerprint(KEY)("a")}) == 2


def test_another_key_gives_another_fingerprint() -> None:
    assert Fingerprint(KEY)("a") != Fingerprint(b"another")("a")


def test_key_is_in_no_representation() -> None:
    assert KEY.decode() not in repr(Fingerprint(KEY))
