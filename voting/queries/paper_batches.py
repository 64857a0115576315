"""Batches of papers: what the two keyed, where they differ, and what became of every paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from core.actors import Actor
from core.database import db
from voting.models import Contest, KeyedPaper, PaperBatch, PaperSettlement
from voting.paper_keys import Reading, Sums, differences, places_to_tell, totals
from voting.queries.paper import papers_given

SIDES = (1, 2)
FEWEST_TOLD = 10


@dataclass(frozen=True)
class Difference:
    """A paper that the two read differently, and what they settled, if they did."""

    number: int
    readings: tuple[Reading | None, Reading | None]
    settlement: PaperSettlement | None

    @property
    def is_settled(self) -> bool:
        return self.settlement is not None and self.settlement.agreed_by_id is not None


@dataclass(frozen=True)
class BatchState:
    """How far a batch is. `differences` are known once both have finished."""

    batch: PaperBatch
    readings: tuple[dict[int, Reading], dict[int, Reading]]
    differences: list[Difference]

    @property
    def both_finished(self) -> bool:
        return len(self.batch.keyers) == 2 and all(each.is_finished for each in self.batch.keyers)

    @property
    def same_number(self) -> bool:
        """Whether both found as many papers in the stack."""
        return len(self.readings[0]) == len(self.readings[1])

    @property
    def unsettled(self) -> list[Difference]:
        return [each for each in self.differences if not each.is_settled]

    @property
    def outcome(self) -> list[Reading]:
        """What counts of every paper: what both read, or what they settled."""
        settled = {each.number: each.settlement for each in self.differences}
        found = []
        for number in sorted(self.readings[0]):
            settlement = settled.get(number)
            if settlement is None:
                found.append(self.readings[0][number])
            else:
                found.append(Reading(settlement.ranking, settlement.spoiled_reason))
        return found

    @property
    def sums(self) -> Sums:
        """As approved; before, by what is keyed so far."""
        batch = self.batch
        counted, spoiled = batch.counted, batch.spoiled
        if counted is None or spoiled is None:
            counted = sum(each.ranking is not None for each in self.outcome)
            spoiled = len(self.outcome) - counted
        return Sums(batch.issued, counted, spoiled, batch.unused, batch.returned)


@dataclass(frozen=True)
class PaperAccount:
    """What everybody may read of a contest's papers.

    `on_paper` people hold papers or voted with them. `sums` and `places` are told once the ballots
    are in the box: what became of every paper, and how many were valid by place, where that tells
    nothing of a few people.
    """

    on_paper: int
    sums: Sums | None
    places: dict[str, int]


def paper_accounts(contests: Sequence[Contest]) -> dict[int, PaperAccount]:
    """The account of each of these contests that gave out papers, by its id."""
    ids = [contest.id for contest in contests]
    given_out = papers_given(ids)
    if not given_out:
        return {}
    batches, accounts = batches_of(ids), {}
    for contest in contests:
        given = given_out.get(contest.id)
        if given is not None:
            own = [each for each in batches if each.contest_id == contest.id]
            accounts[contest.id] = _account(contest, given.given - given.returned, own)
    return accounts


def batch_by_ref(ref: str, *, for_change: bool = False) -> PaperBatch | None:
    """The batch at this address; with `for_change` others wait until the transaction ends."""
    query = (
        select(PaperBatch)
        .join(PaperBatch.contest)
        .where(PaperBatch.ref == ref)
        .options(contains_eager(PaperBatch.contest), selectinload(PaperBatch.keyers))
    )
    if for_change:
        query = query.with_for_update(of=PaperBatch).execution_options(populate_existing=True)
    return db.session.scalar(query)


def batches_of(contest_ids: Sequence[int]) -> list[PaperBatch]:
    """The batches of these contests, in the order of the contests and of their making."""
    query = (
        select(PaperBatch)
        .join(PaperBatch.contest)
        .where(PaperBatch.contest_id.in_(contest_ids))
        .options(contains_eager(PaperBatch.contest), selectinload(PaperBatch.keyers))
        .order_by(Contest.position, Contest.id, PaperBatch.id)
    )
    return list(db.session.scalars(query))


def state_of(batch: PaperBatch) -> BatchState:
    """How far this batch is."""
    readings = tuple(keyed_by(batch, side) for side in SIDES)
    first, second = readings
    state = BatchState(batch, (first, second), [])
    if not state.both_finished:
        return state
    settlements = {
        each.number: each
        for each in db.session.scalars(
            select(PaperSettlement).where(PaperSettlement.batch_id == batch.id)
        )
    }
    found = [
        Difference(number, (first.get(number), second.get(number)), settlements.get(number))
        for number in differences(first, second)
    ]
    return BatchState(batch, (first, second), found)


def keyed_by(batch: PaperBatch, side: int) -> dict[int, Reading]:
    """What one of the two keyed, by the number of the paper in the stack."""
    query = (
        select(KeyedPaper)
        .where(KeyedPaper.batch_id == batch.id, KeyedPaper.side == side)
        .order_by(KeyedPaper.number)
    )
    return {
        each.number: Reading(each.ranking, each.spoiled_reason)
        for each in db.session.scalars(query)
    }


def has_paper(contest: Contest) -> bool:
    """Whether anybody was given a paper of this contest, or a batch of it is there."""
    return bool(papers_given([contest.id]) or batches_of([contest.id]))


def waits_for_paper(contest: Contest) -> bool:
    """Whether there are ballots on paper that are not in the box yet."""
    return contest.paper_ballots is None and has_paper(contest)


def side_of(batch: PaperBatch, actor: Actor | None) -> int | None:
    """Which of the two keyers this is; None for anybody else."""
    if actor is None:
        return None
    return next((each.side for each in batch.keyers if each.user_id == actor.id), None)


def _account(contest: Contest, on_paper: int, batches: Sequence[PaperBatch]) -> PaperAccount:
    if contest.paper_ballots is None:
        return PaperAccount(on_paper, None, {})
    counted: dict[str, int] = {}
    for each in batches:
        counted[each.place] = counted.get(each.place, 0) + (each.counted or 0)
    sums = totals([_approved_sums(each) for each in batches])
    return PaperAccount(on_paper, sums, places_to_tell(counted, FEWEST_TOLD))


def _approved_sums(batch: PaperBatch) -> Sums:
    return Sums(batch.issued, batch.counted or 0, batch.spoiled or 0, batch.unused, batch.returned)
