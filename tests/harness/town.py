"""The small town in full, for walks over every page: also a round that was published, one whose
count awaits publication, which was stopped once, and one that is being set up.

Its past rounds are laid out by the tests of the room that publishes; see tests/transparency.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from accounts.services.role_requests import GIVE_ROLE
from budgets.models import Round
from budgets.phases import PhaseKind
from core import approvals, clock
from core.approvals import Approval
from core.database import db
from tests.harness import letters, people
from tests.harness.world import World, make_contest, make_round
from tests.transparency.decided import certify, decided_round, publish
from transparency.services import PublicationStopped, order_publication
from transparency.services.ordering import stop_order
from voting.models import (
    CastSignal,
    Contest,
    ContestCount,
    KeyedPaper,
    LetterBatch,
    PaperBatch,
    PaperGiven,
    PaperKeyer,
    PaperMark,
    PaperSettlement,
    RegisterImport,
)
from voting.queries.contests import contests_of
from voting.queries.counts import latest_count
from voting.services.rolls import enter_on_roll


@dataclass(frozen=True)
class Town:
    """The small town and its rounds of other years."""

    world: World
    published_round: Round
    counted_round: Round
    draft_round: Round
    published_contest: Contest
    draft_contest: Contest
    count: ContestCount
    batch: LetterBatch
    register: RegisterImport
    paper_batch: PaperBatch
    approval: Approval


def complete(world: World, before_publishing: Callable[[], None] = lambda: None) -> Town:
    """Adds the other rounds and commits them; what shall be published can be changed before."""
    eli, ewa = people.cast("eli"), people.cast("ewa")
    published = decided_round("budget-2025", district=world.riverside)
    before_publishing()
    publish(published, certified_by=eli, by=ewa)
    counted = decided_round("budget-2024")
    paper_batch = lay_out_paper(world, contests_of(counted.id)[0])
    certify(counted, eli)
    stopped_order(counted, ewa)
    in_a_year = clock.now() + timedelta(days=365)
    draft = make_round("Budget 2028", "budget-2028", in_a_year, PhaseKind.SUBMISSION)
    draft.announced_at = None
    draft_contest = make_contest(draft, None, in_a_year)
    batch, register = letters.lay_out(world.voting_round, world.riverside, clock.now())
    notice_casting(world)
    db.session.commit()
    count = latest_count(contests_of(counted.id)[0].id)
    assert count is not None
    approval = asked_of_a_second_person()
    return Town(
        world=world,
        published_round=published,
        counted_round=counted,
        draft_round=draft,
        published_contest=contests_of(published.id)[0],
        draft_contest=draft_contest,
        count=count,
        batch=batch,
        register=register,
        paper_batch=paper_batch,
        approval=approval,
    )


def notice_casting(world: World) -> None:
    """Signals of an hour in which many ballots came from one network, and a fault of ours."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    for kind, mark in (("network", "0" * 32), ("batch", "account")):
        db.session.add(
            CastSignal(
                contest_id=world.riverside_contest.id, kind=kind, mark=mark, hour=hour, casts=40
            )
        )
    db.session.add(
        CastSignal(
            contest_id=world.riverside_contest.id, kind="fault", mark="", hour=hour, faults=1
        )
    )


def lay_out_paper(world: World, contest: Contest) -> PaperBatch:
    """Papers of a contest: given and brought back, and a batch that two key."""
    clara, eli = people.cast("clara"), people.cast("eli")
    entry = enter_on_roll("9" * 64, world.riverside.id, at=clock.now())
    db.session.flush()
    today = clock.city_day(clock.now())
    batch = PaperBatch(contest_id=contest.id, place="Town hall", issued=2)
    batch.keyers = [PaperKeyer(side=1, user_id=clara.id), PaperKeyer(side=2, user_id=eli.id)]
    mark = PaperMark(
        round_id=contest.round_id,
        roll_entry_id=entry.id,
        marked_on=today,
        marked_by_id=clara.id,
        returned_on=today,
        returned_by_id=clara.id,
        reason="Wants to vote at home.",
        given=[PaperGiven(contest_id=contest.id)],
    )
    db.session.add_all([batch, mark])
    db.session.flush()
    db.session.add_all(
        [
            KeyedPaper(batch_id=batch.id, side=1, number=1, spoiled_reason="Torn"),
            KeyedPaper(batch_id=batch.id, side=2, number=1, spoiled_reason="Nothing marked"),
            PaperSettlement(
                batch_id=batch.id,
                number=1,
                spoiled_reason="Nothing marked",
                why="A fold in the paper.",
                settled_by_id=clara.id,
            ),
        ]
    )
    db.session.commit()
    return batch


def asked_of_a_second_person() -> Approval:
    """Adam asks that Farah also becomes a moderator, which Ada has not confirmed yet."""
    adam, _ada, farah = people.cast("adam"), people.cast("ada"), people.cast("farah")
    subject, reason = f"account:{farah.ref}", "She helps out in summer."
    asked = approvals.ask(
        GIVE_ROLE, subject, by=adam, at=clock.now(), reason=reason, role="moderator"
    )
    db.session.commit()
    return asked


def stopped_order(round_: Round, by: User) -> None:
    """An officer's order to publish that came to nothing."""
    order = order_publication(round_, by=by, at=clock.now())
    stop = PublicationStopped("roll", "Whole city", "60 ballots, 60 sealed, 59 marks on the roll")
    stop_order(round_, order, stop, at=clock.now())
