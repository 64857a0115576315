"""Connections that break after the ballot was sent: the retry tells what became of it."""

import time
from contextlib import closing
from dataclasses import dataclass

from tests.resilience.box import Box, stored_rankings
from tests.resilience.clients import Client, numbers
from tests.resilience.history import History
from tests.resilience.server import CORRECT, serve


@dataclass(frozen=True)
class BrokenLines:
    """Of so many casts whose answer never arrived: how many were stored, before and after a
    retry, and how many got one receipt, however often they were sent."""

    sent: int
    stored_unheard: int
    stored: int
    same_receipt: int

    @property
    def holds(self) -> bool:
        return self.sent == self.stored == self.same_receipt

    def __str__(self) -> str:
        return (
            f"{self.sent} casts cut off after sending, {self.stored_unheard} of them stored; after "
            f"a retry {self.stored} ballots, {self.same_receipt} of them with one receipt each"
        )


def hang_up_and_retry(box: Box, *, casts: int, defect: str = CORRECT) -> BrokenLines:
    """Sends, hangs up, and sends the same form twice again."""
    forms = [(voter, box.new_key(voter)) for voter in box.voters[:casts]]
    same = 0
    with (
        serve(box, defect=defect, workers=1) as server,
        closing(Client(box, server, History(), numbers())) as one,
    ):
        rankings = [one.next_ranking() for _ in forms]
        for (voter, key), ranking in zip(forms, rankings, strict=True):
            one.post_and_hang_up(voter, key, ranking)
        time.sleep(0.5)
        unheard = len(stored_rankings(box))
        for (voter, key), ranking in zip(forms, rankings, strict=True):
            codes = {one.receipt(voter, key, ranking) for _ in range(2)}
            same += len(codes) == 1 and "" not in codes
    stored = stored_rankings(box)
    assert sorted(stored) == sorted(rankings)
    return BrokenLines(casts, unheard, len(stored), same)
