"""Makes the demonstration, step by step, with a line or a bar for each."""

from datetime import datetime, timedelta

import click
from flask_migrate import upgrade

from app.demo import benches, letters, paper, people, rounds, submissions, talk
from app.demo.squares import squares_round
from core import clock, jobs
from core.database import db


def everything() -> datetime:
    """Tables, districts, people, six rounds, and talk. Returns when the running vote closes."""
    click.echo("Making the database …")
    upgrade()
    at = clock.now()
    rounds.make_districts(at)
    cast = people.make_everybody(at)
    db.session.commit()
    squares_round(cast["Eli"], cast["Ewa"], at - timedelta(hours=1))
    rounds.past_round(cast["Eli"], cast["Ewa"], at)
    running = rounds.voting_round(cast["Eli"], at)
    letters.enter_made_up_register(running, cast["Clara"], at)
    benches.round_with_log(cast["Eli"], cast["Ewa"], at)
    paper.round_on_paper(cast["Clara"], cast["Eli"], at)
    next_round = rounds.submission_round(cast["Eli"], at)
    click.echo("Letting people write and talk …")
    submissions.write_all(next_round, cast, at)
    talk.open_roundtables(cast, at)
    talk.discuss_a_proposal(running, cast, at)
    talk.plan_meetings(cast, at)
    _forget_mails()
    db.session.commit()
    return rounds.voting_closes_at(running)


def _forget_mails() -> None:
    """Nobody is waiting for the mails that building has caused."""
    db.session.query(jobs.OutboxJob).delete()
