"""A city brings its past: contests with their ballots, which count to the winners of then."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from budgets import services as budgets
from budgets.models import Pot, Round
from budgets.permissions import why_not_change_round
from core import clock
from proposals.models import Proposal
from tests.harness import people
from voting import counting, link_keys
from voting.models import Ballot, SealedBallot
from voting.queries.counts import counting_input
from voting.services.counts import certify_count, count_contest
from voting.services.imports import (
    CannotImport,
    differs_from_official,
    import_ballot_paper,
    import_past_contest,
)

DATA = Path(__file__).resolve().parents[2] / "data"
SWOSZOWICE = DATA / "krakow-2024" / "krakow_2024_swoszowice.pb.gz"
BUDGET = 1_584_196_52

SMALL = """META
key;value
description;Benches for Riverside
country;Poland
unit;Riverside
instance;2020
num_projects;3
num_votes;4
budget;{budget}
vote_type;{vote_type}
rule;{rule}
date_begin;2020
date_end;2020
min_length;1
max_length;2
currency;{currency}
{more}PROJECTS
project_id;cost;name;category;selected
A;60;Bench A;parks,sport;{a}
B;60;Bench B;parks;{b}
C;40;Bench C;;1
VOTES
voter_id;vote
1;A,B
2;B,A
3;C
4;A,C
"""


def small_file(folder: Path, **changes: str) -> Path:
    words = {
        "budget": "100", "rule": "greedy", "currency": "PLN", "vote_type": "ordinal", "more": "",
        "a": "1", "b": "0",
    }  # fmt: skip
    path = folder / "small.pb"
    path.write_text(SMALL.format(**(words | changes)))
    return path


def a_past_round(budget: int = BUDGET, currency: str = "PLN") -> tuple[Round, Pot]:
    at = clock.now()
    round_ = budgets.create_round(
        name="Kraków 2024", currency=currency, total_minor=budget, summary="", by=None, at=at
    )
    district = people.district("Swoszowice")
    pot = budgets.add_pot(round_, "Swoszowice", budget, district, by=None, at=at)
    return round_, pot


def test_a_district_of_krakow_comes_in_whole_and_counts_to_its_official_winners(
    db: SQLAlchemy,
) -> None:
    round_, pot = a_past_round()
    told: list[tuple[int, int]] = []
    contest = import_past_contest(
        round_, pot, SWOSZOWICE, at=clock.now(), progress=lambda done, of: told.append((done, of))
    )
    db.session.commit()

    expected, ballots = counting.read_pb(SWOSZOWICE)
    counted, ours = counting_input(contest)
    assert len(ours) == contest.ballots_cast == 2341
    assert ours.digest(counted.ids) == ballots.digest(expected.ids)
    assert (counted.ids, counted.costs, counted.budget) == (
        expected.ids, expected.costs, expected.budget,
    )  # fmt: skip
    assert told[-1] == (2341, 2341)

    count_ = count_contest(contest, by=None, at=clock.now())
    assert differs_from_official(count_, SWOSZOWICE) == []
    assert frozenset(json.loads(count_.document)["funded"]) == expected.official_winners


def test_a_past_contest_is_closed_its_roll_unknown_and_its_ballots_without_traces(
    db: SQLAlchemy,
) -> None:
    round_, pot = a_past_round()
    at = clock.now()
    contest = import_past_contest(round_, pot, SWOSZOWICE, at=at)
    db.session.commit()

    assert contest.sealed_at == at
    assert contest.roll_size is None
    assert db.session.scalar(select(func.count()).select_from(Ballot)) == 0
    assert set(db.session.scalars(select(SealedBallot.commitment))) == {None}
    assert why_not_change_round(people.cast("eli"), round_, at) is not None, "the round is frozen"


def test_sealed_ballots_do_not_stand_in_the_order_of_the_file(db: SQLAlchemy) -> None:
    round_, pot = a_past_round()
    import_past_contest(round_, pot, SWOSZOWICE, at=clock.now())
    stored = db.session.scalars(select(SealedBallot.ranking).order_by(SealedBallot.id)).all()

    assert list(stored) != sorted(stored)


def test_the_proposals_of_the_past_stand_on_its_paper_with_their_codes(db: SQLAlchemy) -> None:
    round_, pot = a_past_round()
    contest = import_past_contest(round_, pot, SWOSZOWICE, at=clock.now())
    db.session.commit()
    expected, _ = counting.read_pb(SWOSZOWICE)

    assert [option.ref for option in contest.options] == list(expected.ids)
    assert [option.tie_position for option in contest.options] == list(range(16))
    first = db.session.get(Proposal, contest.options[0].proposal_id)
    assert first is not None
    assert (first.code, first.state, first.district_id) == (
        expected.ids[0], "on_ballot", pot.district_id,
    )  # fmt: skip
    assert contest.options[0].category == "sport"
    assert "sport" in {category.name for category in round_.categories}


def test_a_paper_alone_brings_projects_and_limits_but_no_ballots(db: SQLAlchemy) -> None:
    round_, pot = a_past_round()
    contest = import_ballot_paper(round_, pot, SWOSZOWICE, at=clock.now())
    db.session.commit()

    assert (contest.min_length, contest.max_length, len(contest.options)) == (3, 3, 16)
    assert (contest.sealed_at, contest.ballots_cast, round_.frozen_at) == (None, None, None)
    assert link_keys.exists(contest.ref)
    assert db.session.scalar(select(func.count()).select_from(SealedBallot)) == 0


def test_a_tie_goes_as_the_city_drew_it(db: SQLAlchemy, tmp_path: Path) -> None:
    comment = 'comment;"#1: common-purse points-by-rank 1 {""tie_order"":[""B"",""C"",""A""]}"\n'
    path = small_file(tmp_path, rule="greedy-custom", more=comment)
    round_, pot = a_past_round(100_00)
    contest = import_past_contest(round_, pot, path, at=clock.now())

    assert [option.tie_position for option in contest.options] == [2, 0, 1]
    assert contest.tie_order == "drawn"


@pytest.mark.parametrize(
    ("changes", "rule", "parameters"),
    [
        ({"rule": "greedy-no-skip"}, "points-by-rank", {"no_skip": True}),
        ({"more": "min_project_score_threshold;2\n"}, "points-by-rank", {"threshold": 2}),
        ({"rule": "equalshares"}, "equal-shares", {"completion": "none", "utility": "cost"}),
        (
            {
                "rule": "greedy-custom",
                "more": 'comment;"#1: common-purse equal-shares 1 '
                '{""completion"":""none"",""tie_order"":[""B"",""C"",""A""]}"\n',
            },
            "equal-shares",
            {"completion": "none"},
        ),
    ],
)
def test_a_file_is_counted_here_by_its_own_rule_with_its_own_terms(
    db: SQLAlchemy,
    tmp_path: Path,
    changes: dict[str, str],
    rule: str,
    parameters: dict[str, object],
) -> None:
    path = small_file(tmp_path, **changes)
    round_, pot = a_past_round(100_00)
    contest = import_past_contest(round_, pot, path, at=clock.now())
    db.session.commit()

    assert (contest.rule, contest.rule_parameters) == (rule, parameters)
    count_ = count_contest(contest, by=None, at=clock.now())
    there = counting.count(*counting.read_pb(path))
    assert json.loads(count_.document)["funded"] == list(there.funded)


def test_winners_that_differ_are_named_one_by_one(db: SQLAlchemy, tmp_path: Path) -> None:
    path = small_file(tmp_path, a="0", b="1")
    round_, pot = a_past_round(100_00)
    count_ = count_contest(
        import_past_contest(round_, pot, path, at=clock.now()), by=None, at=clock.now()
    )

    assert differs_from_official(count_, path) == [
        "B is a winner in the city's file, but not here.",
        "A is a winner here, but not in the city's file.",
    ]


def test_a_currency_without_small_coins_is_counted_in_whole_units(
    db: SQLAlchemy, tmp_path: Path
) -> None:
    path = small_file(tmp_path, currency="JPY")
    round_, pot = a_past_round(100, "JPY")
    contest = import_past_contest(round_, pot, path, at=clock.now())

    assert [option.cost_minor for option in contest.options] == [60, 60, 40]
    counted, _ = counting_input(contest)
    assert counted.budget == 100_00
    half = small_file(tmp_path, currency="JPY", budget="99.50")
    round_, pot = a_past_round(99, "JPY")
    with pytest.raises(CannotImport, match="no whole amount of JPY"):
        import_past_contest(round_, pot, half, at=clock.now())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"currency": "EUR"}, "The file is in EUR, the round in PLN."),
        ({"budget": "101"}, "The file's budget is 101 PLN, the pot has 100."),
        ({"budget": "1e309"}, "Line 9: The budget is '1e309', which is not an amount"),
        ({"budget": "-5"}, "which is not an amount"),
        ({"budget": "100.005"}, "amounts finer than hundredths; contests here have none."),
        ({"rule": "dictator"}, "The rule 'dictator' on 'ordinal' ballots is not known here"),
        ({"vote_type": "approval"}, "cannot be held by the rule 'approvals' yet"),
        ({"rule": "unknown"}, "The file does not say its rule"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_a_sentence_and_leaves_nothing(
    db: SQLAlchemy, tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    round_, pot = a_past_round(100_00)
    db.session.commit()

    with pytest.raises((CannotImport, counting.CountingError)) as caught:
        import_past_contest(round_, pot, small_file(tmp_path, **changes), at=clock.now())
    assert sentence in str(caught.value)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == 0
    assert round_.frozen_at is None


def test_the_command_tells_what_it_passed_over_in_the_file(
    app: Flask, db: SQLAlchemy, tmp_path: Path
) -> None:
    path = small_file(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").replace(b"C;40;", b"C;40.000;"))
    round_, _ = a_past_round(100_00)
    db.session.commit()

    run = app.test_cli_runner().invoke(
        args=["voting", "import", round_.ref, "Swoszowice", str(path)]
    )
    assert run.exit_code == 0, run.output
    assert "small.pb: warning: Line 1: The line ends with a carriage return" in run.stderr
    assert "small.pb: warning: Line 21: An amount has zeros behind its second" in run.stderr


def test_the_command_refuses_amounts_that_no_contest_here_can_hold(
    app: Flask, db: SQLAlchemy, tmp_path: Path
) -> None:
    """Neither the pot of the file's budget nor the contest is made."""
    round_, _ = a_past_round(100_00)
    db.session.commit()

    for pot in ("Swoszowice", "A new pot"):
        path = small_file(tmp_path, budget="0.001")
        run = app.test_cli_runner().invoke(args=["voting", "import", round_.ref, pot, str(path)])
        assert run.exit_code == 1
        assert "amounts finer than hundredths; contests here have none. Nothing was" in run.output
    assert [pot.name for pot in round_.pots] == ["Swoszowice"]


def test_points_that_voters_gave_are_not_dropped_without_a_word(
    db: SQLAlchemy, tmp_path: Path
) -> None:
    path = small_file(tmp_path)
    lines = path.read_text().replace("voter_id;vote", "voter_id;vote;points")
    for ranking, points in (("A,B", "5,1"), ("B,A", "4,1"), ("C", "2"), ("A,C", "3,3")):
        lines = lines.replace(f";{ranking}\n", f";{ranking};{points}\n")
    path.write_text(lines)
    round_, pot = a_past_round(100_00)

    with pytest.raises(CannotImport, match="ballots give points"):
        import_past_contest(round_, pot, path, at=clock.now())


def test_counting_an_imported_contest_again_gives_back_the_count_that_stands(
    db: SQLAlchemy, tmp_path: Path
) -> None:
    round_, pot = a_past_round(100_00)
    contest = import_past_contest(round_, pot, small_file(tmp_path), at=clock.now())
    first = count_contest(contest, by=None, at=clock.now())
    certify_count(first, by=None, at=clock.now())

    assert count_contest(contest, by=None, at=clock.now()) is first


@pytest.mark.parametrize(
    ("line", "language"), [("language;pl\n", "pl"), ("", "en"), ("language;gibberish\n", "en")]
)
def test_a_file_says_in_which_language_its_proposals_are(
    db: SQLAlchemy, tmp_path: Path, line: str, language: str
) -> None:
    round_, pot = a_past_round(budget=100_00)
    import_past_contest(round_, pot, small_file(tmp_path, more=line), at=clock.now())
    db.session.commit()

    assert round_.language == language
