"""Whether the functions of authorizers can be loaded: their module, their layers, and a name that hides our package.

Sources: AWS Lambda Developer Guide, "Define Lambda function handler in Python", "Working with layers for Python Lambda
functions".
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.doctor.asked import Asked, asked
from authorizer.tools.doctor.handler_code import folder_of, is_python, module_name, program_of
from authorizer.tools.local_functions.code import has_module
from authorizer.tools.local_functions.layers import MAKEFILE, layers_of
from authorizer.tools.template import Unresolved
from authorizer.tools.template.resources import referred
from authorizer.tools.template.shape import as_list, as_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.doctor.view import View
    from authorizer.tools.template import Resource
    from authorizer.tools.template_check.finding import Finding

_PACKAGE: Final = "authorizer"
_OURS: Final = frozenset({"http_authorizer", "rest_authorizer", "websocket_authorizer", "oidc", "cognito"})
_DEFAULT: Final = "x86_64"
_INLINE: Final = "index"


def hidden_package(view: View) -> Iterator[Finding]:
    """A file of the user that has the name of our package: Python finds it first."""
    for one in asked(view):
        folder = folder_of(view, one.function)
        if folder is None or not (folder / f"{_PACKAGE}.py").is_file():
            continue
        program = program_of(view, one.function)
        names = program.nodes() if program is not None else ()
        if one.is_ours or any(_wants_ours(node) for node in names):
            yield view.finding(
                "function_named_authorizer",
                one.function.place / "Handler",
                found=f"{_PACKAGE}.py in the code of {one.function.logical_id}, which hides the package of that name",
                right="another name, such as orders_auth.py",
                fix=(f"git mv {_PACKAGE}.py orders_auth.py", "Handler: orders_auth.handler"),
            )


def _wants_ours(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and not node.level:
        module = node.module or ""
        names = {one.name for one in node.names}
        return module.startswith(f"{_PACKAGE}.") or (module == _PACKAGE and not names.isdisjoint(_OURS))
    return isinstance(node, ast.Import) and any(one.name.startswith(f"{_PACKAGE}.") for one in node.names)


def handlers(view: View) -> Iterator[Finding]:
    """A handler that is not in the code: Lambda cannot load it, and every call is a 500."""
    for one in asked(view):
        if one.is_ours or not is_python(one.function) or not module_name(one.function):
            continue
        if _is_lost(view, one):
            yield view.finding(
                "function_handler_missing_file",
                one.function.place / "Handler",
                found=f"{one.function.handler}, and no module {module_name(one.function)} in the code",
                right="the name of a file that is there, and of a function in it",
                fix=(f"Handler: {_suggestion(view, one)}",),
            )
        elif _lacks_name(view, one):
            name = str(one.function.handler).rpartition(".")[2]
            yield view.finding(
                "function_handler_missing_name",
                one.function.place / "Handler",
                found=f"{one.function.handler}, and no {name} in that module",
                right="the name of a function of the module",
                fix=(f"Handler: {_suggestion(view, one)}",),
            )


def _is_lost(view: View, one: Asked) -> bool:
    """Whether the module surely is nowhere: not in the folder, not in a layer, and nothing builds it."""
    if one.function.inline is not None:
        return module_name(one.function) != _INLINE
    folder, layers = folder_of(view, one.function), layers_of(one.function, view.document)
    if folder is None or layers.missing or _metadata(view, one).get("BuildMethod") == MAKEFILE:
        return False
    return not any(has_module(path, str(one.function.handler)) for path in (folder, *layers.import_paths))


def _metadata(view: View, one: Asked) -> Any:
    resource = view.document.resources.get(one.function.logical_id)
    return as_map(resource.attributes.get("Metadata")) if resource is not None else {}


def _lacks_name(view: View, one: Asked) -> bool:
    """Whether nothing at the top of the module has the handler's name. What is imported by a star may be anything."""
    program = program_of(view, one.function)
    name = str(one.function.handler).rpartition(".")[2]
    if program is None or program.modules[0].name.removesuffix(".py").rpartition("/")[2] not in _last(one):
        return False
    nodes = list(ast.walk(program.modules[0].tree))
    return not any(_binds(node, name) for node in nodes)


def _last(one: Asked) -> tuple[str, str]:
    return module_name(one.function).rpartition(".")[2], "__init__"


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
            return found == name
        case ast.Name(id=found, ctx=ast.Store()):
            return found == name
        case ast.alias(name=found, asname=alias):
            return name in (alias, found.partition(".")[0] if alias is None else None) or found == "*"
        case ast.Call(func=ast.Name(id="globals" | "setattr" | "exec")):
            return True
    return False


def _suggestion(view: View, one: Asked) -> str:
    """A function of the code that looks like a handler; what to write where there is none."""
    folder = folder_of(view, one.function)
    program = program_of(view, one.function)
    if program is not None and program.functions:
        return f"{module_name(one.function)}.{list(program.functions)[-1]}"
    files = sorted(file.stem for file in folder.glob("*.py")) if folder is not None else [_INLINE]
    return f"{files[0] if files else _INLINE}.handler"


def layers(view: View) -> Iterator[Finding]:
    """Layers of the template that were built for something else."""
    for one in asked(view):
        function = view.document.resources.get(one.function.logical_id)
        if function is None:
            continue
        for layer in (found for text in one.function.layers if (found := _layer(view, text)) is not None):
            yield from _architecture(view, one, function, layer)
            runtimes = _texts(layer, "CompatibleRuntimes")
            runtime = one.function.runtime
            if runtimes and isinstance(runtime, str) and runtime not in runtimes:
                yield view.finding(
                    "function_runtime_of_layer",
                    one.function.place / "Runtime",
                    found=f"{runtime} with the layer {layer.logical_id}, which is for {', '.join(runtimes)}",
                    right="a runtime that the layer was built for",
                    fix=(f"Runtime: {runtimes[-1]}",),
                )


def _layer(view: View, text: object) -> Resource | None:
    found = referred(text, view.document.resources) if isinstance(text, Unresolved) else None
    return found if found is not None and found.type == "AWS::Lambda::LayerVersion" else None


def _architecture(view: View, one: Asked, function: Resource, layer: Resource) -> Iterator[Finding]:
    given = as_list(function.properties.get("Architectures")) or [_DEFAULT]
    built = _texts(layer, "CompatibleArchitectures")
    if built and all(isinstance(text, str) and text not in built for text in given):
        yield view.finding(
            "function_architecture_of_layer",
            one.function.place / "Architectures",
            found=f"{', '.join(given)} with the layer {layer.logical_id}, which is for {', '.join(built)}",
            right="the architecture that the layer was built for",
            fix=(f"Architectures: [{built[0]}]",),
        )


def _texts(layer: Resource, name: str) -> list[str]:
    """What a layer says it is for; nothing where a part of it is opaque."""
    given = as_list(layer.properties.get(name))
    return given if all(isinstance(one, str) for one in given) else []


CHECKS = (hidden_package, handlers, layers)
