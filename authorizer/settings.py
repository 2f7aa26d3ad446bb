"""Settings → the parts of a pipeline, checked as a whole: what nobody took and what contradicts itself is an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from authorizer.cache_settings import Cache, check_cache, read_cache
from authorizer.credential import Place, Sources, Where
from authorizer.response import Statuses
from authorizer.rule_settings import read_rules
from authorizer.surface import Api
from authorizer.telemetry import SubjectLogging
from authorizer.verifiers import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.rules import Rules
    from authorizer.section import Section
    from authorizer.usage_key import UsageKey
    from authorizer.verifiers.trusted_issuers import TrustedIssuer

DEFAULT_FROM: Final = ("header:Authorization",)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """What is logged, beside denials and errors, which always are."""

    service: str
    allows: float
    subject: SubjectLogging


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a deployment, checked."""

    issuers: Sequence[TrustedIssuer]
    rules: Rules
    sources: Mapping[Api, Sources]
    statuses: Statuses
    log: LogSettings
    cache: Cache
    usage_key: UsageKey | None = None


def read(root: Section, given: Sequence[TrustedIssuer] = (), *, has_others: bool = False) -> Settings:
    """The settings in `root`; `ConfigError` with every problem in them.

    Code may have `given` issuers, or others than JWT verifiers: then `root` needs none.
    """
    issuers = read_issuers(root, given, optional=has_others)
    sources = read_sources(root.section("credential"))
    statuses = read_statuses(root.section("answers"))
    log = read_log(root.section("log"))
    cache = read_cache(root.section("cache"))
    rules = read_rules(root, [name for issuer in issuers for name in issuer.issuers])
    usage_key = _usage_key(root)
    root.finish()
    root.raise_problems()
    check_cache(root, cache, rules)
    root.raise_problems()
    return Settings(
        issuers=issuers,
        rules=rules,
        sources=sources,
        statuses=statuses,
        log=log,
        cache=cache,
        usage_key=usage_key,
    )


def _usage_key(root: Section) -> UsageKey | None:
    if "usage_key" not in root:
        return None
    from authorizer.usage_key_settings import read_usage_key

    return read_usage_key(root)


def read_issuers(root: Section, given: Sequence[TrustedIssuer], *, optional: bool) -> Sequence[TrustedIssuer]:
    """The trusted issuers. Two entries for one issuer are an error: which profile would count?"""
    sections = root.sections("issuer")
    if root.raw("issuer") is None and not given and not optional:
        root.problem("issuer", "nothing", "one or more [[issuer]] tables")
    read = [issuer for section in sections if (issuer := _issuer(section)) is not None]
    issuers = (*given, *read)
    names = [name for issuer in issuers for name in issuer.issuers]
    for name in sorted({name for name in names if names.count(name) > 1}):
        root.problem("issuer", f"{name} twice", "one entry per issuer")
    return issuers


def _issuer(section: Section) -> TrustedIssuer | None:
    kind = section.text("kind", choices=KINDS)
    if kind is None:
        return None
    issuer = KINDS[kind](section)
    section.finish()
    return issuer


def read_sources(section: Section) -> Mapping[Api, Sources]:
    """Where the credential may be, per API type."""
    max_bytes = int(section.number("max_bytes", Sources().max_bytes, minimum=256, maximum=10_240))
    everywhere = _places(section, "from", DEFAULT_FROM)
    sources = {api: Sources(places=_places(section, api.value, None) or everywhere, max_bytes=max_bytes) for api in Api}
    section.finish()
    return sources


def _places(section: Section, name: str, default: tuple[str, ...] | None) -> tuple[Place, ...]:
    places = []
    for text in section.texts(name, default) or ():
        where, _, field = text.partition(":")
        if where not in {place.value for place in Where} or not field:
            section.problem(name, repr(text[:60]), '"header:NAME", "query:NAME" or "cookie:NAME"')
            continue
        places.append(Place(Where(where), field.lower() if where == Where.HEADER.value else field))
    if len(set(places)) < len(places):
        section.problem(name, "one place twice", "different places")
    return tuple(places)


def read_statuses(section: Section) -> Statuses:
    """401 or 403 for a refused credential, per API type."""
    plain = Statuses()
    values = {}
    for api in Api:
        values[api.value] = section.raw(api.value, plain.of(api))
        if values[api.value] not in (401, 403):
            section.problem(api.value, repr(values[api.value])[:60], "401 or 403")
    section.finish()
    return Statuses(**values)


def read_log(section: Section) -> LogSettings:
    """What is logged."""
    subject = section.text("subject", "hashed", choices=[one.value for one in SubjectLogging]) or "hashed"
    settings = LogSettings(
        service=section.text("service", "authorizer") or "authorizer",
        allows=_share(section),
        subject=SubjectLogging(subject),
    )
    section.finish()
    return settings


def _share(section: Section) -> float:
    value = section.raw("allows", "all")
    share = {"all": 1.0, "none": 0.0}.get(value, value) if isinstance(value, str) else value
    try:
        share = float(share) if type(share) in (str, int, float) else -1.0
    except (ValueError, OverflowError):
        share = -1.0
    if not 0.0 <= share <= 1.0:
        section.problem("allows", repr(value)[:60], '"all", "none", or a share from 0 to 1')
        return 1.0
    return float(share)
