"""Filling seats at the command line: `python -m voting.counting elect FILE --rule R`."""

import argparse
from dataclasses import replace

from voting.counting.errors import CountingError
from voting.counting.seats.counts import elect
from voting.counting.seats.election import Election, Outcome, Stage
from voting.counting.seats.files import read_race
from voting.counting.seats.race import Race
from voting.counting.seats.rules import SEAT_RULES

NAME = "elect"

_SETTINGS = {
    "overvote": "what a rank given twice means: exhaust, skip or refuse",
    "skipped": "what a rank left out means: skip, stop or stop-after-two",
    "ties": "what breaks ties before the lot: earlier-stages, first-stages or lot",
    "batches": "whom to exclude at once: none or hopeless",
    "strength": "how majorities are ordered: margins or winning-votes",
}


HELP = "fill seats from a .blt file, a PrefLib file or a ranked .pb file"


def add_options(electing: argparse.ArgumentParser) -> None:
    """The command's own options."""
    electing.epilog = f"Rules: {', '.join(SEAT_RULES)}."
    electing.add_argument("file", metavar="FILE", help="a .blt, .soi, .soc, .toi, .toc or .pb file")
    electing.add_argument("--rule", metavar="R", required=True, help="count by this rule")
    electing.add_argument("--seats", metavar="N", type=int, help="fill so many seats")
    electing.add_argument("--tie-order", metavar="IDS", help="the lot: all ids joined by commas")
    for setting, meaning in _SETTINGS.items():
        electing.add_argument(f"--{setting}", metavar="S", help=meaning)
    shown = electing.add_mutually_exclusive_group()
    shown.add_argument("--winners", action="store_true", help="only the elected ids, one a line")
    shown.add_argument("--json", action="store_true", help="the count as its published document")


def run_command(chosen: argparse.Namespace) -> list[str]:
    """The lines to print; raises CountingError, or OSError when there is no such file."""
    if chosen.seats is not None and chosen.seats < 1:
        raise CountingError("The number of seats must be a whole number above zero.")
    race, papers = read_race(chosen.file, chosen.seats)
    if chosen.tie_order is not None:
        race = _with_lot(race, chosen.tie_order)
    given = {name: getattr(chosen, name) for name in _SETTINGS if getattr(chosen, name) is not None}
    election = elect(race, papers, chosen.rule, given)
    if chosen.winners:
        return list(election.elected)
    if chosen.json:
        return [election.as_json()]
    return account(election)


def account(election: Election) -> list[str]:
    """The count in lines for people, stage by stage."""
    race, found = election.race, election.outcome
    papers = (
        f"Ballots: {len(election.papers)}, of which {found.valid} count, {found.blank} are blank "
        f"and {found.refused} invalid; SHA-256 {election.papers.digest(race.ids)}"
    )
    lines = [
        race.title,
        f"Rule: {SEAT_RULES[election.rule].title} ({election.rule}), version {election.version}",
        *(f"  {name}: {value}" for name, value in sorted(election.parameters.items())),
        papers,
        f"Seats: {race.seats}",
        "",
    ]
    for stage in found.stages:
        lines += _stage_lines(stage, race, found)
    if found.pairwise is not None:
        lines += _ranking_lines(race, found)
    names = {candidate.id: candidate.name for candidate in race.candidates}
    return [*lines, "", "Elected:", *(f"  {ref}  {names[ref]}" for ref in election.elected)]


def _stage_lines(stage: Stage, race: Race, found: Outcome) -> list[str]:
    whose = f" of {', '.join(stage.of)}" if stage.of else ""
    standing = [f"{race.ids[n]} {_votes(stage.tallies[n], found.unit)}" for n in race.standing]
    tallies = ", ".join(each for each in standing if not each.endswith(" 0"))
    nobody, lost = (_votes(each, found.unit) for each in (stage.non_transferable, stage.lost))
    lines = [
        f"{stage.number:4} {stage.action}{whose}, quota {_votes(stage.quota, found.unit)}",
        f"       {tallies}; not transferable {nobody}, lost {lost}",
    ]
    lines += [
        f"       tie for {tie.question} among {', '.join(tie.candidates)}: {tie.chosen}, "
        f"by {tie.broken_by}"
        for tie in stage.ties
    ]
    if stage.elected:
        lines.append(f"       elected: {', '.join(stage.elected)}")
    if stage.filled:
        lines.append(f"       elected to the last seats: {', '.join(stage.filled)}")
    return lines


def _ranking_lines(race: Race, found: Outcome) -> list[str]:
    """The ranking, each with the papers for and against the next."""
    assert found.pairwise is not None
    ranking, number = found.pairwise.ranking, {ref: place for place, ref in enumerate(race.ids)}
    lines = []
    for place, ref in enumerate(ranking, 1):
        lines.append(f"{place:4} {ref}")
        if place < len(ranking):
            one, other = number[ref], number[ranking[place]]
            matrix = found.pairwise.matrix
            lines[-1] += f", before the next on {matrix[one][other]}, after on {matrix[other][one]}"
    return lines


def _votes(number: int, unit: int) -> str:
    """A tally as people write it: 399998 in units of 0.00001 is 3.99998."""
    if unit == 1 or number == 0:
        return str(number)
    whole, part = divmod(number, unit)
    return f"{whole}.{part:0{len(str(unit)) - 1}d}"


def _with_lot(race: Race, text: str) -> Race:
    order = tuple(ref.strip() for ref in text.split(","))
    if sorted(order) != sorted(race.ids):
        raise CountingError("The tie order must name each candidate exactly once.")
    return replace(race, tie_order=order)
