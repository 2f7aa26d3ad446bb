"""The issuers of JWT authorizers: whether API Gateway gets keys from them, and can use these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authorizer.surface import Api as Kind
from authorizer.tools.doctor.deployed.calls import POOL
from authorizer.tools.doctor.deployed.issuers import MAX_BYTES, IssuerAnswer, ask
from authorizer.tools.doctor.deployed.pool_checks import deleted_pool
from authorizer.tools.doctor.deployed.pools_reader import pool_of_issuer
from authorizer.tools.gateway.native_jwt_rest import JWT_ALGORITHMS
from authorizer.tools.template import AuthorizerKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authorizer.tools.doctor.deployed.deployment import Deployment
    from authorizer.tools.doctor.deployed.view import DeployedView
    from authorizer.tools.template import ApiAuthorizer
    from authorizer.tools.template_check.finding import Finding

_USABLE: Final = {Kind.HTTP: frozenset({"RS256", "RS384", "RS512"}), Kind.REST: frozenset(JWT_ALGORITHMS)}
_PATIENCE: Final = 1.5  # seconds that an HTTP API waits for each document


def issuers(one: Deployment, view: DeployedView, get: Callable[[str], bytes] | None) -> Iterator[Finding]:
    """What is wrong with the issuers of an API; each is asked once."""
    answers: dict[str, IssuerAnswer] = {}
    for authorizer, text in _named(one):
        if text not in answers:
            one.access.progress(f"asking {text}")
            answers[text] = ask(text, get) if get else ask(text)
        pool = pool_of_issuer(text)
        if pool is not None and pool.id in one.gone and answers[text].unreachable is not None:
            yield deleted_pool(view, authorizer, pool)
        else:
            yield from _judged(view, one.served.kind, authorizer, text, answers[text])


def unasked_pools(one: Deployment) -> None:
    """Takes down pools that are not in the account: a pool of another is as good, and its issuer alone would tell."""
    for _, text in _named(one):
        pool = pool_of_issuer(text)
        if pool is not None and pool.id in one.gone:
            one.access.note(POOL, pool.id, "there is none in this account, and no issuer was asked")


def _named(one: Deployment) -> Iterator[tuple[ApiAuthorizer, str]]:
    for authorizer in one.served.authorizers:
        if authorizer.kind is AuthorizerKind.JWT:
            yield from ((authorizer, str(it.issuer)) for it in authorizer.issuers)


def _judged(
    view: DeployedView, kind: Kind, authorizer: ApiAuthorizer, issuer: str, answer: IssuerAnswer
) -> Iterator[Finding]:
    place = authorizer.place
    if answer.unreachable is not None:
        right = "a discovery document and keys over https"
        yield view.finding("issuer_unreachable", place, found=answer.unreachable, right=right)
        return
    if answer.names != issuer:
        found, right = f"{issuer}, which calls itself {answer.names}", f"{answer.names}, to the last slash"
        yield view.finding("issuer_names_another", place, found=found, right=right)
    usable = _USABLE.get(kind, frozenset())
    if not answer.algorithms & usable:
        offered = ", ".join(sorted(answer.algorithms)) or "nothing that can be used"
        found, right = f"{answer.keys} keys for {offered}", f"a key for {', '.join(sorted(usable))}"
        yield view.finding("issuer_keys_unusable", place, found=found, right=right)
    if kind is Kind.HTTP and answer.size > MAX_BYTES:
        found, right = f"a key set of {answer.size:,} bytes", f"at most {MAX_BYTES:,}"
        yield view.finding("issuer_keys_too_large", place, found=found, right=right)
    if kind is Kind.HTTP and answer.slowest > _PATIENCE:
        found, right = f"{answer.slowest:.1f} seconds for a document", f"at most {_PATIENCE}"
        yield view.finding("issuer_slow", place, found=found, right=right)
