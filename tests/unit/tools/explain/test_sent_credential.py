from __future__ import annotations

from typing import Any

import pytest

from authorizer import request
from authorizer.credential import Place, Sources, Where
from authorizer.surface import Surface
from authorizer.testing import Call, http_v2, rest_token
from authorizer.tools.explain.finding import Findings
from authorizer.tools.explain.near_miss import NearMiss
from authorizer.tools.explain.sent_credential import SentCredential, sent_credential

GOOD = "eyJhbGciOiJSUzI1NiJ9.eyJhIjoiYiJ9.c2ln"
COOKIE = Sources(places=(Place(Where.COOKIE, "session"),))


def sent(event: dict[str, Any], sources: Sources = Sources()) -> tuple[SentCredential, list[str]]:  # noqa: B008 - frozen
    findings = Findings()
    called = request.read(event, tuple(Surface))
    return sent_credential(called, sources, findings), [finding.reason.value for finding in findings]


def test_credential_that_is_found_is_the_token() -> None:
    found, reasons = sent(http_v2(GOOD))
    assert found.found is not None
    assert (found.found.value, found.token, found.place, reasons) == (GOOD, GOOD, "header:authorization", [])
    assert GOOD not in repr(found)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (GOOD, "credential_scheme_missing"),
        (f"DPoP {GOOD}", "credential_scheme_unsupported"),
        (f'Bearer "{GOOD}"', "credential_malformed"),
        (f"Bearer {GOOD}" + "A" * 8192, "credential_too_large"),
    ],
    ids=["scheme-missing", "scheme-other", "malformed", "too-large"],
)
@pytest.mark.parametrize("build", [http_v2, rest_token])
def test_token_is_read_on_where_the_lambda_takes_none(build: Any, raw: str, reason: str) -> None:
    found, reasons = sent(build(raw=raw))
    assert (found.found, reasons) == (None, [reason])
    assert found.token is not None
    assert found.token.startswith(GOOD)
    assert found.place == "header:authorization"


def test_misplaced_token_is_read_on() -> None:
    found, reasons = sent(http_v2(None, Call(query={"access_token": GOOD})))
    assert (found.token, found.place, reasons) == (GOOD, "query:access_token", ["credential_misplaced"])
    found, reasons = sent(http_v2(GOOD), COOKIE)
    assert (found.token, found.place, reasons) == (GOOD, "header:authorization", ["credential_misplaced"])


def test_of_two_none_is_read_on() -> None:
    both = Sources(places=(*Sources().places, *COOKIE.places))
    found, reasons = sent(http_v2(GOOD, Call(cookies={"session": GOOD})), both)
    assert (found, reasons) == (SentCredential(), ["credential_multiple"])


@pytest.mark.parametrize("build", [http_v2, rest_token])
def test_nothing_is_nothing(build: Any) -> None:
    assert sent(build(None)) == (SentCredential(), ["credential_missing"])


def test_token_event_without_a_header_among_the_places_is_for_another_function() -> None:
    found, reasons = sent(rest_token(GOOD), COOKIE)
    assert (found.token, reasons) == (GOOD, ["event_for_another_function"])


def test_headers_that_cannot_be_read_end_it() -> None:
    assert sent(http_v2(GOOD) | {"headers": [["authorization", GOOD]]}) == (SentCredential(), ["event_unknown"])


def test_other_scheme_is_not_called_an_opaque_token() -> None:
    assert sent(http_v2(raw="Basic amFuZTpleGFtcGxl"))[0].notes == ()


def test_encoding_that_was_mended_is_remembered() -> None:
    found, _ = sent(http_v2(raw=f"Bearer {GOOD.replace('.', '=.')}"))
    assert ([note.near_miss for note in found.notes], found.recoded) == ([NearMiss.BASE64_STANDARD], True)
    assert not sent(http_v2(GOOD))[0].recoded
