"""Asks the token endpoint of a running emulator, on this machine only, and without any proxy or redirect."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from authorizer.tools.local_issuer.client import CLIENT_CREDENTIALS, PASSWORD
from authorizer.tools.local_issuer.minting import SUBJECT
from authorizer.tools.local_issuer.token_form import FORM
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "/_issuer"
_PORT: Final = 80
_PATIENCE: Final = 30.0  # seconds: the first token waits for keys to be made
_START: Final = "start it with: authorizer serve"


class Choice(NamedTuple):
    """A client of a stand-in, both as the list of the emulator has them."""

    stand_in: Mapping[str, Any]
    client: Mapping[str, Any]

    def __repr__(self) -> str:
        return "Choice()"  # a client has a secret


def choose(url: str, issuer: str | None, client: str | None) -> Choice:
    """The stand-in and the client with these names, by default the first ones. `CommandError` when there are none."""
    status, stand_ins = _exchange(url, "GET", f"{PREFIX}/", None)
    if status != 200 or not isinstance(stand_ins, list):
        raise CommandError(f"what listens at {url} is not our emulator", _START)
    stand_in = _named(stand_ins, "name", issuer, "issuer")
    return Choice(stand_in, _named(stand_in["clients"], "id", client, "client"))


def ask_for_token(url: str, choice: Choice, form: Mapping[str, str]) -> dict[str, Any]:
    """The answer of the token endpoint; `CommandError` when it refuses. `form` has the scope and extensions."""
    status, answer = _exchange(url, "POST", f"{PREFIX}/{choice.stand_in['name']}/token", {**form, **_grant(choice)})
    if isinstance(answer, dict) and status == 200 and "access_token" in answer:
        return answer
    code = answer.get("error") if isinstance(answer, dict) else None
    told = answer.get("error_description") if isinstance(answer, dict) else None
    raise CommandError(f"the stand-in answers {status} {code or ''}".rstrip(), told or "authorizer token --help")


def _grant(choice: Choice) -> dict[str, str]:
    """For a user, where the client may sign in users; else for the client alone."""
    client = choice.client
    known = {"client_id": client["id"]} | ({"client_secret": client["secret"]} if "secret" in client else {})
    if PASSWORD in client["grants"]:
        return known | {"grant_type": PASSWORD, "username": SUBJECT, "password": "any"}
    return known | {"grant_type": CLIENT_CREDENTIALS}


def _named(rows: list[dict[str, Any]], member: str, wanted: str | None, what: str) -> dict[str, Any]:
    names = [str(row[member]) for row in rows]
    if not rows:
        raise CommandError(
            f"the emulator has no {what} there", "it takes both from the settings that it is started with"
        )
    if wanted is not None and wanted not in names:
        raise CommandError(f"there is no {what} {wanted!r}", f"one of {', '.join(names)}")
    return rows[0 if wanted is None else names.index(wanted)]


def _exchange(url: str, method: str, path: str, form: Mapping[str, str] | None) -> tuple[int, Any]:
    """Status and JSON of one request."""
    host, port, base = _place(url)
    connection = HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        body = None if form is None else urlencode(form)
        connection.request(method, base + path, body, {} if form is None else {"Content-Type": FORM})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, HTTPException) as error:
        raise CommandError(f"nothing answers at {url} ({type(error).__name__})", _START) from None
    except ValueError:
        raise CommandError(f"what listens at {url} is not our emulator", _START) from None
    finally:
        connection.close()


def _place(url: str) -> tuple[str, int, str]:
    """Host, port and path of a URL of this machine: secrets and tokens go over plain HTTP, and so no further."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORT
    except ValueError:
        host, port = "", 0
    if not url.startswith("http://") or not _is_this_machine(host):
        raise CommandError("the URL is not one of this machine", "for example --url http://127.0.0.1:3000")
    return host, port, parts.path.rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
