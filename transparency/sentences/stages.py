"""The words of the stages: what a part of the count is, and what broke a tie."""

from collections.abc import Sequence

from flask_babel import gettext
from markupsafe import Markup

from core.languages import sentence
from transparency.results import StageResult
from transparency.sentences.words import first_of


def part_title(part: str) -> str:
    """What happens in this part of a count, as the heading of its turns."""
    passed_on = gettext("By support, with what it did not need passed on")
    titles = {
        "greedy": gettext("In order of points"),
        "shares": gettext("Paid by supporters from their equal shares"),
        "epsilon": gettext("Paid from the shares that were left, supporters first"),
        "fill": gettext("From what was left, in order of points"),
        "ranks": gettext("By support, as one rank more was read at a time"),
        "transfers": passed_on,
        "donations": passed_on,
        "loads": gettext("As soon as supporters had earned the cost together"),
        "unpaid": gettext("Not paid for"),
    }
    return titles.get(part, gettext("By support"))


def turn_word(stage: StageResult) -> str:
    """What came of a turn that was not the last of its option."""
    words = {
        "dropped_cost": gettext("Dropped, too dear"),
        "dropped_support": gettext("Dropped, too little support"),
        "unpaid": gettext("Not paid for"),
    }
    return words.get(stage.outcome, gettext("Passed over"))


def broken_tie(way: str, *, alone: bool = True) -> str:
    """Why one of equals went first, after `which went first`. Of several, each may have its own
    way, so that only the chain as a whole is named."""
    ways = {
        "cheaper": gettext("because it costs less"),
        "votes": gettext("because more ballots name it"),
        "first_ranks": gettext("because more ballots rank it first"),
        "lot": gettext("by the published lot"),
        "place": gettext("by the published tie order"),
    }
    return ways[way] if alone and way in ways else gettext("by the published rules for ties")


def level(equals: Sequence[str], way: str, language: str) -> Markup:
    """A remark on a turn that was shared: with whom, and what decided."""
    return sentence(
        gettext("level with %(others)s; who went first was decided %(way)s"),
        others=first_of(equals, language),
        way=decided(way, alone=len(equals) == 1),
    )


def decided(way: str, *, alone: bool = True) -> str:
    """The same after `who went first was decided`."""
    ways = {
        "cheaper": gettext("by cost, the cheaper first"),
        "votes": gettext("by the number of ballots that name them"),
        "first_ranks": gettext("by the number of ballots that rank them first"),
        "lot": gettext("by the published lot"),
        "place": gettext("by the published tie order"),
    }
    return ways[way] if alone and way in ways else gettext("by the published rules for ties")
