"""What only a deployment knows, and what follows for a token: a made-up id of a user pool fits no real token."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final

from authorizer.reasons import Reason
from authorizer.tools.explain_template.verdict import Case, Outcome
from authorizer.verifiers.cognito import issuer_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from authorizer.tools.explain_template.scene import Scene
    from authorizer.tools.gateway.names import Names
    from authorizer.tools.template.unresolved import Text

POOL: Final = "AWS::Cognito::UserPool"
CLIENT: Final = "AWS::Cognito::UserPoolClient"
_MOST: Final = 50  # pairs of pool and client that are tried
_CLIENT_ID: Final = re.compile(r"[\w+]{1,128}", re.ASCII)  # Cognito API reference, `ClientIdType`
_NAMED: Final = re.compile(r"\$\{(?:Ref|GetAtt) (\w+)")
# What a token may be refused for only because a text was made up.
_OF_NAMES: Final = frozenset(
    one.value
    for one in (
        Reason.ISSUER_UNKNOWN,
        Reason.AUDIENCE_MISMATCH,
        Reason.AUDIENCE_MISSING,
        Reason.CLIENT_NOT_ALLOWED,
        Reason.SCOPE_MISSING,
        Reason.SCOPE_INSUFFICIENT,
        Reason.GROUP_MISSING,
        Reason.GROUP_REQUIRED,
    )
)


# Of several refusals, the one that would remain if every name were right is the one to tell.
_LEAST: Final = {
    Reason.ISSUER_UNKNOWN.value: 3,
    Reason.CLIENT_NOT_ALLOWED.value: 2,
    Reason.AUDIENCE_MISMATCH.value: 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The logical ids that nobody told. `supposed` are names in which a pool and a client among them are the token's own;
    `others` says that there is more among them, for which nothing can be supposed."""

    ids: tuple[str, ...]
    supposed: tuple[Names, ...]
    others: bool
    parameters: frozenset[str] = frozenset()

    def settled(self, plain: Outcome | None, supposed: Iterable[Outcome]) -> Outcome:
        """What holds in every deployment; that nobody can tell where an outcome passes. `plain` is the one with the names as
        they are, and `supposed` those with the others."""
        found = [*([plain] if plain is not None else []), *supposed]
        passing = next((one for one in found if self._may_pass(one)), None)
        if passing is not None:
            return self._outcome(passing.place)
        told = min(found, key=lambda one: (one.case is Case.SETTINGS_WRONG, _LEAST.get(one.reason or "", 0)))
        if told is plain or not told.unproven:
            return told
        return replace(told, why=f"{told.why}; supposing that the token is of {' and '.join(self.ids)}")

    def _may_pass(self, outcome: Outcome) -> bool:
        if outcome.status == 200 or outcome.case in (Case.KEYS_UNKNOWN, Case.DEPENDS_ON_REQUEST):
            return True
        return self.others and (outcome.reason in _OF_NAMES or outcome.case is Case.SETTINGS_WRONG)

    def _outcome(self, place: str | None) -> Outcome:
        """Nobody can tell, and how to tell it."""
        options = [f"--{'parameter' if one in self.parameters else 'resource'} {one}=…" for one in self.ids]
        return Outcome(
            case=Case.DEPLOYMENT_KNOWS,
            status=None,
            why=f"only a deployment knows {', '.join(self.ids)}; the rest of the token is right for this route",
            fix=f"Tell what the deployment has: {' '.join(options)}",
            place=place,
        )


def unknown(values: Iterable[Text | None], scene: Scene) -> Unknown | None:
    """What of these texts is made up; None where nothing is."""
    names = scene.names
    ids = made_up(values, names)
    if not ids:
        return None
    resources, parameters = names.document.resources, names.document.parameters
    types = {one: resources[one].type for one in ids if one in resources}
    given = _choices(types, _own(scene.asked.claims))
    return Unknown(
        ids=ids,
        supposed=tuple(replace(names, given={**names.given, **one}) for one in given),
        others=any(types.get(one) not in (POOL, CLIENT) for one in ids),
        parameters=frozenset(ids) & parameters.keys(),
    )


def _choices(types: Mapping[str, str], own: Mapping[str, str]) -> list[dict[str, str]]:
    """Each pool with each client, as the token's own; a client may also be one that is told. Two are never the same."""
    pools: list[str | None] = [one for one, kind in types.items() if kind == POOL and POOL in own]
    clients = [None, *(one for one, kind in types.items() if kind == CLIENT and CLIENT in own)]
    pairs = islice(product(pools or [None], clients), _MOST)
    return [
        {name: own[kind] for name, kind in ((pool, POOL), (client, CLIENT)) if name is not None}
        for pool, client in pairs
    ]


def made_up(values: Iterable[Text | None], names: Names) -> tuple[str, ...]:
    """The logical ids that these texts depend on, and that nobody has given."""
    found = (one for value in values for one in _NAMED.findall(str(value or "")))
    return tuple(dict.fromkeys(one for one in found if one not in names.given))


def pool_of(claims: Mapping[str, Any]) -> str | None:
    """The user pool that a token says it is from; None for another issuer."""
    issuer = claims.get("iss")
    pool = issuer.rpartition("/")[2] if isinstance(issuer, str) else ""
    return pool if issuer in issuer_urls(pool) else None


def _own(claims: Mapping[str, Any]) -> dict[str, str]:
    """The pool and the client of a token of Cognito, by the type of the resource.

    They are put into settings, in TOML: so nothing is that is not spelled as Cognito spells its ids.
    """
    pool = pool_of(claims)
    if pool is None:
        return {}
    client = claims.get("aud" if claims.get("token_use") == "id" else "client_id")
    is_client = isinstance(client, str) and _CLIENT_ID.fullmatch(client) is not None
    return {POOL: pool} | ({CLIENT: str(client)} if is_client else {})
