from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.errors import Refused
from authorizer.jose import token
from authorizer.testing import FORGERIES, attacker_key, default_claims, raw_token
from authorizer.tools.explain.parts import read_parts
from tests.outcomes import outcome

if TYPE_CHECKING:
    from authorizer.testing.forgery import Forgery

GOOD = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.AA"
ALPHABET = "ABCDabcd019-_=+/. é\x00"


def codes(text: str) -> list[str]:
    return [problem.reason.value for problem in read_parts(text).problems]


def test_good_token_is_whole() -> None:
    parts = read_parts(GOOD)
    assert (parts.problems, parts.whole, parts.members) == ((), True, {"alg": "ES256"})
    assert parts.seen == token.parse(GOOD)


def test_each_part_is_read_for_itself() -> None:
    assert codes("e30x.e30x.===") == ["token_json_invalid", "token_json_invalid", "token_base64_invalid"]
    parts = read_parts("e30x.eyJpc3MiOiJhIn0.")
    assert [problem.fault.claim for problem in parts.problems] == ["header", "signature"]
    assert parts.seen is not None
    assert (parts.seen.claims, parts.whole) == ({"iss": "a"}, False)


def test_claims_that_cannot_be_read_leave_the_header() -> None:
    parts = read_parts("eyJhbGciOiJFUzI1NiJ9.e30x.AA")
    assert (parts.seen, parts.members) == (None, {"alg": "ES256"})


def test_every_fault_of_a_header_is_told() -> None:
    text = raw_token(b'{"alg":"HS256","enc":"x","zip":"DEF","b64":false,"kid":"","typ":1}', b"{}", lambda _: b"x")
    parts = read_parts(text)
    expected = ["token_encrypted", "alg_symmetric", "crit_unsupported", "kid_invalid", "token_type_rejected"]
    assert [problem.reason.value for problem in parts.problems] == expected
    assert parts.faulty == {"enc", "alg", "crit", "kid", "typ"}


def test_encrypted_token_shows_its_header_only() -> None:
    parts = read_parts("eyJlbmMiOiJBMjU2R0NNIn0.a.b.c.d")
    assert (parts.seen, parts.members) == (None, {"enc": "A256GCM"})
    assert codes("eyJlbmMiOiJBMjU2R0NNIn0.a.b.c.d") == ["token_encrypted"]


def test_claims_of_a_token_can_be_sent_alone() -> None:
    assert token.parse(read_parts("e30x.eyJpc3MiOiJhIn0.").shell).claims == {"iss": "a"}


def test_nothing_of_a_token_is_in_a_representation() -> None:
    assert "iss" not in repr(read_parts(GOOD))


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_first_problem_is_the_one_of_the_parser(forgery: Forgery) -> None:
    text = forgery.token(attacker_key("ES256"), default_claims(1_795_428_000))
    parsed = outcome(lambda: token.parse(text), Refused)
    assert codes(text)[:1] == ([parsed.reason.value] if isinstance(parsed, Refused) else [])


@given(st.lists(st.text(ALPHABET, max_size=12), min_size=3, max_size=5).map(".".join))
def test_first_problem_of_any_text_is_the_one_of_the_parser(text: str) -> None:
    if not token.is_jwt(text):
        return
    parsed = outcome(lambda: token.parse(text), Refused)
    assert codes(text)[:1] == ([parsed.reason.value] if isinstance(parsed, Refused) else [])
