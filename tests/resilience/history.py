"""What the clients sent and were told, and whether what was counted agrees with it.

Each attempt is noted before it is sent and again when it ends: acknowledged (303), refused (any
other answer), or unknown (the connection broke). After closing, every counted ranking is looked up:

- lost: a voter was told that a ballot of hers is in the box, and none of hers was counted;
- doubled: more than one ballot of one voter was counted;
- ghost: a ballot was counted that nobody sent, or that was refused to its sender;
- outdated: an earlier ballot of hers was counted than the last that was acknowledged.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.resilience.box import Ranking


class Outcome(StrEnum):
    """How an attempt ended, as its client saw it."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass
class Attempt:
    """One ballot that was sent; unknown until an answer came.

    `denied`: the answer said that the ballot was not counted.
    """

    voter: int
    ranking: Ranking
    outcome: Outcome = Outcome.UNKNOWN
    status: int = 0
    denied: bool = False


@dataclass(frozen=True)
class Verdict:
    """How many counted ballots disagree with what people were told; all zero is right."""

    lost: int
    doubled: int
    ghosts: int
    outdated: int

    @property
    def holds(self) -> bool:
        return self == Verdict(0, 0, 0, 0)


@dataclass
class History:
    """All attempts, in the order in which each client made them. Clients may note at once."""

    attempts: list[Attempt] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, voter: int, ranking: Ranking) -> Attempt:
        attempt = Attempt(voter, ranking)
        with self._lock:
            self.attempts.append(attempt)
        return attempt

    def number_of(self, outcome: Outcome) -> int:
        return sum(attempt.outcome is outcome for attempt in self.attempts)

    def judge(self, counted: Iterable[Ranking], *, together: bool = False) -> Verdict:
        """Holds the count against the attempts.

        `together`: several clients cast for one voter at once, so that any acknowledged ballot of
        hers may be the last. Else each voter's attempts came one after the other.
        """
        sender = {attempt.ranking: attempt.voter for attempt in self.attempts}
        of_voter: dict[int, list[Ranking]] = defaultdict(list)
        ghosts = 0
        for ranking in counted:
            if ranking in sender:
                of_voter[sender[ranking]].append(ranking)
            else:
                ghosts += 1
        may_count = self._may_count(together=together)
        acknowledged = {
            each.voter for each in self.attempts if each.outcome is Outcome.ACKNOWLEDGED
        }
        sent_in_vain = self._refused_only()
        ghosts += sum(ranking in sent_in_vain for each in of_voter.values() for ranking in each)
        outdated = sum(
            not set(rankings) & (may_count[voter] | sent_in_vain)
            for voter, rankings in of_voter.items()
        )
        return Verdict(
            lost=len(acknowledged - of_voter.keys()),
            doubled=sum(len(rankings) > 1 for rankings in of_voter.values()),
            ghosts=ghosts,
            outdated=outdated,
        )

    def _may_count(self, *, together: bool) -> dict[int, set[Ranking]]:
        """Of each voter: the last acknowledged ranking, and the unknown ones sent after it."""
        may_count: dict[int, set[Ranking]] = defaultdict(set)
        for attempt in self.attempts:
            if attempt.outcome is Outcome.ACKNOWLEDGED and not together:
                may_count[attempt.voter].clear()
            if attempt.outcome is not Outcome.REFUSED:
                may_count[attempt.voter].add(attempt.ranking)
        return may_count

    def _refused_only(self) -> set[Ranking]:
        """Rankings whose every attempt was refused: none of them may be counted."""
        refused = {each.ranking for each in self.attempts if each.outcome is Outcome.REFUSED}
        return refused - {
            each.ranking for each in self.attempts if each.outcome is not Outcome.REFUSED
        }
