"""Route tables and callers for the tests about policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.context import ContextMap
from authorizer.model import Principal
from authorizer.requirement import Requirement
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.template import parse_match

if TYPE_CHECKING:
    from collections.abc import Mapping

STAGE = "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/$default/"
NOW = 1_795_428_000.0


def who(*scopes: str) -> Principal:
    """Somebody with these scopes."""
    return Principal(subject="user-1", scopes=frozenset(scopes))


def rules(table: Mapping[str, str | Requirement], *, exact: bool = False, complete: bool = False) -> Rules:
    """Routes, each with the scope that it asks for, or with its requirement; `deny` refuses everybody."""
    routes = []
    for match, demand in table.items():
        method, template = parse_match(match)
        requirement = (
            demand if isinstance(demand, Requirement) else Requirement(scopes=frozenset({demand} - {"", "deny"}))
        )
        routes.append(Route(method=method, template=template, requirement=requirement, deny=demand == "deny"))
    return Rules(routes=tuple(routes), context=ContextMap(), exact=exact, complete=complete)
