"""For which districts a person votes, in words: before she chooses, and once she has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from markupsafe import Markup

from budgets.names import named
from core.languages import sentence
from voting.district_rules import DistrictRule
from voting.models import Contest


@dataclass(frozen=True)
class Chosen:
    """Of how many districts a person chooses in a round, and of which she has a ballot so far."""

    most: int
    cast: Sequence[Markup]
    kept: Sequence[Markup]

    @property
    def is_full(self) -> bool:
        """Whether she has cast for as many as there are to choose."""
        return len(self.cast) >= self.most


def for_whom(contest: Contest, names: Mapping[int, str]) -> Markup:
    """Whose ballots this contest takes, for people whom we do not know."""
    rule, most = DistrictRule(contest.round.district_rule), contest.round.districts_most
    if contest.district_id not in names or rule is DistrictRule.ALL:
        return sentence(gettext("For all residents"))
    if rule is DistrictRule.HOME:
        district = _name(contest, names)
        return sentence(gettext("For residents of %(district)s"), district=district)
    return sentence(
        ngettext(
            "For all residents: each chooses one district",
            "For all residents: each chooses up to %(num)s districts",
            most,
        )
    )


def of_this_ballot(contest: Contest, names: Mapping[int, str]) -> Markup:
    """What a ballot here chooses, beside a paper and its review, where a person chooses."""
    choice = sentence(
        gettext("With this ballot you choose %(district)s."), district=_name(contest, names)
    )
    return _joined(choice, _at_most(contest.round.districts_most))


def of_choice(chosen: Chosen) -> Markup:
    """What she may choose, above all the papers of a round."""
    if not chosen.cast:
        said = [_at_most(chosen.most)]
    else:
        voted = gettext("You have voted for %(districts)s.")
        said = [sentence(voted, districts=_list(chosen.cast)), _left(chosen)]
    if chosen.kept and not chosen.is_full and len(chosen.cast) + len(chosen.kept) >= chosen.most:
        given_up = gettext(
            "What you marked for %(districts)s is kept, not cast: it is given up if you mark the"
            " paper of another district."
        )
        said.append(sentence(given_up, districts=_list(chosen.kept)))
    return _joined(*said)


def districts_of_choice(most: int) -> str:
    """What a letter lists in place of the papers of all districts."""
    return ngettext(
        "the projects of one district of your choice",
        "the projects of up to %(num)s districts of your choice",
        most,
    )


def is_choice(contest: Contest) -> bool:
    """Whether this is the paper of a district that a person chooses among others."""
    is_some = DistrictRule(contest.round.district_rule) is DistrictRule.SOME
    return contest.district_id is not None and is_some


def names_of(contests: Iterable[Contest], names: Mapping[int, str]) -> list[Markup]:
    """The districts of these contests, each once, in the order of their names."""
    homes = {names.get(each.district_id or 0, ""): each for each in contests}
    return [_name(homes[name], names) for name in sorted(homes)]


def _at_most(most: int) -> Markup:
    return sentence(
        ngettext(
            "You may vote for one district of your choice.",
            "You may vote for up to %(num)s districts of your choice.",
            most,
        )
    )


def _left(chosen: Chosen) -> Markup:
    if chosen.is_full:
        return sentence(
            gettext("That is all; until closing you may change it, but vote for no other district.")
        )
    return sentence(
        ngettext(
            "You may vote for one more district.",
            "You may vote for up to %(num)s more districts.",
            chosen.most - len(chosen.cast),
        )
    )


def _joined(*sentences: Markup) -> Markup:
    return Markup(" ").join(sentences)


def _name(contest: Contest, names: Mapping[int, str]) -> Markup:
    return named(names.get(contest.district_id or 0, contest.title), contest.round.language)


def _list(names: Sequence[Markup]) -> Markup:
    if len(names) == 1:
        return names[0]
    first = Markup(", ").join(names[:-1])
    return sentence(gettext("%(first)s and %(last)s"), first=first, last=names[-1])
