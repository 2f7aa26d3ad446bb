"""Policy variables of IAM: `${aws:SourceIp}`, in a resource or in a text to compare with, is the value that the call has.

Only policies of version 2012-10-17 have them; in older ones they are the characters that they are spelled with. Nothing
is equal to or like a text whose variable has no value: what it alone would match is not matched, and what is negated is.
AWS: "IAM policy elements: Variables and tags", "IAM JSON policy elements: Version".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

KNOWN_KEYS: Final = frozenset(
    f"aws:{name}".lower()
    for name in (
        "CurrentTime",
        "EpochTime",
        "Referer",
        "SecureTransport",
        "SourceArn",
        "SourceIp",
        "SourceVpc",
        "SourceVpce",
        "UserAgent",
    )
)
_VARIABLE: Final = re.compile(r"\$\{(?![*?$]\})([^{},]*)(?:,\s*'([^'{}]*)'\s*)?\}")
_ESCAPES: Final = {ord(one): f"${{{one}}}" for one in "*?$"}
_ESCAPED: Final = re.compile(r"\$\{([*?$])\}")


class Unresolved(Exception):
    """A variable has no value: nothing matches the text that has it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"${{{name}}} has no single value in this call, so nothing matches it")


def has_variables(text: str) -> bool:
    """Whether a text has variables. `${*}`, `${?}` and `${$}` are none: each is its character."""
    return _VARIABLE.search(text) is not None


def resolved(text: str, values: Mapping[str, str | Sequence[str]]) -> str:
    """The text with the values of a call in the place of variables; no wildcard in them is one. May raise `Unresolved`."""

    def value(match: re.Match[str]) -> str:
        name, default = match[1].strip(), match[2]
        found = looked_up(values, name.lower()) if name.lower() in KNOWN_KEYS else None
        if not isinstance(found, str):
            found = default
        if found is None:
            raise Unresolved(name)
        return found.translate(_ESCAPES)

    return _VARIABLE.sub(value, text)


def all_resolved(texts: Iterable[str], values: Mapping[str, str | Sequence[str]], warnings: list[str]) -> Iterator[str]:
    """The texts with values in them, without those whose variables have none. AWS: "Policy variables with no value"."""
    for text in texts:
        try:
            yield resolved(text, values)
        except Unresolved as error:
            warnings.append(str(error))


def literal(text: str) -> str:
    """A text of a policy without variables, in the spelling of one with them: `${` is a dollar and a brace."""
    return text.replace("${", "${$}{")


def plain(text: str) -> str:
    """What a text without wildcards stands for: `${*}` is a star."""
    return _ESCAPED.sub(r"\1", text)


def looked_up(values: Mapping[str, str | Sequence[str]], key: str) -> str | Sequence[str] | None:
    """The value of a key, which is given in lower case. Keys have no case."""
    return next((value for name, value in values.items() if name.lower() == key), None)
