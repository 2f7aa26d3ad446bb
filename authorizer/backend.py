"""For functions behind the API: who calls, as the authorizer has said it, and a guard that lets nobody else through.

It reads the events of REST proxies, of HTTP APIs (payload 1.0 and 2.0) and of WebSocket APIs, and loads nothing but itself.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.errors import AuthorizerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Value = str | int | float | bool | None
    Handler = Callable[[Any, Any], Any]

ADDED: Final = frozenset({"principalId", "integrationLatency"})  # by API Gateway, beside the context
NATIVE: Final = ("jwt", "iam", "claims", "scopes")  # what other kinds of authorizers leave
OF_DENIALS: Final = ("reason", "error")
MAX_DIGITS: Final = 40
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")  # RFC 8259 section 6
_LOG: Final = logging.getLogger(__name__)


class NotAuthorized(AuthorizerError):
    """The event does not show that an authorizer has let it through. The text has the cause and the fix, and no value."""


class Caller(NamedTuple):
    """Who calls. `subject` is the `principalId`, None where the API passes none on: simple responses of HTTP APIs.

    REST and WebSocket APIs make text of every value. The methods read both, and give a value of one type.
    """

    subject: str | None
    context: Mapping[str, Value]

    def __repr__(self) -> str:
        return f"Caller(context={sorted(self.context)!r})"

    def text(self, name: str) -> str:
        """A text as it is."""
        value = self._value(name, "text")
        if isinstance(value, str):
            return value
        raise _wrong(name, "text", value)

    def number(self, name: str) -> int | float:
        """A number, or the JSON spelling of one."""
        value = self._value(name, "a number")
        number = _parsed(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, int | float) or number - number != 0:
            raise _wrong(name, "a number", value)
        return number

    def flag(self, name: str) -> bool:
        """A boolean, or its JSON spelling: `true`, `false`, nothing else."""
        value = self._value(name, "true or false")
        flag = {"true": True, "false": False}.get(value) if isinstance(value, str) else value
        if isinstance(flag, bool):
            return flag
        raise _wrong(name, "true or false", value)

    def texts(self, name: str, separator: str = ",") -> tuple[str, ...]:
        """The list that `join` in `[context]` made a text of; none for an empty text."""
        text = self.text(name)
        texts = tuple(text.split(separator)) if text else ()
        if all(texts):
            return texts
        raise NotAuthorized(f"context key {name!r}: found an empty element; right would be texts between {separator!r}")

    def _value(self, name: str, right: str) -> Value:
        value = self.context.get(name)
        if value is None:
            raise _wrong(name, right, value)
        return value


def caller(event: object) -> Caller:
    """Who calls; `NotAuthorized` when the event holds no grant of a Lambda authorizer."""
    context = event.get("requestContext") if isinstance(event, Mapping) else None
    if not isinstance(event, Mapping) or not isinstance(context, dict):
        raise NotAuthorized("the event is none of API Gateway's; invoke the function through the API only")
    given = context.get("authorizer")
    if not isinstance(given, dict) or not any(value is not None for value in given.values()):
        raise NotAuthorized("no authorizer has answered for this route; attach the Lambda authorizer to it")
    native = [name for name in NATIVE if given.get(name) is not None]
    if native:
        raise NotAuthorized(
            f"another kind of authorizer has answered ({native[0]}); attach the Lambda authorizer instead"
        )
    return _caller(given, nested=event.get("version") == "2.0")


def require(event: object, *keys: str) -> Caller:
    """Who calls; `NotAuthorized` also when the context lacks one of the keys."""
    found = caller(event)
    for key in keys:
        if found.context.get(key) is None:
            raise NotAuthorized(f"the context has no {key!r}; add it to [context], with required = true")
    return found


def guard(*, required: Iterable[str] = ()) -> Callable[[Handler], Handler]:
    """Decorates a handler: it is called only for what a Lambda authorizer has let through with all `required` keys.

    Everything else is answered with 500, because the API is set up wrongly, and one line in the log says how.
    """
    if isinstance(required, str):
        raise TypeError("required is a list of context keys, not one text")
    keys = tuple(required)

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(event: Any, context: Any) -> Any:
            try:
                require(event, *keys)
            except NotAuthorized as refused:
                _LOG.error("refused to run %s: %s", getattr(handler, "__name__", "the handler"), refused)
                return _broken()
            return handler(event, context)

        return guarded

    return decorate


def _caller(given: dict[str, Any], *, nested: bool) -> Caller:
    values = given.get("lambda") if nested else given
    if not isinstance(values, dict) or (not nested and "lambda" in given):
        raise NotAuthorized(
            "no context of a Lambda authorizer in the event; attach it to the route, and fill [context]"
        )
    empty = () if nested else NATIVE  # an HTTP API with payload 1.0 may leave them, without anything in them
    context = {name: value for name, value in values.items() if name not in ADDED and name not in empty}
    subject = values.get("principalId", given.get("principalId"))
    if subject is not None and (not isinstance(subject, str) or not subject):
        raise NotAuthorized(f"the principalId is {_kind(subject)}; right would be text")
    if subject is None and all(value is None for value in context.values()):
        raise NotAuthorized("the authorizer has named nobody; map at least one claim in [context]")
    for name, value in context.items():
        if value is not None and not isinstance(value, str | int | float | bool):
            raise _wrong(name, "text, a number or a boolean", value)
    denial = [name for name in OF_DENIALS if name in context]
    if denial:
        raise NotAuthorized(f"the context is that of a denial ({denial[0]}); no such call may reach a backend")
    return Caller(subject, MappingProxyType(context))


def _parsed(text: str) -> int | float | None:
    found = _NUMBER.fullmatch(text) if len(text) <= MAX_DIGITS else None
    if found is None:
        return None
    return float(text) if found[1] or found[2] else int(text)


def _wrong(name: str, right: str, value: object) -> NotAuthorized:
    return NotAuthorized(f"context key {name!r}: found {_kind(value)}; right would be {right}")


def _kind(value: object) -> str:
    names = {type(None): "nothing", str: "text", bool: "a boolean", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def _broken() -> dict[str, Any]:
    body = json.dumps({"message": "Internal Server Error"})
    return {"statusCode": 500, "headers": {"content-type": "application/json"}, "body": body}
