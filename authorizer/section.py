"""One table of settings, read name by name: every name is taken once, what nobody took is an error.

Problems are collected, so that one run names all of them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from authorizer.errors import ConfigError, SettingProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

REQUIRED: Final = object()


class Section:
    """One table of the settings. Each reading method takes a name and gives its checked value, or notes a problem."""

    def __init__(
        self,
        values: Mapping[str, Any],
        path: str = "",
        *,
        base: str = "",
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._values = values
        self._path = path
        self._taken: set[str] = set()
        self._base = base
        self._names = names or {}
        self.problems: list[SettingProblem] = []

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def with_value(self, table: str, name: str, value: object, source: str) -> Section:
        """The same settings with one more, which has another source; a problem when the two differ."""
        given = self._values.get(table, {})
        if not isinstance(given, dict):
            return self
        names = {**self._names, f"{table}.{name}": source}
        section = Section({**self._values, table: {**given, name: value}}, base=self._base, names=names)
        if given.get(name, value) != value:
            section.problem(table, f"another {name} here than in {source}", "the same, or one of the two")
        return section

    def where(self, name: str) -> str:
        """The full name of a setting, as whoever wrote it knows it: a path, or the variable it came from."""
        path = f"{self._path}.{name}" if self._path else name
        return self._names.get(path, path)

    def problem(self, name: str, found: str, right: str) -> None:
        """Note that a setting is wrong."""
        self.problems.append(SettingProblem(self.where(name), found, right))

    def text(self, name: str, default: Any = REQUIRED, *, choices: Iterable[str] = ()) -> Any:
        """A non-empty text, one of `choices` where there are any."""
        value = self._take(name, default)
        allowed = tuple(choices)
        if name not in self._values:
            return None if default is REQUIRED else default
        if type(value) is not str or not value or (allowed and value not in allowed):
            self.problem(name, _show(value), "one of " + ", ".join(allowed) if allowed else "a non-empty text")
            return None
        return value

    def texts(
        self, name: str, default: Any = REQUIRED, *, spelled: str | None = None, choices: Iterable[str] = ()
    ) -> Any:
        """A tuple of one or more different texts; the one word `spelled`, where a laxity may be written out, as it is."""
        value = self._take(name, default)
        if name not in self._values:
            return () if default is REQUIRED else default
        if spelled is not None and value == spelled:
            return spelled
        allowed = tuple(choices)
        if not _is_texts(value) or (allowed and not set(value) <= set(allowed)):
            right = "a list of one or more different texts" + (f" out of {', '.join(allowed)}" if allowed else "")
            self.problem(name, _show(value), right + (f', or "{spelled}"' if spelled else ""))
            return ()
        return tuple(value)

    def number(self, name: str, default: Any = REQUIRED, *, minimum: float = 0, maximum: float) -> Any:
        """A number from `minimum` to `maximum`."""
        value = self._take(name, default)
        if name not in self._values:
            return None if default is REQUIRED else default
        if type(value) not in (int, float) or not minimum <= value <= maximum:
            self.problem(name, _show(value), f"a number from {minimum:g} to {maximum:g}")
            return None if default is REQUIRED else default
        return value

    def flag(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self._take(name, default)
        if type(value) is not bool:
            self.problem(name, _show(value), "true or false")
            return default
        return value

    def table(self, name: str) -> Mapping[str, Any]:
        """A table whose names are free."""
        value = self._take(name, {})
        if not isinstance(value, dict):
            self.problem(name, _show(value), "a table")
            return {}
        return value

    def raw(self, name: str, default: Any = None) -> Any:
        """A value of any type: whoever takes it checks it."""
        return self._take(name, default)

    def section(self, name: str) -> Section:
        """A table of settings; an empty one where there is none."""
        return self._child(self.table(name), name)

    def sections(self, name: str) -> Sequence[Section]:
        """A list of tables of settings; none where there is none. An empty list is a problem."""
        value = self._take(name, None)
        if value is None:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            self.problem(name, _show(value), f"one or more [[{name}]] tables")
            return ()
        return tuple(self._child(item, f"{name}[{index}]") for index, item in enumerate(value))

    def file(self, name: str) -> bytes:
        """The content of the file `name`, which is relative to where the settings are. Raises `OSError`."""
        with open(os.path.join(self._base, name), "rb") as file:
            return file.read()

    def finish(self) -> None:
        """Every name that nobody took is a problem."""
        for name in self._values:
            if name not in self._taken:
                self.problem(name, "an unknown name", nearest(name, self._taken))

    def raise_problems(self) -> None:
        """`ConfigError` when anything was wrong anywhere."""
        if self.problems:
            raise ConfigError(self.problems)

    def _take(self, name: str, default: Any) -> Any:
        self._taken.add(name)
        value = self._values.get(name, default)
        if value is REQUIRED:
            self.problem(name, "nothing", "a value: it has no default")
        return value

    def _child(self, values: Mapping[str, Any], name: str) -> Section:
        path = f"{self._path}.{name}" if self._path else name
        child = Section(values, path, base=self._base, names=self._names)
        child.problems = self.problems
        return child


def nearest(name: str, known: Iterable[str]) -> str:
    """What somebody who wrote `name` probably meant, or all that there is."""
    from difflib import get_close_matches

    near = get_close_matches(name, known := sorted(known), 1)
    return near[0] if near else "one of " + ", ".join(known)


def _is_texts(value: object) -> bool:
    if not isinstance(value, list | tuple) or not value:
        return False
    return all(type(item) is str and item for item in value) and len(set(value)) == len(value)


def _show(value: object) -> str:
    return repr(value) if isinstance(value, bool | int | float) else f"{type(value).__name__} {str(value)[:60]!r}"
