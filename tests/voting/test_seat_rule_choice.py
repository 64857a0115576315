"""An officer chooses how a question without money is counted, and tries it on other ballots."""

import io
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from core import clock
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World
from tests.voting.questions import ask
from voting.counting.seats import SEAT_RULES
from voting.models import Contest
from voting.seat_rule_words import idea, settings_in_words, warning

NINE = b"""3 1
4 1 3 2 0
3 3 2 1 0
2 2 1 3 0
0
"Oak" "Ash" "Elm"
"Last year's name"
"""


@pytest.fixture
def jury(db: SQLAlchemy, world: World, eli: User) -> Contest:
    """Two people are looked for."""
    contest = ask(world, eli, title="The jury", seats=2)
    db.session.commit()
    return contest


def address(contest: Contest) -> str:
    return f"/staff/rounds/{contest.round.ref}/contests/{contest.ref}/rule"


def upload(file: bytes, name: str, **chosen: str) -> dict[str, Any]:
    return (
        {"rule": "irv", "irv-ties": "lot", "irv-batches": "none"}
        | chosen
        | {"file": (io.BytesIO(file), name)}
    )


def test_five_rules_are_explained_with_an_example_where_one_is_chosen(
    officer: BrowserLikeClient, name: Contest
) -> None:
    page = text_of(officer.get(address(name)).text)

    for rule in SEAT_RULES.values():
        assert rule.explanation[:60] in page
        assert rule.example[:40] in page
    assert "Not proportional" not in page
    assert "Equal shares" not in page


def test_where_several_are_chosen_the_rules_for_one_are_not_offered_and_a_majority_is_warned_of(
    officer: BrowserLikeClient, jury: Contest
) -> None:
    page = text_of(officer.get(address(jury)).text)

    assert "Instant runoff" not in page
    assert "Single transferable vote (Scotland)" in page
    assert page.count("Not proportional") == 2


def test_the_chosen_rule_is_saved_with_its_settings(
    officer: BrowserLikeClient, db: SQLAlchemy, name: Contest
) -> None:
    chosen = {"rule": "irv", "irv-ties": "lot", "irv-batches": "none"}

    assert officer.post(address(name), data=chosen).status_code == 303

    db.session.refresh(name)
    assert (name.rule, name.rule_parameters) == ("irv", {"ties": "lot"})
    assert "Between equals the lot decides." in text_of(officer.get(address(name)).text)


def test_a_rule_for_one_seat_or_for_money_is_refused_for_a_jury(
    officer: BrowserLikeClient, db: SQLAlchemy, jury: Contest
) -> None:
    for rule in ("irv", "equal-shares", "nonsense"):
        assert officer.post(address(jury), data={"rule": rule}).status_code == 422
    db.session.refresh(jury)
    assert jury.rule == "scottish-stv"


def test_once_a_ballot_was_cast_the_rule_stays(
    officer: BrowserLikeClient, db: SQLAlchemy, name: Contest
) -> None:
    name.round.frozen_at = clock.now()
    db.session.commit()

    assert officer.post(address(name), data={"rule": "schulze"}).status_code == 409
    assert "This rule stays as it is" in text_of(officer.get(address(name)).text)


def test_a_rule_is_tried_on_an_uploaded_file_beside_the_others(
    officer: BrowserLikeClient, db: SQLAlchemy, name: Contest
) -> None:
    answer = officer.post(f"{address(name)}/trial", data=upload(NINE, "name.blt"))

    page = text_of(answer.text)
    assert answer.status_code == 200
    assert "Chosen by this rule: Oak" in page
    assert "Tried on Last year's name. Nothing was saved." in page
    assert "from 9 ballots" in page
    db.session.refresh(name)
    assert name.rule_parameters == {}


def test_a_jury_is_tried_with_as_many_seats_as_it_has(
    officer: BrowserLikeClient, jury: Contest
) -> None:
    chosen = upload(NINE, "name.blt", rule="scottish-stv")

    page = text_of(officer.post(f"{address(jury)}/trial", data=chosen).text)

    assert "Chosen by this rule: Oak, Elm" in page or "Chosen by this rule: Oak, Ash" in page


@pytest.mark.parametrize(
    ("file", "name_of_file", "sentence"),
    [
        (b"3 1\n4 9 0\n0\n", "name.blt", "line 2"),
        (b"nothing", "name.soi", "alternative name"),
        (b"nothing", "name.pb", "line 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    officer: BrowserLikeClient, name: Contest, file: bytes, name_of_file: str, sentence: str
) -> None:
    answer = officer.post(f"{address(name)}/trial", data=upload(file, name_of_file))

    assert answer.status_code == 422
    assert sentence in text_of(answer.text).lower()


def test_without_a_file_or_an_earlier_contest_nothing_is_tried(
    officer: BrowserLikeClient, name: Contest
) -> None:
    chosen = {"rule": "schulze"}

    answer = officer.post(f"{address(name)}/trial", data=chosen)

    assert answer.status_code == 422
    assert "Choose an earlier contest, or a file." in text_of(answer.text)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("rule", "chosen", "sentence"),
    [
        ("irv", {}, "excluded one by one"),
        ("irv", {"batches": "hopeless"}, "excluded at once"),
        ("irv", {}, "the latest stage at which they differed"),
        ("irv", {"ties": "first-stages"}, "the first stage at which they differed"),
        ("irv", {"ties": "lot"}, "Between equals the lot decides."),
        ("scottish-stv", {}, "to five decimals"),
        ("meek-stv", {}, "to nine decimals"),
        ("schulze", {}, "as strong as the number of ballots for it"),
        ("ranked-pairs", {}, "more than those against it"),
        ("ranked-pairs", {"strength": "winning-votes"}, "the number of ballots for it"),
    ],
)
def test_every_setting_is_said_in_a_sentence(
    app: Flask, rule: str, chosen: dict[str, str], sentence: str
) -> None:
    with app.test_request_context():
        assert sentence in " ".join(settings_in_words(rule, chosen))
        assert idea(rule)
        assert not warning(rule, 1)
