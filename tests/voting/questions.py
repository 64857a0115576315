"""A question without money on the ballots of the tests' town."""

from accounts.models import User
from core import clock
from tests.harness.world import World
from voting.models import Contest
from voting.questions import Answer, Question
from voting.services.questions import create_question

NAMES = (Answer("Oak"), Answer("Elm", "Grew by the old mill."), Answer("Ash"))


def ask(
    world: World,
    eli: User,
    answers: tuple[Answer, ...] = NAMES,
    title: str = "A name for the new library",
    *,
    seats: int = 1,
) -> Contest:
    """Such a question in the round that votes, before its first ballot; the caller commits."""
    question = Question(title=title, answers=answers, seats=seats)
    return create_question(world.voting_round, question, by=eli, at=clock.now())
