from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.repair import MAX_CHARACTERS, repaired

GOOD = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2ln"
MENDED = {
    f'"{GOOD}"': [NearMiss.CREDENTIAL_QUOTED],
    f"'Bearer {GOOD}'": [NearMiss.CREDENTIAL_QUOTED],
    f'Bearer "{GOOD}"': [NearMiss.CREDENTIAL_QUOTED],
    f"\u201c{GOOD}\u201d": [NearMiss.CREDENTIAL_QUOTED],
    f'{GOOD}"': [NearMiss.CREDENTIAL_QUOTED],
    f"Authorization: Bearer {GOOD}": [NearMiss.HEADER_NAME_SENT],
    f"Bearer Bearer {GOOD}": [NearMiss.BEARER_TOO_OFTEN],
    f"bearer: BEARER  {GOOD}": [NearMiss.BEARER_TOO_OFTEN],
    f"{GOOD[:9]}\n{GOOD[9:]}": [NearMiss.WHITE_SPACE],
    f"{GOOD}\n": [NearMiss.WHITE_SPACE],
    f"Bearer token {GOOD}": [NearMiss.WHITE_SPACE],
    GOOD.replace(".", "%2E"): [NearMiss.URL_ENCODED],
    f"Bearer%20{GOOD}": [NearMiss.URL_ENCODED],
    GOOD.replace(".", "==."): [NearMiss.BASE64_STANDARD],
    f'"Bearer Bearer {GOOD[:9]} {GOOD[9:]}"': [
        NearMiss.CREDENTIAL_QUOTED,
        NearMiss.BEARER_TOO_OFTEN,
        NearMiss.WHITE_SPACE,
    ],
}


@pytest.mark.parametrize("sent", [GOOD, f"Bearer {GOOD}", f"Bearer  {GOOD}", f"bEARER {GOOD}", f"DPoP {GOOD}"])
def test_good_token_is_left_alone(sent: str) -> None:
    assert repaired(sent, has_scheme=True)[1:] == (GOOD, ())


@pytest.mark.parametrize("number", range(len(MENDED)))
def test_token_is_found_in_what_was_sent(number: int) -> None:
    sent, near_misses = list(MENDED.items())[number]
    mended = repaired(sent, has_scheme=True)
    assert mended.token == GOOD
    assert [note.near_miss for note in mended.notes] == near_misses


def test_standard_alphabet_becomes_the_one_of_urls() -> None:
    mended = repaired("eyJ+/w==.e30=.AA", has_scheme=True)
    assert mended.token == "eyJ-_w.e30.AA"


def test_scheme_is_too_much_where_the_bare_token_belongs() -> None:
    notes = repaired(f"Bearer {GOOD}", has_scheme=False).notes
    assert [note.near_miss for note in notes] == [NearMiss.BEARER_TOO_OFTEN]


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Basic amFuZTpleGFtcGxl",
        "opaque",
        '{"a":"b.c.d"}',
        "a.b",
        "%zz",
        "..é",
        f"{GOOD} {GOOD}",
        f"{GOOD}\n{GOOD}",
        f"{GOOD[:9]}\n{GOOD[9:]}\n{GOOD[:9]}\n{GOOD[9:]}",
    ],
    ids=range(11),
)
def test_what_is_no_token_is_not_made_one(sent: str) -> None:
    assert repaired(sent, has_scheme=True)[1:] == (None, ())


def test_what_is_much_too_long_is_left_alone() -> None:
    just = GOOD + "A" * (MAX_CHARACTERS - len(GOOD))
    assert repaired(just, has_scheme=True).token == just
    assert repaired(just + "A", has_scheme=True).token is None


@given(st.text(max_size=200) | st.text("Bearer \"'.eyJ%2E\n+/=", max_size=200))
def test_any_text_ends_in_a_token_or_in_none(sent: str) -> None:
    mended = repaired(sent, has_scheme=True)
    assert mended.token is None or mended.token.count(".") in (2, 4)
    assert "eyJ" not in repr(mended)
