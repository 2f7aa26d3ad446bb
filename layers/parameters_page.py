"""docs/parameters.md: every parameter of template.yaml, in its groups. `python -m layers.parameters_page` writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from layers.layer import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE: Final = PROJECT / "template.yaml"
PAGE: Final = PROJECT / "docs" / "parameters.md"
_HEAD: Final = """# Parameters

Of [`template.yaml`](../template.yaml). `sam deploy --guided` asks for all of them in this order and shows the defaults:
after the first three groups you may press Enter. Values can also be written into [`samconfig.toml`](../samconfig.toml), or
given with `--parameter-overrides`. What cannot be meant is refused before anything is made: see the last section.
"""


class Template(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, kept as (name, value)."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return suffix, loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return suffix, loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return suffix, loader.construct_mapping(node, deep=True)


Template.add_multi_constructor("!", _short_form)


def read_template() -> dict[str, Any]:
    """The template as it is written."""
    document: dict[str, Any] = yaml.load(TEMPLATE.read_text("utf-8"), Template)  # noqa: S506  # a SafeLoader
    return document


def page() -> str:
    """The whole page."""
    template = read_template()
    lines = [_HEAD]
    for group in template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]:
        lines += [
            f"\n## {group['Label']['default']}\n",
            "| parameter | default | values | meaning |",
            "|---|---|---|---|",
        ]
        lines += [_row(name, template["Parameters"][name]) for name in group["Parameters"]]
    lines += ["\n## What is refused\n", *_rules(template)]
    return "\n".join(lines) + "\n"


def _row(name: str, parameter: dict[str, Any]) -> str:
    default = parameter.get("Default", "")
    shown = "" if default == "" else f"`{default}`"
    cells = [f"`{name}`", shown, _values(parameter), " ".join(parameter["Description"].split())]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _values(parameter: dict[str, Any]) -> str:
    allowed = [str(value) for value in parameter.get("AllowedValues", []) if value != ""]
    if len(allowed) > 6:
        return f"`{allowed[0]}` to `{allowed[-1]}`, as CloudWatch Logs takes them"
    if allowed:
        return ", ".join(f"`{value}`" for value in allowed)
    if "MinValue" in parameter:
        return f"{parameter['MinValue']} to {parameter['MaxValue']}"
    return re.sub(r",? or nothing$", "", parameter.get("ConstraintDescription", "text"))


def _rules(template: dict[str, Any]) -> Iterator[str]:
    for name, rule in template["Rules"].items():
        for assertion in rule["Assertions"]:
            yield f"- `{name}`: {assertion['AssertDescription']}."


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
