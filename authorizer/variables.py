"""Plain environment variables: a deployment with one issuer needs no file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authorizer.errors import ConfigError, SettingProblem
from authorizer.section import Section, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping


class Variable(NamedTuple):
    """The setting that a variable stands for, and how its text becomes a value."""

    path: str
    kind: str = "text"  # "text", "texts", "names", "number", "flag"


VARIABLES: Final = {
    "AUTHORIZER_USER_POOL_ID": Variable("issuer[0].user_pool_id"),
    "AUTHORIZER_CLIENT_IDS": Variable("issuer[0].client_ids", "texts"),
    "AUTHORIZER_TOKEN_USE": Variable("issuer[0].token_use", "texts"),
    "AUTHORIZER_ISSUER": Variable("issuer[0].issuer"),
    "AUTHORIZER_AUDIENCE": Variable("issuer[0].audience", "texts"),
    "AUTHORIZER_ALGORITHMS": Variable("issuer[0].algorithms", "texts"),
    "AUTHORIZER_JWKS_URI": Variable("issuer[0].jwks_uri"),
    "AUTHORIZER_JWKS_FILE": Variable("issuer[0].jwks_file"),
    "AUTHORIZER_JWKS": Variable("issuer[0].jwks"),
    "AUTHORIZER_LEEWAY": Variable("issuer[0].leeway", "number"),
    "AUTHORIZER_GROUPS_CLAIM": Variable("issuer[0].groups_claim"),
    "AUTHORIZER_SNAPSHOT": Variable("issuer[0].keys.snapshot"),
    "AUTHORIZER_SCOPES": Variable("require.scopes", "texts"),
    "AUTHORIZER_ANY_SCOPES": Variable("require.any_scopes", "texts"),
    "AUTHORIZER_GROUPS": Variable("require.groups", "names"),
    "AUTHORIZER_ANY_VALID_TOKEN": Variable("require.any_valid_token", "flag"),
    "AUTHORIZER_CREDENTIAL_FROM": Variable("credential.from", "texts"),
    "AUTHORIZER_REST_STATUS": Variable("answers.rest", "number"),
    "AUTHORIZER_WEBSOCKET_STATUS": Variable("answers.websocket", "number"),
    "AUTHORIZER_HTTP_STATUS": Variable("answers.http", "number"),
    "AUTHORIZER_LOG_ALLOWS": Variable("log.allows"),
    "AUTHORIZER_LOG_SUBJECT": Variable("log.subject"),
    "AUTHORIZER_LOG_SERVICE": Variable("log.service"),
}
WHOLE: Final = ("AUTHORIZER_CONFIG", "AUTHORIZER_CONFIG_FILE")
CACHE_TTL: Final = "AUTHORIZER_CACHE_TTL"  # beside any source: the template gives the API the same number
USAGE_KEYS: Final = "AUTHORIZER_USAGE_KEYS"  # beside any source: API keys are secrets
SHADOW_FILE: Final = "AUTHORIZER_SHADOW_FILE"  # beside any source: a candidate for it
BESIDE: Final = ("AUTHORIZER_FINGERPRINT_KEY", CACHE_TTL, USAGE_KEYS, SHADOW_FILE)
SPELLED: Final = ("ANY_AUDIENCE", "ANY_CLIENT")


def sources(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The sources of settings that are given; an empty variable counts as not given, as CloudFormation cannot omit one."""
    given = [name for name in environ if name.startswith("AUTHORIZER_") and environ[name] and name not in BESIDE]
    whole = tuple(name for name in WHOLE if name in given)
    plain = tuple(sorted(set(given) - set(whole)))
    return whole + plain if whole else plain[:1]


def plain_settings(environ: Mapping[str, str], base: str) -> Section:
    """The settings that plain variables spell; their problems are named by variable."""
    values: dict[str, Any] = {}
    problems = []
    for name in sorted(environ):
        if not name.startswith("AUTHORIZER_") or not environ[name] or name in BESIDE:
            continue
        if name not in VARIABLES:
            problems.append(SettingProblem(name, "an unknown variable", nearest(name, VARIABLES)))
            continue
        _put(values, VARIABLES[name], environ[name])
    if problems:
        raise ConfigError(problems)
    issuer = values.setdefault("issuer", [{}])[0]
    issuer["kind"] = "cognito" if "user_pool_id" in issuer else "oidc"
    return Section(values, base=base, names={row.path: name for name, row in VARIABLES.items()})


def _put(values: dict[str, Any], variable: Variable, text: str) -> None:
    """`issuer[0].keys.snapshot` → `{"issuer": [{"keys": {"snapshot": …}}]}`."""
    *parents, name = variable.path.split(".")
    target = values
    for parent in parents:
        target = target.setdefault("issuer", [{}])[0] if parent == "issuer[0]" else target.setdefault(parent, {})
    target[name] = _value(variable.kind, text)


def _value(kind: str, text: str) -> Any:
    """What is not of the kind stays text, so that the setting's own check names what is wrong with it."""
    if kind == "texts":
        return text if text in SPELLED else [part for part in text.replace(",", " ").split(" ") if part]
    if kind == "names":  # names of groups may have spaces in them
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind == "flag":
        return {"true": True, "false": False}.get(text, text)
    if kind == "number":
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text
    return text
