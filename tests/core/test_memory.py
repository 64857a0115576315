"""What every page shows is asked of the database once in a moment, and never told wrongly after."""

from collections.abc import Callable
from time import monotonic

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from core import memory
from districts.services import add_district
from tests.conftest import TUESDAY
from tests.harness.client import BrowserLikeClient

pytestmark = pytest.mark.sqlite


class Question:
    """A function that counts how often it was really asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.meanwhile: Callable[[], object] = lambda: None
        self.ask = memory.remembered(self._answer)

    def _answer(self, word: str = "") -> str:
        self.asked += 1
        self.meanwhile()
        return f"{word} {self.asked}"


@pytest.fixture
def question(app: Flask) -> Question:
    return Question()


def test_what_was_asked_a_moment_ago_is_not_asked_again(question: Question) -> None:
    assert {question.ask("a") for _ in range(5)} == {"a 1"}
    assert question.ask("b") == "b 2"


def test_a_commit_makes_everything_be_asked_again(question: Question, db: SQLAlchemy) -> None:
    question.ask()
    db.session.commit()

    assert question.ask() == " 2"


def test_what_was_read_before_a_commit_is_not_remembered_after_it(
    question: Question, db: SQLAlchemy
) -> None:
    question.meanwhile = db.session.commit
    question.ask()

    assert question.ask() == " 2"


def test_what_another_process_changed_is_seen_after_a_moment(
    question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    question.ask()
    later = monotonic() + memory.SECONDS
    monkeypatch.setattr(memory, "monotonic", lambda: later)

    assert question.ask() == " 2"


def test_strange_questions_do_not_fill_the_memory(question: Question, app: Flask) -> None:
    for number in range(3 * memory.MOST):
        question.ask(str(number))

    assert len(app.extensions["memory"]) <= memory.MOST


def test_a_new_district_is_at_once_among_the_choices_of_the_list(
    client: BrowserLikeClient, db: SQLAlchemy
) -> None:
    assert "Nowy Świat" not in client.get("/proposals").text

    add_district("Nowy Świat", at=TUESDAY)
    db.session.commit()

    assert "Nowy Świat" in client.get("/proposals").text
