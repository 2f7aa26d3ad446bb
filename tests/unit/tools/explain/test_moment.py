from __future__ import annotations

import pytest

from authorizer import clock
from authorizer.tools.explain.moment import moment
from authorizer.tools.terminal import CommandError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("100000000", 100_000_000),
        ("1795428000", 1_795_428_000),
        ("1795428000.5", 1_795_428_000.5),
        ("2026-11-23T10:00:00Z", 1_795_428_000),
        ("2026-11-23T11:00:00+01:00", 1_795_428_000),
        ("253402300799", 253_402_300_799),
    ],
)
def test_time_is_read(text: str, seconds: float) -> None:
    assert moment(text) == seconds


def test_no_text_is_now() -> None:
    assert abs(moment(None) - clock.now()) < 60


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "2026",
        "20261123",
        "99999999",
        "99999999.5",
        "soon",
        "-1",
        "253402300800",
        "2026-11-23T10:00:00",
        "1e9",
        "nan",
        "٣",
        "1.2.3",
        "0001-01-01T00:00:00+23:59",
    ],
)
def test_what_is_no_time_is_not_repeated(text: str) -> None:
    with pytest.raises(CommandError) as caught:
        moment(text)
    assert not text or text not in str(caught.value)
