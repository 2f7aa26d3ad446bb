"""Paths and security of an OpenAPI document → a route table. What the table cannot say is left out, never widened.

Source: OpenAPI Specification 3.1, "Security Requirement Object"; Swagger 2.0 says the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from authorizer.template import covers, parse_match
from authorizer.tools.route_table import Row, in_order
from authorizer.tools.template.openapi import kind_of, method_of, operations_of, route_path
from authorizer.tools.template.openapi_security import AUTHORIZER, is_api_key, written_schemes
from authorizer.tools.template.shape import as_map
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from authorizer.surface import Api as Kind
from authorizer.tools.route_table import Key

_SCOPE: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749 appendix A.4
_UNSUPPORTED: Final = ("TRACE",)
ANY: Final = "ANY"


class Unsecured(Enum):
    """What to do with an operation for which the document says nothing, neither itself nor at its root."""

    PUBLIC = "public"
    ANY_VALID_TOKEN = "any_valid_token"
    SKIP = "skip"


class CannotSayError(Exception):
    """An operation asks for something that a route table has no words for."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An operation without a row, and why. It is refused until somebody writes one."""

    match: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of a document in order, and what is not among them."""

    rows: Sequence[Row]
    left_out: Sequence[LeftOut]

    def without_left_out(self, rows: Iterable[Row]) -> Sequence[Row]:
        """Rows that somebody wrote, but for those that the document cannot be compared with."""
        unsaid = {one.match for one in self.left_out}
        return [row for row in rows if row.match not in unsaid]


class OpenApiRules:
    """The route table of one document. `scheme` chooses the security scheme that the tokens are of."""

    def __init__(
        self, body: Mapping[str, Any], *, scheme: str | None = None, unsecured: Unsecured | None = None
    ) -> None:
        self._body = body
        self._schemes = written_schemes(body)
        self._kind = kind_of(body)
        self._unsecured = unsecured
        self._scheme = self._chosen(scheme)

    def table(self) -> Table:
        """All operations, each as a row or left out."""
        rows: list[Row] = []
        left_out = list(self._references())
        for path, method, operation in operations_of(self._body):
            match = _match(path, method, operation, self._kind)
            try:
                row = self._row(match, operation)
            except CannotSayError as problem:
                left_out.append(LeftOut(match=match, code=problem.code, message=str(problem)))
            else:
                rows += [row] if row is not None else []
        rows, twice = _without_twice(rows)
        rows, covering = _without_covering(rows, [*left_out, *twice])
        return Table(
            rows=sorted(rows, key=lambda row: in_order(row.match)),
            left_out=sorted([*left_out, *twice, *covering], key=lambda one: in_order(one.match)),
        )

    def _row(self, match: str, operation: Mapping[str, Any]) -> Row | None:
        _check_match(match)
        written = operation if "security" in operation else self._body
        if "security" not in written:
            return self._without_security(match)
        security = written["security"]
        if not isinstance(security, list) or not all(isinstance(one, dict) for one in security):
            raise CannotSayError("security_invalid", "its security is no list of requirements")
        if not security or {} in security:
            return Row(match=match, public=True)
        scopes, any_scopes = _said(list(self._alternatives(security)))
        return Row(match=match, scopes=scopes, any_scopes=any_scopes)

    def _without_security(self, match: str) -> Row | None:
        if self._unsecured is None:
            raise CannotSayError(
                "security_missing", "nothing is said about its security; --unsecured says what that means"
            )
        if self._unsecured is Unsecured.SKIP:
            return None
        return Row(match=match, public=self._unsecured is Unsecured.PUBLIC)

    def _alternatives(self, security: Sequence[Mapping[str, Any]]) -> Iterator[frozenset[str]]:
        """The scopes of each alternative. Those of other schemes than the chosen are dropped, which allows less."""
        chosen = [one for one in security if self._scheme in one]
        if not chosen:
            names = ", ".join(sorted({name for one in security for name in one}))
            why = (
                f"{names} is not checked by a token"
                if self._scheme is None
                else f"it takes {names}, not {self._scheme}"
            )
            raise CannotSayError("scheme_other", why)
        for one in chosen:
            others = [name for name in one if name != self._scheme and not is_api_key(self._schemes.get(name, {}))]
            if others:  # API keys are checked by API Gateway itself
                raise CannotSayError("schemes_together", f"it takes {', '.join(others)} as well as {self._scheme}")
            yield _scopes(one[self._scheme or ""])

    def _chosen(self, given: str | None) -> str | None:
        """The scheme whose tokens the settings are about: the one that is given, or the only one that is used."""
        if given is not None and given not in self._schemes:
            known = ", ".join(sorted(self._schemes)) or "none"
            raise CommandError(f"the document has no security scheme {given}", f"it has {known}")
        used = sorted({name for name in self._used() if _has_tokens(self._schemes.get(name, {}))})
        if given is None and len(used) > 1:
            raise CommandError(
                f"the document uses several security schemes: {', '.join(used)}", "choose one with --scheme"
            )
        return given or next(iter(used), None)

    def _used(self) -> Iterator[str]:
        for one in (self._body, *(operation for _, _, operation in operations_of(self._body))):
            security = one.get("security")
            for alternative in security if isinstance(security, list) else ():
                yield from as_map(alternative)

    def _references(self) -> Iterator[LeftOut]:
        for path, item in as_map(self._body.get("paths")).items():
            if "$ref" in as_map(item):
                yield LeftOut(match=path, code="path_reference", message="it is in another place, by $ref")


def _without_twice(rows: Sequence[Row]) -> tuple[list[Row], list[LeftOut]]:
    """Rows without those that are one route by several names: which of them counts, nobody can tell."""
    same: dict[Key, list[Row]] = {}
    for row in rows:
        same.setdefault(row.key, []).append(row)
    several = [group for group in same.values() if len(group) > 1]
    message = "it is another route of the document, by another name"
    left_out = [LeftOut(match=row.match, code="route_twice", message=message) for group in several for row in group]
    return [group[0] for group in same.values() if len(group) == 1], left_out


def _without_covering(rows: list[Row], left_out: Iterable[LeftOut]) -> tuple[list[Row], list[LeftOut]]:
    """Rows without those that would decide for what is left out, which is stricter than they are or may be."""
    dropped: list[LeftOut] = []
    waiting = [one.match for one in left_out]
    while waiting:
        without = waiting.pop()
        for row in [row for row in rows if _decides(row, without)]:
            rows = [one for one in rows if one is not row]
            waiting.append(row.match)
            message = f"it would let through {without} too"
            dropped.append(LeftOut(match=row.match, code="covers_left_out", message=message))
    return rows, dropped


def _decides(row: Row, match: str) -> bool:
    """Whether a row would be the one for calls of another route, were there no row for that."""
    try:
        (method, template), (other, narrower) = parse_match(row.match), parse_match(match)
    except ValueError:
        return False
    return (ANY in (method, other) or method == other) and covers(template, narrower)


def _match(path: str, method: str, operation: Mapping[str, Any], kind: Kind) -> str:
    path = route_path(path, operation, kind)
    return path if path.startswith("$") else f"{method_of(method)} {path}"


def _check_match(match: str) -> None:
    if match.split(" ")[0] in _UNSUPPORTED:
        raise CannotSayError("method_invalid", "API Gateway has no such method")
    try:
        Row(match=match).key  # noqa: B018  # only whether there is one
    except ValueError:
        raise CannotSayError("path_invalid", "API Gateway would not accept the path") from None


def _has_tokens(scheme: Mapping[str, Any]) -> bool:
    """Whether a caller shows a token: OAuth 2, OpenID Connect, bearer, or what an authorizer of API Gateway reads."""
    bearer = scheme.get("type") == "http" and str(scheme.get("scheme", "")).lower() == "bearer"
    return bearer or scheme.get("type") in ("oauth2", "openIdConnect") or AUTHORIZER in scheme


def _scopes(given: Any) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(one, str) and _SCOPE.fullmatch(one) for one in given):
        raise CannotSayError("scopes_invalid", "its scopes are no list of scopes")
    return frozenset(given)


def _said(alternatives: Sequence[frozenset[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """All of these scopes, and one of those: exactly what the alternatives mean together."""
    common = frozenset.intersection(*alternatives)
    rests = [one - common for one in alternatives]
    if not all(rests):  # an alternative without more is met by whoever meets another
        return common, frozenset()
    if all(len(rest) == 1 for rest in rests):
        return common, frozenset().union(*rests)
    raise CannotSayError("alternatives", "its alternatives ask for several scopes each, which no route can say")
