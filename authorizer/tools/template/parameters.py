"""The values of a template's parameters: what the caller gives, else their defaults, and AWS's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authorizer.section import nearest
from authorizer.tools.template.shape import as_map
from authorizer.tools.template.unresolved import Unresolved, spelled
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Stand-ins for what only a deployment knows; give your own where it matters. The same as those of `sam local`.
_PSEUDO: Final = {
    "AWS::AccountId": "123456789012",
    "AWS::Region": "us-east-1",
    "AWS::StackName": "local",
    "AWS::NotificationARNs": "",
}
_DERIVED: Final = ("AWS::Partition", "AWS::URLSuffix", "AWS::StackId")
_LISTS: Final = ("List<", "CommaDelimitedList")


def given_parameters(texts: Iterable[str]) -> dict[str, str]:
    """`Name=Value`, each, as on a command line; `CommandError` for what is none."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise CommandError(f"{text[:60]} is no parameter", "--parameter Name=Value, once for each")
        found[name] = value
    return found


def pseudo_parameters(given: Mapping[str, str]) -> dict[str, str]:
    """AWS's own parameters. What follows from the Region follows the one given."""
    values = _PSEUDO | {name: value for name, value in given.items() if name in _PSEUDO or name in _DERIVED}
    region = values["AWS::Region"]
    china, government = region.startswith("cn-"), region.startswith("us-gov-")
    partition = "aws-cn" if china else "aws-us-gov" if government else "aws"
    account, stack = values["AWS::AccountId"], values["AWS::StackName"]
    arn = f"arn:{partition}:cloudformation:{region}:{account}:stack/{stack}/51af3dc0-da77-11e4-872e-1234567db123"
    suffix = "amazonaws.com.cn" if china else "amazonaws.com"
    return {"AWS::Partition": partition, "AWS::URLSuffix": suffix, "AWS::StackId": arn} | values


def parameter_values(template: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """A text, a list, or something opaque for every parameter; `CommandError` for one that the template does not have."""
    declared = as_map(template.get("Parameters"))
    pseudo = pseudo_parameters(given)
    for name in given:
        if name not in declared and name not in pseudo:
            known = sorted(declared) or sorted(pseudo)
            raise CommandError(f"the template has no parameter {name}", f"it may be {nearest(name, known)}")
    values: dict[str, Any] = dict(pseudo)
    for name, definition in declared.items():
        values[name] = _value(name, as_map(definition), given)
    return values


def _value(name: str, definition: Mapping[str, Any], given: Mapping[str, str]) -> Any:
    kind = str(definition.get("Type", "String"))
    if name not in given and kind.startswith("AWS::SSM::Parameter::Value"):
        return Unresolved(f"SSM {definition.get('Default', name)}")  # the default is the name of the parameter there
    value = given.get(name, definition.get("Default"))
    if value is None or isinstance(value, dict):
        return Unresolved(f"Ref {name}")
    if any(mark in kind for mark in _LISTS):
        items = value if isinstance(value, list) else spelled(value).split(",")
        return [spelled(item).strip() for item in items]
    return spelled(value)
