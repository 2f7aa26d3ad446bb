"""Templates and patterns side by side: one walk along the segments of a path finds all that match it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from authorizer.template import GREEDY, LITERAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from authorizer.template import Segment

T = TypeVar("T")


class Node(Generic[T]):
    """Where a walk can be: what may follow, and what ends here. A greedy part `loops`: it takes further segments."""

    __slots__ = ("ends", "greedy", "literals", "loops", "parameter")

    def __init__(self, *, loops: bool = False) -> None:
        self.literals: dict[str, Node[T]] = {}
        self.parameter: Node[T] | None = None
        self.greedy: Node[T] | None = None
        self.loops = loops
        self.ends: list[T] = []

    @property
    def is_choice(self) -> bool:
        """Whether one segment may be read as a literal and as a value, or as a value of two kinds; or the path may end
        here with a slash and without."""
        wild = (self.parameter is not None) + (self.greedy is not None) + self.loops
        return wild > 1 or bool(wild and self.literals) or bool(self.ends and "" in self.literals)


Nodes = frozenset[Node[T]]


class Trie(Generic[T]):
    """A set of sequences of segments, each with what it stands for."""

    def __init__(self, items: Iterable[tuple[Sequence[Segment], T]] = ()) -> None:
        self.root: Node[T] = Node()
        for segments, value in items:
            self.add(segments, value)

    @property
    def start(self) -> frozenset[Node[T]]:
        """Where every walk begins."""
        return frozenset((self.root,))

    def add(self, segments: Sequence[Segment], value: T) -> None:
        """One more sequence. A greedy part may stand anywhere in it: so do the wildcards of IAM."""
        node = self.root
        for rank, text in segments:
            if rank == LITERAL:
                node = node.literals.setdefault(text, Node())
            elif rank == GREEDY:
                node.greedy = node.greedy or Node(loops=True)
                node = node.greedy
            else:
                node.parameter = node.parameter or Node()
                node = node.parameter
        node.ends.append(value)

    def nodes(self) -> Iterator[Node[T]]:
        """All there are."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.literals.values())
            waiting.extend(child for child in (node.parameter, node.greedy) if child is not None)

    def matching(self, parts: Sequence[str]) -> list[T]:
        """All that match the segments of a path."""
        at: Iterable[Node[T]] = (self.root,)
        for part in parts:
            at = step(at, part)
            if not at:
                return []
        return [value for node in at for value in node.ends]


def step(at: Iterable[Node[T]], part: str | None) -> list[Node[T]]:
    """Where one segment leads: `None` is a text that no literal spells, `""` the end after a slash, which is no value."""
    after: list[Node[T]] = []
    for node in at:
        if part is not None and part in node.literals:
            after.append(node.literals[part])
        if part != "":
            if node.parameter is not None:
                after.append(node.parameter)
            if node.greedy is not None:
                after.append(node.greedy)
        if node.loops:
            after.append(node)
    return after
