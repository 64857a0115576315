"""Bringing in what a city publishes in Pabulib's format: past contests, and papers to vote on."""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise
from os import PathLike
from typing import Any

from sqlalchemy import insert

from budgets.models import Pot, Round
from budgets.services import freeze_round, set_language
from core import audit
from core.database import db
from core.languages import known_language
from core.money import plain_amount
from core.refs import fold
from districts.models import District
from districts.queries import all_districts
from proposals.lifecycle import State
from proposals.services import ImportedProposal, import_proposals
from voting import counting
from voting.amounts import NotCountable, from_hundredths
from voting.counting.money import HUNDREDTHS
from voting.models import Contest, ContestCount, SealedBallot
from voting.offered import OFFERED
from voting.sealing import new_ballot_id
from voting.services.contests import create_contest, hand_over_options
from voting.services.turnout import keep_stated_turnout

Path = str | PathLike[str]
Progress = Callable[[int, int], None]
AT_ONCE = 5_000


class CannotImport(ValueError):
    """A file that can be read but does not fit; `str()` of it is one clear sentence."""


def import_past_contest(
    round_: Round,
    pot: Pot,
    path: Path,
    *,
    at: datetime,
    title: str = "",
    progress: Progress | None = None,
    warnings: list[counting.FileWarning] | None = None,
) -> Contest:
    """A contest of the past with its ballots, closed and ready to be counted.

    The roll of such a contest is not known, so `roll_size` stays None. Ties go by the file's own
    order, or as its comment says. Where projects of the whole city lie and where voters live is
    taken from the file as far as the districts are known here, the latter in sums. `progress` is
    told how many ballots are in, and of how many; what was tolerated in the file is added to
    `warnings`. Raises counting.CountingError or CannotImport.
    """
    counted, ballots = _read(path, warnings)
    _refuse_other_budget(pot, counted, round_.currency)
    if ballots.points is not None:
        raise CannotImport("The file's ballots give points; contests here hold rankings alone.")
    homes = counting.read_homes(path, counted) if pot.district_id is None else None
    contest = _import(round_, pot, counted, at, title, homes)
    if homes is not None:
        keep_stated_turnout(contest, _by_district(homes.voters))
    freeze_round(round_, at=at)
    _insert_ballots(contest, ballots, progress or _silent)
    contest.ballots_cast, contest.sealed_at = len(ballots), at
    db.session.flush()
    digest = ballots.digest(counted.ids)
    audit.record(
        "import_ballots", f"contest:{contest.ref}", by=None, at=at,
        ballots=len(ballots), ballots_sha256=digest,
    )  # fmt: skip
    return contest


def import_ballot_paper(
    round_: Round, pot: Pot, path: Path, *, at: datetime, title: str = ""
) -> Contest:
    """A contest to be voted on: its projects and limits alone, whatever else the file holds."""
    counted, _ = _read(path)
    return _import(round_, pot, counted, at, title)


def budget_of_file(path: Path, currency: str) -> int:
    """The budget that a file states, in smallest units of the currency.

    Raises counting.CountingError or CannotImport.
    """
    counted, _ = _read(path)
    return _minor(counted.budget, currency)


def too_dear(contest: Contest) -> list[str]:
    """Refs of the options that cost more than the whole pot: they are kept as they came, since
    that is what people voted on, but whoever brings them in is told."""
    return [each.ref for each in contest.options if each.cost_minor > contest.budget_minor]


def differs_from_official(count_: ContestCount, path: Path) -> list[str]:
    """How what a count funded differs from the winners that the city's file states.

    One sentence for each difference; none where both agree, or where the file states no winners.
    """
    contest, _ = counting.read_pb(path)
    if contest.official_winners is None:
        return []
    official, ours = contest.official_winners, set(json.loads(count_.document)["funded"])
    missed = [f"{ref} is a winner in the city's file, but not here." for ref in official - ours]
    added = [f"{ref} is a winner here, but not in the city's file." for ref in ours - official]
    return sorted(missed) + sorted(added)


def _read(
    path: Path, warnings: list[counting.FileWarning] | None = None
) -> tuple[counting.Contest, counting.Ballots]:
    """The file's contest and ballots, if its amounts are such as can be held here."""
    counted, ballots = counting.read_pb(path, warnings)
    if counted.decimals > HUNDREDTHS:
        raise CannotImport("The file has amounts finer than hundredths; contests here have none.")
    return counted, ballots


def _import(
    round_: Round,
    pot: Pot,
    counted: counting.Contest,
    at: datetime,
    title: str,
    homes: counting.Homes | None = None,
) -> Contest:
    rule, parameters = _offered_rule(counted)
    _refuse_other_money(round_, counted)
    if language := known_language(counted.meta.get("language", "").strip()):
        set_language(round_, language, by=None, at=at)
    contest = create_contest(
        round_,
        pot,
        title=title or pot.name,
        min_length=counted.min_length,
        max_length=counted.max_length or len(counted.options),
        rule=rule.name,
        rule_parameters=parameters,
        by=None,
        at=at,
    )
    proposals = import_proposals(
        round_, _district_of(pot), _rows(round_, counted), State.ON_BALLOT, at=at
    )
    in_order = [proposals[option.id] for option in counted.options]
    places = {} if homes is None else _places(homes.places)
    hand_over_options(contest, in_order, at=at, tie_order=counted.tie_order, places=places)
    return contest


def _places(named: Mapping[str, str]) -> dict[str, int]:
    """The id of the district in which an option lies, by its ref, where we know the district."""
    ids = _ids_by_name()
    return {ref: ids[fold(name)] for ref, name in named.items() if fold(name) in ids}


def _by_district(voters: Mapping[str, int]) -> dict[int, int]:
    """The voters of the districts that we know, by id."""
    ids, found = _ids_by_name(), Counter[int]()
    for name, number in voters.items():
        if fold(name) in ids:
            found[ids[fold(name)]] += number
    return found


def _ids_by_name() -> dict[str, int]:
    return {fold(district.name): district.id for district in all_districts()}


def _offered_rule(counted: counting.Contest) -> tuple[counting.Rule, dict[str, Any]]:
    """The file's rule and parameters, if contests here can be held by it: anything else would
    count otherwise."""
    rule, parameters = counting.choose_rule(counted, None if counted.rule else "greedy")
    if rule.name not in OFFERED or counted.vote_type != "ordinal":
        raise CannotImport(f"Contests here cannot be held by the rule {rule.name!r} yet.")
    return rule, dict(parameters)


def _refuse_other_money(round_: Round, counted: counting.Contest) -> None:
    currency = counted.meta.get("currency", round_.currency)
    if currency != round_.currency:
        raise CannotImport(f"The file is in {currency}, the round in {round_.currency}.")


def _refuse_other_budget(pot: Pot, counted: counting.Contest, currency: str) -> None:
    budget = _minor(counted.budget, currency)
    if budget != pot.amount_minor:
        file, ours = plain_amount(budget, currency), plain_amount(pot.amount_minor, currency)
        raise CannotImport(f"The file's budget is {file} {currency}, the pot has {ours}.")


def _rows(round_: Round, counted: counting.Contest) -> list[ImportedProposal]:
    return [
        ImportedProposal(
            code=option.id,
            title=option.name or option.id,
            cost_minor=_minor(option.cost, round_.currency),
            category=option.categories[0] if option.categories else "",
        )
        for option in counted.options
    ]


def _minor(hundredths: int, currency: str) -> int:
    try:
        return from_hundredths(hundredths, currency)
    except NotCountable as error:
        raise CannotImport(str(error)) from None


def _district_of(pot: Pot) -> District | None:
    return db.session.get(District, pot.district_id) if pot.district_id is not None else None


def _insert_ballots(contest: Contest, ballots: counting.Ballots, progress: Progress) -> None:
    """Stores the ballots under random ids, in the order of these: the file's order is not kept."""
    bounds, copies = ballots.starts.tolist(), ballots.copies.tolist()
    flat = ballots.options.astype(">u2").tobytes()  # as counting.pack_ranking lays them out
    packed = [flat[2 * start : 2 * end] for start, end in pairwise(bounds)]
    rankings = [
        ranking for ranking, times in zip(packed, copies, strict=True) for _ in range(times)
    ]
    secrets.SystemRandom().shuffle(rankings)
    ids = sorted(new_ballot_id() for _ in rankings)
    rows = [
        {"contest_id": contest.id, "id": id_, "ranking": ranking}
        for id_, ranking in zip(ids, rankings, strict=True)
    ]
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(SealedBallot), rows[start : start + AT_ONCE])
        progress(min(start + AT_ONCE, len(rows)), len(rows))


def _silent(_done: int, _of: int) -> None:
    """Tells nobody."""
