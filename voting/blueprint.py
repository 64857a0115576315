"""The front door of the room."""

from flask import Blueprint, Flask

from accounts.ways import HOME_SLOT, SLOT
from core import approvals, jobs, slots
from voting import limits, models  # noqa: F401  (its tables belong to every migration)
from voting.cli import group
from voting.jobs import (
    append_due_batches,
    forget_old_tries,
    tell_after_closing,
    tell_in_the_morning,
)
from voting.queries.rolls import home_on_the_roll
from voting.routes import (
    anomalies,
    ballot_help,
    ballot_logs,
    ballots,
    calendars,
    cast_signals,
    categories,
    checks,
    contests,
    counts,
    entrance,
    extensions,
    frozen_rules,
    letters,
    mobile_codes,
    objections,
    panels,
    paper_batches,
    paper_keys,
    papers,
    pots,
    questions,
    receipts,
    register_match,
    registers,
    rounds,
    rules,
    trials,
    verification,
    voters,
    waiting,
)
from voting.services import (
    closing,
    extension,
    notices,
    released_entries,
    rolls,
    signals,
    two_person_acts,
)
from voting.services.frozen_rules import frozen_rule_act
from voting.services.objections import objection_act
from voting.services.withdrawals import withdrawal_act

STAFF_PAGES = (
    rounds,
    extensions,
    frozen_rules,
    objections,
    pots,
    calendars,
    categories,
    contests,
    questions,
    rules,
    trials,
    counts,
    anomalies,
    papers,
    registers,
    letters,
    paper_batches,
    paper_keys,
)


def register(app: Flask) -> None:
    """Plugs the room into the application. Every template may call `how_many(least, most)`."""
    room = Blueprint("voting", __name__)
    room.register_blueprint(ballots.bp)
    room.register_blueprint(ballot_help.bp)
    room.register_blueprint(checks.bp)
    room.register_blueprint(receipts.bp)
    room.register_blueprint(ballot_logs.bp)
    room.register_blueprint(entrance.bp)
    room.register_blueprint(verification.bp)
    room.register_blueprint(register_match.bp)
    room.register_blueprint(mobile_codes.bp)
    for staff_pages in STAFF_PAGES:
        room.register_blueprint(staff_pages.bp)
    app.register_blueprint(room)
    app.jinja_env.globals.update(how_many=limits.how_many)
    cast_signals.init_app(app)
    slots.put(app, "link_key_destroyed", signals.forget_signals)
    slots.put(app, "residency_confirmed", rolls.follow_residency)
    slots.put(app, "residency_taken_back", released_entries.release_entry)
    _offer_ways(app)
    slots.put(app, "somebody_arrives", voters.end)
    slots.put(app, "votes_by_letter", voters.votes_by_letter)
    slots.put(app, "reader_forgotten", voters.forget)
    slots.put(app, "voters_door", entrance.address)
    slots.put(app, "home", panels.home_part)
    slots.put(app, "account_sections", panels.account_part)
    slots.put(app, "staff_home", waiting.for_officers)
    slots.put(app, "hourly", tell_in_the_morning)
    slots.put(app, "link_key_destroyed", notices.forget_notices)
    jobs.handler(app, closing.DESTROY_LINK_KEY, closing.destroy_link_key)
    jobs.handler(app, closing.TELL_VOTERS, tell_after_closing)
    others = (extension.extension_act(), frozen_rule_act(), withdrawal_act(), objection_act())
    for act in (*two_person_acts.officers_acts(), *others):
        approvals.offer(app, act)
    jobs.each_minute(app, append_due_batches)
    app.cli.add_command(group)


def _offer_ways(app: Flask) -> None:
    """The ways to be verified that need the roll."""
    for way in (verification.ByLetter(), register_match.ByProof(), mobile_codes.ByMobile()):
        slots.put(app, SLOT, way.offer)
    slots.put(app, HOME_SLOT, home_on_the_roll)
    slots.put(app, "hourly", forget_old_tries)
