"""Commands of the voting room, for a city that brings its past.

flask voting import ROUND POT FILE      a contest of the past, with its ballots
flask voting count ROUND                counts what is sealed and not yet certified
flask voting verify-log ROUND           checks the ballot logs against their boxes
flask voting read-register FILE         reads a register of voters that is too large for a browser
"""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from budgets.models import Pot, Round
from budgets.services import add_pot
from core import cache, clock
from core.csvfile import NotATable
from core.database import db
from core.i18n import in_language
from core.refusals import Refusal
from districts.queries import district_by_name
from voting import counting, register_words
from voting.models import ContestCount, RegisterImport
from voting.permissions.letters import why_not_read_register
from voting.queries.contests import contests_of
from voting.queries.count_views import view_of
from voting.queries.counts import latest_counts
from voting.queries.election_views import election_view_of
from voting.queries.log_checks import faults_in_log
from voting.queries.manifests import manifests_of
from voting.register_file import FaultyRegister, WrongColumns
from voting.services.counts import count_contest
from voting.services.imports import (
    CannotImport,
    budget_of_file,
    import_past_contest,
    too_dear,
)
from voting.services.register_entry import enter_register
from voting.services.registers import read_in

MOST_FAULTS = 20
group = AppGroup("voting", help="Bring past contests in and count them.")


@group.command("import")
@click.argument("round_ref", metavar="ROUND")
@click.argument("pot_name", metavar="POT")
@click.argument(
    "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def import_contest(round_ref: str, pot_name: str, file: Path) -> None:
    """Bring a past contest into ROUND from FILE, a .pb or .pb.gz with its ballots.

    POT is the name of a pot of the round. Where there is none of that name, one is made with the
    budget of the file, for the district of that name or else for the whole city.
    """
    round_ = _round(round_ref)
    warnings: list[counting.FileWarning] = []
    try:
        pot = _pot(round_, pot_name, file)
        if any(contest.pot_id == pot.id for contest in contests_of(round_.id)):
            raise click.ClickException(f"The pot {pot_name!r} has its contest already.")
        with click.progressbar(length=1, label="Ballots") as bar:

            def show(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            contest = import_past_contest(
                round_, pot, file, at=clock.now(), progress=show, warnings=warnings
            )
    except (CannotImport, counting.CountingError) as error:
        db.session.rollback()
        raise click.ClickException(f"{error} Nothing was imported.") from None
    db.session.commit()
    cache.clear()
    click.echo(f"{contest.title}: {contest.ballots_cast} ballots, {len(contest.options)} projects.")
    for warning in warnings:
        click.echo(f"{file.name}: warning: {warning}", err=True)
    if dear := too_dear(contest):
        click.echo(
            f"Warning: these cost more than the whole pot and could never win: {', '.join(dear)}.",
            err=True,
        )


@group.command("count")
@click.argument("round_ref", metavar="ROUND")
def count_round(round_ref: str) -> None:
    """Count the sealed contests of ROUND; certifying and publishing is for officers to do."""
    round_ = _round(round_ref)
    at = clock.now()
    certified = {key for key, count in latest_counts(round_.id).items() if count.certified_at}
    waiting = [each for each in contests_of(round_.id) if each.sealed_at and each.options]
    for contest in waiting:
        if contest.id in certified:
            click.echo(f"{contest.title}: certified already.")
            continue
        try:
            click.echo(f"{contest.title}: {_outcome(count_contest(contest, by=None, at=at))}")
        except counting.CountingError as error:
            db.session.rollback()
            raise click.ClickException(f"{contest.title}: {error} Nothing was counted.") from None
    db.session.commit()
    if not waiting:
        raise click.ClickException("This round has no sealed contest to count.")


@group.command("verify-log")
@click.argument("round_ref", metavar="ROUND")
def verify_log(round_ref: str) -> None:
    """Check every ballot log of ROUND; name what is wrong, and end with 1 where anything is."""
    broken = False
    for contest in contests_of(_round(round_ref).id):
        if not manifests_of(contest.id):
            click.echo(f"{contest.title}: no ballot was cast here, so there is no log.")
            continue
        faults = list(faults_in_log(contest))
        broken = broken or bool(faults)
        for fault in faults[:MOST_FAULTS]:
            click.echo(f"{contest.title}: WRONG: {fault}")
        if len(faults) > MOST_FAULTS:
            click.echo(f"{contest.title}: and {len(faults) - MOST_FAULTS} more.")
        if not faults:
            click.echo(f"{contest.title}: the log is whole, and every ballot opens its seal.")
    db.session.rollback()
    if broken:
        raise SystemExit(1)


@group.command("read-register")
@click.argument(
    "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--enter", is_flag=True, help="Enter it on the roll, without a clerk's look at it.")
@click.option(
    "--take-off", is_flag=True, help="With --enter: who is in it no more leaves the roll."
)
def read_register(file: Path, enter: bool, take_off: bool) -> None:
    """Read FILE, a register of voters as CSV: all of it, or nothing where a line is wrong.

    It then waits for a clerk, who looks at it in the browser and enters it.
    """
    at = clock.now()
    if refusal := why_not_read_register(at):
        raise _refused(refusal)
    if take_off and not enter:
        raise click.UsageError("--take-off goes with --enter; a clerk says so in the browser.")
    with file.open("rb") as opened:
        read = _read_in(opened, at)
    if enter:
        enter_register(read, take_off=take_off, by=None, at=at)
    db.session.commit()
    click.echo(
        f"{read.people:,} people: {read.new:,} new on the roll, {read.moved:,} moved; {read.left:,}"
        f" of the roll are not in it. Left out as too young: {read.too_young:,}. To be looked at,"
        f" as very old: {read.too_old:,}."
    )
    if enter:
        click.echo(f"They are on the roll. {read.taken_off:,} left it.")
    else:
        click.echo(f"Nothing is entered yet: a clerk looks at it at /staff/register/{read.ref}.")


def _read_in(file: BinaryIO, at: datetime) -> RegisterImport:
    age = current_app.config["SETTINGS"].voting_age
    with in_language("en"):
        try:
            read = read_in(file, voting_age=age, by=None, at=at)
        except NotATable as error:
            raise _refused(register_words.no_table(error)) from None
        except WrongColumns as error:
            raise _refused(register_words.wrong_columns(error)) from None
        except FaultyRegister as error:
            for line in register_words.lines_of(error):
                click.echo(line, err=True)
            raise _refused(register_words.faulty(error)) from None
        if not read.people:
            raise _refused(register_words.nobody())
    return read


def _refused(refusal: Refusal) -> click.ClickException:
    db.session.rollback()
    return click.ClickException(f"{refusal.sentence} {refusal.next_step}".strip())


def _outcome(count_: ContestCount) -> str:
    """How many ballots were counted, and what came of them."""
    if count_.contest.is_for_seats:
        election = election_view_of(count_)
        chosen = ", ".join(option.title for option in election.chosen)
        return f"{election.ballots} ballots, chosen: {chosen}"
    view = view_of(count_)
    funded = ", ".join(stage.option.ref for stage in view.funded)
    return f"{view.ballots} ballots, funded: {funded or 'nothing'}"


def _round(ref: str) -> Round:
    round_ = db.session.scalar(select(Round).where(Round.ref == ref).with_for_update())
    if round_ is None:
        raise click.ClickException(
            f"There is no round {ref!r}. An officer sets one up at /staff/rounds; its address ends "
            "with its name there."
        )
    return round_


def _pot(round_: Round, name: str, file: Path) -> Pot:
    """The pot of this name, or a new one with the budget that the file states."""
    for pot in round_.pots:
        if pot.name == name:
            return pot
    amount = budget_of_file(file, round_.currency)
    left = round_.total_minor - sum(pot.amount_minor for pot in round_.pots)
    if amount > left:
        raise CannotImport(f"The round's total has no room for the file's budget of {name!r}.")
    return add_pot(round_, name, amount, district_by_name(name), by=None, at=clock.now())
