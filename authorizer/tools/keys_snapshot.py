"""`authorizer keys snapshot`: fetches an issuer's public keys into a file that is shipped with the function."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Annotated, Any

import typer

from authorizer.clock import now
from authorizer.errors import ConfigError, Unavailable
from authorizer.jose import discovery, fetch, strict_json
from authorizer.jose.fetch import Deadline
from authorizer.jose.keys import KeyRejected, public_key
from authorizer.tools.key_places import KeyPlace, key_places
from authorizer.tools.terminal import CommandError, show, show_json

_SECONDS = 10.0  # nobody's request waits for this fetch
_MAX_BYTES = 1_048_576
_PUBLIC = ("kty", "use", "key_ops", "alg", "kid", "n", "e", "crv", "x", "y")  # RFC 7518 section 6, RFC 8037 section 2
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})  # RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whose keys are fetched. Without an issuer the keys are those of a URL; without a URL, those that discovery names."""

    issuer: str | None
    jwks_uri: str | None


def snapshot(
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    issuer: Annotated[str | None, typer.Option(help="Issuer; its keys are discovered.")] = None,
    jwks_uri: Annotated[str | None, typer.Option(help="Where the keys are.")] = None,
    config: Annotated[Path | None, typer.Option(help="Settings that name the issuer.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Fetch an issuer's public keys into a file for [issuer.keys] snapshot, so that a cold start needs no network."""
    source = _source(issuer, jwks_uri, config)
    document = fetched(source)
    out.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    if as_json:
        show_json({"file": str(out), **document})
    else:
        show(f"{out}: {len(document['keys'])} keys of {document['issuer'] or document['jwks_uri']}")
    return 0


def fetched(source: Source) -> dict[str, Any]:
    """The snapshot of what the issuer publishes now."""
    deadline = Deadline(_SECONDS)
    timer = Timer(_SECONDS, deadline.cancel)
    timer.start()
    try:
        jwks_uri = source.jwks_uri or _discovered(str(source.issuer), deadline)
        body = fetch.get(jwks_uri, deadline, max_bytes=_MAX_BYTES)
        discovery.read_keys(body)
    except Unavailable as error:
        hint = f"authorizer reasons {error.reason.value}"
        raise CommandError(f"the keys cannot be fetched: {error}", hint) from error
    finally:
        timer.cancel()
    return snapshot_of(strict_json.parse_object(body)["keys"], Source(issuer=source.issuer, jwks_uri=jwks_uri))


def snapshot_of(members: list[Any], source: Source) -> dict[str, Any]:
    """The document for these members of a key set: those that can verify, with nothing but their public parts."""
    if any(isinstance(member, dict) and _PRIVATE & member.keys() for member in members):
        hint = "tell the issuer at once: whoever read that document can sign tokens"
        raise CommandError("the issuer publishes a private or symmetric key; nothing was written", hint)
    return {
        "issuer": source.issuer,
        "jwks_uri": source.jwks_uri,
        "fetched_at": datetime.fromtimestamp(now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "keys": [_public(member) for member in members if _verifies(member)],
    }


def _discovered(issuer: str, deadline: Deadline) -> str:
    document = fetch.get(discovery.metadata_url(issuer), deadline, max_bytes=_MAX_BYTES)
    return discovery.read_jwks_uri(document, issuer)


def _verifies(member: object) -> bool:
    try:
        return isinstance(member, dict) and bool(public_key(member))
    except KeyRejected:
        return False


def _public(member: dict[str, Any]) -> dict[str, Any]:
    return {name: member[name] for name in _PUBLIC if name in member}


def _source(issuer: str | None, jwks_uri: str | None, config: Path | None) -> Source:
    if config is not None and jwks_uri is None:
        return _from_settings(config, issuer)
    if config is not None or (issuer is None) == (jwks_uri is None):
        raise CommandError("one source of keys is needed", "give one of --issuer URL, --jwks-uri URL and --config FILE")
    return Source(issuer=issuer, jwks_uri=jwks_uri)


def _from_settings(file: Path, issuer: str | None) -> Source:
    try:
        places = key_places(file)
    except ConfigError as error:
        raise CommandError(f"{file} is wrong", f"authorizer config check {file}") from error
    remote = [place for place in places if place.static is None and issuer in (None, place.issuer)]
    if len(remote) != 1:
        raise _not_one(file, remote)
    return Source(issuer=remote[0].issuer, jwks_uri=remote[0].jwks_uri)


def _not_one(file: Path, remote: list[KeyPlace]) -> CommandError:
    if not remote:
        return CommandError(f"{file} has no such issuer with keys to fetch", f"authorizer config check {file}")
    names = " or ".join(place.issuer for place in remote)
    return CommandError(f"{file} has several issuers with keys to fetch", f"add --issuer {names}")
