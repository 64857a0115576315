"""When a clerk may read a register in, print letters, and hand out a code."""

from datetime import datetime

from flask_babel import gettext

from budgets.models import Round
from budgets.phases import PhaseKind
from core import i18n
from core.refusals import Refusal
from voting.models import LetterBatch, RegisterImport
from voting.queries.letters import is_voting_under_way


def why_not_read_register(at: datetime) -> Refusal | None:
    """The roll is open to whole registers before voting and after counting, never between."""
    if not is_voting_under_way(at):
        return None
    return Refusal(
        "voting_under_way",
        409,
        gettext("Voting has begun, so no register can be entered. Nothing was changed."),
        gettext(
            "Somebody who is missing comes to the desk with a document. After voting, once the"
            " boxes are sealed, registers can be entered again."
        ),
    )


def why_not_enter_register(read: RegisterImport, at: datetime) -> Refusal | None:
    if read.entered_on is not None:
        return Refusal(
            "entered_already",
            409,
            gettext("This register was entered on %(day)s already.", day=i18n.day(read.entered_on)),
        )
    return why_not_read_register(at)


def why_not_give_codes(round_: Round, at: datetime) -> Refusal | None:
    """Letters are printed from the announcement until voting is over."""
    voting = round_.span_of(PhaseKind.VOTING)
    if round_.announced_at is None or voting is None:
        return Refusal(
            "not_announced",
            409,
            gettext("This round is not announced yet. No letter was made."),
            gettext("An election officer announces it; then its letters can be printed."),
        )
    if voting.ends_at <= at:
        return Refusal("closed", 409, gettext("Voting in this round is over. No letter was made."))
    return None


def why_not_print_again(batch: LetterBatch, addressed: int) -> Refusal | None:
    if batch.posted_on is None and addressed:
        return None
    return Refusal(
        "posted_already",
        409,
        gettext(
            "The addresses of this batch were destroyed, as its letters were in the post."
            " Nothing was changed."
        ),
        gettext("Who needs another letter gets a code at the desk."),
    )


def nobody_waits() -> Refusal:
    return Refusal(
        "nobody_waits",
        409,
        gettext("Nobody waits for a letter. No letter was made."),
        gettext("Letters are made for people whom a register brought with an address."),
    )


def printed_meanwhile() -> Refusal:
    return Refusal(
        "printed_meanwhile",
        409,
        gettext("Somebody else printed letters of these people just now. No letter was made."),
        gettext("Look at the list of batches, then try again."),
    )


def not_on_roll() -> Refusal:
    return Refusal(
        "not_on_roll",
        422,
        gettext("Nobody with this number is on the voter roll. No code was made."),
        gettext(
            "Compare the number with the document. Who lives here and is not on the roll makes an"
            " account, and you confirm it under “Confirm residents”."
        ),
    )


def no_such_letter() -> Refusal:
    return Refusal(
        "no_such_letter",
        422,
        gettext("There is no letter with this number. Nothing was changed."),
        gettext("The number is the first five characters of the code."),
    )
