"""What is wrong with a file of the register, in words that lead a clerk to the line."""

from flask_babel import gettext, ngettext

from core.csvfile import NotATable
from core.i18n import number
from core.refusals import Refusal
from voting.register_file import Fault, FaultKind, FaultyRegister, WrongColumns


def no_file() -> Refusal:
    return _nothing("no_file", gettext("Choose a file."))


def nobody() -> Refusal:
    said = gettext("This file has a header and nobody below it who could be entered.")
    return _nothing("nobody", said)


def no_table(error: NotATable) -> Refusal:
    sentences = {
        "empty": gettext("This file is empty."),
        "workbook": gettext("This is a workbook of a spreadsheet and not a CSV file."),
        "binary": gettext("This is not a text file, so it cannot be the register."),
        "broken": gettext(
            "From line %(line)s on this file cannot be read: a quotation mark is open there.",
            line=number(error.line),
        ),
    }
    next_step = gettext("Save it as “CSV (comma separated)” and send it again.")
    return _nothing(error.code, sentences[error.code], next_step)


def wrong_columns(error: WrongColumns) -> Refusal:
    said = []
    if error.missing:
        said.append(
            gettext(
                "The first line lacks these columns: %(names)s.", names=", ".join(error.missing)
            )
        )
    if error.unknown:
        said.append(
            gettext(
                "These columns are not needed, so take them out: %(names)s.",
                names=", ".join(error.unknown),
            )
        )
    next_step = gettext("Mend the first line and send the file again.")
    return _nothing("wrong_columns", " ".join(said), next_step)


def faulty(error: FaultyRegister) -> Refusal:
    lines = len(error.faults) + error.more
    said = ngettext(
        "%(lines)s line of this file is wrong.",
        "%(lines)s lines of this file are wrong.",
        lines,
        lines=number(lines),
    )
    return _nothing("faulty_register", said, gettext("Mend them and send the file again."))


def lines_of(error: FaultyRegister) -> list[str]:
    """One sentence a line, and how many more there are."""
    said = [
        gettext("Line %(line)s: %(what)s", line=number(each.line), what=_what(each))
        for each in sorted(error.faults, key=lambda fault: fault.line)
    ]
    if error.more:
        said.append(
            ngettext(
                "and %(lines)s more line.",
                "and %(lines)s more lines.",
                error.more,
                lines=number(error.more),
            )
        )
    return said


def _what(fault: Fault) -> str:
    value = fault.value or gettext("nothing")
    sentences = {
        FaultKind.CELLS: gettext(
            "%(value)s cells, which is not what the first line has.", value=value
        ),
        FaultKind.FORMULA: gettext(
            "“%(value)s” begins like a formula of a spreadsheet.", value=value
        ),
        FaultKind.REGISTER_ID: gettext("this cannot be a number of the register."),
        FaultKind.DISTRICT: gettext("there is no district “%(value)s”.", value=value),
        FaultKind.NAME: gettext("the name is missing, or longer than 60 characters."),
        FaultKind.ADDRESS: gettext("the address is missing, or longer than 60 characters a line."),
        FaultKind.BIRTH_YEAR: gettext("“%(value)s” is no year of birth.", value=value),
        FaultKind.MOBILE: gettext("this is no telephone number."),
        FaultKind.PROOF: gettext(
            "this proof is short, a date, or stands in the line once more: others can know it."
        ),
        FaultKind.PROOF_TWICE: gettext("the same proof as on line %(value)s.", value=value),
        FaultKind.TWICE: gettext(
            "the same number of the register as on line %(value)s.", value=value
        ),
    }
    return sentences[fault.kind]


def _nothing(code: str, sentence: str, next_step: str = "") -> Refusal:
    kept = gettext("Nothing was entered, and the roll is as it was.")
    return Refusal(code, 422, sentence, f"{kept} {next_step}".strip())
