"""Where settings come from. The only place that reads the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from authorizer.errors import ConfigError, SettingProblem
from authorizer.section import Section
from authorizer.variables import CACHE_TTL, SHADOW_FILE, USAGE_KEYS, plain_settings, sources

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_file(path: str | os.PathLike[str]) -> Section:
    """The settings of a TOML file. File names in it are relative to its folder."""
    name = os.fspath(path)
    try:
        with open(name, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        problem = SettingProblem(name, type(error).__name__, "a readable TOML file in UTF-8")
        raise ConfigError([problem]) from None
    return _from_toml(text, os.path.basename(name), os.path.dirname(name))


def from_environment(environ: Mapping[str, str] = os.environ) -> Section:
    """The settings of a deployed function, from exactly one source: TOML text, a TOML file, or plain variables.

    `AUTHORIZER_CACHE_TTL` may be beside each of them.
    """
    return _with_ttl(_from_source(environ), environ)


def shadow_file(environ: Mapping[str, str] = os.environ) -> str:
    """The file of the settings that are tried beside those that count; nothing when there is none."""
    name = environ.get(SHADOW_FILE, "")
    return os.path.join(environ.get("LAMBDA_TASK_ROOT", ""), name) if name else ""


def from_shadow_file(environ: Mapping[str, str] = os.environ) -> Section:
    """The settings in `shadow_file`, as if they were the deployed ones: `AUTHORIZER_CACHE_TTL` goes with them too."""
    return _with_ttl(from_file(shadow_file(environ)), environ)


def _with_ttl(section: Section, environ: Mapping[str, str]) -> Section:
    text = environ.get(CACHE_TTL, "")
    ttl = int(text) if text.isascii() and text.isdecimal() else text
    return section.with_value("cache", "ttl", ttl, CACHE_TTL) if text else section


def _from_source(environ: Mapping[str, str]) -> Section:
    given = sources(environ)
    task_root = environ.get("LAMBDA_TASK_ROOT", "")
    if len(given) > 1:
        found = " and ".join(given)
        raise ConfigError([SettingProblem("environment", found, "settings from one source only")])
    if given == ("AUTHORIZER_CONFIG",):
        return _from_toml(environ["AUTHORIZER_CONFIG"], "AUTHORIZER_CONFIG", task_root)
    if given == ("AUTHORIZER_CONFIG_FILE",):
        return from_file(os.path.join(task_root, environ["AUTHORIZER_CONFIG_FILE"]))
    if given:
        return plain_settings(environ, task_root)
    return from_file(os.path.join(task_root, "authorizer.toml"))


def fingerprint_key(environ: Mapping[str, str] = os.environ) -> bytes:
    """The secret that token fingerprints are keyed with; random for this environment when none is set."""
    text = environ.get("AUTHORIZER_FINGERPRINT_KEY", "")
    if text and len(text) < MIN_FINGERPRINT_KEY:
        right = f"at least {MIN_FINGERPRINT_KEY} characters, or nothing"
        raise ConfigError([SettingProblem("AUTHORIZER_FINGERPRINT_KEY", f"{len(text)} characters", right)])
    return text.encode("utf-8") if text else os.urandom(32)


MIN_FINGERPRINT_KEY: Final = 16


def usage_keys(environ: Mapping[str, str] = os.environ) -> str:
    """The API keys of usage plans, as their variable spells them; nothing when it is not set."""
    return environ.get(USAGE_KEYS, "")


def _from_toml(text: str, name: str, base: str) -> Section:
    import tomllib

    try:
        return Section(tomllib.loads(text), base=base)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([SettingProblem(name, f"no TOML ({error})", "TOML as in docs/settings.md")]) from None
