"""The files of one contest without money: ballots, who was chosen, the stages or the comparisons.

A contest with fewer ballots than its limit shows in no file more than who was chosen, and how many
ballots rank each answer first.
"""

from collections.abc import Iterator

from core.csvfile import write_csv
from transparency.data_files import DataFile, data_file
from transparency.exports.ballot_tables import ballot_tables
from transparency.results import CandidateResult, ElectionResult, PairwiseResult
from voting.counting.seats import Papers, Race, write_blt

CANDIDATE_COLUMNS = (
    "candidate_id", "title", "outcome", "chosen_as", "first_choices", "reason", "stage", "tally",
    "quota", "ranked", "ballots_more", "rival",
)  # fmt: skip
STAGE_COLUMNS = (
    "stage", "action", "of", "candidate_id", "tally", "change", "quota", "chosen",
)  # fmt: skip
Row = list[str | int | None]


def ballots_file(race: Race, papers: Papers) -> bytes:
    """The file that anybody can count again: the ballots and the answers as a `.blt`."""
    return write_blt(race, papers).encode()


def election_files(
    result: ElectionResult, document: str, count: str, race: Race, papers: Papers | None
) -> list[DataFile]:
    """All files of a contest. `count` is the count's own document as it may be published; `papers`
    are the ballots, None where they are kept secret."""
    ref = result.ref
    said, table = "Contest, count, and the reason for each outcome", "Who was chosen, and why"
    told = "The count as far as it is public" if papers is None else "The count itself"
    candidates = write_csv(CANDIDATE_COLUMNS, map(_candidate, result.candidates))
    files = [
        data_file(f"{ref}.json", said, document),
        data_file(f"{ref}-count.json", told, count),
        data_file(f"{ref}-candidates.csv", table, candidates),
    ]
    if result.stages:
        stages = write_csv(STAGE_COLUMNS, _stages(result))
        files.append(data_file(f"{ref}-stages.csv", "Who held what after each stage", stages))
    if result.pairwise is not None:
        matrix = _matrix(result.pairwise)
        files.append(data_file(f"{ref}-matrix.csv", "Ballots that place one above another", matrix))
    if papers is not None:
        blt = "Ballots and answers in the format of election programs"
        files.append(data_file(f"{ref}.blt", blt, ballots_file(race, papers)))
        files += ballot_tables(ref, papers.straight.published_lines(race.ids))
    return files


def _candidate(candidate: CandidateResult) -> Row:
    return [
        candidate.id,
        candidate.title,
        "chosen" if candidate.is_chosen else "not_chosen",
        candidate.chosen_as,
        candidate.first,
        candidate.code,
        candidate.stage,
        candidate.tally,
        candidate.quota,
        candidate.ranked,
        candidate.ballots_more,
        candidate.rival,
    ]


def _stages(result: ElectionResult) -> Iterator[Row]:
    """One row a stage for each candidate still in; tallies in the count's units."""
    for stage in result.stages:
        of = " ".join(each.id for each in stage.of)
        now = {each.id for each in (*stage.chosen, *stage.filled)}
        for each in stage.holdings:
            ref = each.candidate.id
            head: Row = [stage.number, stage.action, of, ref]
            yield [*head, each.tally, each.change, stage.quota, int(ref in now)]


def _matrix(pairwise: PairwiseResult) -> bytes:
    """Row above column: how many ballots place the row's candidate above the column's."""
    ids = list(pairwise.matrix)
    rows: list[Row] = [[ref, *(pairwise.matrix[ref][other] for other in ids)] for ref in ids]
    return write_csv(["above", *ids], rows)
