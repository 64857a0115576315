"""People who vote in a contest with a log, and what they hold afterwards."""

from core import clock
from tests.harness.world import World
from voting import sealing
from voting.jobs import append_due_batches
from voting.models import Contest, RollEntry
from voting.services.ballots import cast_ballot
from voting.services.rolls import enter_on_roll

LEAST = 20


def voters(world: World, number: int, first: int = 0) -> list[RollEntry]:
    """People of Riverside, straight on the roll."""
    at = clock.now()
    numbers = range(first, first + number)
    return [enter_on_roll(f"{i:064}", world.riverside.id, at=at) for i in numbers]


def cast(contest: Contest, entry: RollEntry, refs: list[str], form_key: str = "") -> str:
    """Casts, straight at the box; the receipt's code."""
    key = form_key or sealing.new_form_key()
    return cast_ballot(contest, entry, refs, key, at=clock.now()).code


def fill(world: World, contest: Contest, batches: int = 1, first: int = 0) -> list[str]:
    """Appends batches of twenty ballots each; their receipts."""
    codes = []
    for number in range(batches):
        entries = voters(world, LEAST, first=first + number * LEAST)
        codes += [cast(contest, each, [contest.options[each.id % 3].ref]) for each in entries]
        append_due_batches(clock.now())
    return codes
