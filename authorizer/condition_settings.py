"""Settings → the conditions of a rule."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from authorizer.conditions import (
    AcrIsOneOf,
    AmrHasAll,
    AuthTimeWithin,
    Check,
    ClaimIs,
    ClaimIsParameter,
    ClaimPresent,
    ProvenBy,
)
from authorizer.networks import FromNetworks, Network

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from authorizer.requirement import Condition
    from authorizer.section import Section

DEMANDS: Final = (
    "scopes, any_scopes, groups, all_groups, claims, issuers, verifiers, acr, amr, max_auth_age, networks or check"
)
MAX_AUTH_AGE: Final = 31_536_000  # seconds: a year
_SCALARS: Final = (str, int, bool)


def read_conditions(section: Section, issuers: Collection[str], path: str = "") -> tuple[Condition, ...]:
    """All conditions of a rule. `issuers`: the configured ones; `path`: the template whose parameters claims may name."""
    return (*_claims(section, path), *_proof(section, issuers), *_login(section), *_request(section))


def _claims(section: Section, path: str) -> Iterator[Condition]:
    for name, wanted in section.table("claims").items():
        made = _claim(name, wanted, path)
        if made is None:
            right = 'a value, a list of values, { present = true } or { parameter = "a parameter of match" }'
            section.problem(f"claims.{name}", _described(wanted), right)
        else:
            yield made


def _claim(name: str, wanted: Any, path: str) -> Condition | None:
    match wanted:
        case {"present": True} if len(wanted) == 1:
            return ClaimPresent(claim=name)
        case {"parameter": str(parameter)} if len(wanted) == 1:
            parts = path.split("/")[1:]
            found = "{" + parameter + "}" in parts and not parameter.endswith("+")  # which has no single segment
            return (
                ClaimIsParameter(claim=name, parameter=parameter, index=parts.index("{" + parameter + "}"))
                if found
                else None
            )
    values = wanted if isinstance(wanted, list) else [wanted]
    if not values or not all(type(one) in _SCALARS and one != "" for one in values):
        return None
    return ClaimIs(claim=name, values=tuple(values))


def _described(wanted: Any) -> str:
    if isinstance(wanted, dict) and "parameter" in wanted:
        return f"the parameter {str(wanted['parameter'])[:60]!r}, which match has not, or not for one segment"
    return type(wanted).__name__


def _proof(section: Section, issuers: Collection[str]) -> Iterator[Condition]:
    named = section.texts("issuers", ())
    for name in named:
        if issuers and name not in issuers:
            section.problem("issuers", repr(name[:60]), "issuers that are configured: " + ", ".join(sorted(issuers)))
    verifiers = section.texts("verifiers", ())
    if named or verifiers:
        yield ProvenBy(issuers=frozenset(named), verifiers=frozenset(verifiers))


def _login(section: Section) -> Iterator[Condition]:
    if acr := section.texts("acr", ()):
        yield AcrIsOneOf(values=acr)
    if amr := section.texts("amr", ()):
        yield AmrHasAll(values=frozenset(amr))
    seconds = section.number("max_auth_age", None, minimum=1, maximum=MAX_AUTH_AGE)
    if seconds is not None:
        yield AuthTimeWithin(seconds=seconds)


def _request(section: Section) -> Iterator[Condition]:
    networks = []
    for text in section.texts("networks", ()):
        try:
            networks.append(Network.parse(text))
        except ValueError:
            section.problem("networks", repr(text[:60]), "networks such as 192.0.2.0/24 or 2001:db8::/32")
    if networks:
        yield FromNetworks(networks=tuple(networks))
    name = section.text("check", None)
    if name is not None and (function := _function(section, name)) is not None:
        yield Check(name=name, function=function)


def _function(section: Section, name: str) -> Callable[..., bool] | None:
    """The function that a dotted path names. Of what its module raises only the type is told."""
    module, _, attribute = name.replace(":", ".").rpartition(".")
    absolute = all(part.isidentifier() for part in module.split("."))
    try:
        function = getattr(import_module(module), attribute, None) if absolute else None
    except (
        ImportError,
        SyntaxError,
    ) as error:  # what else a module raises is its own bug, and fails the function's start
        section.problem(
            "check", f"{name[:80]}, whose import ends with {type(error).__name__}", "a module that can be imported"
        )
        return None
    if not callable(function):
        section.problem("check", f"{name[:80]}, which is no function", '"module.function"')
        return None
    return function  # type: ignore[no-any-return]
