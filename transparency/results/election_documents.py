"""The published document of a contest without money: writing it, and reading it back."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from transparency.results.elections import (
    EXCLUSION,
    BallotsHeard,
    BrokenTie,
    CandidateResult,
    ElectionResult,
    ElectionStage,
    Holding,
    Majority,
    OtherElection,
    PairwiseResult,
)
from transparency.results.outcomes import ContestResult
from transparency.results.reading import Document, read_as, read_document
from voting.counting.parameters import canonical_json

Rows = Mapping[str, CandidateResult]

ELECTION_FORMAT = "common-purse election 1"


def write_election(
    contest: Document,
    options: Mapping[str, Mapping[str, str]],
    count: Document,
    reasons: Sequence[Document],
    told: Mapping[str, Any],
) -> str:
    """The published document.

    `contest` says what the count does not know (ref, title, limits, aggregate_only, count_sha256);
    `options` holds title and summary by id, `reasons` what is told of each, in order. `told` has
    "statistics" and "alternatives" where they are public.
    """
    document = {
        "format": ELECTION_FORMAT,
        "contest": {
            **contest,
            "ballots": count["ballots"]["number"],
            "seats": count["race"]["seats"],
            "rule": count["rule"],
            "rule_version": count["rule_version"],
        },
        "count": count,
        "results": [_row(reason, options) for reason in reasons],
        **told,
    }
    return canonical_json(document)


@lru_cache(maxsize=128)
def read_election(text: str) -> ElectionResult:
    """The result that `write_election` wrote. Raises UnreadableResult.

    The same text is read once: what was published never changes.
    """
    return read_as(text, ELECTION_FORMAT, _result)


def read_published(text: str) -> ContestResult | ElectionResult:
    """A published result of either kind. Raises UnreadableResult."""
    return read_election(text) if f'"format":"{ELECTION_FORMAT}"' in text else read_document(text)


def _row(reason: Document, options: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    ref = reason["candidate"]
    told = {name: value for name, value in reason.items() if name != "candidate"}
    return {"id": ref, **options[ref], **told}


def _result(document: Document) -> ElectionResult:
    contest, count = document["contest"], document["count"]
    titles = {row["id"]: row["title"] for row in document["results"]}
    candidates = tuple(_candidate(row, titles) for row in document["results"])
    by_id = {candidate.id: candidate for candidate in candidates}
    heard = document.get("statistics")
    return ElectionResult(
        ref=contest["ref"],
        title=contest["title"],
        seats=contest["seats"],
        min_length=contest["min_length"],
        max_length=contest["max_length"],
        ballots=contest["ballots"],
        valid=count["ballots"]["valid"],
        aggregate_only=bool(contest["aggregate_only"]),
        rule=contest["rule"],
        rule_version=contest["rule_version"],
        parameters=count["parameters"],
        count_sha256=contest["count_sha256"],
        tie_order=tuple(count["race"]["tie_order"]),
        unit=int(count["unit"].removeprefix("1/")),
        candidates=candidates,
        stages=_stages(count.get("stages", ()), by_id),
        pairwise=_pairwise(count, by_id) if "pairwise" in count else None,
        heard=None if heard is None else _heard(heard),
        others=tuple(
            OtherElection(each["rule"], tuple(each["elected"]))
            for each in document.get("alternatives", ())
        ),
    )


def _candidate(row: Document, titles: Mapping[str, str]) -> CandidateResult:
    rival = row.get("rival")
    return CandidateResult(
        id=row["id"],
        title=row["title"],
        summary=row["summary"],
        code=row["code"],
        chosen_as=row["elected_as"],
        first=row["first"],
        stage=row.get("stage"),
        tally=row.get("tally"),
        quota=row.get("quota"),
        ranked=row.get("ranked"),
        ballots_more=row.get("ballots_more"),
        rival=rival,
        rival_title="" if rival is None else titles[rival],
    )


def _stages(turns: Sequence[Document], by_id: Rows) -> tuple[ElectionStage, ...]:
    stages: list[ElectionStage] = []
    before: Document = {"tallies": {}, "non_transferable": 0}
    out: set[str] = set()
    chosen: set[str] = set()
    for turn in turns:
        if turn["action"] == EXCLUSION:
            out.update(turn["of"])
        chosen.update((*turn["elected"], *turn["filled"]))
        stages.append(
            ElectionStage(
                number=turn["number"],
                action=turn["action"],
                of=tuple(by_id[ref] for ref in turn["of"]),
                holdings=_holdings(turn, before, by_id, out, chosen),
                quota=turn["quota"],
                nobody=turn["non_transferable"],
                to_nobody=turn["non_transferable"] - before["non_transferable"],
                lost_so_far=turn["lost"],
                chosen=tuple(by_id[ref] for ref in turn["elected"]),
                filled=tuple(by_id[ref] for ref in turn["filled"]),
                ties=_ties(turn["ties"], by_id),
            )
        )
        before = turn
    return tuple(stages)


def _holdings(
    turn: Document, before: Document, by_id: Rows, out: set[str], chosen: set[str]
) -> tuple[Holding, ...]:
    """Everybody who is not out, those with the most first; in the first stage nobody gains."""
    held = [
        Holding(
            candidate=by_id[ref],
            tally=tally,
            change=tally - before["tallies"].get(ref, tally),
            is_chosen=ref in chosen,
        )
        for ref, tally in turn["tallies"].items()
        if ref not in out
    ]
    return tuple(sorted(held, key=lambda each: -each.tally))


def _pairwise(count: Document, by_id: Rows) -> PairwiseResult:
    shown = count["pairwise"]
    ids = [candidate["id"] for candidate in count["race"]["candidates"]]
    return PairwiseResult(
        matrix=_named(shown["matrix"], ids),
        ranking=tuple(by_id[ref] for ref in shown["ranking"]),
        paths=_named(shown.get("paths", []), ids),
        majorities=tuple(
            Majority(by_id[winner], by_id[loser], votes, against, bool(kept))
            for winner, loser, votes, against, kept in shown.get("pairs", ())
        ),
        ties=_ties(shown["ties"], by_id),
    )


def _named(rows: Sequence[Sequence[int]], ids: Sequence[str]) -> dict[str, dict[str, int]]:
    return {ref: dict(zip(ids, row, strict=True)) for ref, row in zip(ids, rows, strict=False)}


def _ties(ties: Sequence[Document], by_id: Rows) -> tuple[BrokenTie, ...]:
    return tuple(
        BrokenTie(
            tie["question"],
            tuple(by_id[ref].title for ref in tie["candidates"]),
            by_id[tie["chosen"]].title,
            tie["broken_by"],
        )
        for tie in ties
    )


def _heard(figures: Document) -> BallotsHeard:
    return BallotsHeard(figures["ballots"], figures["with_elected"], figures["with_first_elected"])
