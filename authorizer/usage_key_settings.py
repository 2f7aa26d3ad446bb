"""Settings → whose API key a call counts against: `[usage_key]`. No message shows a key, even one in the wrong place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from authorizer import config
from authorizer.errors import ConfigError, SettingProblem
from authorizer.usage_key import FIT, UsageKey, fits
from authorizer.variables import USAGE_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from authorizer.section import Section


def read_usage_key(root: Section) -> UsageKey | None:
    """Where API keys come from; None where nobody asked for any. Keys of the environment: see `supplied`."""
    given = root.raw("usage_key")
    if given is None:
        return None
    if not isinstance(given, dict):
        root.problem("usage_key", type(given).__name__, "a table")
        return None
    section = root.section("usage_key")
    claim = section.text("claim")
    keys = _keys(section)
    from_environment = _from_environment(section)
    default = _default(section, keys, from_environment=from_environment)
    if keys is not None and from_environment:
        section.problem("keys", "keys and keys_from", "one of the two")
    section.finish()
    return UsageKey(claim=claim or "", keys=keys, default=default, from_environment=from_environment)


def supplied(usage_key: UsageKey | None) -> UsageKey | None:
    """With the keys of this process's environment, where the settings say so; `ConfigError` when they are not there."""
    if usage_key is None or not usage_key.from_environment:
        return usage_key
    return usage_key.supplied(parse_keys(config.usage_keys()))


def parse_keys(text: str) -> Mapping[str, str] | None:
    """Keys as the variable spells them, in JSON; None for no text. `ConfigError` names what is wrong, never a key."""
    if not text:
        return None
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise ConfigError([SettingProblem(USAGE_KEYS, "no JSON", 'JSON such as {"gold": "…"}')]) from None
    problems = [SettingProblem(USAGE_KEYS, found, right) for found, right in _problems(values)]
    if problems:
        raise ConfigError(problems)
    return dict(values)


def _keys(section: Section) -> Mapping[str, str] | None:
    keys = section.raw("keys")
    if keys is None:
        return None
    for found, right in _problems(keys):
        section.problem("keys", found, right)
    return dict(keys) if isinstance(keys, dict) else {}


def _problems(keys: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(keys, dict) or not keys:
        yield (f"{type(keys).__name__}" if keys else "nothing"), 'names with API keys, such as { gold = "…" }'
        return
    for number, (name, key) in enumerate(keys.items(), 1):
        if not fits(key):
            shown = f"{name[:20]!r}" if not fits(name) else f"number {number}"  # somebody may have swapped them
            yield f"{shown} with another value", FIT


def _from_environment(section: Section) -> bool:
    name = section.raw("keys_from")
    if name not in (None, USAGE_KEYS):
        section.problem("keys_from", "another name", f'"{USAGE_KEYS}"')
    return name is not None


def _default(section: Section, keys: Mapping[str, str] | None, *, from_environment: bool) -> str | None:
    """The name of a key, never a key."""
    default = section.raw("default")
    if default is None:
        return None
    if keys is None and not from_environment:
        section.problem("default", "default without keys", "default beside keys or keys_from")
    elif type(default) is not str or not default or fits(default) or (keys is not None and default not in keys):
        section.problem("default", "a name without a key", "one of the names of keys")
    else:
        return default
    return None
