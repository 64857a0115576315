"""The log in a copy of the database: what a machine would go on with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from recount import Tree

Ask = Callable[[str], Iterable[tuple[Any, ...]]]


@dataclass(frozen=True)
class CopiedLog:
    """The seals that a copy holds, and the newest head that it has.

    `superseded`: how many ballots were changed since; their seals stay in the log.
    """

    ballots: list[bytes]
    waiting: list[bytes]
    leaves: list[bytes]
    superseded: int
    head: tuple[int, str] | None

    @classmethod
    def read(cls, ask: Ask) -> "CopiedLog":
        """`ask` sends a query to the copy. Positions must count up from 0."""
        leaves = list(ask("SELECT position, commitment FROM leaf ORDER BY position"))
        assert [position for position, _ in leaves] == list(range(len(leaves)))
        heads = list(ask("SELECT size, root FROM tree_head ORDER BY size"))
        (superseded,) = next(iter(ask("SELECT count(*) FROM superseded_leaf")))
        return cls(
            ballots=[bytes(seal) for (seal,) in ask("SELECT commitment FROM ballot")],
            waiting=[bytes(seal) for (seal,) in ask("SELECT commitment FROM waiting_leaf")],
            leaves=[bytes(seal) for _, seal in leaves],
            superseded=superseded,
            head=(heads[-1][0], bytes(heads[-1][1]).hex()) if heads else None,
        )

    @property
    def is_whole(self) -> bool:
        """Each seal stands in one place, each ballot has one, the newest head signs all leaves."""
        seals = self.waiting + self.leaves
        return (
            len(set(seals)) == len(seals) == len(self.ballots) + self.superseded
            and set(self.ballots) <= set(seals)
            and self._is_signed
        )

    @property
    def _is_signed(self) -> bool:
        if self.head is None:
            return not self.leaves
        tree = Tree()
        for leaf in self.leaves:
            tree.append(leaf)
        return self.head == (len(self.leaves), tree.root())
