from __future__ import annotations

from typing import Any

import pytest

from authorizer.fields import NO_FIELDS, Fields
from authorizer.reasons import Reason
from tests.outcomes import event_error, every_text

SECRET = "eyJhbGciOiJub25lIn0"
NOTHING: list[dict[str, Any]] = [
    {},
    {"headers": None, "multiValueHeaders": None, "queryStringParameters": None, "cookies": None},
    {"headers": {}, "multiValueHeaders": {}, "queryStringParameters": {}, "cookies": []},
    {"headers": {"x": None}, "multiValueHeaders": {"x": None}, "queryStringParameters": {"x": None}},
    {"headers": {"X-Other": "1"}, "multiValueHeaders": {"X-Other": ["1"]}, "queryStringParameters": {"X": "1"}},
]


@pytest.mark.parametrize("event", NOTHING)
def test_nothing_is_nothing_in_every_spelling(event: dict[str, Any]) -> None:
    fields = Fields(event)
    assert (fields.header("x"), fields.query("x"), fields.cookie("x")) == ((), (), ())


def test_no_fields_has_nothing() -> None:
    assert (NO_FIELDS.header("x"), NO_FIELDS.query("x"), NO_FIELDS.cookie("x")) == ((), (), ())


@pytest.mark.parametrize("spelling", ["authorization", "Authorization", "AUTHORIZATION", "aUTHORIZATION"])
@pytest.mark.parametrize("event", ["headers", "multiValueHeaders"])
def test_header_is_found_in_any_case(event: str, spelling: str) -> None:
    value: Any = "a" if event == "headers" else ["a"]
    assert Fields({event: {spelling: value}}).header("authorization") == ("a",)


@pytest.mark.parametrize("near", ["authorization ", " authorization", "authorisation", "x-authorization", "author"])
def test_header_of_another_name_is_not_found(near: str) -> None:
    assert Fields({"headers": {near: "a"}}).header("authorization") == ()


def test_header_in_two_spellings_has_two_values() -> None:
    assert Fields({"headers": {"X-Token": "a", "x-token": "b"}}).header("x-token") == ("a", "b")


def test_header_sent_twice_has_two_values() -> None:
    event = {"headers": {"X-Token": "b"}, "multiValueHeaders": {"X-Token": ["a", "b"]}}
    assert Fields(event).header("x-token") == ("a", "b")


def test_header_sent_twice_with_one_value_has_two_values() -> None:
    event = {"headers": {"X-Token": "a"}, "multiValueHeaders": {"X-Token": ["a", "a"]}}
    assert Fields(event).header("x-token") == ("a", "a")


def test_header_that_both_maps_show_once_has_one_value() -> None:
    event = {"headers": {"x-token": "a"}, "multiValueHeaders": {"X-Token": ["a"]}}
    assert Fields(event).header("x-token") == ("a",)


def test_maps_that_disagree_give_both_values() -> None:
    event = {"headers": {"X-Token": "a"}, "multiValueHeaders": {"X-Token": ["b"]}}
    assert Fields(event).header("x-token") == ("b", "a")


def test_header_that_only_the_single_map_has_is_found() -> None:
    event = {"headers": {"X-Token": "a"}, "multiValueHeaders": {"Accept": ["*/*"]}}
    assert Fields(event).header("x-token") == ("a",)


def test_query_names_are_case_sensitive() -> None:
    fields = Fields({"queryStringParameters": {"access_token": "a", "Access_Token": "b"}})
    assert fields.query("access_token") == ("a",)


def test_query_sent_twice_has_two_values() -> None:
    event = {
        "queryStringParameters": {"access_token": "b"},
        "multiValueQueryStringParameters": {"access_token": ["a", "b"]},
    }
    assert Fields(event).query("access_token") == ("a", "b")


@pytest.mark.parametrize(
    "event",
    [
        {"cookies": ["theme=dark", "session=a"]},
        {"headers": {"cookie": "theme=dark; session=a"}},
        {"headers": {"Cookie": "session=a;theme=dark"}},
        {"multiValueHeaders": {"Cookie": ["theme=dark; session=a"]}},
        {"cookies": [], "headers": {"cookie": "session=a"}},
        {"cookies": ["session=a"], "headers": {"cookie": "session=b"}},
    ],
)
def test_cookie_is_found_where_the_payload_has_it(event: dict[str, Any]) -> None:
    assert Fields(event).cookie("session") == ("a",)


@pytest.mark.parametrize(
    "event",
    [
        {"cookies": ["session=a", "session=b"]},
        {"headers": {"cookie": "session=a; session=b"}},
        {"multiValueHeaders": {"Cookie": ["session=a", "session=b"]}},
    ],
)
def test_cookie_sent_twice_has_two_values(event: dict[str, Any]) -> None:
    assert Fields(event).cookie("session") == ("a", "b")


@pytest.mark.parametrize(
    ("cookie", "value"),
    [("session=a=b==", "a=b=="), ("session=", ""), ("session", ""), ('session="a"', '"a"'), (" session=a ", "a")],
)
def test_cookie_value_is_all_behind_the_first_equals_sign(cookie: str, value: str) -> None:
    assert Fields({"cookies": [cookie]}).cookie("session") == (value,)


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\x85", "\x1c", "\x0b", "\n"], ids=ascii)
def test_cookie_is_trimmed_of_spaces_and_tabs_only(blank: str) -> None:
    # RFC 6265 section 5.4: what else stands there belongs to the value, and makes it no token.
    assert Fields({"cookies": [f" session=a{blank}"]}).cookie("session") == (f"a{blank}",)
    assert Fields({"headers": {"cookie": f"x=y; session=a{blank}; z=1"}}).cookie("session") == (f"a{blank}",)
    assert Fields({"cookies": ["\tsession=a\t "]}).cookie("session") == ("a",)


@pytest.mark.parametrize("cookie", ["Session=a", "session2=a", "xsession=a", "a=session=b"])
def test_cookie_of_another_name_is_not_found(cookie: str) -> None:
    assert Fields({"cookies": [cookie]}).cookie("session") == ()


@pytest.mark.parametrize(
    ("event", "method"),
    [
        ({"headers": [SECRET]}, "header"),
        ({"headers": SECRET}, "header"),
        ({"headers": {"x": [SECRET]}}, "header"),
        ({"headers": {"x": 5}}, "header"),
        ({"headers": {"x": {"y": SECRET}}}, "header"),
        ({"multiValueHeaders": [SECRET]}, "header"),
        ({"multiValueHeaders": {"x": SECRET}}, "header"),
        ({"multiValueHeaders": {"x": [None]}}, "header"),
        ({"multiValueHeaders": {"x": [[SECRET]]}}, "header"),
        ({"queryStringParameters": SECRET}, "query"),
        ({"queryStringParameters": {"x": True}}, "query"),
        ({"multiValueQueryStringParameters": {"x": {"y": SECRET}}}, "query"),
        ({"cookies": SECRET}, "cookie"),
        ({"cookies": {"x": SECRET}}, "cookie"),
        ({"cookies": [None]}, "cookie"),
        ({"cookies": [[SECRET]]}, "cookie"),
    ],
)
def test_other_types_are_an_event_error_that_does_not_show_them(event: dict[str, Any], method: str) -> None:
    with event_error(Reason.EVENT_UNKNOWN) as caught:
        getattr(Fields(event), method)("x")
    assert SECRET not in every_text(caught.value)


@pytest.mark.parametrize(
    ("context", "address"),
    [
        ({"http": {"sourceIp": "192.0.2.1"}}, "192.0.2.1"),
        ({"identity": {"sourceIp": "2001:db8::1"}}, "2001:db8::1"),
        ({"http": {"method": "GET"}, "identity": {"sourceIp": "192.0.2.1"}}, "192.0.2.1"),
        ({"http": None, "identity": {"sourceIp": "192.0.2.1"}}, "192.0.2.1"),
    ],
)
def test_source_ip_is_what_api_gateway_saw(context: dict[str, Any], address: str) -> None:
    spoofed = {"X-Forwarded-For": SECRET, "Forwarded": f"for={SECRET}"}
    assert Fields({"requestContext": context, "headers": spoofed}).source_ip() == address


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"requestContext": None},
        {"requestContext": [SECRET]},
        {"requestContext": {}},
        {"requestContext": {"identity": {}, "http": {}}},
        {"requestContext": {"identity": SECRET}},
        {"requestContext": {"identity": {"sourceIp": None}}},
        {"requestContext": {"identity": {"sourceIp": [SECRET]}}},
        {"sourceIp": "192.0.2.1", "headers": {"X-Forwarded-For": "192.0.2.1"}},
    ],
)
def test_source_ip_that_is_not_there_is_an_event_error(event: dict[str, Any]) -> None:
    with event_error(Reason.EVENT_UNKNOWN) as caught:
        Fields(event).source_ip()
    assert SECRET not in every_text(caught.value)
