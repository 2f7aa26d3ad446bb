"""`authorizer token`: a token of an issuer that a running `authorizer serve` stands in for."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from authorizer.tools.terminal import CommandError, show, show_json, show_table

_URL = "http://127.0.0.1:3000"
_SERVE = "authorizer serve"


class Use(StrEnum):
    """What a token is for."""

    ACCESS = "access"
    ID = "id"


def token(  # noqa: PLR0913  # a command has as many parameters as options
    url: Annotated[str, typer.Option(help="Where `authorizer serve` listens.")] = _URL,
    issuer: Annotated[str | None, typer.Option(help="Name of the stand-in; default: the first.")] = None,
    client: Annotated[str | None, typer.Option(help="Id of the client; default: the first of the stand-in.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="A scope; default: all that the client may have.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="A group of the user.")] = None,
    claim: Annotated[list[str] | None, typer.Option(help="NAME=JSON, put over the usual; null drops it.")] = None,
    subject: Annotated[str | None, typer.Option(help="The user; default: user-1, or the client alone.")] = None,
    lifetime: Annotated[int | None, typer.Option(min=1, help="Seconds until it expires.")] = None,
    alg: Annotated[str | None, typer.Option(help="What it is signed with; default: RS256.")] = None,
    use: Annotated[Use, typer.Option(help="What it is for.")] = Use.ACCESS,
    broken: Annotated[str | None, typer.Option(help="The reason for which it is to be refused.")] = None,
    list_broken: Annotated[bool, typer.Option("--list-broken", help="Ways to break a token; asks no server.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Print a token of an issuer that `authorizer serve` stands in for. It is worth nothing anywhere else."""
    if list_broken:
        return _list_broken(as_json=as_json)
    words = {"scope": " ".join(scope or ()), "groups": " ".join(group or ())}
    named = {"subject": subject, "alg": alg, "token_use": use.value, "broken": broken}
    form = words | named | {"claims": _claims(claim or ()), "expires_in": lifetime}
    answer = _asked(url, (issuer, client), {name: str(value) for name, value in form.items() if value})
    if as_json:
        show_json(answer)
    else:
        show(answer["access_token"])
    return 0


def _asked(url: str, names: tuple[str | None, str | None], form: Mapping[str, str]) -> dict[str, Any]:
    from authorizer.tools.local_issuer.token_client import ask_for_token, choose

    return ask_for_token(url, choose(url, *names), form)


def _claims(pairs: Sequence[str]) -> str:
    claims = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        try:
            claims[name] = json.loads(value)
        except ValueError:
            equals = ""
        if not name or not equals:
            hint = "for example --claim tenant='\"north\"', --claim level=2 or --claim email=null"
            raise CommandError("a claim is not NAME=JSON", hint)
    return json.dumps(claims)


def _list_broken(*, as_json: bool) -> int:
    from authorizer.tools.local_issuer.broken import EVERY, WAYS

    rows = [(code, sorted(f"{kind} {use}" for kind, use in way.sorts), way.needs) for code, way in WAYS.items()]
    if as_json:
        show_json([{"reason": code, "tokens": tokens, "setting": needs or None} for code, tokens, needs in rows])
    else:
        everything = len(EVERY)
        told = ((code, "all" if len(of) == everything else ", ".join(of), needs) for code, of, needs in rows)
        show_table(("reason", "tokens", "only with the setting"), told)
    return 0
