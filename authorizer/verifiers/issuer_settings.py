"""What the settings of every kind of issuer have in common: algorithms, profile, and where the keys come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypedDict

from authorizer.clock import now
from authorizer.jose import key_set
from authorizer.jose.algorithms import ALGORITHMS, canonical
from authorizer.jose.claims import ANY_AUDIENCE, LEEWAY, PLAIN_TYPES, RFC9068_CLAIMS, Profile
from authorizer.jose.discovery import DiscoveredKeys, KeysAt
from authorizer.jose.fetch import is_https
from authorizer.jose.key_source import Freshness, RemoteKeys, StaticKeys
from authorizer.jose.snapshot import NotASnapshot, read_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from authorizer.jose.claims import Problem
    from authorizer.jose.key_source import Held, KeySource
    from authorizer.section import Section

YEAR: Final = 31_536_000  # seconds
DEFAULT_ALGORITHMS: Final = ("RS256",)
KEY_PLACES: Final = ("jwks_uri", "jwks_file", "jwks")


class IssuerOptions(TypedDict, total=False):
    """The settings that every kind of issuer takes, for those who write code instead of TOML. Seconds for all times."""

    algorithms: Sequence[str]
    token_types: Sequence[str]
    profile: str
    required_claims: Sequence[str]
    expected_claims: Mapping[str, Any]
    groups_claim: str
    principal_claim: str
    leeway: float
    max_age: float
    max_lifetime: float
    jwks_uri: str
    jwks_file: str
    jwks: str | Mapping[str, Any]
    keys: Mapping[str, Any]


def audience(section: Section, default: Any) -> frozenset[str] | None:
    """The accepted audiences; None for the one that is spelled `ANY_AUDIENCE`."""
    value = section.texts("audience", default, spelled=ANY_AUDIENCE)
    return None if value is None or value == ANY_AUDIENCE else frozenset(value)


def algorithms(section: Section) -> frozenset[str]:
    """The algorithms that the issuer may sign with; everything but RS256 is written out."""
    names = section.texts("algorithms", DEFAULT_ALGORITHMS, choices=(*ALGORITHMS, "EdDSA"))
    return frozenset(map(canonical, names))


def profile(
    section: Section,
    accepted: frozenset[str] | None,
    *,
    groups_claim: str = "groups",
    checks: tuple[Callable[[Mapping[str, Any]], Problem | None], ...] = (),
) -> Profile:
    """What the issuer's tokens must look like."""
    rfc9068 = section.text("profile", None, choices=("rfc9068",)) is not None
    return Profile(
        audience=accepted,
        token_types=_token_types(section, rfc9068=rfc9068),
        required=(*(RFC9068_CLAIMS if rfc9068 else ()), *section.texts("required_claims", ())),
        expected=_expected(section),
        leeway=section.number("leeway", LEEWAY, maximum=600),
        max_age=section.number("max_age", None, minimum=1, maximum=YEAR),
        max_lifetime=section.number("max_lifetime", None, minimum=1, maximum=YEAR),
        principal_claim=section.text("principal_claim", "sub") or "sub",
        groups_claim=section.text("groups_claim", groups_claim) or groups_claim,
        checks=checks,
    )


def keys(
    section: Section,
    issuers: Sequence[str],
    remote: Callable[[int], KeysAt | DiscoveredKeys | None] | None,
) -> KeySource | None:
    """Where the keys come from: what the section says, else `remote`, which is given the limit of bytes. None: a problem."""
    given = [name for name in KEY_PLACES if name in section]
    if len(given) > 1 or (not given and remote is None):
        section.problem(
            given[0] if given else "jwks_uri", " and ".join(given) or "nothing", "exactly one place for keys"
        )
    options = section.section("keys")
    uri, file, text = section.text("jwks_uri", None), section.text("jwks_file", None), section.raw("jwks")
    if uri is not None and not is_https(uri):
        section.problem("jwks_uri", repr(uri[:60]), "an https URL")
    if file is not None or text is not None:
        options.finish()
        return _static(section, file, text)
    max_bytes = int(options.number("max_bytes", 1_048_576, minimum=1024, maximum=16_777_216))
    source = KeysAt(uri, max_bytes) if uri is not None else remote(max_bytes) if remote is not None else None
    freshness, snapshot = _freshness(options), _snapshot(options, issuers)
    options.finish()
    return RemoteKeys(source, freshness, snapshot) if source is not None else None


def _token_types(section: Section, *, rfc9068: bool) -> frozenset[str | None]:
    given = section.texts("token_types", None)
    if given is not None and rfc9068:
        section.problem("token_types", "a list", 'nothing: profile = "rfc9068" says at+jwt')
    if rfc9068:
        return frozenset({"at+jwt"})
    if given is None:
        return PLAIN_TYPES | {None}
    return frozenset(name.lower().removeprefix("application/") for name in given)


def _expected(section: Section) -> tuple[tuple[str, tuple[str | int | bool, ...]], ...]:
    expected = []
    for name, value in section.table("expected_claims").items():
        values = value if isinstance(value, list | tuple) else [value]
        if not values or any(type(one) not in (str, int, bool) for one in values):
            section.problem(
                f"expected_claims.{name}", type(value).__name__, "a text, an integer, a boolean, or a list of them"
            )
        expected.append((name, tuple(values)))
    return tuple(expected)


def _static(section: Section, file: str | None, text: Any) -> KeySource | None:
    name = "jwks" if file is None else "jwks_file"
    try:
        if isinstance(text, dict):
            return StaticKeys(key_set.build(text.get("keys")))
        document = section.file(file) if file is not None else str(text).encode("utf-8")
        return StaticKeys(key_set.parse(document))
    except OSError as error:
        section.problem(name, type(error).__name__, "a readable file with a JWK Set")
    except key_set.NotAKeySet as error:
        section.problem(name, str(error), "a JWK Set with a usable key")
    return None


def _freshness(options: Section) -> Freshness:
    plain = Freshness()
    return Freshness(
        max_age=options.number("max_age", plain.max_age, minimum=1, maximum=86_400),
        max_stale=options.number("max_stale", plain.max_stale, maximum=604_800),
        unknown_kid_interval=options.number(
            "unknown_kid_interval", plain.unknown_kid_interval, minimum=1, maximum=3600
        ),
        timeout=options.number("timeout", plain.timeout, minimum=0.1, maximum=8),  # the gateway waits for 10 s
        backoff=options.number("backoff", plain.backoff, minimum=1, maximum=300),
    )


def _snapshot(options: Section, issuers: Sequence[str]) -> Held | None:
    max_age = options.number("snapshot_max_age", 604_800, minimum=1, maximum=YEAR)
    refresh = options.number("max_age", Freshness().max_age, minimum=1, maximum=86_400)
    file = options.text("snapshot", None)
    if file is None:
        return None
    try:
        return read_snapshot(options.file(file), loaded_at=now(), max_age=max_age, refresh=refresh, issuers=issuers)
    except (OSError, NotASnapshot) as error:
        options.problem("snapshot", f"{type(error).__name__} {error}"[:80], "a file made by `authorizer keys snapshot`")
        return None
