"""What is seldom set of a counting rule: who wins a tie, what excludes what, how shares grow."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from core import clock
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World
from tests.transparency.decided import seal
from tests.voting.test_rule_choice import PLAIN, SHARES, address, contest, save
from voting import counting
from voting.lots import TieOrder, tie_order
from voting.models import Contest
from voting.queries.counts import counting_input
from voting.services.contests import choose_rule

__all__ = ["contest"]


def points(**typed: str) -> dict[str, Any]:
    return PLAIN | {f"points-by-rank-{name}": value for name, value in typed.items()}


def shares(**typed: str) -> dict[str, Any]:
    return SHARES | {f"equal-shares-{name}": value for name, value in typed.items()}


# --- ties --------------------------------------------------------------------------------------


def test_ties_go_by_the_chain_that_the_officer_sets_and_everybody_reads_it_before_voting(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    chain = points(tie_1="first_ranks", tie_2="cheaper")
    assert save(officer, contest, chain).status_code == 303

    assert contest.rule_parameters == {"ties": ["first_ranks", "cheaper"]}
    public = text_of(officer.get(f"/rounds/{contest.round.ref}/contests/{contest.ref}").text)
    assert "the one that more ballots rank first, then the cheaper one, then" in public
    shown = officer.get(address(contest)).text
    assert '<option selected value="first_ranks">' in shown


def test_a_lot_is_drawn_from_the_seed_that_the_contest_had_from_the_beginning(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    typed = {"points-by-rank-seed": "a seed that suits me"}
    assert save(officer, contest, points(tie_1="lot"), typed).status_code == 303

    assert contest.rule_parameters == {"ties": ["lot"], "seed": contest.paper_seed}
    public = text_of(officer.get(f"/rounds/{contest.round.ref}/contests/{contest.ref}").text)
    assert f"of the seed {contest.paper_seed}, the word “ties”" in public
    seal(contest, [[0], [1], [2], [3]] * 15)
    counted, ballots = counting_input(contest)
    turns = [stage.option for stage in counting.count(counted, ballots).stages]
    assert turns == tie_order(TieOrder.LOT, contest.paper_seed, counted.ids)


def test_the_usual_chain_is_no_setting_and_no_chain_leaves_the_tie_order_alone(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    save(officer, contest, shares(tie_1="cheaper", tie_2="votes"))
    assert contest.rule_parameters == {}
    save(officer, contest, shares(tie_1="", tie_2=""))
    assert contest.rule_parameters == {"ties": ["place"]}
    save(officer, contest, shares(tie_1="", tie_2="lot"))
    assert contest.rule_parameters["ties"] == ["lot"], "a way that was left out is passed over"


def test_a_seed_that_a_contest_brought_with_it_stays(
    officer: BrowserLikeClient, db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    brought = {"ties": ["lot"], "seed": "drawn in the town hall"}
    choose_rule(contest, "points-by-rank", brought, by=eli, at=clock.now())
    save(officer, contest, points(tie_1="votes", tie_2="lot"))
    assert contest.rule_parameters == {"ties": ["votes", "lot"], "seed": "drawn in the town hall"}


# --- projects that exclude one another ---------------------------------------------------------


def test_of_projects_that_exclude_one_another_only_the_first_is_funded(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    assert save(officer, contest, points(exclusive="0-1, 0-2\r\n")).status_code == 303

    assert contest.rule_parameters == {"exclusive": [["0-1", "0-2"]]}
    titles = [option.title for option in contest.options if option.ref in ("0-1", "0-2")]
    public = text_of(officer.get(f"/rounds/{contest.round.ref}/contests/{contest.ref}").text)
    assert f"At most one of these is funded: “{titles[0]}”, “{titles[1]}”." in public
    assert "0-1, 0-2</textarea>" in officer.get(address(contest)).text


def test_before_the_paper_is_filled_there_is_nothing_to_exclude(
    officer: BrowserLikeClient, db: SQLAlchemy, contest: Contest
) -> None:
    contest.options.clear()
    db.session.commit()
    page = officer.get(address(contest)).text
    assert "Once the ballot paper is filled, projects that exclude one another" in text_of(page)
    assert "<textarea" not in page


def test_a_paper_is_not_filled_without_a_project_that_its_rule_names(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, contest: Contest, eli: User
) -> None:
    group = [contest.options[0].ref, contest.options[1].ref]
    address_ = f"/staff/rounds/{contest.round.ref}/hand-over"
    for each in (world.riverside_contest, world.hillside_contest):
        each.tie_order = TieOrder.DRAWN.value
    choose_rule(contest, "points-by-rank", {"exclusive": [group]}, by=eli, at=clock.now())
    db.session.commit()
    page = text_of(officer.get(address_).text)
    assert f"names {group[0]}" not in page

    choose_rule(contest, "points-by-rank", {"exclusive": [[*group, "gone"]]}, by=eli,
                at=clock.now())  # fmt: skip
    db.session.commit()
    assert "names gone, not among the feasible proposals now." in text_of(
        officer.get(address_).text
    )
    before = [option.ref for option in contest.options]
    assert officer.post(address_, data={"ties": "lot"}).status_code == 409
    assert [option.ref for option in contest.options] == before


# --- raising shares, and taking part -----------------------------------------------------------


def test_how_shares_are_raised_and_which_projects_take_part_can_be_set(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    typed = shares(completion="add1", start="exact", stop="exhaustive", entry_share="33,3 %")
    assert save(officer, contest, typed).status_code == 303

    assert contest.rule_parameters == {
        "completion": "add1", "entry_share": "333/1000", "start": "exact", "stop": "exhaustive",
    }  # fmt: skip
    page = text_of(officer.get(f"/rounds/{contest.round.ref}/contests/{contest.ref}").text)
    assert "The first shares are exactly equal parts of the pot, not rounded." in page
    assert "share of the ballots is at least 33.3 % of its share of the pot" in page


def test_when_raising_ends_says_nothing_where_shares_are_not_raised(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    save(officer, contest, shares(completion="none", stop="exhaustive"))
    assert contest.rule_parameters == {"completion": "none"}


def test_every_first_choice_gets_as_many_points_as_the_officer_says(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    for rule in (points(scale="fixed", top="5"), shares(scale="fixed", top="5")):
        assert save(officer, contest, rule).status_code == 303
        assert contest.rule_parameters == {"scale": "fixed", "top": 5}


@pytest.mark.sqlite  # what a form says does not depend on the database
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (points(top="5"), "This goes only with “The same for every first choice” above."),
        (points(scale="fixed", top="2"), "A ballot may rank 3 projects"),
        (points(scale="fixed", top="1000001"), "Write a whole number from 1 to 1000000."),
        (points(tie_1="votes", tie_2="votes"), "Each way can decide only once."),
        (points(tie_1="the mayor"), "Not a valid choice."),
        (points(exclusive="0-1, 0-9"), "“0-9” is no id of a project on this paper."),
        (points(exclusive="0-1"), "Each line must name two projects or more"),
        (points(exclusive="0-1, 0-1"), "Each line must name two projects or more"),
        (shares(entry_share="0"), "Write a percentage up to 100"),
        (shares(start="later"), "Not a valid choice."),
    ],
)
def test_what_cannot_be_set_is_refused_in_words_and_shown_unfolded(
    officer: BrowserLikeClient, contest: Contest, typed: dict[str, str], sentence: str
) -> None:
    answer = save(officer, contest, typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    section = answer.text[: answer.text.rindex('class="error"')].rpartition("<details")[2]
    assert " open>" in section.partition("<summary")[0] + " "
    assert (contest.rule, contest.rule_parameters) == ("points-by-rank", {})
