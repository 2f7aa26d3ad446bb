"""What only a deployment knows: a value that stays opaque, and can still be compared and traced to resources."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_CHOICE: Final = re.compile(r"\bIf\b")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A value that the template alone does not tell: `GetAtt HttpAuthorizer.Arn`, or a text with `${…}` around such.

    Two are equal when their texts are. `resources` are the logical ids that it depends on.
    """

    text: str
    resources: frozenset[str] = field(default=frozenset(), compare=False)
    composed: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return self.text if self.composed else "${" + self.text + "}"


Text = str | Unresolved


def joined(parts: Iterable[object], separator: str = "") -> Text:
    """The parts in a row; opaque as soon as one of them is."""
    listed = list(parts)
    text = separator.join(map(spelled, listed))
    if any(isinstance(part, Unresolved) for part in listed):
        return Unresolved(text, resources_in(listed), composed=True)
    return text


def spelled(value: object) -> str:
    """A scalar as CloudFormation writes it into a text."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


def described(value: object) -> str:
    """Any value in one line, for the text of something opaque."""
    if isinstance(value, Unresolved):
        return value.text
    return value if isinstance(value, str) else json.dumps(value, default=str)


def resources_in(value: object) -> frozenset[str]:
    """The logical ids that a value of any shape depends on."""
    if isinstance(value, Unresolved):
        return value.resources
    if isinstance(value, dict):
        value = list(value.values())
    return frozenset().union(*map(resources_in, value)) if isinstance(value, list) else frozenset()


def is_known(value: object) -> bool:
    """Whether nothing in the value is opaque."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    return all(map(is_known, value)) if isinstance(value, list) else not isinstance(value, Unresolved)


def same(one: object, other: object) -> bool:
    """Whether two values are the same in every deployment. The text of an opaque `If` does not say what it chooses from."""
    return one == other and (is_known(one) or _CHOICE.search(described(one)) is None)
