"""The settings that a function of a template will read, as far as the template and the files beside it tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from authorizer import config, settings
from authorizer.cache_settings import METHOD, REFUSE
from authorizer.errors import ConfigError, SettingProblem
from authorizer.jose.key_source import Freshness
from authorizer.tools.template import Unresolved
from authorizer.tools.template_check.stand_ins import known_variables
from authorizer.variables import CACHE_TTL, WHOLE, sources

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.section import Section
    from authorizer.settings import Settings
    from authorizer.tools.template import Document, Function

_FILE: Final = "authorizer.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSettings:
    """What a function reads. `ttl` is None when only a deployment knows; `key_age` when no key is ever fetched."""

    origin: str  # where they stand, in words
    checked: Settings
    ttl: int | None
    key_age: float | None
    file: Path | None = None

    @property
    def refuses(self) -> bool:
        """Whether the function does not start with rules that no policy for all routes can say."""
        return self.checked.cache.inexpressible == REFUSE


def own_settings(function: Function, document: Document, file: Path | None) -> OwnSettings:
    """What the variables of a function say, else what is in `file`; `ConfigError` for what is wrong or cannot be told."""
    opaque = [
        name for name in WHOLE if isinstance(one := function.environment.get(name), Unresolved) and not one.composed
    ]
    if opaque:
        problem = SettingProblem(opaque[0], "what only a deployment knows", "--parameter Name=Value that tells it")
        raise ConfigError([problem])
    variables = known_variables(function.environment)
    given = sources(variables)
    if not given or given == ("AUTHORIZER_CONFIG_FILE",):
        named = variables.get("AUTHORIZER_CONFIG_FILE", "")
        file = _existing(function, document, named or _FILE) if named or file is None else file
        variables["AUTHORIZER_CONFIG_FILE"] = str(file.resolve())
        origin = file.name
    else:
        file, origin = None, f"{given[0]} of {function.logical_id}" if given[0] in WHOLE else "plain variables"
    variables["LAMBDA_TASK_ROOT"] = str(_folders(function, document)[-1].resolve())
    checked = _checked(variables)
    unknown = isinstance(function.environment.get(CACHE_TTL), Unresolved)
    return OwnSettings(
        origin=origin,
        checked=checked,
        ttl=None if unknown else checked.cache.ttl,
        key_age=_key_age(config.from_environment(variables)),
        file=file,
    )


def _existing(function: Function, document: Document, name: str) -> Path:
    """A file beside the code, or beside the template, from where a build may take it."""
    for folder in _folders(function, document):
        if (folder / name).is_file():
            return folder / name
    problem = SettingProblem(
        name, "no such file beside the code or the template", "the FILE that the function will have"
    )
    raise ConfigError([problem])


def _folders(function: Function, document: Document) -> tuple[Path, ...]:
    beside = document.file.parent
    code = beside / function.code if isinstance(function.code, str) and "://" not in function.code else beside
    return (code, beside) if code.is_dir() else (beside,)


def _checked(variables: dict[str, str]) -> Settings:
    """The settings, also those that a cache alone makes wrong: their rules are compared with the template all the same."""
    try:
        return settings.read(config.from_environment(variables))
    except ConfigError:
        section = config.from_environment(variables)
        problems = list(section.problems)
        section = section.with_value("cache", "inexpressible", METHOD, "cache.inexpressible")
        section.problems = problems
        checked = settings.read(section)
        return replace(checked, cache=checked.cache._replace(inexpressible=REFUSE))


def _key_age(section: Section) -> float | None:
    """The longest time, in seconds, that fetched keys count."""
    tables = section.raw("issuer") or ()
    fetched = [one for one in tables if "jwks" not in one and "jwks_file" not in one]
    return max((one.get("keys", {}).get("max_age", Freshness().max_age) for one in fetched), default=None)
