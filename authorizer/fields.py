"""Headers, query parameters and cookies of an event: untrusted, read on demand, every value kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.errors import EventError, Fault
from authorizer.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fields:
    """What the client sent beside the path. Every method returns all values, so that a doubled one is seen as doubled.

    API Gateway gives missing maps as absent, null or empty; all three mean "none". Header names keep the client's case
    on REST APIs. Payload 2.0 joins the values of a repeated header or parameter with commas, into one value.
    """

    __slots__ = ("_event",)

    def __init__(self, event: Mapping[str, object]) -> None:
        self._event = event

    def header(self, name: str) -> tuple[str, ...]:
        """All values of the header `name` (in lower case), whatever case the client used."""
        return self._values("headers", "multiValueHeaders", name, fold=True)

    def query(self, name: str) -> tuple[str, ...]:
        """All values of the query parameter `name`; names are case-sensitive."""
        return self._values("queryStringParameters", "multiValueQueryStringParameters", name, fold=False)

    def cookie(self, name: str) -> tuple[str, ...]:
        """All values of the cookie `name`: from `cookies` (payload 2.0), else from the Cookie header (RFC 6265 5.4)."""
        pairs = self._event.get("cookies") or ";".join(self.header("cookie")).split(";")
        if not isinstance(pairs, list):
            raise _unreadable("cookies", pairs)
        split = [_text("cookies", pair).strip(" \t").partition("=") for pair in pairs]
        return tuple(value for key, _, value in split if key == name)

    def source_ip(self) -> str:
        """The address of the caller, as API Gateway saw it: in `requestContext.identity`, or in `http` (payload 2.0)."""
        context = self._map("requestContext")
        for place in ("http", "identity"):
            holder = context.get(place)
            if isinstance(holder, dict) and "sourceIp" in holder:
                return _text("sourceIp", holder["sourceIp"])
        raise _unreadable("sourceIp", None)

    def _values(self, single: str, multi: str, name: str, *, fold: bool) -> tuple[str, ...]:
        one = [_text(single, item) for item in self._named(single, name, fold) if item is not None]
        if not self._event.get(multi):
            return tuple(one)
        many = [_text(multi, item) for items in self._named(multi, name, fold) for item in _list(multi, items)]
        return (*many, *(item for item in one if item not in many)) if many else tuple(one)

    def _named(self, key: str, name: str, fold: bool) -> list[object]:
        fields = self._map(key)
        if fold:
            return [value for field, value in fields.items() if field.lower() == name]
        return [fields[name]] if name in fields else []

    def _map(self, key: str) -> Mapping[str, object]:
        value = self._event.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise _unreadable(key, value)
        return value


NO_FIELDS = Fields({})


def _list(place: str, value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _unreadable(place, value)
    return value


def _text(place: str, value: object) -> str:
    if not isinstance(value, str):
        raise _unreadable(place, value)
    return value


def _unreadable(place: str, value: object) -> EventError:
    fault = Fault(claim=place, expected="what API Gateway sends there", found=type(value).__name__)
    return EventError(Reason.EVENT_UNKNOWN, fault)
