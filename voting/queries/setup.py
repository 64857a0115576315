"""The guided set-up of a round: its steps, what each still misses, and the places for money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext, ngettext
from sqlalchemy import and_, func, or_, select

from budgets.models import Pot, Round
from budgets.phases import PhaseKind
from core.database import db
from districts.models import District
from districts.queries import all_districts
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.queries import paid_by_the_city
from voting.models import Contest
from voting.queries.contests import contests_of, number_of_options
from voting.rule_parameters import themes_limited


class Step(StrEnum):
    """The steps in their order; each is a page of its own."""

    BASICS = "basics"
    POTS = "pots"
    CALENDAR = "calendar"
    BALLOTS = "ballots"
    CATEGORIES = "categories"
    HAND_OVER = "hand_over"
    ANNOUNCEMENT = "announcement"


@dataclass(frozen=True)
class Progress:
    """How far a step is. `missing` says what it lacks, in words, or is empty.

    `blocks` says that the round cannot be announced without it; the hand-over comes later, before
    voting opens, since proposals are written after the announcement.
    """

    step: Step
    missing: str
    done: bool
    blocks: bool


@dataclass(frozen=True)
class Place:
    """A place that can have a pot: the whole city, or a district."""

    key: str
    name: str
    district: District | None
    pot: Pot | None


@dataclass(frozen=True)
class SetUp:
    """A round with all that its set-up pages show."""

    round: Round
    contests: Sequence[Contest]
    options: dict[int, int]
    steps: Sequence[Progress]

    @property
    def missing(self) -> list[str]:
        """What must still be done before the round can be announced."""
        return [step.missing for step in self.steps if step.blocks and step.missing]

    @property
    def in_pots(self) -> int:
        return sum(pot.amount_minor for pot in self.round.pots)


def set_up_of(round_: Round) -> SetUp:
    """How far the set-up of a round is."""
    contests = contests_of(round_.id)
    options = number_of_options([contest.id for contest in contests])
    steps = [
        _basics(round_, contests),
        _pots(round_, contests),
        _calendar(round_),
        _ballots(round_, contests),
        _categories(round_),
        _hand_over(contests, options, number_too_dear(round_)),
        _announcement(round_),
    ]
    return SetUp(round_, contests, options, steps)


def places_of(round_: Round) -> list[Place]:
    """The whole city, then all districts; and pots of other kinds that the round has."""
    by_district = {pot.district_id: pot for pot in reversed(round_.pots)}
    places = [Place("city", gettext("Whole city"), None, by_district.get(None))]
    places += [
        Place(each.ref, each.name, each, by_district.get(each.id)) for each in all_districts()
    ]
    shown = {place.pot.id for place in places if place.pot is not None}
    others = [pot for pot in round_.pots if pot.id not in shown]
    return places + [Place(f"pot-{pot.position}", pot.name, None, pot) for pot in others]


def has_proposals(round_: Round) -> bool:
    """Whether anything was written for this round, or brought into it."""
    found = select(Proposal.id).where(Proposal.round_id == round_.id).limit(1)
    return db.session.scalar(found) is not None


def number_too_dear(round_: Round) -> int:
    """How many proposals that would stand on a paper cost more than its whole pot.

    None of them can win. Of contests that are sealed it is the past, and is left as it was.
    """
    same_place = or_(
        Proposal.district_id == Contest.district_id,
        and_(Contest.district_id.is_(None), paid_by_the_city()),
    )
    query = (
        select(func.count())
        .select_from(Proposal)
        .join(Contest, and_(Contest.round_id == Proposal.round_id, same_place))
        .where(
            Proposal.round_id == round_.id,
            Proposal.state.in_([State.FEASIBLE, State.ON_BALLOT]),
            Contest.seats.is_(None),
            Proposal.cost_minor > Contest.budget_minor,
            Contest.sealed_at.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def pots_without_contest(round_: Round, contests: Sequence[Contest]) -> list[Pot]:
    covered = {contest.pot_id for contest in contests}
    return [pot for pot in round_.pots if pot.id not in covered]


def is_time_to_fill(round_: Round, at: datetime) -> bool:
    """Whether ballot papers should have their proposals: voting is open, or comes next."""
    voting, following = round_.span_of(PhaseKind.VOTING), round_.next_phase(at)
    if round_.announced_at is None or voting is None or at >= voting.ends_at:
        return False
    return voting.holds(at) or (following is not None and following.kind is PhaseKind.VOTING)


def _has_questions(contests: Sequence[Contest]) -> bool:
    """Whether something is asked without money; such a round can do without money."""
    return any(contest.is_for_seats for contest in contests)


def _basics(round_: Round, contests: Sequence[Contest]) -> Progress:
    missing = ""
    if round_.total_minor == 0 and not _has_questions(contests):
        missing = gettext("The round has no money yet, and no question without money.")
    return Progress(Step.BASICS, missing, done=not missing, blocks=True)


def _pots(round_: Round, contests: Sequence[Contest]) -> Progress:
    missing = ""
    if not round_.pots and (round_.total_minor > 0 or not _has_questions(contests)):
        missing = gettext("No pot has money yet.")
    if sum(pot.amount_minor for pot in round_.pots) > round_.total_minor:
        missing = gettext("The pots hold more money than the round.")
    return Progress(Step.POTS, missing, done=not missing, blocks=True)


def _calendar(round_: Round) -> Progress:
    has_voting = round_.span_of(PhaseKind.VOTING) is not None
    missing = "" if has_voting else gettext("The calendar does not say when voting is.")
    return Progress(Step.CALENDAR, missing, done=not missing, blocks=True)


def _ballots(round_: Round, contests: Sequence[Contest]) -> Progress:
    without = pots_without_contest(round_, contests)
    missing = ""
    if without:
        missing = ngettext(
            "%(num)s pot has no ballot settings yet.",
            "%(num)s pots have no ballot settings yet.",
            len(without),
        )
    if strangers := _themes_not_there(round_, contests):
        missing = gettext(
            "A counting rule limits “%(theme)s”, which is no theme of the round.",
            theme=strangers[0],
        )
    if not round_.pots and not contests:
        missing = gettext("There is nothing to vote on yet.")
    return Progress(Step.BALLOTS, missing, done=not missing, blocks=True)


def _themes_not_there(round_: Round, contests: Sequence[Contest]) -> list[str]:
    """Themes that a rule limits and the round does not have, as after a change of its themes."""
    names = {category.name for category in round_.categories}
    limited = (theme for each in contests for theme in themes_limited(each.rule_parameters))
    return sorted(set(limited) - names)


def _categories(round_: Round) -> Progress:
    return Progress(Step.CATEGORIES, "", done=bool(round_.categories), blocks=False)


def _hand_over(contests: Sequence[Contest], options: dict[int, int], too_dear: int) -> Progress:
    empty = [contest for contest in contests if contest.id not in options]
    missing = ""
    if empty or not contests:
        missing = ngettext(
            "%(num)s ballot paper has no proposals yet.",
            "%(num)s ballot papers have no proposals yet.",
            len(empty),
        )
    if not contests:
        missing = gettext("There are no ballot papers to fill yet.")
    if too_dear:
        missing = ngettext(
            "%(num)s proposal costs more than its whole pot and could never win.",
            "%(num)s proposals cost more than their whole pot and could never win.",
            too_dear,
        )
    return Progress(Step.HAND_OVER, missing, done=not missing, blocks=False)


def _announcement(round_: Round) -> Progress:
    done = round_.announced_at is not None
    missing = "" if done else gettext("The round is not announced yet.")
    return Progress(Step.ANNOUNCEMENT, missing, done=done, blocks=False)
