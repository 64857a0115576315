"""A small round whose voting is over, with a box of papers that two people are keying.

Made up, people and ballots. Clara has finished the stack, Eli is half way through; the desk pages
show what is still missing before it can be counted.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from app.demo.letters import made_up_voters
from app.demo.signals import make_up_signals
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.services import announce_round, create_round, set_calendar
from core.database import db
from voting import sealing
from voting.models import Contest, PaperBatch, RollEntry
from voting.paper_keys import Reading
from voting.questions import Answer, Question
from voting.services.ballots import cast_ballot
from voting.services.paper_batches import BatchNumbers, finish_keying, key_paper, open_batch
from voting.services.paper_marks import give_papers, take_papers_back
from voting.services.questions import create_question

QUESTION = Question(
    title="Imię dla nowego tramwaju",
    answers=[Answer("Wisełka"), Answer("Lajkonik"), Answer("Hejnał"), Answer("Bernadka")],
    max_length=3,
)
ON_THE_WEB, ON_PAPER, FIRST_VOTER = 30, 14, 100
IN_THE_BOX = ON_PAPER - 2
"""One paper came back while voting was open, one was never put into the box."""


def round_on_paper(clerk: User, officer: User, at: datetime) -> Round:
    """Voting ended an hour ago; the people are those of the made-up register."""
    begun = at - timedelta(days=14)
    round_ = create_round(
        name="A name for a tram (made up)",
        currency="PLN",
        total_minor=0,
        summary="Made up for this demonstration, to show a vote on the web and on paper: its papers"
        " are being keyed by two people, and are still missing from the count.",
        by=officer,
        at=begun,
    )
    starts = [(PhaseKind.VOTING, begun), (PhaseKind.COUNT, at - timedelta(hours=1))]
    set_calendar(round_, starts, at + timedelta(days=365), by=officer, at=begun)
    contest = create_question(round_, QUESTION, by=officer, at=begun)
    announce_round(round_, by=officer, at=begun)
    voters = made_up_voters(FIRST_VOTER, ON_THE_WEB + ON_PAPER)
    draw = random.Random(14)  # noqa: S311  (nothing here is secret)
    _vote(contest, voters[ON_PAPER:], draw, begun + timedelta(days=2))
    make_up_signals(contest, begun + timedelta(days=2), ON_THE_WEB)
    _hand_out(round_, contest, voters[:ON_PAPER], clerk, begun + timedelta(days=3))
    _key(contest, draw, clerk, officer, at)
    db.session.commit()
    return round_


def _vote(contest: Contest, voters: Sequence[RollEntry], draw: random.Random, at: datetime) -> None:
    refs = [option.ref for option in contest.options]
    for entry in voters:
        ranking = draw.sample(refs, draw.randint(1, 3))
        cast_ballot(contest, entry, ranking, sealing.new_form_key(), at=at)


def _hand_out(
    round_: Round, contest: Contest, voters: Sequence[RollEntry], clerk: User, at: datetime
) -> None:
    for entry in voters:
        give_papers(round_, entry, [contest], by=clerk, at=at)
    reason = "Wants to vote at home; the paper was unmarked."
    take_papers_back(round_, voters[0], reason=reason, by=clerk, at=at)


def _key(
    contest: Contest, draw: random.Random, clerk: User, officer: User, at: datetime
) -> PaperBatch:
    numbers = BatchNumbers("Town hall", issued=ON_PAPER, unused=1, returned=1)
    batch = open_batch(contest, numbers, by=clerk, at=at)
    papers = [_paper(draw) for _ in range(IN_THE_BOX - 1)] + [Reading(None, "blank")]
    for number, reading in enumerate(papers, 1):
        key_paper(batch, number, reading, by=clerk, at=at)
    finish_keying(batch, by=clerk, at=at)
    for number, reading in enumerate(papers[: IN_THE_BOX // 2], 1):
        key_paper(batch, number, reading, by=officer, at=at)
    return batch


def _paper(draw: random.Random) -> Reading:
    chosen = draw.sample(range(len(QUESTION.answers)), draw.randint(1, 3))
    return Reading(b"".join(number.to_bytes(2, "big") for number in chosen))
