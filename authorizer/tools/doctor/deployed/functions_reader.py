"""Functions that authorizers, routes and user pools name: their settings, their state, and who may invoke them.

The values of environment variables are kept for the settings of ours alone, and not where those may be secret.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.tools.doctor.deployed.calls import CONCURRENCY, FUNCTION, FUNCTION_POLICY
from authorizer.tools.doctor.deployed.reading import Arn, arn_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.doctor.deployed.reading import Reading
    from authorizer.tools.template import Resource

_IN_URI: Final = re.compile(r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[A-Za-z0-9_-]+(?::(?:\$LATEST|[A-Za-z0-9_-]+))?")
_SETTINGS_OF: Final = ("AUTHORIZER_", "POWERTOOLS_")  # ours, and those of the library that logs
_POINTER: Final = re.compile(r"\{\{resolve:|arn:|/|https?:")
_SECRET: Final = frozenset({"AUTHORIZER_CONFIG", "AUTHORIZER_FINGERPRINT_KEY", "AUTHORIZER_USAGE_KEYS"})
_NOT_READ: Final = "(not read)"
_SETTINGS: Final = ("Handler", "Runtime", "Timeout", "MemorySize", "Role", "PackageType", "Architectures")
_FACTS: Final = ("State", "StateReason", "StateReasonCode", "LastUpdateStatus", "LastUpdateStatusReason")
_ANY: Final = ("ArnLike", "ArnEquals", "StringLike", "StringEquals")
VERSION: Final = "AWS::Lambda::Version"  # a second version or alias of a function that is known already
PERMISSION: Final = "AWS::Lambda::Permission"


class FunctionArn(NamedTuple):
    """A function, and the version or alias that is meant."""

    arn: Arn
    name: str
    qualifier: str

    @property
    def text(self) -> str:
        """The ARN, without `$LATEST`, which is meant where nothing is."""
        return self.arn.text.removesuffix(self.arn.rest) + f"function:{self.subject}"

    @property
    def subject(self) -> str:
        """As people name it: `orders`, `orders:live`."""
        return f"{self.name}:{self.qualifier}" if self.qualifier else self.name


def function_in(text: str) -> FunctionArn | None:
    """The function that an ARN or the URI of an integration leads to."""
    found = _IN_URI.search(text)
    arn = arn_of(found[0]) if found else None
    if arn is None:
        return None
    name, _, qualifier = arn.rest.removeprefix("function:").partition(":")
    return FunctionArn(arn, name, "" if qualifier == "$LATEST" else qualifier)


def read_function(reading: Reading, text: str) -> None:
    """Takes the function down that an ARN or URI leads to; nothing for what leads to none."""
    function = function_in(text)
    if function is None:
        return
    if function.arn.account != reading.account:
        reading.elsewhere.add(function.text)
        return
    answer = reading.access.asked(FUNCTION, function.subject, function.arn.region, **_named(function))
    if answer.gone:
        reading.gone.add(function.text)
    if answer.value is None:
        return
    resource = _added(reading, function, answer.value)
    reading.mark(resource, Qualifier=function.qualifier, Arn=function.text)
    reading.mark(resource, **{name: answer.value.get(name) for name in _FACTS})
    _permissions(reading, function)
    if function.qualifier:  # what may be invoked without the alias tells what was forgotten
        _permissions(reading, function._replace(qualifier=""))


def _named(function: FunctionArn) -> dict[str, str]:
    qualifier = {"Qualifier": function.qualifier} if function.qualifier else {}
    return {"FunctionName": function.name, **qualifier}


def _added(reading: Reading, function: FunctionArn, given: Mapping[str, Any]) -> Resource:
    known = reading.resources.get(function.name)
    if known is not None and known.attributes.get("Arn") not in (None, function.text):
        return reading.add(VERSION, function.text, {"FunctionName": function.name})
    settings = {name: given.get(name) for name in _SETTINGS}
    settings["Environment"] = {"Variables": _variables(given.get("Environment", {}).get("Variables", {}))}
    settings["Layers"] = [one["Arn"] for one in given.get("Layers", [])]
    settings["VpcConfig"] = _kept(given.get("VpcConfig"), "SubnetIds", "SecurityGroupIds")
    settings["LoggingConfig"] = _kept(given.get("LoggingConfig"), "LogGroup", "LogFormat")
    settings["SnapStart"] = _kept(given.get("SnapStart"), "ApplyOn")
    settings["ReservedConcurrentExecutions"] = _reserved(reading, function)
    return reading.add("AWS::Lambda::Function", function.name, {"FunctionName": function.name, **settings})


def _kept(given: Mapping[str, Any] | None, *names: str) -> dict[str, Any] | None:
    return {name: given[name] for name in names if given.get(name)} or None if given else None


def _variables(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value if _is_public(name) else _hidden(value) for name, value in given.items()}


def _is_public(name: str) -> bool:
    return name.startswith(_SETTINGS_OF) and name not in _SECRET


def _hidden(value: str) -> str:
    """Only whether there is a value, and whether that says where something is, not what it is."""
    found = _POINTER.match(value)
    return f"{found[0] if found else ''}{_NOT_READ}" if value else ""


def _reserved(reading: Reading, function: FunctionArn) -> Any:
    answer = reading.access.asked(CONCURRENCY, function.name, function.arn.region, FunctionName=function.name)
    return (answer.value or {}).get("ReservedConcurrentExecutions")


def _permissions(reading: Reading, function: FunctionArn) -> None:
    answer = reading.access.asked(FUNCTION_POLICY, function.subject, function.arn.region, **_named(function))
    if answer.value is not None:
        for number, one in enumerate(_statements(answer.value.get("Policy", ""))):
            reading.add(PERMISSION, f"{function.text} {one.pop('Sid', number)}", one)
    elif not answer.gone:
        for resource in [one for one in reading.resources.values() if one.type.endswith(("::RestApi", "::Api"))]:
            _assume(reading, function, resource.logical_id)


def _assume(reading: Reading, function: FunctionArn, api: str) -> None:
    """What could not be seen is said to be unseen, and is not said to be wrong."""
    source = f"arn:{reading.partition}:execute-api:{reading.region}:{reading.account}:{api}/*"
    said = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "SourceArn": source}
    reading.add(PERMISSION, f"{function.text} unseen {api}", {"FunctionName": function.text, **said})


def _statements(text: str) -> Iterator[dict[str, Any]]:
    """Each statement that allows, as permissions of one action and one source."""
    try:
        document = json.loads(text)
    except ValueError:
        return
    for statement in _listed(document.get("Statement")):
        if statement.get("Effect") != "Allow":
            continue
        for number, (action, principal, source) in enumerate(_triples(statement)):
            yield {
                "Sid": f"{statement.get('Sid', '')}{number or ''}",
                "Action": action,
                "Principal": principal,
                "FunctionName": statement.get("Resource"),
                "SourceArn": source,
                "SourceAccount": _condition(statement, "aws:sourceaccount")[0],
            }


def _triples(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    principal = statement.get("Principal", "*")
    named = [one for value in principal.values() for one in _listed(value)] if isinstance(principal, dict) else ["*"]
    for action in _listed(statement.get("Action")):
        for one in named:
            for source in _condition(statement, "aws:sourcearn"):
                yield action, one, source


def _condition(statement: Mapping[str, Any], name: str) -> list[str | None]:
    for operator in _ANY:
        for key, value in statement.get("Condition", {}).get(operator, {}).items():
            if key.lower() == name:
                return _listed(value)
    return [None]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
