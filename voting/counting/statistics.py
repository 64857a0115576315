"""What an outcome gives those who voted: whole numbers, whatever rule made it.

A ballot's choices are the options that it marks; where ballots give points and the order of the
marks says nothing, those to which it gives more than zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.districts import District
from voting.counting.groups import Grouping, choices_among, first_choices
from voting.counting.rank_table import RankTable


@dataclass(frozen=True, slots=True)
class GroupShare:
    """What an outcome gives one district, neighbourhood or theme, beside its support.

    `options` is how many stand in it, `funded` how many of these are funded, `spent` what the
    budget pays for them, in the parts of a currency unit that the contest has. The rest is what
    `groups.Group` tells.
    """

    name: str
    options: int
    funded: int
    spent: int
    choices: int
    supporters: int | None
    first_choices: int | None


@dataclass(frozen=True, slots=True)
class DistrictShare:
    """What an outcome gives a district, or several told of together, beside who voted there.

    Names and voters are as `districts.District` tells them, the rest as in a `GroupShare`.
    """

    names: tuple[str, ...]
    options: int
    funded: int
    spent: int
    voters: int

    @property
    def is_named(self) -> bool:
        """Whether this is about districts, and not about what belongs to none."""
        return any(self.names)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an outcome gives those who voted. Money is in the contest's parts of a currency unit.

    `ballots` is how many there are, `with_funded` how many have at least one of their choices
    funded, `with_first_funded` how many have their first choice funded; `choices_funded` adds up
    over all ballots how many of their choices are funded, so that divided by `ballots` it is the
    mean. `spent` is what the budget pays. What cannot be known is None: a table of ranks does not
    show which marks were made together, and ballots without order have no first choice.

    `grouped_by` is the column that tells options apart by place or theme, `groups` what each gets;
    both are empty where a file says nothing of it. `choices` are all that the ballots made.
    `districts` are there only where it is known both where options lie and where voters live.
    """

    ballots: int
    with_funded: int | None
    with_first_funded: int | None
    choices_funded: int
    spent: int
    choices: int
    grouped_by: str = ""
    groups: tuple[GroupShare, ...] = ()
    districts: tuple[DistrictShare, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """Integers, texts and None, by name."""
        document = asdict(self)
        districts = [{**each, "names": list(each["names"])} for each in document["districts"]]
        return {**document, "groups": list(document["groups"]), "districts": districts}


def statistics(
    contest: Contest,
    ballots: Ballots | RankTable,
    funded: Sequence[str],
    grouping: Grouping | None = None,
    districts: Sequence[District] = (),
) -> Statistics:
    """What it gives those who voted if these options are funded, in this order.

    Where they cost more than the budget, it pays for the last ones only what was left. Who asks
    about several outcomes of the same ballots gives the `grouping`, which takes longest. Where
    voters live no ballot says: `districts` come from elsewhere.
    """
    paid = _paid(contest, funded)
    is_funded = np.array([ref in paid for ref in contest.ids], np.int8)
    grouping = Grouping.of(contest, ballots) if grouping is None else grouping
    if isinstance(ballots, RankTable):
        placings = ballots.placings()
        with_funded = None
        choices_funded = int(placings.ballots[is_funded[placings.option] > 0].sum())
        choices = int(placings.ballots.sum())
    else:
        number = choices_among(contest, ballots, is_funded)
        with_funded = int(ballots.copies[number > 0].sum())
        choices_funded = int((number * ballots.copies).sum())
        made = choices_among(contest, ballots, np.ones(len(contest.options), np.int8))
        choices = int((made * ballots.copies).sum())
    return Statistics(
        ballots=len(ballots),
        with_funded=with_funded,
        with_first_funded=first_choices(contest, ballots, is_funded),
        choices_funded=choices_funded,
        spent=sum(paid.values()),
        choices=choices,
        grouped_by=grouping.by,
        groups=_shares(contest, grouping, paid),
        districts=tuple(_district_share(contest, district, paid) for district in districts),
    )


def preferences(
    contest: Contest, ballots: Ballots, one: Iterable[str], other: Iterable[str]
) -> tuple[int, int]:
    """How many ballots have more of their choices in `one` than in `other`, and how many fewer.

    A ballot none of whose choices is in either counts like any other, with nothing.
    """
    ours, theirs = frozenset(one), frozenset(other)
    gain = np.array([(ref in ours) - (ref in theirs) for ref in contest.ids], np.int8)
    difference = choices_among(contest, ballots, gain)
    return int(ballots.copies[difference > 0].sum()), int(ballots.copies[difference < 0].sum())


def _paid(contest: Contest, funded: Sequence[str]) -> dict[str, int]:
    """What the budget pays for each funded option; what is topped up gets the rest elsewhere."""
    costs = dict(zip(contest.ids, contest.costs, strict=True))
    left, paid = contest.budget, {}
    for ref in funded:
        paid[ref] = min(costs[ref], left)
        left -= paid[ref]
    return paid


def _shares(contest: Contest, grouping: Grouping, paid: dict[str, int]) -> tuple[GroupShare, ...]:
    ids = contest.ids
    shares = []
    for group in grouping.groups:
        funded, spent = _paid_among(ids, group.options, paid)
        shares.append(
            GroupShare(
                name=group.name,
                options=len(group.options),
                funded=funded,
                spent=spent,
                choices=group.choices,
                supporters=group.supporters,
                first_choices=group.first_choices,
            )
        )
    return tuple(shares)


def _district_share(contest: Contest, district: District, paid: dict[str, int]) -> DistrictShare:
    funded, spent = _paid_among(contest.ids, district.options, paid)
    return DistrictShare(district.names, len(district.options), funded, spent, district.voters)


def _paid_among(
    ids: Sequence[str], options: Iterable[int], paid: dict[str, int]
) -> tuple[int, int]:
    """How many of these options are funded, and what the budget pays for them."""
    amounts = [paid[ids[option]] for option in options if ids[option] in paid]
    return len(amounts), sum(amounts)
