"""Lambda functions of a template.

Source: CloudFormation reference, AWS::Lambda::Function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.tools.template.model import Function
from authorizer.tools.template.place import Place
from authorizer.tools.template.resources import FUNCTION, of_type
from authorizer.tools.template.shape import as_map, as_number, as_text, as_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.tools.template.model import Resource
    from authorizer.tools.template.resources import Resources
    from authorizer.tools.template.unresolved import Text

_DEFAULT_TIMEOUT, _DEFAULT_MEMORY = 3, 128


def functions(resources: Resources, code: Mapping[str, Text]) -> Iterator[Function]:
    """All functions. `code` says where a SAM function's code is on this machine, by logical id."""
    for one in of_type(resources, FUNCTION):
        yield _function(one, code.get(one.logical_id))


def _function(resource: Resource, code: Text | None) -> Function:
    given = resource.properties
    inline = as_map(given.get("Code")).get("ZipFile")
    variables = as_map(as_map(given.get("Environment")).get("Variables"))
    timeout, memory = as_number(given.get("Timeout")), as_number(given.get("MemorySize"))
    return Function(
        logical_id=resource.logical_id,
        place=Place(resource.logical_id, ("Properties",)),
        name=as_text(given.get("FunctionName")),
        handler=as_text(given.get("Handler")),
        runtime=as_text(given.get("Runtime")),
        environment={name: as_text(value) or "" for name, value in variables.items()},
        layers=as_texts(given.get("Layers")),
        timeout=_DEFAULT_TIMEOUT if timeout is None else timeout,
        memory=_DEFAULT_MEMORY if memory is None else memory,
        role=as_text(given.get("Role")),
        code=code if code is not None else _local(given.get("Code")),
        inline=inline if isinstance(inline, str) else None,
    )


def _local(code: Any) -> Text | None:
    """`aws cloudformation package` takes the name of a folder or file in place of the whole property."""
    return as_text(code)
