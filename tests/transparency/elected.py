"""Questions without money in a round of the tests' town, whose ballots are in."""

from collections.abc import Mapping, Sequence

from accounts.models import User
from budgets.models import Round
from core import clock
from core.database import db
from tests.transparency.decided import seal
from voting.models import Contest
from voting.questions import Answer, Question
from voting.services.questions import choose_seat_rule, create_question

TREES = ("Oak", "Elm", "Ash", "Lime")
JURY = ("Ada Berg", "Ben Cole", "Cem Demir", "Dora Ek", "Emil Falk", "Fatou Gaye")

Marks = Mapping[tuple[int, ...], int]

NAME_OF_THE_LIBRARY: Marks = {(0,): 40, (1, 0): 30, (2, 1): 20, (3,): 6, (3, 1): 5}
"""101 ballots: Lime is out first, then Ash, whose ballots make Elm the winner, though more rank Oak
first; by pairs Elm wins too, with 55 to Oak's 40."""

A_CIRCLE: Marks = {(0, 1, 2): 40, (1, 2, 0): 35, (2, 0, 1): 30}
"""105 ballots that go round in a circle: Oak before Elm, Elm before Ash, Ash before Oak."""

PANEL: Marks = {(0, 1): 46, (2, 3): 31, (1,): 20, (3, 4): 12, (4, 5): 9, (5,): 3}
"""121 ballots for a jury of three: the quota is 31 of them."""


def ask(
    round_: Round,
    answers: Sequence[str],
    marks: Marks,
    *,
    by: User,
    rule: str = "irv",
    seats: int = 1,
    title: str = "A name for the new library",
    given: Mapping[str, str] | None = None,
) -> Contest:
    """A question of the round whose box is closed, with so many ballots of each ranking."""
    question = Question(
        title=title, answers=[Answer(each) for each in answers], seats=seats, max_length=3
    )
    contest = create_question(round_, question, by=by, at=clock.now())
    choose_seat_rule(contest, rule, given or {}, by=by, at=clock.now())
    seal(contest, [list(marked) for marked, copies in marks.items() for _ in range(copies)])
    db.session.commit()
    return contest
