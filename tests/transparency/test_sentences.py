"""The reason for each outcome, in words that are true: of every code, and of real counts."""

import importlib
import pkgutil
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from flask import Flask

from transparency import sentences
from transparency.results import OptionResult, Support, read_document, write_document
from transparency.sentences import outcomes
from voting import counting
from voting.counting import rules

pytestmark = pytest.mark.sqlite
POT = 10_000_000_00
BENCH = OptionResult(
    id="7",
    title="A bench",
    category="Parks",
    proposal=None,
    funded_as=3,
    place=4,
    points=12_041,
    ballots=5_000,
    cost=1_520_000_00,
    money_before=6_480_000_00,
    money_after=4_960_000_00,
    code="funded",
    cost_limit=6_480_000_00,
    points_limit=9_797,
    budget_limit=None,
)
LOSER = replace(
    BENCH,
    funded_as=None,
    code="no_money_left",
    points=9_000,
    cost=620_000_00,
    money_before=110_000_00,
    money_after=110_000_00,
    cost_limit=110_000_00,
    points_limit=9_812,
    budget_limit=POT + 510_000_50,
)


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def said(option: OptionResult, pot: int = POT) -> str:
    parts = (sentences.reason(option, pot, "PLN"), sentences.what_if(option, pot, "PLN"))
    return " ".join(filter(None, parts)).replace("\u00a0", " ")


def test_a_funded_proposal() -> None:
    assert said(BENCH) == (
        "Funded as number 3, with 12,041 points: PLN 6,480,000 was left when its turn came, and it "
        "costs PLN 1,520,000. It needed at least 9,797 points."
    )


def test_the_first_of_all_found_the_whole_pot() -> None:
    first = replace(BENCH, funded_as=1, place=1, money_before=POT)

    assert "the whole pot of PLN 10,000,000 was there when its turn came" in said(first)


def test_a_proposal_that_one_point_saved() -> None:
    assert said(replace(BENCH, points_limit=BENCH.points)).endswith(
        "One point less would not have been enough."
    )


def test_a_proposal_that_nothing_could_have_stopped() -> None:
    safe = replace(BENCH, points_limit=0)

    assert said(safe).endswith("It would have been funded even without a point.")


def test_a_single_point_is_one_point() -> None:
    assert "with 1 point:" in said(replace(BENCH, points=1, points_limit=None))


def test_a_proposal_for_which_too_little_was_left() -> None:
    assert said(LOSER) == (
        "Not funded, with 9,000 points: when its turn came, PLN 110,000 was left, and it costs "
        "PLN 620,000. It would have been funded with 812 more points, at a cost of up to "
        "PLN 110,000, or with PLN 510,000.50 more in the pot."
    )


def test_a_proposal_for_which_nothing_was_left() -> None:
    broke = replace(LOSER, money_before=0, cost_limit=None, points_limit=9_001)

    assert said(broke) == (
        "Not funded, with 9,000 points: when its turn came, nothing was left, and it costs "
        "PLN 620,000. It would have been funded with 1 more point or with PLN 510,000.50 more in "
        "the pot."
    )


def test_a_proposal_dearer_than_the_pot() -> None:
    dear = replace(LOSER, code="over_budget", cost=2 * POT, points_limit=None, budget_limit=None)

    assert said(dear) == (
        "Not funded, with 9,000 points: it costs PLN 20,000,000, more than the whole pot of "
        "PLN 10,000,000. It would have been funded at a cost of up to PLN 110,000."
    )


def test_a_proposal_that_lost_a_tie() -> None:
    tied = replace(
        LOSER,
        code="lost_tie",
        equals=("A tree",),
        ahead=("A tree",),
        tie_decides=True,
        tie_broken_by="place",
    )

    assert said(tied).startswith(
        "Not funded, with 9,000 points, the same as “A tree”, which went first by the published "
        "tie order: after that PLN 110,000 was left, and it costs PLN 620,000."
    )
    assert "which went first because it costs less:" in said(replace(tied, tie_broken_by="cheaper"))


def test_a_proposal_that_won_a_tie_against_several() -> None:
    tied = replace(BENCH, equals=("A tree", "A pond", "A path"), tie_decides=True)

    assert said(tied).endswith(
        "“A tree” and 2 other proposals had as many points; whose turn came first was decided by "
        "the published rules for ties."
    )


def test_what_no_second_run_confirmed_is_not_said() -> None:
    unsure = replace(LOSER, cost_limit=None, points_limit=None, budget_limit=None)

    assert said(unsure).endswith("it costs PLN 620,000.")


# --- what supporters paid --------------------------------------------------------------------

PAID = replace(
    BENCH,
    part="shares",
    points_limit=None,
    cost_limit=1_700_000_00,
    support=Support(price=Fraction(1234, 100), per_point=True, payers=4_200),
)
UNPAID = replace(
    LOSER, part="fill", points_limit=None, ballots_more=61, rival="4", rival_title="A pond"
)


def test_a_proposal_that_its_supporters_paid_for() -> None:
    assert said(PAID) == (
        "Funded as number 3: 4,200 of its 5,000 supporters paid for it, at most PLN 0.13 for each "
        "point they gave. Even at a cost of up to PLN 1,700,000 it would have been funded."
    )
    every = replace(PAID, cost_limit=None, support=Support(price=Fraction(304_00), payers=5_000))
    assert said(every) == (
        "Funded as number 3: its 5,000 supporters paid for it, at most PLN 304 each."
    )


def test_a_proposal_that_the_money_left_over_paid_for() -> None:
    assert said(replace(BENCH, part="fill", points_limit=None)) == (
        "Funded as number 3 from what was left, with 12,041 points: PLN 6,480,000 was there when "
        "its turn came, and it costs PLN 1,520,000."
    )


def test_a_proposal_that_nobody_paid_for() -> None:
    assert said(UNPAID) == (
        "Not funded, with 9,000 points: its supporters did not pay for it together, and of what "
        "was left then, PLN 110,000 was there when its turn came; it costs PLN 620,000. It would "
        "have been funded with 61 more ballots that name it alone, at a cost of up to "
        "PLN 110,000, with PLN 510,000.50 more in the pot, or without “A pond”."
    )


def test_a_proposal_for_which_nothing_was_left_in_the_end() -> None:
    late = replace(UNPAID, money_before=0)

    assert "what was left then was spent before its turn came" in said(late)


def test_a_proposal_that_only_first_choices_paid_for() -> None:
    first = replace(PAID, part="approvals", cost_limit=None, support=Support(rank=1, quota=7))
    assert "the ballots that rank it first had enough" in said(first)
    third = replace(first, support=Support(rank=3, quota=7))
    assert "the ballots that rank it among their first 3 had enough" in said(third)


def test_who_lost_a_tie_among_those_that_supporters_could_pay_for() -> None:
    tied = replace(
        UNPAID, part="shares", code="lost_tie", equals=("A tree",), tie_broken_by="votes"
    )
    assert said(tied).startswith(
        "Not funded: it stood level with “A tree”, which went first because more ballots name it; "
        "after that it could no longer be paid for."
    )


def test_a_title_with_marks_of_its_own_stays_a_title() -> None:
    marked = replace(UNPAID, rival_title="<b>Bridge & path</b>")
    assert "without “&lt;b&gt;Bridge &amp; path&lt;/b&gt;”" in said(marked)


def constants(*names: str, suffix: str = "-") -> set[str]:
    """What the rules for money have under these names, wherever in them."""
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(rules.__path__, "voting.counting.rules.")
    ]
    return {
        str(value)
        for module in modules
        for name, value in vars(module).items()
        if name in names or name.endswith(suffix)
    }


ENDINGS = constants(
    "FUNDED", "TOPPED_UP", "SKIPPED", "BELOW_THRESHOLD", "BELOW_ENTRY", "RIVAL_FUNDED",
    "AFTER_STOP", "UNPAID", "LIMIT_REACHED", "DROPPED_COST", "DROPPED_SUPPORT",
)  # fmt: skip
PARTS = sorted(constants("PART", suffix="_PART"))


def test_every_part_of_every_rule_has_its_heading() -> None:
    assert {"greedy", "fill", "shares", "ranks", "transfers", "loads"} <= {*PARTS}
    headings = [sentences.part_title(part) for part in PARTS]
    assert sentences.part_title("something-new") not in headings


@pytest.mark.parametrize("part", [*PARTS, "something-new"])
def test_every_outcome_of_every_rule_has_its_sentence(part: str) -> None:
    assert {"funded", "skipped", "unpaid", "below_entry", "after_stop"} <= ENDINGS
    for code in [*sorted(ENDINGS), "lost_tie", "over_budget", "no_money_left", "something_new"]:
        loser = replace(LOSER, code=code, part=part)
        winner = replace(BENCH, code=code, part=part)
        text = said(winner if code in ("funded", "topped_up") else loser)

        assert text.startswith("Funded as number 3" if "funded" in code[:6] or code == "topped_up"
                               else "Not funded"), (code, text)  # fmt: skip
        assert (
            code in ("something_new", "skipped")
            or code in outcomes.SENTENCES
            or (code == "lost_tie")
        ), code


# --- real counts -----------------------------------------------------------------------------


def contest_of(draw: random.Random) -> tuple[counting.Contest, counting.Ballots]:
    """A small contest, tight in money and rich in ties."""
    number = draw.randint(2, 7)
    options = [
        counting.Option.build(f"p{n}", draw.choice([100, 200, 300, 500, 900]), f"P {n}")
        for n in range(number)
    ]
    order = [option.id for option in options]
    draw.shuffle(order)
    contest = counting.Contest.build("C", draw.choice([300, 700]), options, tie_order=order)
    ballots = [
        draw.sample(range(number), draw.randint(1, min(3, number)))
        for _ in range(draw.randint(0, 9))
    ]
    return contest, counting.Ballots.from_rows(ballots)


def changed(
    contest: counting.Contest, *, cost: tuple[str, int] | None = None, budget: int | None = None
) -> counting.Contest:
    """The contest with one thing changed."""
    options = [
        replace(option, cost=cost[1]) if cost and option.id == cost[0] else option
        for option in contest.options
    ]
    return replace(contest, options=tuple(options), budget=budget or contest.budget)


def minor(amount: str) -> int:
    return round(float(amount.replace(",", "")) * 100)


DRAWN = [
    (rule, seed)
    for rule, many in (("points-by-rank", 80), ("equal-shares", 40), ("budget-stv", 15),
                       ("expanding-approvals", 15))
    for seed in range(many)
]  # fmt: skip


@pytest.mark.parametrize(("rule", "seed"), DRAWN)
def test_what_is_said_of_money_is_so_when_it_is_counted_again(rule: str, seed: int) -> None:
    """Cost and pot as the sentence names them, put into the contest and counted anew."""
    contest, ballots = contest_of(random.Random(seed))
    contest = replace(contest, rule=rule, rule_version="")
    result = counting.count(contest, ballots)
    facts = {
        "ref": "c", "title": "C", "currency": "PLN", "min_length": 1, "max_length": 3,
        "aggregate_only": 0, "recountable": 1, "count_sha256": "",
    }  # fmt: skip
    about = {o.id: {"title": o.name, "category": "", "proposal": None} for o in contest.options}
    document = write_document(facts, about, result, counting.explain(contest, result))
    for option in read_document(document).options:
        text = said(option, contest.budget)
        assert text.startswith("Funded as number" if option.id in result.funded else "Not funded")
        if found := re.search(r"at a cost of up to PLN ([\d,.]*\d)", text):
            limit = minor(found[1])
            assert (
                option.id
                in counting.count(changed(contest, cost=(option.id, limit)), ballots).funded
            )
            dearer = changed(contest, cost=(option.id, limit + 1))
            assert option.id not in counting.count(dearer, ballots).funded
        if found := re.search(r"with PLN ([\d,.]*\d) more in the pot", text):
            pot = contest.budget + minor(found[1])
            assert option.id in counting.count(changed(contest, budget=pot), ballots).funded
            less = changed(contest, budget=pot - 1)
            assert option.id not in counting.count(less, ballots).funded
