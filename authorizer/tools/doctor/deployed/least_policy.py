"""The least IAM policy for the calls of the doctor, made of their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.deployed import calls
from authorizer.tools.gateway.glob import matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from authorizer.tools.doctor.deployed.calls import Call

_OF_KEYS: Final = (calls.PLAN_KEYS, calls.KEYS)
_STATEMENTS: Final[Mapping[str, Callable[[Call], bool]]] = {
    "Apis": lambda one: one.service in ("apigateway", "apigatewayv2") and one not in _OF_KEYS,
    "ApiKeys": lambda one: one in _OF_KEYS,
    "Functions": lambda one: one.service == "lambda",
    "Metrics": lambda one: one.service == "cloudwatch",
    "Logs": lambda one: one.service == "logs",
    "UserPools": lambda one: one.service == "cognito-idp" and one != calls.POOL_CLIENT,
    "AppClients": lambda one: one == calls.POOL_CLIENT,
    "Roles": lambda one: one.service == "iam",
}
SECRETS: Final = {
    "ApiKeys": "the values of API keys",
    "AppClients": "the secrets of app clients",
    "Functions": "environment variables of functions",
}


def least_policy() -> dict[str, Any]:
    """The policy. `sts:GetCallerIdentity` needs none."""
    asked = [one for one in calls.CALLS if one != calls.IDENTITY]
    statements = []
    for sid, belongs in _STATEMENTS.items():
        statements += _statements(sid, [one for one in asked if belongs(one)])
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(sid: str, asked: Iterable[Call]) -> list[dict[str, Any]]:
    """One for each set of resources."""
    actions: dict[tuple[str, ...], set[str]] = {}
    for one in asked:
        actions.setdefault(one.resources, set()).add(one.action)
    merged: dict[frozenset[str], set[str]] = {}
    for resources, named in actions.items():
        merged.setdefault(frozenset(named), set()).update(resources)
    return [
        {"Sid": f"{sid}{number or ''}", "Effect": "Allow", "Action": sorted(named), "Resource": _widest(resources)}
        for number, (named, resources) in enumerate(merged.items())
    ]


def _widest(resources: Iterable[str]) -> list[str]:
    """Without those that another lets read too: a `*` of IAM crosses slashes."""
    listed = sorted(resources)
    return [one for one in listed if not any(other != one and matcher(other)(one) for other in listed)]
