"""The words of a printed ballot paper, in the language of its round."""

from flask import current_app
from flask_babel import gettext, ngettext

from core import i18n
from voting.ballot_sheets import BallotSheet, Line, print_ballot_sheet
from voting.exports.letters import more_fonts
from voting.limits import how_many
from voting.models import Contest, Option


def ballot_sheet_pdf(
    contest: Contest, options: list[Option], *, place: str = "", is_large: bool = False
) -> bytes:
    """The paper of a contest; `options` in the order of the lot, `place` stands on every paper.

    What was withdrawn keeps its line and its number and says so: papers that were printed before
    and after are keyed alike.
    """
    with i18n.in_language(contest.round.language):
        sheet = _sheet(contest, options, place, is_large)
        return print_ballot_sheet(sheet, more_fonts())


def _sheet(contest: Contest, options: list[Option], place: str, is_large: bool) -> BallotSheet:
    town = current_app.config["SETTINGS"].city_name
    boxes = min(contest.max_length, len(options) - len(contest.withdrawn))
    return BallotSheet(
        language=contest.round.language,
        town=town,
        round=contest.round.name,
        title=contest.title,
        instructions=_instructions(contest, boxes),
        ranks=[gettext("Choice %(rank)s", rank=i18n.number(rank)) for rank in range(1, boxes + 1)],
        list_title=gettext("The list, in the order of a draw by lot"),
        lines=[
            Line(number, option.title, _about(contest, option), option.ref in contest.withdrawn)
            for number, option in enumerate(options, 1)
        ],
        foot=f"{contest.ref} · {place}" if place else contest.ref,
        page_words=gettext("Page {page} of {pages}"),
        is_large=is_large,
    )


def _instructions(contest: Contest, boxes: int) -> list[str]:
    return [
        gettext(
            "Write the number of what you want most into the first box, of what you want next into"
            " the second, and so on."
        ),
        ngettext(
            "Fill %(many)s box. An empty box is passed over; a number that stands twice counts"
            " once.",
            "Fill %(many)s boxes. An empty box is passed over; a number that stands twice counts"
            " once.",
            boxes,
            many=how_many(min(max(contest.min_length, 1), boxes), boxes),
        ),
        gettext(
            "Do not sign the paper. If you made a mistake, ask for another one in exchange. Fold"
            " it, and put it into the box."
        ),
    ]


def _about(contest: Contest, option: Option) -> str:
    if option.ref in contest.withdrawn:
        return gettext("Withdrawn: please do not write this number.")
    parts = [option.place, option.summary if contest.is_for_seats else ""]
    if not contest.is_for_seats:
        parts.append(i18n.money(option.cost_minor, contest.currency))
    return " · ".join(part for part in parts if part)
