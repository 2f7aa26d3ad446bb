"""The operations of an OpenAPI document, path by path, and the paths that cannot be read: none is lost without a word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from authorizer.tools.template.place import Problem
from authorizer.tools.template.shape import as_map
from authorizer.tools.template.unresolved import Unresolved, described

if TYPE_CHECKING:
    from collections.abc import Mapping

    from authorizer.tools.template.place import Place

ANY_METHOD: Final = "x-amazon-apigateway-any-method"
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", ANY_METHOD)
_REFERENCE: Final = "$ref"


class Operation(NamedTuple):
    """A method of a path, as it is written. `given` is opaque where only a deployment knows all of it."""

    path: str
    method: str
    given: Mapping[str, Any] | Unresolved


class _ElsewhereError(Exception):
    """A `$ref` leads to nothing that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The paths of one document, which stands at `place`."""

    body: Mapping[str, Any]
    place: Place
    operations: list[Operation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def collect(self) -> Paths:
        """Reads all of them, in the order of the document."""
        paths = self.body.get("paths")
        if paths is not None and not isinstance(paths, dict):
            self._unresolved(paths, self.place / "paths")
        for path, written in as_map(paths).items():
            item = self._followed(written, self.place / "paths" / path)
            if isinstance(item, dict):
                self._collect_item(path, item)
            elif item is not None and not path.startswith("x-"):
                self._unresolved(item, self.place / "paths" / path)
        return self

    def _collect_item(self, path: str, item: Mapping[str, Any]) -> None:
        for method, written in item.items():
            place = self.place / "paths" / path / method
            if method.startswith("Fn::"):  # beside others it is none that could be evaluated
                self._unresolved(written, place)
            if method.lower() not in METHODS:
                continue
            given = self._followed(written, place)
            if isinstance(given, Unresolved):
                self._unresolved(given, place)
            elif given is None and written is not None:  # behind a `$ref`
                given = Unresolved(described(written))
            self.operations.append(Operation(path, method, given if isinstance(given, Unresolved) else as_map(given)))

    def _followed(self, written: Any, place: Place) -> Any:
        """What is written, or what its `$ref` leads to; None, and a problem, for one that leads nowhere."""
        try:
            return _resolved(written, self.body)
        except _ElsewhereError as error:
            self.problems.append(Problem("path_ref", place, str(error)))
            return None

    def _unresolved(self, value: Any, place: Place) -> None:
        text = str(value) if isinstance(value, Unresolved) else described(value)
        self.problems.append(Problem("path_unresolved", place, f"{text}, which does not tell the routes"))


def _resolved(written: Any, body: Mapping[str, Any], seen: tuple[str, ...] = ()) -> Any:
    """With a local `$ref` followed; what stands beside it is added."""
    if _REFERENCE not in as_map(written):
        return written
    reference = written[_REFERENCE]
    if not isinstance(reference, str) or not reference.startswith("#/"):
        raise _ElsewhereError(f"$ref {described(reference)} leads out of the document")
    if reference in seen:
        raise _ElsewhereError(f"$ref {reference} leads to itself")
    target = _resolved(_at(reference, body), body, (*seen, reference))
    if not isinstance(target, dict):
        raise _ElsewhereError(f"$ref {reference} leads to nothing that could stand here")
    beside = {name: one for name, one in written.items() if name != _REFERENCE}
    twice = sorted(set(target) & set(beside))
    if twice:
        raise _ElsewhereError(f"{', '.join(twice)} is here and behind $ref {reference}")
    return {**target, **beside}


def _at(reference: str, body: Mapping[str, Any]) -> Any:
    """What a JSON pointer in a URI fragment points to (RFC 6901)."""
    found: Any = body
    for part in reference.removeprefix("#/").split("/"):
        found = as_map(found).get(unquote(part).replace("~1", "/").replace("~0", "~"))
    return found
