"""All stand-ins together: who answers for which issuer, and whether any of them can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer.tools.gateway.issuers import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from authorizer.tools.local_issuer.stand_in import StandIn


class LocalIssuers:
    """The issuers that can be asked (`gateway.issuers.Issuers`). An outage is one of all, as of a broken network."""

    def __init__(self, stand_ins: Iterable[StandIn]) -> None:
        self._stand_ins = tuple(stand_ins)
        self._by_name = {one.name: one for one in self._stand_ins}
        self._by_issuer = {issuer: one for one in self._stand_ins for issuer in one.issuers}
        self._outage = False
        self._watchers: list[Callable[[], None]] = []
        if len(self._by_name) != len(self._stand_ins):
            raise ValueError("two stand-ins have the same name")
        if len(self._by_issuer) != sum(len(one.issuers) for one in self._stand_ins):
            raise ValueError("two stand-ins answer for the same issuer")
        for one in self._stand_ins:
            one.keys.changed = self._changed

    def __iter__(self) -> Iterator[StandIn]:
        return iter(self._stand_ins)

    @property
    def outage(self) -> bool:
        """Whether nobody can be reached. May be set at any time; tokens can be had all the same."""
        return self._outage

    @outage.setter
    def outage(self, down: bool) -> None:
        self._outage = down
        self._changed()

    def key_set(self, issuer: str) -> Mapping[str, Any]:
        """The JWK Set that an issuer publishes now; `Unreachable` when it cannot be had."""
        stand_in = self.of(issuer)
        if stand_in is None:
            raise Unreachable("discovery: nobody here stands in for the issuer")
        if self._outage:
            raise Unreachable("keys: the issuers are down")
        return stand_in.keys.published()

    def of(self, issuer: str) -> StandIn | None:
        """Who stands in for an issuer; None when nobody does."""
        return self._by_issuer.get(issuer)

    def named(self, slug: str) -> StandIn | None:
        """The stand-in with this name; None when there is none."""
        return self._by_name.get(slug)

    def rotate(self, slug: str, *, keep: bool = True) -> None:
        """New keys for a stand-in; `keep`: those before stay published. `KeyError` when there is no such stand-in."""
        self._by_name[slug].keys.rotate(keep=keep)

    def watch(self, watcher: Callable[[], None]) -> None:
        """From now on `watcher` is called whenever keys or reachability have changed."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        """Ends what `watch` began."""
        self._watchers.remove(watcher)

    def _changed(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()
