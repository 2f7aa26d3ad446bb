"""The functions as the settings make them: the very parts that answer on Lambda, at the moment that is explained."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from authorizer import config, settings
from authorizer.errors import ConfigError, Fault, Unavailable
from authorizer.fingerprint import Fingerprint
from authorizer.handler import Authorizer
from authorizer.jose.key_source import Freshness, RemoteKeys, StaticKeys
from authorizer.reasons import Reason
from authorizer.telemetry import DecisionLog
from authorizer.tools.explain.finding import NOT_ASKED
from authorizer.tools.terminal import CommandError
from authorizer.usage_key_settings import parse_keys
from authorizer.verifiers.trusted_issuers import TrustedIssuer, TrustedIssuers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_lambda_powertools import Logger

    from authorizer.jose.key_set import KeySet
    from authorizer.pipeline import Pipeline
    from authorizer.settings import Settings
    from authorizer.surface import Surface
    from authorizer.tools.entry_point import EntryPoint
    from authorizer.tools.function_environment import FunctionEnvironment
    from authorizer.verifiers.base import Verifier


_HINT: Final = "mend what --config or --env-vars points to; docs/settings.md explains every setting"
# Nothing is written to it. A Powertools Logger would be made from the variables of the user's own shell.
_SILENT: Final = cast("Logger", logging.getLogger("authorizer.explain"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """All functions of one set of settings."""

    issuers: Sequence[TrustedIssuer]
    pipelines: Mapping[str, Pipeline]
    now: float

    @property
    def verifiers(self) -> Sequence[Verifier]:
        """Those of every function."""
        return next(iter(self.pipelines.values())).verifiers

    @property
    def trusted(self) -> TrustedIssuers:
        """The one of JWTs."""
        return next(verifier for verifier in self.verifiers if isinstance(verifier, TrustedIssuers))

    @property
    def issuer_names(self) -> tuple[str, ...]:
        """Every `iss` that is trusted."""
        return tuple(name for issuer in self.issuers for name in issuer.issuers)

    def pipeline(self, entry_point: EntryPoint) -> Pipeline:
        """What answers at an entry point."""
        return self.pipelines[entry_point.attribute]

    def pipeline_of(self, surface: Surface) -> Pipeline:
        """What answers events of a surface, where they reach the right entry point."""
        return next(one for one in self.pipelines.values() if surface in one.surfaces)


def deployment(environment: FunctionEnvironment, now: float, *, offline: bool = False) -> Deployment:
    """The functions with these variables and no others; `CommandError` with every problem when their settings are wrong."""
    variables = environment.build()
    try:
        checked = settings.read(config.from_environment(variables))
        config.fingerprint_key(variables)
        if checked.usage_key:
            checked = replace(checked, usage_key=checked.usage_key.supplied(parse_keys(config.usage_keys(variables))))
    except ConfigError as error:
        raise CommandError(f"the settings are wrong\n{error}", _HINT) from error
    return deployed(checked, now, offline=offline)


def deployed(checked: Settings, now: float, *, offline: bool = False) -> Deployment:
    """The functions with checked settings. `offline`: keys that are not there already are not fetched."""
    if offline:
        checked = replace(checked, issuers=[_without_network(issuer) for issuer in checked.issuers])
    log = DecisionLog(logger=_SILENT, fingerprint=Fingerprint(config.fingerprint_key({})))
    return Deployment(issuers=checked.issuers, pipelines=Authorizer(checked, log=log).pipelines, now=now)


def known_keys(issuer: TrustedIssuer) -> KeySet | None:
    """The keys of an issuer that are there already; asks nobody."""
    match issuer.keys:
        case StaticKeys(keys=keys):
            return keys
        case RemoteKeys(held=held) if held is not None:
            return held.keys
    return None


def _without_network(issuer: TrustedIssuer) -> TrustedIssuer:
    """The same issuer, whose keys age as on Lambda, in a world where nobody answers."""
    if not isinstance(issuer.keys, RemoteKeys):
        return issuer
    return replace(issuer, keys=RemoteKeys(_nobody, Freshness(), issuer.keys.held))


def _nobody(_: Any) -> KeySet:
    raise Unavailable(Reason.KEYS_UNREACHABLE, Fault(claim="jwks_uri", expected="the issuer's keys", found=NOT_ASKED))
