from __future__ import annotations

from typing import Any

import pytest

from authorizer import request
from authorizer.credential import AUTHORIZATION, Place, Sources, Where, find
from authorizer.reasons import Reason
from authorizer.surface import Surface
from authorizer.testing import Call
from tests.entries import BUILDERS
from tests.outcomes import event_error, every_text, refused

TOKEN = "aaaa.bbbb.cccc"
OTHER = "dddd.eeee.ffff"
X_TOKEN = Place(Where.HEADER, "x-token")
QUERY = Place(Where.QUERY, "access_token")
COOKIE = Place(Where.COOKIE, "session")
PLACES = (AUTHORIZATION, X_TOKEN, QUERY, COOKIE)
WITH_FIELDS = [surface for surface in Surface if surface.has_fields]
each_surface = pytest.mark.parametrize("surface", Surface, ids=lambda surface: surface.value)
each_with_fields = pytest.mark.parametrize("surface", WITH_FIELDS, ids=lambda surface: surface.value)
each_place = pytest.mark.parametrize("place", PLACES, ids=str)


def look(
    surface: Surface,
    *places: Place,
    token: str | None = TOKEN,
    raw: str | None = None,
    max_bytes: int = 8192,
    **call: Any,
) -> str:
    """The credential found in the event of a call."""
    event = BUILDERS[surface](token if raw is None else None, Call(**call), raw=raw)
    return found(event, *places, max_bytes=max_bytes)


def found(event: object, *places: Place, max_bytes: int = 8192) -> str:
    read = request.read(event, tuple(Surface))
    return find(read, Sources(places=places or (AUTHORIZATION,), max_bytes=max_bytes)).value


@each_with_fields
@each_place
def test_credential_is_found_in_its_place(surface: Surface, place: Place) -> None:
    assert look(surface, place, place=str(place)) == TOKEN


@each_with_fields
def test_place_is_told(surface: Surface) -> None:
    read = request.read(BUILDERS[surface](TOKEN, Call(place="query:access_token")), tuple(Surface))
    assert find(read, Sources(places=PLACES)).place == "query:access_token"


@each_with_fields
@each_place
def test_one_of_several_places_holds_it(surface: Surface, place: Place) -> None:
    assert look(surface, *PLACES, place=str(place)) == TOKEN


@pytest.mark.parametrize("place", [AUTHORIZATION, X_TOKEN], ids=str)
def test_token_event_holds_the_configured_header(place: Place) -> None:
    raw = f"Bearer {TOKEN}" if place.has_scheme else TOKEN
    assert look(Surface.REST_TOKEN, QUERY, place, raw=raw) == TOKEN


def test_token_event_cannot_hold_what_is_no_header() -> None:
    with event_error(Reason.EVENT_FOR_ANOTHER_FUNCTION):
        look(Surface.REST_TOKEN, QUERY, COOKIE)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
@pytest.mark.parametrize("space", [" ", "  ", "     "])
@each_surface
def test_scheme_has_no_case_and_any_number_of_spaces(surface: Surface, scheme: str, space: str) -> None:
    assert look(surface, raw=f"{scheme}{space}{TOKEN}") == TOKEN


@pytest.mark.parametrize("token", ["a", "a=", "a==", "0", "-._~+/", "a" * 8185, "A-Z.a~z_0+9/=", "undefined"])
@each_surface
def test_every_b64token_is_a_credential(surface: Surface, token: str) -> None:
    assert look(surface, token=token) == token


@each_surface
def test_nothing_is_missing(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MISSING) as caught:
        look(surface, token=None)
    assert caught.value.fault.claim == "header:authorization"


@each_surface
def test_empty_header_is_missing(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MISSING):
        look(surface, raw="")


@each_place
@each_with_fields
def test_empty_place_is_missing(surface: Surface, place: Place) -> None:
    with refused(Reason.CREDENTIAL_MISSING):
        look(surface, place, raw="", place=str(place))


@each_with_fields
def test_header_where_the_query_is_configured_is_misplaced(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MISPLACED) as caught:
        look(surface, QUERY)
    assert (caught.value.fault.found, caught.value.fault.expected) == ("header:authorization", "query:access_token")


@each_with_fields
def test_query_where_the_header_is_configured_is_misplaced(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MISPLACED) as caught:
        look(surface, place="query:access_token")
    assert caught.value.fault.found == "query:access_token"


@each_with_fields
def test_cookie_is_no_usual_place(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MISSING):
        look(surface, place="cookie:session")


@each_with_fields
def test_two_places_are_one_too_many(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MULTIPLE):
        look(surface, AUTHORIZATION, QUERY, query={"access_token": OTHER})


@each_with_fields
def test_the_same_token_in_two_places_is_one_too_many(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MULTIPLE):
        look(surface, AUTHORIZATION, QUERY, query={"access_token": TOKEN})


@each_with_fields
def test_token_beside_an_empty_place_is_one_too_many(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MULTIPLE):
        look(surface, AUTHORIZATION, QUERY, query={"access_token": ""})


@each_with_fields
def test_second_place_that_is_not_configured_is_not_looked_at(surface: Surface) -> None:
    assert look(surface, query={"access_token": OTHER}) == TOKEN


@pytest.mark.parametrize("other", [OTHER, TOKEN], ids=["another", "the-same"])
@each_with_fields
def test_header_twice_is_one_too_many(surface: Surface, other: str) -> None:
    with refused(Reason.CREDENTIAL_MULTIPLE):
        look(surface, headers=[("Authorization", f"Bearer {other}")])


@each_with_fields
def test_header_twice_in_two_spellings_is_one_too_many(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MULTIPLE):
        look(surface, headers=[("AUTHORIZATION", f"Bearer {OTHER}")])


@each_with_fields
def test_query_parameter_twice_is_one_too_many(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MULTIPLE):
        look(surface, QUERY, place="query:access_token", query=[("access_token", OTHER)])


@each_with_fields
def test_cookie_twice_is_one_too_many(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MULTIPLE):
        look(surface, COOKIE, place="cookie:session", cookies=[("session", OTHER)])


@each_surface
def test_comma_between_two_is_one_too_many(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_MULTIPLE):
        look(surface, raw=f"Bearer {TOKEN},Bearer {OTHER}")


@each_surface
def test_bare_token_lacks_its_scheme(surface: Surface) -> None:
    with refused(Reason.CREDENTIAL_SCHEME_MISSING):
        look(surface, raw=TOKEN)


@pytest.mark.parametrize(
    "raw",
    [
        f"Basic {TOKEN}",
        f"DPoP {TOKEN}",
        f"JWT {TOKEN}",
        f"Token {TOKEN}",
        f"Bearer: {TOKEN}",
        f"Bearer\t{TOKEN}",
        f"Bearer\u00a0{TOKEN}",
        f" Bearer {TOKEN}",
        f'"Bearer {TOKEN}"',
        f"Bearerr {TOKEN}",
        "AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-1/execute-api/aws4_request, Signature=aa",
        "Negotiate YII=",
        "{}",
        "a,b",
    ],
)
@each_surface
def test_other_schemes_are_unsupported(surface: Surface, raw: str) -> None:
    with refused(Reason.CREDENTIAL_SCHEME_UNSUPPORTED) as caught:
        look(surface, raw=raw)
    assert TOKEN not in every_text(caught.value)


MALFORMED = [
    f"{TOKEN} ",
    f"{TOKEN}\n",
    f"{TOKEN}\r\nX-Admin: 1",
    f"{TOKEN} x",
    f'"{TOKEN}"',
    f"'{TOKEN}'",
    f"<{TOKEN}>",
    "{" + TOKEN + "}",
    '{"alg":"none"}.e30.',
    f"\t{TOKEN}",
    f"{TOKEN}\x00",
    f"{TOKEN}%3D",
    f"{TOKEN}\u00e9",
    f"{TOKEN}\ud800",
    f"{TOKEN}\u200b",
    "\uff41.b.c",
    "=",
    "====",
    "=a",
    "a=b",
    "a;b",
    "a:b",
    "a*b",
    "null undefined",
]


@pytest.mark.parametrize("text", MALFORMED, ids=ascii)
@each_surface
def test_what_is_no_b64token_is_malformed_behind_bearer(surface: Surface, text: str) -> None:
    with refused(Reason.CREDENTIAL_MALFORMED) as caught:
        look(surface, raw=f"Bearer {text}")
    assert TOKEN not in every_text(caught.value)


@pytest.mark.parametrize("text", [*MALFORMED, f"Bearer {TOKEN}"], ids=ascii)
@each_with_fields
def test_what_is_no_b64token_is_malformed_in_a_bare_place(surface: Surface, text: str) -> None:
    with refused(Reason.CREDENTIAL_MALFORMED):
        look(surface, X_TOKEN, raw=text, place="header:x-token")


@pytest.mark.parametrize("raw", ["Bearer", "Bearer ", "bearer    "])
@each_surface
def test_scheme_without_a_token_is_malformed(surface: Surface, raw: str) -> None:
    with refused(Reason.CREDENTIAL_MALFORMED):
        look(surface, raw=raw)


@pytest.mark.parametrize("length", [299, 300])
@each_surface
def test_credential_up_to_the_limit_is_read(surface: Surface, length: int) -> None:
    token = "a" * (length - len("Bearer "))
    assert look(surface, token=token, max_bytes=300) == token


@pytest.mark.parametrize("raw", ["Bearer " + "a" * 294, "a" * 301, "Bearer " + "," * 1000, "Basic " + "é" * 300])
@each_surface
def test_credential_over_the_limit_is_refused_before_all_else(surface: Surface, raw: str) -> None:
    with refused(Reason.CREDENTIAL_TOO_LARGE):
        look(surface, raw=raw, max_bytes=300)


def test_default_limit_is_below_that_of_the_gateway() -> None:
    assert Sources().max_bytes == 8192
    assert Sources().places == (AUTHORIZATION,)


def test_no_place_at_all_finds_nothing() -> None:
    read = request.read(BUILDERS[Surface.HTTP_V2](None), tuple(Surface))
    with refused(Reason.CREDENTIAL_MISSING):
        find(read, Sources(places=()))


@each_place
def test_only_the_authorization_header_has_a_scheme(place: Place) -> None:
    assert place.has_scheme == (str(place) == "header:authorization")


def test_place_of_a_query_parameter_called_authorization_has_no_scheme() -> None:
    assert not Place(Where.QUERY, "authorization").has_scheme


def test_value_is_in_no_representation() -> None:
    read = request.read(BUILDERS[Surface.HTTP_V2](TOKEN), tuple(Surface))
    assert TOKEN not in repr(find(read, Sources()))
