"""Closing a contest: the roll is marked, the ballots are shuffled and lose their tags.

All of it is one transaction. The link key stays until two officers destroy it, which a job of the
outbox does after their commit: a machine that stops half way has the key and a job that waits for
its return. The key of a contest in which nobody voted goes without them.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select

from budgets.phases import PhaseKind
from core import audit, jobs, slots
from core.database import db
from voting import commitments, link_keys, sealing
from voting.counting.ranking import unpack_ranking
from voting.district_rules import DistrictRule
from voting.models import (
    Ballot,
    ClearedBallot,
    Contest,
    RollEntry,
    RollMark,
    SealedBallot,
    WaitingLeaf,
)
from voting.queries.ballots import link_key_of, option_titles
from voting.queries.manifests import Terms
from voting.queries.paper_batches import has_paper
from voting.services.letter_sessions import end_all_letter_sessions
from voting.services.log import begin_log, finish_log
from voting.services.paper_closing import drop_kept_of_paper_voters
from voting.services.turnout import keep_turnout_by_district

DESTROY_LINK_KEY = "voting.destroy_link_key"
TELL_VOTERS = "voting.tell_voters"
BATCH = 5_000


class VotingStillOpen(RuntimeError):
    """A contest is to be sealed before its closing time, or while objections are heard."""


class UnmatchedBallots(RuntimeError):
    """There are ballots whose tag belongs to nobody on the roll: nothing is sealed."""

    def __init__(self, contest_ref: str, number: int) -> None:
        super().__init__(f"{number} ballots of {contest_ref} belong to nobody on the roll.")
        self.contest_ref, self.number = contest_ref, number


class LostBallots(RuntimeError):
    """Fewer or more ballots were sealed, or entries marked, than were cast: nothing is sealed."""


def seal_contest(contest: Contest, *, at: datetime) -> None:
    """Seals a contest whose voting is over. Doing it again changes nothing.

    Raises VotingStillOpen, UnmatchedBallots, LostBallots, LogKeyMissing, LogBroken, or
    LinkKeyMissing where there are ballots but no key; the caller then rolls back. Sets
    `ballots_cast` and `roll_size`, which counts whoever was on the roll of the contest's district
    when it closed, and whoever voted.
    """
    # Casts under way are waited for, and later ones wait.
    contest = db.session.get_one(Contest, contest.id, with_for_update=True, populate_existing=True)
    if contest.sealed_at is None:
        voting = contest.round.span_of(PhaseKind.VOTING)
        until = contest.round.objections_until
        if voting is None or until is None or at < until:
            raise VotingStillOpen(contest.ref)
        _seal(contest, closed_at=voting.ends_at, at=at)
        jobs.enqueue(TELL_VOTERS, at, round_ref=contest.round.ref)
    if contest.link_key_sha256 is None and link_keys.exists(contest.ref):
        jobs.enqueue(DESTROY_LINK_KEY, at, contest_ref=contest.ref)  # it never tied a ballot


def destroy_link_key(contest_ref: str) -> None:
    """The job of two officers: overwrites and removes the key, if the contest is sealed indeed.

    Done again after a fault, it ends the same. What else only the key gave a meaning to goes with
    it, in the slot `link_key_destroyed`.
    """
    sealed_at = db.session.scalar(select(Contest.sealed_at).where(Contest.ref == contest_ref))
    if sealed_at is None:
        return
    link_keys.destroy(contest_ref)
    slots.call("link_key_destroyed", contest_ref)


def _seal(contest: Contest, *, closed_at: datetime, at: datetime) -> None:
    if twice := drop_kept_of_paper_voters(contest):
        raise LostBallots(f"{contest.ref}: {twice} people cast on the web and were given papers.")
    terms = begin_log(contest)
    ballots = db.session.scalars(select(Ballot).where(Ballot.contest_id == contest.id)).all()
    voters = _voters(contest, {ballot.tag for ballot in ballots})
    _insert(RollMark, [{"contest_id": contest.id, "roll_entry_id": voter} for voter in voters])
    kept = sealed_now(contest, [each.ranking for each in ballots if not each.is_cast], terms)
    sealed = [_opened(each) for each in ballots if each.is_cast] + kept
    secrets.SystemRandom().shuffle(sealed)
    _insert(SealedBallot, sealed)
    leaves = [each["commitment"] for each in kept]
    logged = len(ballots)
    if has_paper(contest):
        _hold_back(contest, leaves)
    else:
        record = finish_log(contest, leaves, at=at, roll_marks=len(voters))
        logged = json.loads(record.document)["counted"]
    for box in (Ballot, ClearedBallot):
        db.session.execute(delete(box).where(box.contest_id == contest.id))
    _demand_equal(contest, len(ballots), logged)
    keep_turnout_by_district(contest)
    contest.ballots_cast = len(ballots)
    contest.roll_size = _roll_size(contest, closed_at)
    contest.sealed_at = at
    end_all_letter_sessions()
    db.session.flush()
    audit.record(
        "seal_contest",
        f"contest:{contest.ref}",
        by=None,
        at=at,
        ballots_cast=contest.ballots_cast,
        ballots_kept=len(kept),
        roll_size=contest.roll_size,
    )


def _opened(ballot: Ballot) -> dict[str, Any]:
    """A ballot that was cast, as it lies in the sealed box: without its tag, under a new id."""
    return {
        "contest_id": ballot.contest_id,
        "id": sealing.new_ballot_id(),
        "ranking": ballot.ranking,
        "salt": ballot.salt,
        "commitment": ballot.commitment,
        "manifest_number": ballot.manifest_number,
    }


def sealed_now(contest: Contest, rankings: Sequence[bytes], terms: Terms) -> list[dict[str, Any]]:
    """Ballots that no form sealed, kept ones and those on paper: with a salt and a commitment.

    They count like all others.
    """
    options = list(option_titles(contest))
    rows = []
    for ranking in rankings:
        salt = commitments.new_salt()
        content = commitments.payload(contest.ref, terms.sha256, unpack_ranking(ranking, options))
        rows.append(
            {
                "contest_id": contest.id,
                "id": sealing.new_ballot_id(),
                "ranking": ranking,
                "salt": salt,
                "commitment": commitments.commitment(salt, content),
                "manifest_number": terms.number,
            }
        )
    return rows


def _hold_back(contest: Contest, leaves: Sequence[bytes]) -> None:
    """They wait for the ballots on paper: the last batch of the log mixes all of them."""
    rows = [{"contest_id": contest.id, "commitment": each} for each in leaves]
    if rows:
        db.session.execute(insert(WaitingLeaf), rows)


def _voters(contest: Contest, tags: set[str]) -> list[int]:
    """Ids of the entries to whom the tags belong, in the order of the roll.

    The whole roll is looked through: somebody may have moved after she voted.
    """
    if not tags:
        return []
    key = link_key_of(contest)
    roll = db.session.execute(
        select(RollEntry.id, RollEntry.person_key).order_by(RollEntry.id)
    ).yield_per(BATCH)
    voters = [
        entry.id for entry in roll if sealing.ballot_tag(key, contest.ref, entry.person_key) in tags
    ]
    if len(voters) != len(tags):
        raise UnmatchedBallots(contest.ref, len(tags) - len(voters))
    return voters


def _insert(model: type[RollMark | SealedBallot], rows: list[dict[str, object]]) -> None:
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(model), rows[start : start + BATCH])


def _demand_equal(contest: Contest, cast: int, logged: int) -> None:
    """As many ballots as were cast or kept are sealed and counted in the log, and as many entries
    of the roll are marked."""
    marked = number_of(RollMark, contest)
    sealed = number_of(SealedBallot, contest)
    if not cast == sealed == marked == logged:
        raise LostBallots(
            f"{contest.ref}: {cast} cast, {sealed} sealed, {marked} marked, {logged} in the log."
        )


def number_of(model: type[RollMark | SealedBallot], contest: Contest) -> int:
    """How many marks or sealed ballots this contest has."""
    query = select(func.count()).select_from(model).where(model.contest_id == contest.id)
    return db.session.scalar(query) or 0


def _roll_size(contest: Contest, closed_at: datetime) -> int:
    marked = select(RollMark.roll_entry_id).where(RollMark.contest_id == contest.id)
    on_roll = (RollEntry.entered_at < closed_at) & RollEntry.left_on.is_(None)
    is_home_only = DistrictRule(contest.round.district_rule) is DistrictRule.HOME
    if contest.district_id is not None and is_home_only:
        on_roll &= RollEntry.district_id == contest.district_id
    query = select(func.count()).select_from(RollEntry)
    return db.session.scalar(query.where(or_(on_roll, RollEntry.id.in_(marked)))) or 0
