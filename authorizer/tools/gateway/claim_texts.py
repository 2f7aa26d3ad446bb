"""Claims as API Gateway hands them on: each a text, in the dialect of HTTP APIs or in that of REST APIs."""

from __future__ import annotations

import json
from decimal import Decimal
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Final

from authorizer.jose.claims import MAX_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TIMES: Final = ("exp", "nbf", "iat")


def http_texts(claims: Mapping[str, Any]) -> dict[str, str]:
    """The claims at `requestContext.authorizer.jwt.claims`: arrays as `[a b]`, objects as JSON, null left out.

    AWS: "Control access to HTTP APIs with JWT authorizers"; the form of arrays is from captures. Not captured: null within
    an array (here `null`), an array within one (here `[a [b c]]`), and objects anywhere.
    """
    return {name: _text(value, _bracketed) for name, value in claims.items() if value is not None}


def rest_texts(claims: Mapping[str, Any]) -> dict[str, str]:
    """The claims at `requestContext.authorizer.claims` of a REST API: arrays as `a,b`, objects as JSON, null left out.

    AWS: "Integrate a REST API with an Amazon Cognito user pool". Captures of 2016 to 2023 have the times `exp` and `iat` as
    `Fri Feb 08 07:35:27 UTC 2019`, and `auth_time` as digits; that `nbf` is as `exp` is a guess. Unsure is the form of
    arrays: for `cognito:groups` sources have `a,b`, `[a b]` and `["a","b"]`. Parse no authorization out of it: a group may
    have a comma in its name.
    """
    texts = {name: _text(value, ",".join) for name, value in claims.items() if value is not None}
    return texts | {name: _date(claims[name]) for name in _TIMES if _is_time(claims.get(name))}


def _bracketed(texts: list[str]) -> str:
    return f"[{' '.join(texts)}]"


def _text(value: Any, join: Callable[[list[str]], str]) -> str:
    match value:
        case str():
            return value
        case bool() | None:
            return json.dumps(value)
        case int():
            return str(value)
        case float():
            return _decimal(value)
        case list():
            return join([_text(one, join) for one in value])
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _decimal(number: float) -> str:
    """A number without exponent and without a fraction of zero: `1e10` in a token is `10000000000`."""
    return f"{Decimal(repr(number)):f}".removesuffix(".0")


def _is_time(value: object) -> bool:
    """RFC 7519 section 2, "NumericDate", and a year that can be written."""
    return (type(value) is int or type(value) is float) and 0 <= value <= MAX_TIME


def _date(seconds: float) -> str:
    """As Java's `Date` writes itself in UTC."""
    day, number, month, year, time, _ = formatdate(seconds, usegmt=True).split(" ")
    return f"{day.removesuffix(',')} {month} {number} {time} UTC {year}"
