"""The words of a letter, in the language of its round."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from flask import current_app
from flask_babel import gettext

from budgets.models import Round
from budgets.phases import PhaseKind
from core import i18n
from voting.district_words import districts_of_choice, is_choice
from voting.letter_codes import LetterCode
from voting.letter_pages import Sheet, print_letters, unprintable
from voting.queries.letters import Addressee, contests_of_letter

MOST_CONTESTS = 6


def letters_pdf(
    round_: Round,
    batch_ref: str,
    people: Sequence[Addressee],
    codes: Sequence[LetterCode],
    *,
    at: datetime,
) -> bytes:
    """One page for each person; `people` and `codes` belong together."""
    with i18n.in_language(round_.language):
        contests = {
            each.entry.district_id: contests_in_letter(round_, each.entry.district_id)
            for each in people
        }
        sheets = [
            _sheet(round_, batch_ref, person, code, contests[person.entry.district_id], at.date())
            for person, code in zip(people, codes, strict=True)
        ]
        return print_letters(sheets, more_fonts())


def contests_in_letter(round_: Round, district_id: int) -> list[str]:
    """What this letter's reader decides on, a line each."""
    found = contests_of_letter(round_, district_id)
    chosen = [each for each in found if is_choice(each)]
    if chosen:
        found = [each for each in found if each not in chosen]
    lines = [
        each.title
        if each.is_for_seats
        else f"{each.title} ({i18n.money(each.budget_minor, each.currency)})"
        for each in found[:MOST_CONTESTS]
    ]
    if len(found) > MOST_CONTESTS:
        lines.append(gettext("and %(number)s more", number=len(found) - MOST_CONTESTS))
    if chosen:
        lines.append(districts_of_choice(round_.districts_most))
    return lines


def names_that_cannot_be_printed(people: Sequence[Addressee]) -> list[str]:
    """Names and addresses with letters that none of the typefaces has."""
    fonts = more_fonts()
    texts = [(each.name, f"{each.name} {each.address}".replace("\n", " ")) for each in people]
    return [name for name, text in texts if unprintable(text, fonts)]


def more_fonts() -> list[Path]:
    """The typeface that the settings add for other scripts than Latin."""
    path: Path | None = current_app.config["SETTINGS"].letter_font
    return [path] if path is not None else []


def address_with_code(code: LetterCode) -> str:
    """What the QR code holds: the code behind the #, which no browser sends and no log keeps."""
    return f"{current_app.config['SETTINGS'].public_url}/vote#{code.spelled}"


def _sheet(
    round_: Round,
    batch_ref: str,
    person: Addressee,
    code: LetterCode,
    contests: Sequence[str],
    on: date,
) -> Sheet:
    settings = current_app.config["SETTINGS"]
    voting = round_.span_of(PhaseKind.VOTING)
    assert voting is not None, "Letters are made for rounds that have a vote."
    return Sheet(
        language=round_.language,
        town=settings.city_name,
        sender=settings.letter_sender or settings.city_name,
        reference=[
            gettext("Letter %(number)s", number=code.number),
            gettext("Batch %(ref)s", ref=batch_ref),
            i18n.day(on),
        ],
        name=person.name,
        address=person.address.split("\n"),
        title=round_.name,
        greeting=gettext(
            "Good day. You may vote, at home or anywhere, without an account. On this you decide:"
        ),
        contests=contests,
        until=gettext(
            "Voting is open from %(opens)s until %(closes)s. Until then you may change your"
            " ballot as often as you like; the last one counts.",
            opens=i18n.moment(voting.starts_at),
            closes=i18n.moment(voting.ends_at),
        ),
        code_title=gettext("Your code. It is yours alone: keep it until voting is over."),
        code_groups=code.groups,
        url=f"{settings.public_url}/vote",
        qr_url=address_with_code(code),
        steps=[
            gettext("Open the address, or point your telephone's camera at the square."),
            gettext("Type the code. Capitals, blanks and hyphens do not matter."),
            gettext("Rank what you want most, look at your ballot once more, and cast it."),
        ],
        help_title=gettext("It does not work, or this letter is not for you?"),
        help=gettext(
            "Come to the town hall with a document, and you get another code on the spot, or write"
            " to %(contact)s. Whoever has the code can vote in your place. Nobody from the town"
            " hall ever asks you for it, and your ballot is kept without your name.",
            contact=settings.contact_email,
        ),
    )
