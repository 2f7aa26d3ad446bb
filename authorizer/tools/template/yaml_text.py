"""YAML as CloudFormation reads it: short forms such as `!Ref` written out, dates left as texts."""

from __future__ import annotations

from typing import Any, Final

import yaml

from authorizer.tools.terminal import CommandError

MAX_BITS: Final = 1000  # of a number: CloudFormation has none as large, and Python writes none of some thousand digits
MAX_NODES: Final = 1_000_000  # with every alias written out: a few lines of YAML can stand for billions
_SCALARS: Final = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float", "null"))
_OF_SCALARS: Final = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError)  # `!!bool maybe` and such
_PLAIN: Final = ("Ref", "Condition")  # short forms without `Fn::`


class _Loader(yaml.SafeLoader):
    """Safe, and our own, so that no other user of YAML in this process changes it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Names are texts as they are written: `200` and `on` too."""
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag in _SCALARS:
                key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)


# `2010-09-09` and `2012-10-17` are versions and stay texts.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in _PLAIN else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: str(text).split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}  # type: ignore[arg-type]


def _whole_number(loader: _Loader, node: yaml.ScalarNode) -> int:
    number: int = loader.construct_yaml_int(node)
    if number.bit_length() > MAX_BITS:
        raise yaml.constructor.ConstructorError(None, None, "a number of too many digits", node.start_mark)
    return number


_Loader.add_multi_constructor("!", _short_form)
_Loader.add_constructor("tag:yaml.org,2002:int", _whole_number)


def parse(text: str) -> tuple[Any, yaml.Node | None]:
    """The value and the nodes, which know their lines; `CommandError` for what is no YAML."""
    loader = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return None, None
        _refuse_endless(root)
        return loader.construct_document(root), root
    except yaml.MarkedYAMLError as error:
        where = f" at line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise CommandError(f"no YAML: {error.problem}{where}", "mend the file") from None
    except (yaml.YAMLError, RecursionError, *_OF_SCALARS) as error:
        raise CommandError(f"no YAML: {type(error).__name__}", "mend the file") from None
    finally:
        if loader is not None:
            loader.dispose()


def _refuse_endless(root: yaml.Node) -> None:
    if _size(root, {}) > MAX_NODES:
        raise CommandError("aliases in the YAML refer to themselves, or stand for too much", "write them out")


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """The nodes that a node stands for; too many when it contains itself."""
    if id(node) in known:
        return known[id(node)]
    if isinstance(node, yaml.ScalarNode):
        return 1
    known[id(node)] = MAX_NODES + 1  # while it is being counted
    known[id(node)] = 1 + sum(_size(one, known) for one in _children(node))
    return known[id(node)]


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [one for pair in node.value for one in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
