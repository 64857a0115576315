"""Eight clients cast for the same voters at the same time."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from tests.resilience.box import Box, Voter, stored_rankings
from tests.resilience.clients import Client, Crowd, numbers
from tests.resilience.history import History, Outcome, Verdict
from tests.resilience.server import CORRECT, serve

CLIENTS = 8


@dataclass(frozen=True)
class SameVoters:
    """What was seen: how many voters there are, how many ballots lie in the box."""

    voters: int
    acknowledged: int
    stored: int
    verdict: Verdict

    @property
    def holds(self) -> bool:
        return self.verdict.holds and self.stored == self.voters

    def __str__(self) -> str:
        return (
            f"{CLIENTS} clients, {self.voters} voters: {self.acknowledged} casts acknowledged, "
            f"{self.stored} ballots in the box; {self.verdict}"
        )


def cast_for_the_same_voters(box: Box, *, voters: int, defect: str = CORRECT) -> SameVoters:
    """Every client takes the voters in the same order, so that they meet at each."""
    history, sequence = History(), numbers()
    chosen = box.voters[:voters]
    assert len(chosen) == voters
    with serve(box, defect=defect) as server:
        clients = [Client(box, server, history, sequence) for _ in range(CLIENTS)]
        Crowd([_caster(client, chosen) for client in clients]).wait()
    stored = stored_rankings(box)
    verdict = history.judge(stored, together=True)
    return SameVoters(voters, history.number_of(Outcome.ACKNOWLEDGED), len(stored), verdict)


def _caster(client: Client, voters: list[Voter]) -> Callable[[], None]:
    def cast() -> None:
        with closing(client):
            for voter in voters:
                client.cast_surely(voter)

    return cast
